"""Every error the library raises on purpose.

    KBAssistError
    ├── InvalidArgumentError     a wrong argument (also a ValueError)
    ├── SourceError              a source as a whole cannot be read
    │   └── UnsafeAddressError   a private or otherwise refused address
    ├── KnowledgeBaseError       the folder, its catalog or its index
    │   ├── NotAKnowledgeBaseError
    │   ├── IndexMismatchError   made with another model or analysis
    │   └── WriterBusyError      somebody else is writing
    ├── ModelError               the model cannot be built or run
    └── MissingExtraError        an optional dependency is not installed (also an ImportError)

Warnings, which Python's `warnings` filters by category:

    StaleCalibratorWarning       a knowledge base's own calibrator no longer fits (a UserWarning)

`except KBAssistError` is enough. One page or file that fails is not an error but an entry in the
`IngestReport`. Messages say what is wrong, where, and the cure.
"""

from __future__ import annotations


class KBAssistError(Exception):
    """The one to catch."""


class InvalidArgumentError(KBAssistError, ValueError):
    """An argument is not of the kind or in the range that the call takes."""


class SourceError(KBAssistError):
    """A source as a whole cannot be read: a wrong URL, a site that is down, a missing file."""


class UnsafeAddressError(SourceError):
    """The address is private, link-local or otherwise refused."""


class KnowledgeBaseError(KBAssistError):
    """The knowledge base's folder, catalog or index is not as it should be."""


class NotAKnowledgeBaseError(KnowledgeBaseError):
    """The folder holds something else."""


class IndexMismatchError(KnowledgeBaseError):
    """The index was made with another model or another version of the analysis."""


class WriterBusyError(KnowledgeBaseError):
    """Another process or object is writing to the knowledge base."""


class ModelError(KBAssistError):
    """A model cannot be built, loaded or run."""


class MissingExtraError(KBAssistError, ImportError):
    """An optional dependency is not installed."""

    def __init__(self, purpose: str, extra: str) -> None:
        super().__init__(f"{purpose} needs an optional dependency: pip install 'kbassist[{extra}]'")


class StaleCalibratorWarning(UserWarning):
    """The calibrator that was fitted to a knowledge base's questions was made for other signals."""
