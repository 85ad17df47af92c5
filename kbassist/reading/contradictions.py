"""Which two sentences of different documents answer the question with different values?

Rules compare statements by what each word is (`kbassist.text.disagreement`), which pages seldom say alike.
Here two logistic models weigh what can be seen of any two sentences: how likely each of them is to answer,
and how much alike they are apart from the value. Both were fitted to invented companies whose pages agree,
and to pages that contradict one of theirs in one thing (`benchmarks/companies.py`, which prints what they
find in companies that they were not fitted to).
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import combinations

from kbassist.protocols import Analyzer, Reading, Retrieval
from kbassist.reading.choice import ReadingWeights, scored
from kbassist.reading.features import Asked, Candidate, candidates
from kbassist.reading.given import Given, apart, given
from kbassist.reading.precedence import source_of
from kbassist.reading.units import Unit
from kbassist.text.clauses import STATUTE
from kbassist.types import Passage

_PASSAGES = 5  # read, as by the reader
_LIKELIEST = 40  # sentences whose values are read, by words
_COMPARED = 14  # of those that give any, by how likely they answer
_OWN = ("own", "above", "before", "after", "new", "length")
_GIVES: Mapping[str, frozenset[str]] = {
    "time": frozenset({"duration", "date", "hour"}),
    "money": frozenset({"money", "percent"}),
    "number": frozenset({"number", "percent", "money", "duration"}),
}


@dataclass(frozen=True, slots=True)
class ContradictionWeights:
    """Weights by feature, and under `""` an intercept: does a sentence answer, do two contradict each other.

    `threshold` is the probability from which they are taken to.
    """

    answers: Mapping[str, float]
    contradict: Mapping[str, float]
    threshold: float

    @classmethod
    def bundled(cls) -> ContradictionWeights:
        """What is shipped, in `contradictions.json`."""
        stored = files("kbassist.reading").joinpath("contradictions.json").read_text(encoding="utf-8")
        return cls(**json.loads(stored))


@dataclass(frozen=True, slots=True)
class Contender:
    """A sentence that gives values and may answer. `features` say how likely it does; `terms` are its own,
    `above` those of its title and headings; `beside` is what else its document gives, as far as it was read.
    """

    candidate: Candidate
    values: Sequence[Given]
    beside: Sequence[Given]
    features: Mapping[str, float]
    terms: frozenset[str]
    above: frozenset[str]

    @property
    def passage(self) -> Passage:
        return self.candidate.unit.passage


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two contenders of different documents, the likelier one first, and the value in which they differ."""

    one: Contender
    other: Contender
    values: tuple[Given, Given]
    probability: float


