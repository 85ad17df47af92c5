"""The way of a question: retrieval, reading, confidence, and what is given for it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from kbassist.assist.answers import Turn, decide
from kbassist.assist.drafts import compose, questions_in
from kbassist.assist.snippets import snippets
from kbassist.assist.turns import with_history
from kbassist.confidence.calibrator import Calibrator, confidence
from kbassist.confidence.features import features
from kbassist.confidence.support import support
from kbassist.index.retriever import HybridRetriever
from kbassist.protocols import Analyzer, IndexReader, Reader, Reading, Retrieval
from kbassist.reading.conflicts import find_conflict
from kbassist.types import Answer, Confidence, Draft, DraftPart, Kind, PassageFilter, Snippet

HITS = 10
"""Hits that an answer is read from and handed over with."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The parts that work together on a question. `language` names the language of a text.

    `published` gives the index to search, None while nothing is published. `configuration` names the
    model and the analysis, for the calibrator.
    """

    retriever: HybridRetriever
    reader: Reader
    analyzer: Analyzer
    language: Callable[[str], str]
    published: Callable[[], IndexReader | None]
    calibrator: Calibrator
    configuration: str

    def retrieve(
        self, query: str, where: PassageFilter, k: int = HITS, *, lang: str | None = None
    ) -> Retrieval:
        index = self.published()
        if index is None:
            return Retrieval(query, lang or self.language(query), {}, None, ())
        return self.retriever.retrieve(index, query, where, k, lang=lang)

    def signals(self, question: str, where: PassageFilter) -> dict[str, float]:
        """The features that the confidence in the question is computed from."""
        return features(*self._read(question, where))

    def confidence(
        self, question: str, answer: str | None, where: PassageFilter, threshold: float
    ) -> Confidence:
        """In the question, or in an answer that somebody else wrote."""
        retrieval, reading = self._read(question, where)
        asked = self._confidence(features(retrieval, reading), threshold)
        if answer is None:
            return asked
        evidence = self.retrieve(answer, where)
        return support(asked, answer, (*retrieval.hits, *evidence.hits), evidence.terms, self.analyzer)

    def answer(
        self,
        question: str,
        history: Sequence[Mapping[str, str]],
        where: PassageFilter,
        threshold: float,
        lang: str | None = None,
    ) -> Answer:
        retrieval, reading = self._read(with_history(question, history), where, lang)
        return decide(
            Turn(
                id=new_id("a"),
                question=question,
                history=tuple(history),
                retrieval=retrieval,
                reading=reading,
                confidence=self._confidence(features(retrieval, reading), threshold),
                conflict=find_conflict(retrieval, reading, self.analyzer),
            )
        )

    def draft(self, message: str, where: PassageFilter, threshold: float, tone: str | None) -> Draft:
        """Each question of the message answered by itself."""
        lang = self.language(message)
        parts = [
            DraftPart(question, self.answer(question, (), where, threshold, lang))
            for question in questions_in(message, lang)
        ]
        return compose(new_id("d"), parts, lang, tone=tone)

    def snippets(
        self, query: str, where: PassageFilter, k: int, kinds: Collection[str]
    ) -> tuple[str, list[Snippet]]:
        """The id of the record that the snippets belong to, and the snippets."""
        record_id = new_id("s")
        found = self.retrieve(query, where, max(4 * k, HITS))
        return record_id, snippets(record_id, found, self.analyzer, k=k, kinds=kinds)

    def _read(
        self, question: str, where: PassageFilter, lang: str | None = None
    ) -> tuple[Retrieval, Reading]:
        retrieval = self.retrieve(question, _quotable(where), lang=lang)
        return retrieval, self.reader.read(retrieval)

    def _confidence(self, signals: Mapping[str, float], threshold: float) -> Confidence:
        return confidence(self.calibrator, signals, threshold=threshold, configuration=self.configuration)


def _quotable(where: PassageFilter) -> PassageFilter:
    """Without ready replies: written to be filled in and sent by a person, they are no source."""
    kinds = where.kinds or frozenset(get_args(Kind))
    return replace(where, kinds=kinds - {"reply"})


def new_id(prefix: str) -> str:
    """A new id for a record that leaves: an answer, snippets, a draft."""
    return f"{prefix}-{uuid.uuid4().hex}"
