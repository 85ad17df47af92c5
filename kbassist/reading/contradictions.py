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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import combinations, product

from kbassist.protocols import Analyzer, Reading, Retrieval
from kbassist.reading.choice import ReadingWeights
from kbassist.reading.contenders import GIVES, Contender, contenders, titled
from kbassist.reading.features import Asked
from kbassist.reading.given import Given, apart
from kbassist.reading.precedence import source_of
from kbassist.text.bounds import limit_of
from kbassist.text.clauses import STATUTE
from kbassist.text.disagreement import Comparison, compare, contradict
from kbassist.text.scope import Page, by_titles
from kbassist.text.statements import Statement, statements
from kbassist.text.subjects import Subjects

_TOLD_OF_THE_PAST = frozenset({"date"})  # encyclopedias date one thing after another
_COMPARED = 14  # of those that give any, by how likely they answer


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
class Contradiction:
    """Two contenders of different documents, the likelier one first, and the value in which they differ."""

    one: Contender
    other: Contender
    values: tuple[Given, Given]
    probability: float

    @property
    def sides(self) -> tuple[Contender, Contender]:
        return self.one, self.other


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
        self._subjects = Subjects(analyzer)
        self._weights = weights or ContradictionWeights.bundled()
        self._words = (words or ReadingWeights.bundled()).words

    def weigh(self, retrieval: Retrieval, reading: Reading) -> list[Contradiction]:
        """All pairs of sentences that give different values of what was asked, the likeliest first."""
        asked = Asked.of(retrieval, self._analyzer)
        if not asked.terms or not GIVES.get(asked.kind):
            return []
        found = contenders(asked, retrieval, reading, self._analyzer, self._words)
        return sorted(self.pairs(asked, found), key=lambda pair: -pair.probability)

    def likeliest(self, weighed: Sequence[Contradiction]) -> Contradiction | None:
        """The first that is as likely as the threshold, and that nothing else tells apart."""
        certain = (pair for pair in weighed if pair.probability >= self._weights.threshold)
        return next((pair for pair in certain if not self._told_apart(pair)), None)

    def _told_apart(self, pair: Contradiction) -> bool:
        """Whether rules that read both values find them to be of different things: what tells sentences that
        are otherwise alike apart ("kurierem", "do paczkomatu") is a word that only rules look at.
        """
        sides = zip(pair.sides, pair.values, strict=True)
        one, other = (self._statements(side, value) for side, value in sides)
        pages = self._page(pair.one), self._page(pair.other)
        for mine, theirs in product(one, other):
            if not contradict(mine, theirs):
                return True
            compared = compare(mine, theirs, self._subjects)
            if self._narrows_nothing(compared, pair):
                continue
            if by_titles(compared, mine, theirs, pages, self._subjects).relation != "same":
                return True
        return False

    def _narrows_nothing(self, compared: Comparison, pair: Contradiction) -> bool:
        """Whether what makes one of them narrower is said in the other as well, in another place."""
        wider = {"first narrower": pair.other, "second narrower": pair.one}.get(compared.relation)
        return wider is not None and compared.extra <= set(self._subjects.keys(wider.candidate.unit.text))

    def _statements(self, contender: Contender, value: Given) -> list[Statement]:
        """What rules read of the value."""
        unit, passage = contender.candidate.unit, contender.passage
        above = frozenset(self._subjects.keys(titled(passage)))
        told = unit.text[value.start : value.end]
        span = (unit.start, unit.end)
        found = statements(passage.text, passage.lang, self._subjects, above, [span])
        return [statement for statement in found if statement.says == told]

    def _page(self, contender: Contender) -> Page:
        title, text = titled(contender.passage), contender.passage.text
        return Page(title, lambda: frozenset(self._subjects.keys(f"{title} {text}")))

    def pairs(self, asked: Asked, found: Sequence[Contender]) -> Iterator[Contradiction]:
        """Those of the likeliest contenders that give different values, with their probability."""
        for one, other, values, features in differing(asked, found, self._weights.answers):
            logit = _sum(self._weights.contradict, features)
            yield Contradiction(one, other, values, 1 / (1 + math.exp(-logit)))


def differing(
    asked: Asked, found: Sequence[Contender], answers: Mapping[str, float]
) -> Iterator[tuple[Contender, Contender, tuple[Given, Given], dict[str, float]]]:
    """Two of the contenders that likeliest answer, by the weights `answers`, the values in which they differ,
    and what speaks for a contradiction. None where the question does not ask for a value.
    """
    wanted = GIVES.get(asked.kind, frozenset()) - _TOLD_OF_THE_PAST
    odds = [(_sum(answers, each.features), place) for place, each in enumerate(found)]
    likeliest = [(found[place], logit) for logit, place in sorted(odds, reverse=True)[:_COMPARED]]
    for (one, first), (other, second) in combinations(likeliest, 2):
        values = differ(one, other, wanted)
        if values is None:
            continue
        if (one.covers or other.covers) and not _wavers(one, other, values, found):
            yield one, other, values, likeness(asked, one, other, values, (first, second))


def differ(one: Contender, other: Contender, kinds: frozenset[str]) -> tuple[Given, Given] | None:
    """The values of these kinds in which sentences of different documents differ. The law and what somebody
    promises differ by right, and so do acts of the law: nobody wrote two for one thing by mistake.
    """
    if one.passage.document_id == other.passage.document_id:
        return None
    if all(source_of(each.passage) == "act" for each in (one, other)):
        return None
    legal = [STATUTE.search(each.candidate.unit.text) is not None for each in (one, other)]
    if legal[0] != legal[1] or _limits_differ(one, other):
        return None
    return apart(*([value for value in each.values if value.kind in kinds] for each in (one, other)))


def _wavers(
    one: Contender, other: Contender, values: tuple[Given, Given], found: Sequence[Contender]
) -> bool:
    """Whether the document of either also gives the value of the other, in a sentence that is as much like
    it: something that is not seen here tells its two values apart.
    """
    alike = _alike(one.terms, other.terms)
    return any(
        each.passage.document_id == theirs.passage.document_id
        and _alike(mine.terms, each.terms) >= alike
        and _among(value, each.values)
        for mine, theirs, value in ((one, other, values[0]), (other, one, values[1]))
        for each in found
    )


def _limits_differ(one: Contender, other: Contender) -> bool:
    """Whether a value is the least in one and the most in the other: "przy wpłacie do 1000 zł" and "powyżej
    1000 zł" are two cases.
    """
    return any(
        mine.kind == theirs.kind
        and mine.agrees(theirs)
        and {_limit(one, mine), _limit(other, theirs)} == {"from", "to"}
        for mine, theirs in product(one.values, other.values)
    )


def _limit(contender: Contender, value: Given) -> str:
    return limit_of(contender.candidate.unit.text[: value.start])


def likeness(
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
    return {
        "likelier": max(odds),
        "unlikelier": min(odds),
        "alike": _alike(one.terms, other.terms),
        "under": _alike(one.above, other.above),
        "ratio": min(4.0, abs(math.log((abs(mine.low) + 0.5) / (abs(theirs.low) + 0.5)))),
        "single": all(len(some) == 1 for some in kept),
        "elsewhere": _among(mine, other.beside) + _among(theirs, one.beside),
        "left": 1 - asked.share(one.covers | other.covers),
    }


def _among(value: Given, some: Sequence[Given]) -> bool:
    return any(value.kind == each.kind and value.agrees(each) for each in some)


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _sum(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    return weights[""] + sum(weight * features[name] for name, weight in weights.items() if name)
