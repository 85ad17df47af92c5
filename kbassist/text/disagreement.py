"""Do two statements speak of the same, and do they contradict each other?

Precision before recall. They have to share their subject: words that only one has make it the narrower one,
words that each has alone make them statements about two things.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kbassist.text.stances import OPPOSITE
from kbassist.text.statements import Statement
from kbassist.text.subjects import Subjects, unmatched

Relation = Literal["same", "first narrower", "second narrower", "different"]

_DAY = 24 * 60
# What the law gives a customer at least: more of it contradicts nothing.
_RIGHTS = frozenset({"return", "withdraw", "complain", "guarantee", "refund", "cancel"})
_COMPARABLE = 3.0  # times: an amount for an unnamed period and one for a month


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two statements stand to each other. `extra` are the keys that make one of them narrower."""

    relation: Relation
    extra: frozenset[str] = frozenset()


DIFFERENT = Comparison("different")


def compare(one: Statement, other: Statement, subjects: Subjects) -> Comparison:
    """Whether both are about the same, or one about a part of it."""
    if not one.subject or not other.subject:
        return DIFFERENT
    only_one = unmatched(one.subject, other.subject | other.conditions)
    only_other = unmatched(other.subject, one.subject | one.conditions)
    if only_one == one.subject or only_other == other.subject:
        return DIFFERENT
    only_one, only_other = _but_listed(only_one, one), _but_listed(only_other, other)
    strong_one = frozenset(key for key in only_one if not subjects.is_light(key))
    strong_other = frozenset(key for key in only_other if not subjects.is_light(key))
    if not strong_one:
        strong_other = unmatched(strong_other, one.above)
    elif not strong_other:
        strong_one = unmatched(strong_one, other.above)
    if (strong_one and strong_other) or _two_things(only_one, only_other, one.subject):
        return DIFFERENT
    return _with_conditions(one, other, strong_one, strong_other, subjects)


def _two_things(only_one: frozenset[str], only_other: frozenset[str], subject: frozenset[str]) -> bool:
    """Whether words that could be left out tell two things apart, because each side has its own:
    "najemca", "wynajmujący".
    """
    one, other = (frozenset(key for key in keys if not _is_verb(key)) for keys in (only_one, only_other))
    if one and other:
        return True
    return bool(only_one - one and only_other - other) and len(subject - only_one) < 2


def _is_verb(key: str) -> bool:
    return key.startswith(Subjects.VERB)


def _but_listed(only: frozenset[str], statement: Statement) -> frozenset[str]:
    """What is said of several things is said of each."""
    for listed in statement.lists:
        if listed - only and listed & only:
            only -= listed
    return only


def _with_conditions(
    one: Statement,
    other: Statement,
    extra_one: frozenset[str],
    extra_other: frozenset[str],
    subjects: Subjects,
) -> Comparison:
    if one.stance is not None and other.stance is not None:
        extra_one, extra_other = (
            _but_details(mine, theirs, extra, subjects)
            for mine, theirs, extra in ((one, other, extra_one), (other, one, extra_other))
        )
        extra_one |= _exceptions(one, other)
        extra_other |= _exceptions(other, one)
    else:
        extra_one |= unmatched(one.conditions, other.conditions | other.subject)
        extra_other |= unmatched(other.conditions, one.conditions | one.subject)
    if extra_one and extra_other:
        return DIFFERENT
    if extra_one:
        return Comparison("first narrower", extra_one)
    return Comparison("second narrower", extra_other) if extra_other else Comparison("same")


def _but_details(
    one: Statement, other: Statement, extra: frozenset[str], subjects: Subjects
) -> frozenset[str]:
    """What is allowed in some detail contradicts a flat refusal, unless the detail says for whom or where."""
    refused = other.stance in ("cannot", "is not") and one.stance in ("can", "is")
    return frozenset() if refused and not any(map(subjects.narrows, extra)) else extra


def _exceptions(one: Statement, other: Statement) -> frozenset[str]:
    """Under a condition something is refused or demanded: that is an exception. Allowed, it contradicts
    a refusal all the same.
    """
    positive = ("can", "is", "need not")
    if one.stance in positive and other.stance not in positive:
        return frozenset()
    # "dzieci do lat 3" says who they are.
    return frozenset(
        key for key in one.conditions if not key.startswith("number to ") or key not in other.conditions
    )


def contradict(one: Statement, other: Statement) -> bool:
    """Whether both cannot be right, given that they are about the same."""
    if one.stance is not None or other.stance is not None:
        return one.stance is not None and other.stance in OPPOSITE[one.stance]
    if one.kind != other.kind or not _one_measure(one, other):
        return False
    first, second = _interval(one, other), _interval(other, one)
    if one.statutory != other.statutory and one.kind == "duration" and _is_right(one, other):
        law, own = (first, second) if one.statutory else (second, first)
        return own[1] < law[0]
    if one.statutory != other.statutory:
        return False
    if one.bound != other.bound:
        return _bound_broken(one, first, second) or _bound_broken(other, second, first)
    # A range agrees with whatever lies inside it.
    return not (_inside(first, second) or _inside(second, first))


def _is_right(one: Statement, other: Statement) -> bool:
    return bool((one.subject | other.subject) & _RIGHTS)


def _one_measure(one: Statement, other: Statement) -> bool:
    if {one.aspect, other.aspect} == {"takes", "has"}:
        return False
    if ("free from" in (one.aspect, other.aspect)) and one.aspect != other.aspect:
        return False
    if {one.aspect, other.aspect} == {"starts", "ends"}:
        return False
    if one.kind == "date":
        return _one_precision(one, other)
    if one.kind != "money":
        return True
    free_or_paid = {"free", "paid"} & {one.aspect, other.aspect}
    if free_or_paid:
        return True
    if one.value is None or other.value is None or one.value.unit != other.value.unit or one.net != other.net:
        return False
    if one.per != other.per:
        low, high = sorted((one.high, other.high))
        return not (one.per and other.per) and high < _COMPARABLE * low
    return True


def _one_precision(one: Statement, other: Statement) -> bool:
    assert one.value is not None
    assert other.value is not None
    return (one.value.unit == "month_day") == (other.value.unit == "month_day")


def _bound_broken(claim: Statement, own: tuple[float, float], other: tuple[float, float]) -> bool:
    if claim.bound == "at least":
        return other[1] < own[0]
    return claim.bound == "at most" and other[0] > own[1]


def _inside(inner: tuple[float, float], outer: tuple[float, float]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _interval(one: Statement, against: Statement) -> tuple[float, float]:
    """Lowest and highest; in minutes where the units differ, because a month has 28 to 31 days."""
    low, high = one.low, one.high
    if one.value is None or against.value is None or one.kind != "duration":
        return low, high
    unit = one.value.unit
    if unit == against.value.unit or unit == "minute":
        return low, high
    if unit == "workday":
        # Weekends, and a few days off.
        return low * _DAY, (high * 7 / 5 + 4) * _DAY
    if unit == "month":
        return low * 28 * _DAY, high * 31 * _DAY
    return low * _DAY, high * _DAY
