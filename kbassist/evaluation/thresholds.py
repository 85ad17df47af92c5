"""The least confidence to answer with, for a share of right answers that somebody asks for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from kbassist.errors import InvalidArgumentError
from kbassist.evaluation.intervals import least_share, sureness
from kbassist.types import Record

SURE = 0.9
FEWEST = 20
"""Answers at or above a threshold: from fewer nothing is concluded."""
_STEPS = range(1, 100)
"""Percent. Finer than that would follow the accidents of a few answers."""


@dataclass(frozen=True, slots=True)
class Judged(Record):
    """An answer that somebody judged: how sure it was, whether it was right, its question's language."""

    probability: float
    right: bool
    lang: str = ""


@dataclass(frozen=True, slots=True)
class ThresholdChoice(Record):
    """The least threshold, in whole percents, at which `precision` of the judged answers were right.

    The mean of their probabilities has to reach it too: a share alone is often reached by luck, when so many
    thresholds are tried. `threshold` is None when there is none that `FEWEST` answers reach. Of the `judged`
    answers `answered` reach it, `right` of them right. The true share is above `at_least` with the sureness
    `SURE`; `sure` is how sure it is that it is `precision` or more. `proven` is the least threshold at which
    even `at_least` reaches the precision, None when so few answers prove none. `text` says all this.
    `float()` of it is the threshold.
    """

    precision: float
    threshold: float | None
    judged: int
    answered: int
    right: int
    at_least: float
    sure: float
    proven: float | None
    text: str

    @property
    def coverage(self) -> float:
        """The share of the judged answers that reach the threshold."""
        return self.answered / self.judged if self.judged else 0.0

    @property
    def share_right(self) -> float:
        """Among those that reach the threshold."""
        return self.right / self.answered if self.answered else 0.0

    def __float__(self) -> float:
        if self.threshold is None:
            raise InvalidArgumentError(self.text)
        return self.threshold


def choose_threshold(judged: Sequence[Judged], precision: float) -> ThresholdChoice:
    """Raises `InvalidArgumentError` when `precision` is not between 0 and 1."""
    if not 0 < precision < 1:
        raise InvalidArgumentError(
            f"precision is {precision}: give a share between 0 and 1, such as 0.95, or a percentage below 100"
        )
    enough = [step for step in map(partial(_step, judged), _STEPS) if step.answered >= FEWEST]
    found = next(
        (step for step in enough if min(step.share_right, step.claimed) >= precision), _Step(0.0, 0, 0, 0.0)
    )
    answered, right = found.answered, found.right
    threshold = found.threshold if answered else None
    proven = next(
        (
            step.threshold
            for step in enough
            if least_share(step.right, step.answered, sure=SURE) >= precision <= step.claimed
        ),
        None,
    )
    at_least = least_share(right, answered, sure=SURE)
    sure = sureness(right, answered, precision)
    return ThresholdChoice(
        precision=precision,
        threshold=threshold,
        judged=len(judged),
        answered=answered,
        right=right,
        at_least=at_least,
        sure=sure,
        proven=proven,
        text=(
            _refused(len(judged), enough, precision)
            if threshold is None
            else _told(found, precision, at_least, sure, proven)
        ),
    )


class _Step(NamedTuple):
    """A threshold, how many answers reach it, how many of them are right, their mean probability."""

    threshold: float
    answered: int
    right: int
    claimed: float

    @property
    def share_right(self) -> float:
        return self.right / self.answered


def _step(judged: Sequence[Judged], percent: int) -> _Step:
    above = [answer for answer in judged if answer.probability >= percent / 100]
    claimed = sum(answer.probability for answer in above) / len(above) if above else 0.0
    return _Step(percent / 100, len(above), sum(answer.right for answer in above), claimed)


def _refused(judged: int, enough: Sequence[_Step], precision: float) -> str:
    best = max(enough, key=lambda step: step.share_right, default=None)
    lacks = (
        f"no threshold is reached by {FEWEST} of them"
        if best is None
        else f"the best share is {best.share_right:.1%}, from {best.threshold:.0%} up"
    )
    return (
        f"No threshold makes {precision:.1%} of the answers right, by {judged} judged ones: {lacks}. "
        "Give more labelled questions, or a lower precision"
    )


def _told(found: _Step, precision: float, at_least: float, sure: float, proven: float | None) -> str:
    said = (
        f"From {found.threshold:.0%} up, {found.right} of {found.answered} judged answers were right "
        f"({found.share_right:.1%}); it is {sure:.0%} sure that the share is {precision:.1%} or more, and "
        f"{SURE:.0%} sure that it is above {at_least:.1%}."
    )
    if proven == found.threshold:
        return said
    if proven is not None:
        return f"{said} From {proven:.0%} up the answers prove {precision:.1%}."
    needed = math.ceil(math.log(1 - SURE) / math.log(precision))
    return (
        f"{said} So few answers prove no threshold: that takes at least {needed} right ones without a wrong "
        "one among them, or more."
    )
