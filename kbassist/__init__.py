"""A company's own texts as a knowledge base: answers with quotes, and how sure they are."""

from typing import TYPE_CHECKING, Any

from kbassist.errors import (
    IndexMismatchError,
    InvalidArgumentError,
    KBAssistError,
    KnowledgeBaseError,
    MissingExtraError,
    ModelError,
    NotAKnowledgeBaseError,
    SourceError,
    StaleCalibratorWarning,
    UnsafeAddressError,
    WriterBusyError,
)
from kbassist.types import (
    Anchor,
    Answer,
    Citation,
    Claim,
    Confidence,
    Conflict,
    Decision,
    Document,
    Draft,
    DraftPart,
    Explanation,
    Finding,
    Handoff,
    Hit,
    IngestReport,
    Passage,
    Progress,
    Snippet,
)

if TYPE_CHECKING:
    from kbassist.knowledge_base import KnowledgeBase

__version__ = "0.1.0"

__all__ = [
    "Anchor",
    "Answer",
    "Citation",
    "Claim",
    "Confidence",
    "Conflict",
    "Decision",
    "Document",
    "Draft",
    "DraftPart",
    "Explanation",
    "Finding",
    "Handoff",
    "Hit",
    "IndexMismatchError",
    "IngestReport",
    "InvalidArgumentError",
    "KBAssistError",
    "KnowledgeBase",
    "KnowledgeBaseError",
    "MissingExtraError",
    "ModelError",
    "NotAKnowledgeBaseError",
    "Passage",
    "Progress",
    "Snippet",
    "SourceError",
    "StaleCalibratorWarning",
    "UnsafeAddressError",
    "WriterBusyError",
    "__version__",
]


def __getattr__(name: str) -> Any:
    # The knowledge base brings NumPy and SQLAlchemy; whoever wants the nouns alone does not wait.
    if name == "KnowledgeBase":
        from kbassist.knowledge_base import KnowledgeBase

        return KnowledgeBase
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