class Contradictions:
    """Finds the likeliest contradiction among the sentences that may answer. Safe to use from several
    threads.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        weights: ContradictionWeights | None = None,
        words: ReadingWeights | None = None,
    ) -> None:
        """`words` weigh a sentence by words alone, as in reading."""
        self._analyzer = analyzer
        self._weights = weights or ContradictionWeights.bundled()
        self._words = (words or ReadingWeights.bundled()).words

    def find(self, retrieval: Retrieval, reading: Reading) -> Contradiction | None:
        """None where none is likelier than the threshold."""
        asked = Asked.of(retrieval, self._analyzer)
        found = self.contenders(asked, retrieval, reading)
        best = max(self.pairs(asked, found), key=lambda pair: pair.probability, default=None)
        return best if best is not None and best.probability >= self._weights.threshold else None

    def contenders(self, asked: Asked, retrieval: Retrieval, reading: Reading) -> list[Contender]:
        """The sentences of the best passages that give a value, those first that words make likely."""
        hits = [hit for hit in retrieval.hits if hit.passage.text.strip()][:_PASSAGES]
        ranked = scored(candidates(asked, hits, self._analyzer), self._words)
        places = {hit.passage.id: place for place, hit in enumerate(hits)}
        inside: dict[str, frozenset[str]] = defaultdict(frozenset)
        for each in ranked:
            inside[each.candidate.hit.passage.id] |= each.candidate.own | each.candidate.above
        beside: dict[str, list[Given]] = defaultdict(list)
        found = []
        for each in ranked[:_LIKELIEST]:
            unit = each.candidate.unit
            passage = unit.passage
            values = given(unit.text, passage.lang)
            if not values:
                continue
            beside[passage.document_id] += values
            features = {
                **{name: each.candidate.features[name] for name in _OWN},
                "behind": each.score - ranked[0].score,
                "passage": asked.share(inside[passage.id]),
                "hit": each.candidate.hit.score,
                "place": places[passage.id],
                "wanted": asked.kind in _GIVES,
                "gives": any(value.kind in _GIVES.get(asked.kind, ()) for value in values),
                "quoted": _is_quoted(unit, reading),
            }
            terms = frozenset(self._analyzer(unit.text))
            above = frozenset(self._analyzer(" ".join((passage.title, *passage.headings))))
            found.append(
                Contender(each.candidate, values, beside[passage.document_id], features, terms, above)
            )
        return found

    def pairs(self, asked: Asked, found: Sequence[Contender]) -> Iterator[Contradiction]:
        """Those of the likeliest contenders that give different values, with their probability."""
        for one, other, values, features in differing(asked, found, self._weights.answers):
            logit = _sum(self._weights.contradict, features)
            yield Contradiction(one, other, values, 1 / (1 + math.exp(-logit)))


def differing(
    asked: Asked, found: Sequence[Contender], answers: Mapping[str, float]
) -> Iterator[tuple[Contender, Contender, tuple[Given, Given], dict[str, float]]]:
    """Two of the contenders that likeliest answer, by the weights `answers`, the values in which they differ,
    and what speaks for a contradiction.
    """
    odds = [(_sum(answers, each.features), place) for place, each in enumerate(found)]
    likeliest = [(found[place], logit) for logit, place in sorted(odds, reverse=True)[:_COMPARED]]
    for (one, first), (other, second) in combinations(likeliest, 2):
        values = differ(one, other)
        if values is not None:
            yield one, other, values, compared(asked, one, other, values, (first, second))


def differ(one: Contender, other: Contender) -> tuple[Given, Given] | None:
    """The values in which sentences of different documents differ. The law and what somebody promises
    differ by right, and so do acts of the law: nobody wrote two for one thing by mistake.
    """
    if one.passage.document_id == other.passage.document_id:
        return None
    if all(source_of(each.passage) == "act" for each in (one, other)):
        return None
    legal = [STATUTE.search(each.candidate.unit.text) is not None for each in (one, other)]
    return None if legal[0] != legal[1] else apart(one.values, other.values)


def compared(
    asked: Asked, one: Contender, other: Contender, values: tuple[Given, Given], odds: tuple[float, float]
) -> dict[str, float]:
    """What speaks for a contradiction, in numbers.

    - `likelier`, `unlikelier`: the log odds that each answers
    - `alike`, `under`: the share of terms that both have, of their own and of title and headings
    - `ratio`: how far the values lie apart, as a logarithm, at most 4
    - `single`: 1 where neither gives another value of that kind
    - `elsewhere`: how many of the two documents also give the value of the other
    - `left`: the share of the question that stands in neither nor above them
    """
    mine, theirs = values
    kept = [[value for value in each.values if value.kind == mine.kind] for each in (one, other)]
    covered = frozenset().union(*(each.candidate.own | each.candidate.above for each in (one, other)))
    return {
        "likelier": max(odds),
        "unlikelier": min(odds),
        "alike": _alike(one.terms, other.terms),
        "under": _alike(one.above, other.above),
        "ratio": min(4.0, abs(math.log((mine.low + 0.5) / (theirs.low + 0.5)))),
        "single": all(len(some) == 1 for some in kept),
        "elsewhere": _among(mine, other.beside) + _among(theirs, one.beside),
        "left": 1 - asked.share(covered),
    }


def _is_quoted(unit: Unit, reading: Reading) -> bool:
    quote = reading.citations[0] if reading.citations else None
    return quote is not None and quote.passage_id == unit.passage.id and unit.text in quote.quote


def _among(value: Given, some: Sequence[Given]) -> bool:
    return any(value.kind == each.kind and value.agrees(each) for each in some)


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _sum(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    return weights[""] + sum(weight * features[name] for name, weight in weights.items() if name)
