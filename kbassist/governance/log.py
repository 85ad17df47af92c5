"""The interaction log of one knowledge base: what goes in, and what comes out again."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from kbassist.errors import InvalidArgumentError
from kbassist.governance.interactions import (
    Interaction,
    InteractionKind,
    interaction_from_dict,
    record_from_answer,
    record_query,
)
from kbassist.governance.personal_data import redact
from kbassist.types import Answer, Channel, Draft, PassageFilter, Snippet


class Records(Protocol):
    """Where they are kept."""

    def log(self, record_id: str, at: datetime, body: Mapping[str, Any]) -> None: ...

    def add_feedback(self, record_id: str, at: datetime, signals: Mapping[str, Any]) -> bool:
        """False when no record has that id."""
        ...

    def interactions(self, since: datetime | None = None) -> Sequence[Mapping[str, Any]]:
        """Oldest first."""
        ...


class InteractionLog:
    """What left the library, and what was said of it. With `keep=False` nothing is added."""

    def __init__(
        self, records: Records, *, keep: bool, configuration: str, language: Callable[[str], str]
    ) -> None:
        """`configuration` names the model and the analysis, `language` the language of a text."""
        self._records = records
        self._keep = keep
        self._configuration = configuration
        self._language = language

    def answer(self, given: Answer, channel: Channel | None, where: PassageFilter) -> Answer:
        """Note it; returns it."""
        self._note(
            record_from_answer(
                given,
                at=datetime.now(UTC),
                channel=channel,
                audience=where.audience,
                configuration=self._configuration,
            )
        )
        return given

    def stream(
        self, sentences: Generator[str, None, Answer], channel: Channel, where: PassageFilter
    ) -> Iterator[str | Answer]:
        """The sentences, and then the answer, which is noted before it is handed on."""
        answer = yield from sentences
        yield self.answer(answer, channel, where)

    def snippets(self, record_id: str, query: str, given: Sequence[Snippet], where: PassageFilter) -> None:
        """What was suggested for `query`, as one record."""
        cited = (item.citation.document_id for item in given if item.citation)
        self._query("snippets", record_id, query, where, cited)

    def draft(self, given: Draft, message: str, where: PassageFilter) -> None:
        """The draft, and the answer to each of its questions."""
        cited = (item.document_id for part in given.parts for item in part.answer.citations)
        self._query("draft", given.id, message, where, cited)
        for part in given.parts:
            self.answer(part.answer, None, where)

    def feedback(self, record_id: str, signals: Mapping[str, Any]) -> None:
        """Raises `InvalidArgumentError` without signals, and for an id that no record has."""
        if not signals:
            raise InvalidArgumentError("feedback needs at least one signal, such as correct=True")
        base, _, item = record_id.partition(".")
        noted = {name: redact(value) if isinstance(value, str) else value for name, value in signals.items()}
        noted |= {"item": record_id} if item else {}
        if not self._records.add_feedback(base, datetime.now(UTC), noted):
            raise InvalidArgumentError(
                f"No record has the id {record_id!r}: give the id of an answer, a snippet or a draft, from a "
                "knowledge base that logs its interactions"
            )

    def since(self, moment: datetime | None = None) -> Iterator[Interaction]:
        """Oldest first, with the feedback given to each; all of them when there is no moment."""
        return map(interaction_from_dict, self._records.interactions(moment))

    def _query(
        self, kind: InteractionKind, record_id: str, text: str, where: PassageFilter, cited: Iterable[str]
    ) -> None:
        self._note(
            record_query(
                kind,
                record_id,
                text,
                at=datetime.now(UTC),
                lang=self._language(text),
                channel=None,
                audience=where.audience,
                document_ids=cited,
            )
        )

    def _note(self, interaction: Interaction) -> None:
        if self._keep:
            self._records.log(interaction.id, interaction.at, interaction.to_dict())
