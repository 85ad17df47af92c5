"""What an audit looks at, and how a finding is made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from kbassist.protocols import Analyzer
from kbassist.text.quotes import cite
from kbassist.types import Citation, Decision, Document, Finding, IndexEntry, Passage, Severity

Lang = Literal["pl", "en"]


class LoggedQuestion(Protocol):
    """A question as the interaction log keeps it."""

    @property
    def id(self) -> str: ...

    @property
    def at(self) -> datetime: ...

    @property
    def question(self) -> str: ...

    @property
    def status(self) -> str | None:
        """`"handoff"` where nothing was answered."""
        ...


@dataclass(frozen=True, slots=True)
class AuditInput:
    """Everything that the checks read.

    `analyze` is the knowledge base's own analyzer; one that keeps what it has analysed is best, for it
    is called word by word. With `entries`, findings cite passages with their deep links and addresses,
    without them whole documents. `troubled` are the decisions about pages that are kept although they
    could not be read, or were missing, when last visited. `lang` is the language of the messages.
    """

    documents: Sequence[Document]
    today: date
    analyze: Analyzer
    entries: Sequence[IndexEntry] = ()
    questions: Sequence[LoggedQuestion] = ()
    troubled: Sequence[Decision] = ()
    lang: Lang = "pl"

    def in_force(self) -> list[Document]:
        """The approved documents that hold today, by id."""
        return sorted(
            (
                document
                for document in self.documents
                if document.status == "approved"
                and (document.valid_from is None or document.valid_from <= self.today)
                and (document.valid_until is None or self.today <= document.valid_until)
            ),
            key=lambda document: document.id,
        )

    def say(self, polish: str, english: str) -> str:
        """The one in the language of the messages."""
        return polish if self.lang == "pl" else english


Check = Callable[[AuditInput], list[Finding]]


def finding(
    check: str,
    severity: Severity,
    documents: Iterable[str],
    message: str,
    suggestion: str,
    *,
    values: Iterable[str] = (),
    citations: Iterable[Citation] = (),
) -> Finding:
    """A finding whose id depends on the check, the documents and the values alone.

    So it keeps its id while the fault is there, however the message is worded, and gets a new one when
    what is wrong changes.
    """
    named = tuple(sorted(set(documents)))
    told = "\x1f".join((check, *named, "", *sorted(set(values))))
    return Finding(
        id=hashlib.sha256(told.encode()).hexdigest()[:16],
        check=check,
        severity=severity,
        documents=named,
        citations=tuple(citations),
        message=message,
        suggestion=suggestion,
    )


@dataclass(frozen=True, slots=True)
class Citations:
    """Makes citations out of places in documents."""

    _passages: dict[str, list[Passage]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[IndexEntry]) -> Citations:
        """Of the passages of these entries."""
        passages: dict[str, list[Passage]] = {}
        for entry in entries:
            passages.setdefault(entry.passage.document_id, []).append(entry.passage)
        return cls(passages)

    def at(self, document: Document, start: int, end: int) -> Citation:
        """The passage that holds the whole place is cited; where none does, the document is."""
        for passage in self._passages.get(document.id, ()):
            if passage.start <= start and end <= passage.end:
                return cite(passage, start - passage.start, end - passage.start)
        return Citation(
            document_id=document.id,
            passage_id="",
            title=document.title,
            uri=document.uri,
            address="",
            page=None,
            quote=document.text[start:end],
            start=start,
            end=end,
        )


def name_of(document: Document) -> str:
    """What a person calls it."""
    return document.title or document.uri or document.id
