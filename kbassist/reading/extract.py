"""The sentences that answer, quoted word for word.

Every sentence of the best passages is scored by its words; the few best are then compared with the question
by what a model makes of them. The best one is the answer, with what belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from kbassist.protocols import Analyzer, Embedder, Reading, Retrieval, TokenEmbedder
from kbassist.reading.choice import ReadingWeights, Scored, choose, promising, scored
from kbassist.reading.evidence import evidence
from kbassist.reading.features import Asked, Candidate, candidates
from kbassist.reading.meaning import compared, matched, with_vector
from kbassist.text.quotes import cite
from kbassist.types import Citation

_AKIN = 0.855
"""The cosine of the best and a rival: below it they speak of different things. Of the contradictions in
`benchmarks/conflicts.jsonl` 97 in 100 stand above it, of the rivals in an encyclopedia three in five."""


class ExtractiveReader:
    """Reads without a language model.

    With an embedder that gives token states, sentences are compared by late interaction: each token of the
    question with the token of the sentence that is nearest to it.
    With another, by the cosine of their vectors; without any, by words alone.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        embedder: Embedder | None = None,
        *,
        weights: ReadingWeights | None = None,
        passages: int = 5,
        compared: int = 5,
        quotes: int = 3,
    ) -> None:
        """`passages` are read, at most `compared` of their sentences embedded, and one of another document
        that may contradict, at most `quotes` given.
        """
        self._analyzer = analyzer
        self._embedder = embedder
        self._weights = weights or ReadingWeights.bundled()
        self._passages = passages
        self._compared = compared
        self._quotes = quotes

    def read(self, retrieval: Retrieval) -> Reading:
        asked, by_words = self._by_words(retrieval)
        if not by_words:
            return Reading(text="", citations=())
        ranked = self._by_meaning(retrieval, by_words)
        chosen = choose(asked, ranked, quotes=self._quotes)
        citations = tuple(cite(unit.passage, unit.start, unit.end) for unit in chosen)
        return Reading(
            text=_join(citations),
            citations=citations,
            features=evidence(asked, ranked),
            rivals=tuple(_akin(ranked[0].candidate, self._rivals(ranked, by_words))),
        )

    def _by_words(self, retrieval: Retrieval) -> tuple[Asked, list[Scored]]:
        """The question as it is read for, and the units that could answer it, the likeliest first."""
        hits = [hit for hit in retrieval.hits if hit.passage.text.strip()][: self._passages]
        asked = Asked.of(retrieval, self._analyzer)
        return asked, scored(candidates(asked, hits, self._analyzer), self._weights.words)

    def _by_meaning(self, retrieval: Retrieval, by_words: list[Scored]) -> list[Scored]:
        """The few best as a model sees them; all of them where there is none."""
        if self._embedder is None or retrieval.vector is None:
            return by_words
        best = promising(by_words, self._compared)
        if isinstance(self._embedder, TokenEmbedder):
            return scored(matched(retrieval.query, best, self._embedder), self._weights.tokens)
        return scored(compared(retrieval, best, self._embedder), self._weights.vectors)

    def _rivals(self, ranked: Sequence[Scored], by_words: Sequence[Scored]) -> list[Candidate]:
        """What else could answer; where a model looked at nothing of another document, the likeliest by
        words.
        """
        found = _of_others(ranked)
        if found or not isinstance(self._embedder, TokenEmbedder) or ranked[0].candidate.vector is None:
            return found
        return [with_vector(each, self._embedder) for each in _of_others(by_words)[:1]]


def _of_others(ranked: Sequence[Scored]) -> list[Candidate]:
    """The units of other documents than that of the best."""
    own = ranked[0].candidate.unit.passage.document_id
    return [each.candidate for each in ranked if each.candidate.unit.passage.document_id != own]


def _akin(one: Candidate, others: Iterable[Candidate]) -> Iterator[Citation]:
    """The first of each document that speaks of the same, and so may contradict."""
    seen: set[str] = set()
    for other in others:
        passage = other.unit.passage
        if passage.document_id in seen:
            continue
        if one.vector is None or other.vector is None or float(one.vector @ other.vector) >= _AKIN:
            seen.add(passage.document_id)
            yield cite(passage, other.unit.start, other.unit.end)


def _join(citations: Sequence[Citation]) -> str:
    """Quotes that follow one another on a line stay on it; others get lines of their own."""
    if not citations:
        return ""
    text = citations[0].quote
    for before, after in pairwise(citations):
        together = before.passage_id == after.passage_id and "\n" not in before.quote + after.quote
        text += (" " if together else "\n") + after.quote
    return text
