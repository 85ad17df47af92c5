"""The sentences that answer, quoted word for word.

Every sentence of the best passages is scored by its words; the few best are then compared with the question
by what a model makes of them. The best one is the answer, with what belongs to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kbassist.protocols import Analyzer, Embedder, Reading, Retrieval, TokenEmbedder
from kbassist.reading.choice import ReadingWeights, Scored, choose, promising, scored
from kbassist.reading.evidence import evidence
from kbassist.reading.features import Asked, candidates
from kbassist.reading.meaning import compared, matched
from kbassist.text.quotes import cite
from kbassist.types import Citation


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
        """`passages` are read, at most `compared` of their sentences embedded, at most `quotes` given."""
        self._analyzer = analyzer
        self._embedder = embedder
        self._weights = weights or ReadingWeights.bundled()
        self._passages = passages
        self._compared = compared
        self._quotes = quotes

    def read(self, retrieval: Retrieval) -> Reading:
        asked, ranked = self.rank(retrieval)
        if not ranked:
            return Reading(text="", citations=())
        chosen = choose(asked, ranked, quotes=self._quotes)
        citations = tuple(cite(unit.passage, unit.start, unit.end) for unit in chosen)
        return Reading(text=_join(citations), citations=citations, features=evidence(asked, ranked))

    def rank(self, retrieval: Retrieval) -> tuple[Asked, list[Scored]]:
        """The question as it is read for, and the units that could answer it, the likeliest first."""
        hits = [hit for hit in retrieval.hits if hit.passage.text.strip()][: self._passages]
        asked = Asked.of(retrieval, self._analyzer)
        by_words = scored(candidates(asked, hits, self._analyzer), self._weights.words)
        best = promising(by_words, self._compared)
        if not best or self._embedder is None or retrieval.vector is None:
            return asked, by_words
        if isinstance(self._embedder, TokenEmbedder):
            return asked, scored(matched(retrieval.query, best, self._embedder), self._weights.tokens)
        return asked, scored(compared(retrieval, best, self._embedder), self._weights.vectors)


def _join(citations: Sequence[Citation]) -> str:
    """Quotes that follow one another on a line stay on it; others get lines of their own."""
    if not citations:
        return ""
    text = citations[0].quote
    for before, after in pairwise(citations):
        together = before.passage_id == after.passage_id and "\n" not in before.quote + after.quote
        text += (" " if together else "\n") + after.quote
    return text
