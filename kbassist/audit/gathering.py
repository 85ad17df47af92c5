"""What an audit looks at, from where it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from kbassist.audit.material import AuditInput, LoggedQuestion
from kbassist.protocols import Analyzer, IndexReader
from kbassist.types import Decision, Document


class Kept(Protocol):
    """A catalog, as far as an audit reads it."""

    def documents(self) -> Iterator[Document]: ...

    def passages(self, document_ids: Sequence[str]) -> Mapping[str, object]:
        """By the passage's id."""
        ...

    def decisions_in_trouble(self) -> list[Decision]: ...


def gather(
    kept: Kept,
    reader: IndexReader | None,
    questions: Iterable[LoggedQuestion],
    *,
    analyze: Analyzer,
    lang: str,
) -> AuditInput:
    """As of today. `reader` shows what is published; `lang` is English unless it is `"pl"`."""
    documents = list(kept.documents())
    ids = list(kept.passages([document.id for document in documents]))
    return AuditInput(
        documents=documents,
        today=date.today(),
        analyze=analyze,
        entries=reader.entries(ids) if reader else (),
        questions=list(questions),
        troubled=kept.decisions_in_trouble(),
        lang="pl" if lang == "pl" else "en",
    )
