"""The way of a question: retrieval, reading, confidence, and what is given for it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import get_args

from kbassist.assist.answers import Turn, courtesy_of, stop_at_once
from kbassist.assist.dialogue import Standing, last_topic, standing
from kbassist.assist.drafts import MOST_ANSWERED, compose, left_over, questions_in
from kbassist.assist.injections import readable
from kbassist.assist.options import options, sides
from kbassist.assist.retries import Attempt, Rewriting, look_further, put_right, rewritings
from kbassist.assist.snippets import snippets
from kbassist.assist.turns import Understood, understand
from kbassist.assist.worded import streamed, worded
from kbassist.confidence.calibration import Calibration
from kbassist.confidence.features import features
from kbassist.confidence.reasons import Circumstances, reasons
from kbassist.confidence.support import support
from kbassist.index.explain import explain
from kbassist.index.retriever import HybridRetriever
from kbassist.index.spelling import corrections
from kbassist.index.understanding import Query
from kbassist.protocols import IndexReader, Reader, Reading, Retrieval
from kbassist.reading.conflicts import ConflictFinder
from kbassist.reading.generate import GeneratingReader
from kbassist.reading.questions import expected_type
from kbassist.text.analysis import TextAnalyzer
from kbassist.text.synonyms import Synonyms
from kbassist.text.verify import Verifier
from kbassist.types import (
    Answer,
    Channel,
    Confidence,
    Conflict,
    Draft,
    DraftPart,
    Explanation,
    Kind,
    PassageFilter,
    Snippet,
)

HITS = 10
"""Hits that an answer is read from and handed over with."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The parts that work together on a question. `language` names the language of a text.

    `published` gives the index to search, None while nothing is published. `dated` tells the day that a
    document is from, `synonyms` the company's as they are now. `writer` words what `reader` quotes.
    """

    retriever: HybridRetriever
    reader: Reader
    analyzer: TextAnalyzer
    language: Callable[[str], str]
    published: Callable[[], IndexReader | None]
    calibration: Calibration
    conflicts: ConflictFinder
    verifier: Verifier
    dated: Callable[[str], date | None] = lambda _: None
    synonyms: Callable[[], Synonyms | None] = lambda: None
    writer: GeneratingReader | None = None

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

    def examine(self, question: str, where: PassageFilter) -> tuple[dict[str, float], str, str]:
        """The signals of the confidence in the question, its language, and what would be quoted."""
        retrieval = self._find(self._understand(question), where)
        reading = self.reader.read(_readable(retrieval))
        return features(retrieval, reading), retrieval.lang, reading.text

    def confidence(
        self, question: str, answer: str | None, where: PassageFilter, threshold: float
    ) -> Confidence:
        """In the question, or in an answer that somebody else wrote."""
        retrieval = self._find(self._understand(question), where)
        asked = self._judged(retrieval, where, threshold).confidence
        if answer is None:
            return asked
        evidence = self.retrieve(Query(answer), _quotable(where))
        hits = readable((*retrieval.hits, *evidence.hits))
        lang = self.language(answer)
        return support(asked, retrieval, answer, hits, self.verifier, self.analyzer, lang)

    def answer(
        self,
        question: str,
        history: Sequence[Mapping[str, str]],
        where: PassageFilter,
        threshold: float,
        lang: str | None = None,
        channel: Channel = "chat",
    ) -> Answer:
        """What to give for a turn of a conversation, as the channel needs it."""
        given = Turn(question, tuple(history), channel=channel, id=new_id("a"))
        return self._answer(given, standing(question, history), where, threshold, lang)

    def answer_stream(
        self,
        question: str,
        history: Sequence[Mapping[str, str]],
        where: PassageFilter,
        threshold: float,
        lang: str | None = None,
        channel: Channel = "chat",
    ) -> Generator[str, None, Answer]:
        """The sentences of the answer as they are ready; the value at the end is the answer."""
        given = Turn(question, tuple(history), channel=channel, id=new_id("a"))
        turn = self._turn(given, standing(question, history), where, threshold, lang)
        return (yield from streamed(self.writer, turn))

    def _answer(
        self, turn: Turn, now: Standing, where: PassageFilter, threshold: float, lang: str | None
    ) -> Answer:
        return worded(self.writer, self._turn(turn, now, where, threshold, lang))

    def _turn(
        self, turn: Turn, now: Standing, where: PassageFilter, threshold: float, lang: str | None
    ) -> Turn:
        """Below the threshold the question is tried in other words, and then what it lacks is looked for."""
        at_once = stop_at_once(turn.question) or courtesy_of(turn.question) or now.unhelpful
        asked = now.question
        if at_once and (topic := last_topic(now.history)):
            asked = topic
        spoken = lang or self.language(asked)
        understood = understand(asked, now.history, spoken)
        best, tried = self._attempt(understood, where, threshold, lang), tuple[str, ...]()
        if not at_once and best.is_unsure:
            others = rewritings(
                understood, now.history, spoken, synonyms=self.synonyms(), meant=self._put_right
            )
            best, tried = look_further(best, others, partial(self._try_again, best, where))
        return replace(
            turn,
            retrieval=best.retrieval,
            reading=best.reading,
            confidence=best.confidence,
            conflict=best.conflict,
            tried=tried,
            options=() if at_once else self._options(best),
            standing=now,
        )

    def _options(self, attempt: Attempt) -> tuple[str, ...]:
        """What may be asked back about, where nothing is answered."""
        hits, asked = attempt.retrieval.hits, attempt.retrieval.query
        if attempt.conflict is not None and attempt.conflict.resolution is None:
            return sides(asked, attempt.conflict, hits, self.analyzer)
        return options(asked, hits, self.analyzer) if attempt.is_unsure else ()

    def draft(self, message: str, where: PassageFilter, threshold: float, tone: str | None) -> Draft:
        """Each question of the message answered by itself."""
        lang = self.language(message)
        asked = questions_in(message, lang)
        parts = [
            DraftPart(
                question,
                self._answer(
                    Turn(question, id=new_id("a")), Standing(question, tuple(said)), where, threshold, lang
                ),
            )
            for question, said in asked[:MOST_ANSWERED]
        ]
        parts += left_over([question for question, _ in asked[MOST_ANSWERED:]], lang, threshold)
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

    def _find(self, understood: Understood, where: PassageFilter, lang: str | None = None) -> Retrieval:
        found = self.retrieve(understood.query, _quotable(where), lang=lang)
        return replace(found, query=understood.asked)

    def _attempt(
        self, understood: Understood, where: PassageFilter, threshold: float, lang: str | None
    ) -> Attempt:
        return self._judged(self._find(understood, where, lang), where, threshold)

    def _try_again(self, first: Attempt, where: PassageFilter, other: Rewriting) -> Attempt:
        """Read what other words find; for what was asked, where these say less than the question."""
        before = first.retrieval
        found = self.retrieve(other.query, _quotable(where), lang=before.lang)
        if other.read_as_asked:
            found = replace(found, query=before.query, terms=before.terms, vector=before.vector)
        return self._judged(found, where, first.confidence.threshold)

    def _judged(self, retrieval: Retrieval, where: PassageFilter, threshold: float) -> Attempt:
        shown = _readable(retrieval)
        reading = self.reader.read(shown)
        conflict = self.conflicts.find(shown, reading, where.as_of)
        sure = self._confidence(retrieval, reading, where, threshold, conflict)
        return Attempt(retrieval, reading, sure, conflict)

    def _put_right(self, text: str) -> str:
        """Without errors of typing."""
        index = self.published()
        return put_right(text, corrections(text, index, self.analyzer)) if index else text

    def _confidence(
        self,
        retrieval: Retrieval,
        reading: Reading,
        where: PassageFilter,
        threshold: float,
        conflict: Conflict | None,
    ) -> Confidence:
        against = Circumstances(
            expected=expected_type(retrieval.query),
            conflict=conflict,
            dated=self.dated,
            today=where.as_of,
            stale=bool(self.calibration.stale),
        )
        return self.calibration.confidence(
            features(retrieval, reading),
            lang=retrieval.lang,
            threshold=threshold,
            reasons=reasons(retrieval, reading, self.analyzer, against),
        )


def _readable(retrieval: Retrieval) -> Retrieval:
    return replace(retrieval, hits=readable(retrieval.hits))


def _quotable(where: PassageFilter) -> PassageFilter:
    """Without ready replies: written to be filled in and sent by a person, they are no source."""
    kinds = where.kinds or frozenset(get_args(Kind))
    return replace(where, kinds=kinds - {"reply"})


def new_id(prefix: str) -> str:
    """A new id for a record that leaves: an answer, snippets, a draft."""
    return f"{prefix}-{uuid.uuid4().hex}"
