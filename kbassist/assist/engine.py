"""The way of a question: retrieval, reading, confidence, and what is given for it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from kbassist.assist.answers import Turn, decide
from kbassist.assist.drafts import compose, questions_in
from kbassist.assist.snippets import snippets
from kbassist.assist.turns import Understood, understand
from kbassist.confidence.calibrator import Calibrator, confidence
from kbassist.confidence.features import features
from kbassist.confidence.support import support
from kbassist.index.explain import explain
from kbassist.index.retriever import HybridRetriever
from kbassist.index.understanding import Query
from kbassist.protocols import Analyzer, IndexReader, Reader, Reading, Retrieval
from kbassist.reading.conflicts import find_conflict
from kbassist.types import Answer, Confidence, Draft, DraftPart, Explanation, Kind, PassageFilter, Snippet

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
        self, query: Query, where: PassageFilter, k: int = HITS, *, lang: str | None = None
    ) -> Retrieval:
        index = self.published()
        if index is None:
            return Retrieval(query.whole, lang or self.language(query.whole), {}, None, ())
        return self.retriever.retrieve(index, query, where, k, lang=lang)

    def search(self, query: str, where: PassageFilter, k: int) -> Retrieval:
        """For what a query asks, without the formalities of a long message."""
        return self.retrieve(self._understand(query).query, where, k)

    def explain(self, query: str, passage_id: str, where: PassageFilter) -> Explanation | None:
        """Why the passage has its score for the query; None for one that `where` leaves out."""
        index = self.published()
        if index is None:
            return None
        asked = self._understand(query).query
        return explain(self.retriever, index, asked, passage_id, where, self.language(query))

    def signals(self, question: str, where: PassageFilter) -> dict[str, float]:
        """The features that the confidence in the question is computed from."""
        return features(*self._read(self._understand(question), where))

    def confidence(
        self, question: str, answer: str | None, where: PassageFilter, threshold: float
    ) -> Confidence:
        """In the question, or in an answer that somebody else wrote."""
        retrieval, reading = self._read(self._understand(question), where)
        asked = self._confidence(features(retrieval, reading), threshold)
        if answer is None:
            return asked
        evidence = self.retrieve(Query(answer), where)
        return support(asked, answer, (*retrieval.hits, *evidence.hits), evidence.terms, self.analyzer)

    def answer(
        self,
        question: str,
        history: Sequence[Mapping[str, str]],
        where: PassageFilter,
        threshold: float,
        lang: str | None = None,
    ) -> Answer:
        understood = understand(question, history, lang or self.language(question))
        return self._answer(question, understood, history, where, threshold, lang)

    def _answer(
        self,
        question: str,
        understood: Understood,
        history: Sequence[Mapping[str, str]],
        where: PassageFilter,
        threshold: float,
        lang: str | None,
    ) -> Answer:
        retrieval, reading = self._read(understood, where, lang)
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
            DraftPart(
                question,
                self._answer(question, understand(question, said, lang), (), where, threshold, lang),
            )
            for question, said in questions_in(message, lang)
        ]
        return compose(new_id("d"), parts, lang, tone=tone)

    def snippets(
        self, query: str, where: PassageFilter, k: int, kinds: Collection[str]
    ) -> tuple[str, list[Snippet]]:
        """The id of the record that the snippets belong to, and the snippets."""
        record_id = new_id("s")
        found = self.retrieve(Query(query), where, max(4 * k, HITS))
        return record_id, snippets(record_id, found, self.analyzer, k=k, kinds=kinds)

    def _understand(self, query: str) -> Understood:
        return understand(query, (), self.language(query))

    def _read(
        self, understood: Understood, where: PassageFilter, lang: str | None = None
    ) -> tuple[Retrieval, Reading]:
        found = self.retrieve(understood.query, _quotable(where), lang=lang)
        retrieval = replace(found, query=understood.asked)
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
