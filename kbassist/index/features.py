"""What the words of a passage say for it: numbers in 0..1, each a share of what the query weighs.

A word of the query weighs its idf, so a share says how much of what makes the query special was found. None
of them depends on what else was found. Only the words that the query shares with a passage are looked at, so
a passage takes some tens of microseconds and nothing has to be kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from kbassist.index.bm25 import K1, B
from kbassist.types import Passage


class WordAnalyzer(Protocol):
    """What is asked of a `TextAnalyzer`."""

    def word_terms(self, word: str) -> tuple[str, ...]:
        """The terms of one lower-case word."""
        ...

    def measures(self, text: str) -> frozenset[str]:
        """The terms of amounts, durations and dates, equal however they are written."""
        ...


WORD_FEATURES = ("coverage", "context", "together", "pairs", "exact", "names")

WINDOW = 25
"""Words that count as standing together: about a sentence and a half."""
USUAL_LENGTH = 100
"""Words of a passage of middling length."""

_WORD = re.compile(r"\w+")
_NAMED = re.compile(r"[A-ZĄĆĘŁŃÓŚŹŻ]|\w*[0-9]")

_Event = tuple[int, int]
"""A place in the passage, and the number of the query's word that stands there."""


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A distinct word: lower-case as written, its terms, its weight; `named` if it looks like a name."""

    form: str
    terms: tuple[str, ...]
    weight: float
    named: bool


class QueryWords:
    """The words of one query, ready to be looked for."""

    def __init__(
        self,
        query: str,
        weights: Mapping[str, float],
        analyzer: WordAnalyzer,
        meant: Mapping[str, Sequence[str]] | None = None,
        synonyms: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """`weights` gives each term its idf times its weight in the query; a word weighs its commonest term.

        `meant` has other words for those that were spelled wrong, `synonyms` words that count like some.
        """
        self.words = _words(query, weights, analyzer, meant or {}, synonyms or {})
        self.total = sum(word.weight for word in self.words)
        self.measures = {term: weights[term] for term in analyzer.measures(query) if term in weights}
        self._analyzer = analyzer
        self._with_term: dict[str, list[int]] = {}
        for number, word in enumerate(self.words):
            for term in word.terms:
                self._with_term.setdefault(term, []).append(number)
        self._terms = frozenset(self._with_term)
        self._seen: set[str] = set()
        self._matching: dict[str, tuple[int, ...]] = {}

    def matching(self, forms: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
        """Numbers of the words that share a term with a form, by the form: of `forms` and of those before.

        Forms that share none, as nearly all do, are not in it.
        """
        new = set(forms) - self._seen
        self._seen |= new
        for form in new:
            terms = self._analyzer.word_terms(form)
            if not self._terms.isdisjoint(terms):
                self._matching[form] = self._numbers(terms)
        return self._matching

    def measures_in(self, text: str) -> float:
        """What the measures weigh that the query and the text state alike."""
        if not self.measures:
            return 0.0
        return sum(self.measures[term] for term in self._analyzer.measures(text) if term in self.measures)

    def _numbers(self, terms: Sequence[str]) -> tuple[int, ...]:
        return tuple(sorted({each for term in terms for each in self._with_term.get(term, ())}))


def word_features(asked: QueryWords, passage: Passage) -> dict[str, float]:
    """`coverage` anywhere in the passage, its title or headings; `context` in those two; `together` inside
    one window; `pairs` of neighbours that stand close here too; `exact` in the same form, as BM25 counts
    it; `names` of the words that look like one, or of all when none does. Measures count beside their words
    in `coverage` and `names`: "czternaście dni" holds what "14 dni" asks for.
    """
    if asked.total <= 0:
        return dict.fromkeys(WORD_FEATURES, 0.0)
    weights = [word.weight for word in asked.words]
    forms = _WORD.findall(passage.text.lower())
    held = asked.matching(forms)
    events = [(place, number) for place, form in enumerate(forms) if form in held for number in held[form]]
    placed: list[list[int]] = [[] for _ in weights]
    for place, number in events:
        placed[number].append(place)
    around = " ".join((passage.title, *passage.headings)).lower()
    headed = _WORD.findall(around)
    held = asked.matching(headed)
    context = {number for form in headed for number in held.get(form, ())}
    covered = [number for number, places in enumerate(placed) if places or number in context]
    named = [number for number, word in enumerate(asked.words) if word.named]
    measures, stated = sum(asked.measures.values()), asked.measures_in(passage.text)
    coverage = (sum(weights[number] for number in covered) + stated) / (asked.total + measures)
    return {
        "coverage": coverage,
        "context": sum(weights[number] for number in context) / asked.total,
        "together": _together(weights, events) / asked.total,
        "pairs": _pairs(weights, placed),
        "exact": _exact(asked.words, forms, placed) / asked.total,
        "names": _names(weights, named, covered, measures, stated) if named or measures else coverage,
    }


def _words(
    query: str,
    weights: Mapping[str, float],
    analyzer: WordAnalyzer,
    meant: Mapping[str, Sequence[str]],
    synonyms: Mapping[str, Sequence[str]],
) -> list[QueryWord]:
    found: dict[str, QueryWord] = {}
    for match in _WORD.finditer(query):
        form = match.group().lower()
        if form in found:
            continue
        own = [term for each in meant.get(form, (form,)) for term in analyzer.word_terms(each)]
        known = [weights[term] for term in own if term in weights]
        if known:
            also = [term for each in synonyms.get(form, ()) for term in analyzer.word_terms(each)]
            named = match.start() > 0 and _NAMED.match(match.group()) is not None
            found[form] = QueryWord(form, tuple(dict.fromkeys([*own, *also])), min(known), named)
    return list(found.values())


def _names(
    weights: Sequence[float], named: Sequence[int], covered: Sequence[int], measures: float, stated: float
) -> float:
    """The share of names and measures that the passage holds."""
    held = sum(weights[number] for number in set(named).intersection(covered))
    total = sum(weights[number] for number in named) + measures
    return (held + stated) / total if total else 0.0


def _exact(asked: Sequence[QueryWord], forms: Sequence[str], placed: Sequence[Sequence[int]]) -> float:
    norm = K1 * (1 - B + B * len(forms) / USUAL_LENGTH)
    found = 0.0
    for word, places in zip(asked, placed, strict=True):
        times = sum(forms[place] == word.form for place in places)
        found += word.weight * times / (times + norm)
    return found


def _together(weights: Sequence[float], events: Sequence[_Event]) -> float:
    """The most weight that any window holds. `events` are in the order of their places."""
    inside: Counter[int] = Counter()
    best = held = 0.0
    first = 0
    for place, number in events:
        if not inside[number]:
            held += weights[number]
        inside[number] += 1
        while events[first][0] <= place - WINDOW:
            left = events[first][1]
            inside[left] -= 1
            if not inside[left]:
                held -= weights[left]
            first += 1
        best = max(best, held)
    return best


def _pairs(weights: Sequence[float], placed: Sequence[Sequence[int]]) -> float:
    """Neighbours in the query count the more, the nearer they stand to one another in the passage."""
    total = found = 0.0
    for (weight, places), (other, others) in pairwise(zip(weights, placed, strict=True)):
        pair = min(weight, other)
        total += pair
        if places and others:
            found += pair / max(1, _distance(places, others))
    return found / total if total else 0.0


def _distance(places: Sequence[int], others: Sequence[int]) -> int:
    """Between the nearest two of ascending places."""
    nearest, at = abs(places[0] - others[0]), 0
    for place in places:
        while at + 1 < len(others) and abs(others[at + 1] - place) <= abs(others[at] - place):
            at += 1
        nearest = min(nearest, abs(others[at] - place))
    return nearest
