"""The sentences that answer, quoted word for word.

Each sentence of the best passages is scored by the share of the topic's idf that it covers, by
what stands above it (a heading, the question of an FAQ entry), by whether it holds the kind of
thing asked for, and by its passage. The few best by words are then compared with the question by
meaning. The best one is the answer; a further one joins it only when it covers what the first leaves
open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from kbassist.protocols import Analyzer, Embedder, Reading, Retrieval
from kbassist.reading.questions import AnswerType, expected_type, holds, topic
from kbassist.text.quotes import cite
from kbassist.text.sentences import MARKER, sentences
from kbassist.types import Citation, Hit

_LONGEST_LIST = 600  # characters of a list that is quoted together with the sentence it follows


@dataclass(frozen=True, slots=True)
class ReadingWeights:
    """What a sentence's score is made of, in units of full coverage of the question."""

    above: float = 0.8
    type: float = 0.25
    passage: float = 3.0
    short: float = 0.25
    semantic: float = 1.0
    semantic_floor: float = 0.8
    semantic_span: float = 0.1


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a sentence with the list it introduces, inside one hit."""

    hit: Hit
    start: int
    end: int
    own: frozenset[str]
    above: frozenset[str]
    score: float
    typed: bool
    semantic: float = 0.0

    @property
    def text(self) -> str:
        return self.hit.passage.text[self.start : self.end]


class ExtractiveReader:
    """Reads without a language model."""

    def __init__(
        self,
        analyzer: Analyzer,
        embedder: Embedder | None = None,
        *,
        weights: ReadingWeights | None = None,
        passages: int = 5,
        compared: int = 5,
        quotes: int = 2,
    ) -> None:
        """`passages` are read, the `compared` best sentences are embedded, at most `quotes` are given."""
        self._analyzer = analyzer
        self._embedder = embedder
        self._compared = compared
        self._weights = weights or ReadingWeights()
        self._passages = passages
        self._quotes = quotes

    def read(self, retrieval: Retrieval) -> Reading:
        hits = [hit for hit in retrieval.hits if hit.passage.text.strip()][: self._passages]
        kind = expected_type(retrieval.query)
        retrieval = replace(retrieval, terms=topic(retrieval.terms, self._analyzer))
        units = [unit for hit in hits for unit in self._units(hit, hits[0], kind, retrieval)]
        if not units:
            return Reading(text="", citations=())
        ranked = self._by_meaning(sorted(units, key=lambda unit: -unit.score), retrieval)
        chosen = self._choose(ranked, retrieval.terms)
        citations = tuple(cite(unit.hit.passage, unit.start, unit.end) for unit in chosen)
        return Reading(
            text=_join(citations),
            citations=citations,
            features=_features(chosen, ranked, kind, retrieval.terms),
        )

    def _units(self, hit: Hit, first: Hit, kind: AnswerType, retrieval: Retrieval) -> list[_Unit]:
        passage, weights = hit.passage, self._weights
        headings = frozenset(self._analyzer(" ".join((passage.title, *passage.headings))))
        total = sum(retrieval.terms.values()) or 1.0
        found: list[_Unit] = []
        asked: frozenset[str] = frozenset()
        spans = _with_lists(passage.text, sentences(passage.text, passage.lang))
        for start, end in spans:
            text = passage.text[start:end]
            own = frozenset(self._analyzer(text)) & retrieval.terms.keys()
            if text.rstrip().endswith("?"):
                asked = own
                continue
            above = (headings | asked) & retrieval.terms.keys() - own
            typed = holds(text, kind)
            score = (
                _mass(own, retrieval.terms) / total
                + weights.above * _mass(above, retrieval.terms) / total
                + weights.type * typed
                + weights.passage * (hit.score - first.score)
                - weights.short * (len(text.split()) < 3)
            )
            found.append(_Unit(hit, start, end, own, above, score, typed))
        return found

    def _by_meaning(self, ranked: list[_Unit], retrieval: Retrieval) -> list[_Unit]:
        """The best units, each with the cosine of its sentence under its heading added, ranked anew."""
        if self._embedder is None or retrieval.vector is None:
            return ranked
        weights, best = self._weights, ranked[: self._compared]
        texts = [
            "\n".join((*dict.fromkeys((unit.hit.passage.title, *unit.hit.passage.headings[-1:])), unit.text))
            for unit in best
        ]
        cosines = self._embedder.embed_passages(texts) @ retrieval.vector
        scales = np.clip((cosines - weights.semantic_floor) / weights.semantic_span, -1.0, 1.0)
        compared = [
            replace(unit, score=unit.score + weights.semantic * float(scale), semantic=float(scale))
            for unit, scale in zip(best, scales, strict=True)
        ]
        return sorted(compared, key=lambda unit: -unit.score)

    def _choose(self, ranked: Sequence[_Unit], terms: Mapping[str, float]) -> list[_Unit]:
        """The best unit, and those that add at least a quarter of the question to it."""
        best = ranked[0]
        chosen, covered = [best], best.own | best.above
        total = sum(terms.values()) or 1.0
        for unit in ranked[1:]:
            if len(chosen) == self._quotes:
                break
            adds = _mass((unit.own | unit.above) - covered, terms) / total
            if adds >= 0.25 and unit.score >= 0.5 * best.score:
                chosen.append(unit)
                covered |= unit.own | unit.above
        return sorted(chosen, key=lambda unit: (-unit.hit.score, unit.hit.passage.start, unit.start))


def _with_lists(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join a sentence that ends with a colon to the list items that follow it."""
    joined: list[tuple[int, int]] = []
    collecting = False
    for start, end in spans:
        if collecting and MARKER.match(text, start, end) and end - joined[-1][0] <= _LONGEST_LIST:
            joined[-1] = (joined[-1][0], end)
            continue
        joined.append((start, end))
        collecting = text[start:end].rstrip().endswith(":")
    return joined


def _mass(terms: frozenset[str], idf: Mapping[str, float]) -> float:
    return sum(idf[term] for term in terms)


def _join(citations: Sequence[Citation]) -> str:
    """Quotes that follow one another on a line stay on it; others get lines of their own."""
    if not citations:
        return ""
    text = citations[0].quote
    for before, after in pairwise(citations):
        together = before.passage_id == after.passage_id and "\n" not in before.quote + after.quote
        text += (" " if together else "\n") + after.quote
    return text


def _features(
    chosen: Sequence[_Unit], ranked: Sequence[_Unit], kind: AnswerType, terms: Mapping[str, float]
) -> dict[str, float]:
    total = sum(terms.values()) or 1.0
    covered = frozenset().union(*(unit.own | unit.above for unit in chosen))
    missing = [idf for term, idf in terms.items() if term not in covered]
    best = chosen[0]
    elsewhere = next((unit for unit in ranked if unit.hit is not ranked[0].hit), None)
    return {
        "quote_coverage": _mass(best.own, terms) / total,
        "answer_coverage": _mass(covered, terms) / total,
        "rarest_missing": max(missing, default=0.0) / max(terms.values(), default=1.0),
        "type_found": float(best.typed) if kind not in ("other", "yes_no") else 0.5,
        "quote_semantic": best.semantic,
        "quote_margin": ranked[0].score - elsewhere.score if elsewhere else 1.0,
    }
