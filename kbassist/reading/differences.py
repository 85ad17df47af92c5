"""Sentences of different documents that give different values, and how alike they are apart from that."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

from kbassist.protocols import Analyzer
from kbassist.reading.contenders import GIVES, Contender
from kbassist.reading.features import Asked
from kbassist.reading.given import Given, apart
from kbassist.reading.precedence import source_of
from kbassist.text.bounds import limit_of
from kbassist.text.clauses import STATUTE

_PAST = frozenset({"date"})  # encyclopedias date one thing after another
_COMPARED = 14  # of those that give any, by how likely they answer
_NEAR = 3  # words after a value
_TWINS = 0.8  # of all terms but the values
PLAIN = frozenset({"duration", "money", "percent", "hour"})
"""What is compared where a question asks for no value: bare numbers count something else every time."""


def differing(
    asked: Asked, found: Sequence[Contender], answers: Mapping[str, float], analyzer: Analyzer
) -> Iterator[tuple[Contender, Contender, tuple[Given, Given], dict[str, float]]]:
    """Two of the contenders that likeliest answer, by the weights `answers`, the values in which they differ,
    and what speaks for a contradiction. Where the question asks for no value, one of them is the answer.
    """
    kinds = kinds_of(asked)
    odds = [(weighted(answers, each.features), place) for place, each in enumerate(found)]
    likeliest = [(found[place], logit) for logit, place in sorted(odds, reverse=True)[:_COMPARED]]
    for (one, first), (other, second) in combinations(likeliest, 2):
        if is_open(asked) and not (one.features["quoted"] or other.features["quoted"]):
            continue
        values = differ(one, other, kinds)
        if values and (one.covers or other.covers) and not _wavers(one, other, values, found):
            yield one, other, values, likeness(asked, one, other, values, (first, second), analyzer)


def is_open(asked: Asked) -> bool:
    """Whether the question asks for no kind of value, and may be answered by any."""
    return asked.kind not in GIVES


def kinds_of(asked: Asked) -> frozenset[str]:
    """The kinds of values that are compared for the question."""
    return GIVES.get(asked.kind, PLAIN) - _PAST


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
    values = apart(*([value for value in each.values if value.kind in kinds] for each in (one, other)))
    return None if values and _are_timetables(one, other, values) else values


def _are_timetables(one: Contender, other: Contender, values: tuple[Given, Given]) -> bool:
    """Whether both give the hours of several days or places, and not in the same words."""
    hours = [sum(value.kind == "hour" for value in each.values) for each in (one, other)]
    return values[0].kind == "hour" and min(hours) > 2 and not are_twins(one, other)


def _wavers(
    one: Contender, other: Contender, values: tuple[Given, Given], found: Sequence[Contender]
) -> bool:
    """Whether the document of either also gives the value of the other, in a sentence that is as much like
    it: something that is not seen here tells its two values apart.
    """
    least = alike(one.terms, other.terms)
    return any(
        each.passage.document_id == theirs.passage.document_id
        and alike(mine.terms, each.terms) >= least
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
    asked: Asked,
    one: Contender,
    other: Contender,
    values: tuple[Given, Given],
    odds: tuple[float, float],
    analyzer: Analyzer,
) -> dict[str, float]:
    """What speaks for a contradiction, in numbers.

    - `likelier`, `unlikelier`: the log odds that each answers
    - `alike`: the share of terms that both have
    - `inside`: the share of the terms of the one with fewer that the other has as well
    - `after`: the share of terms that both have right after the value
    - `ratio`: how far the values lie apart, as a logarithm, at most 4
    - `single`: 1 where neither gives another value of that kind
    - `share`: the share of the question that both cover, with what stands above them
    """
    mine, theirs = values
    kept = [[value for value in each.values if value.kind == mine.kind] for each in (one, other)]
    return {
        "likelier": max(odds),
        "unlikelier": min(odds),
        "alike": alike(one.terms, other.terms),
        "inside": len(one.terms & other.terms) / max(1, min(len(one.terms), len(other.terms))),
        "after": alike(_after(one, mine, analyzer), _after(other, theirs, analyzer)),
        "ratio": min(4.0, abs(math.log((abs(mine.low) + 0.5) / (abs(theirs.low) + 0.5)))),
        "single": all(len(some) == 1 for some in kept),
        "share": asked.share(one.covers & other.covers),
    }


def _after(contender: Contender, value: Given, analyzer: Analyzer) -> frozenset[str]:
    words = contender.candidate.unit.text[value.end :].split()[:_NEAR]
    return frozenset(analyzer(" ".join(words)))


def _among(value: Given, some: Sequence[Given]) -> bool:
    return any(value.kind == each.kind and value.agrees(each) for each in some)


def are_twins(one: Contender, other: Contender) -> bool:
    """Whether one is as good as a copy of the other with another value."""
    return alike(one.terms, other.terms) >= _TWINS


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of all terms that both have."""
    return len(one & other) / max(1, len(one | other))


def weighted(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """The logit that weights with an intercept under `""` give."""
    return weights[""] + sum(weight * features[name] for name, weight in weights.items() if name)
