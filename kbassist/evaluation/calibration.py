"""How far a probability can be believed: calibration error, separation, risk and coverage.

`probabilities` are numbers in 0..1, `outcomes` what happened: True or 1 when the answer was right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kbassist.errors import InvalidArgumentError
from kbassist.types import Record

Floats = NDArray[np.float64]
Binning = Literal["width", "mass"]


@dataclass(frozen=True, slots=True)
class ReliabilityBin(Record):
    """One row of a reliability table.

    `low` and `high` bound the probabilities that fall here, `probability` is their mean and
    `accuracy` the share of right outcomes; both are 0 where `count` is 0.
    """

    low: float
    high: float
    count: int
    probability: float
    accuracy: float


def reliability(
    probabilities: Sequence[float] | Floats,
    outcomes: Sequence[bool | int] | Floats,
    bins: int = 10,
    binning: Binning = "width",
) -> list[ReliabilityBin]:
    """What was claimed against what happened, bin by bin (Guo et al. 2017).

    `"width"` makes `bins` intervals `(low, high]` of equal width, the first one closed, empty ones
    included. `"mass"` makes bins of nearly equal count; equal probabilities share one, so there may
    be fewer.
    """
    claimed, happened = _pairs(probabilities, outcomes)
    if bins < 1:
        raise InvalidArgumentError(f"bins is {bins}: give 1 or more")
    if binning == "width":
        edges = np.linspace(0.0, 1.0, bins + 1)
        members = np.clip(np.searchsorted(edges, claimed, side="left") - 1, 0, bins - 1)
    elif binning == "mass":
        below = np.searchsorted(np.sort(claimed), claimed, side="left")
        members = below * bins // len(claimed)
    else:
        raise InvalidArgumentError(f"binning is {binning!r}: give 'width' or 'mass'")

    table = []
    for index in range(bins):
        inside = members == index
        count = int(inside.sum())
        if binning == "mass" and not count:
            continue
        values = claimed[inside]
        low, high = (edges[index], edges[index + 1]) if binning == "width" else (values.min(), values.max())
        probability, accuracy = (values.mean(), happened[inside].mean()) if count else (0.0, 0.0)
        table.append(ReliabilityBin(float(low), float(high), count, float(probability), float(accuracy)))
    return table


def expected_calibration_error(
    probabilities: Sequence[float] | Floats,
    outcomes: Sequence[bool | int] | Floats,
    bins: int = 10,
    binning: Binning = "width",
) -> float:
    """Mean distance between claim and accuracy over the bins, weighted by count (Naeini et al. 2015)."""
    table = reliability(probabilities, outcomes, bins, binning)
    total = sum(row.count for row in table)
    return sum(row.count * abs(row.probability - row.accuracy) for row in table) / total


def brier(probabilities: Sequence[float] | Floats, outcomes: Sequence[bool | int] | Floats) -> float:
    """Mean squared distance between the probability and the outcome (Brier 1950)."""
    claimed, happened = _pairs(probabilities, outcomes)
    return float(np.mean((claimed - happened) ** 2))


def auroc(scores: Sequence[float] | Floats, outcomes: Sequence[bool | int] | Floats) -> float:
    """Chance that a right outcome scores above a wrong one, ties counting one half (Mann-Whitney).

    Scores may be any finite numbers. Both outcomes must occur.
    """
    values, happened = _pairs(scores, outcomes, unit=False)
    right = happened == 1
    positives, negatives = int(right.sum()), int((~right).sum())
    if not positives or not negatives:
        raise InvalidArgumentError(
            "every outcome is the same, and AUROC compares right with wrong: give examples of both"
        )
    ordered = np.sort(values)
    first = np.searchsorted(ordered, values, side="left")
    last = np.searchsorted(ordered, values, side="right")
    mid_ranks = (first + last + 1) / 2
    return float((mid_ranks[right].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def risk_coverage(
    probabilities: Sequence[float] | Floats, outcomes: Sequence[bool | int] | Floats
) -> list[tuple[float, float]]:
    """`(coverage, risk)` for each threshold, most selective first (El-Yaniv and Wiener 2010).

    The threshold runs through the distinct probabilities; coverage is the share at or above it, risk
    the share of wrong outcomes among those. The last point has coverage 1.
    """
    return [(count / total, risk) for count, total, risk in _selections(probabilities, outcomes)]


def aurc(probabilities: Sequence[float] | Floats, outcomes: Sequence[bool | int] | Floats) -> float:
    """Area under risk and coverage (Geifman et al. 2019): the mean risk when the threshold is each
    example's own probability. 0 is perfect; a constant probability gives the error rate.
    """
    area, before = 0.0, 0
    for count, total, risk in _selections(probabilities, outcomes):
        area += risk * (count - before) / total
        before = count
    return area


def _selections(
    probabilities: Sequence[float] | Floats, outcomes: Sequence[bool | int] | Floats
) -> list[tuple[int, int, float]]:
    claimed, happened = _pairs(probabilities, outcomes)
    order = np.argsort(-claimed, kind="stable")
    claimed, wrong = claimed[order], np.cumsum(1 - happened[order])
    group_ends = np.append(np.flatnonzero(np.diff(claimed)), len(claimed) - 1)
    return [(int(i) + 1, len(claimed), float(wrong[i] / (i + 1))) for i in group_ends]


def _pairs(
    scores: Sequence[float] | Floats, outcomes: Sequence[bool | int] | Floats, *, unit: bool = True
) -> tuple[Floats, Floats]:
    name = "probabilities" if unit else "scores"
    values = np.asarray(scores, dtype=np.float64)
    happened = np.asarray(outcomes, dtype=np.float64)
    if values.ndim != 1 or happened.ndim != 1 or len(values) != len(happened):
        raise InvalidArgumentError(
            f"{name} have shape {values.shape} and outcomes {happened.shape}: "
            "give two flat sequences of equal length"
        )
    if not len(values):
        raise InvalidArgumentError(f"{name} are empty: give at least one example")
    if not np.isfinite(values).all() or (unit and ((values < 0) | (values > 1)).any()):
        span = "numbers from 0 to 1" if unit else "finite numbers"
        raise InvalidArgumentError(f"{name} hold something else than {span}: drop or correct those examples")
    if not np.isin(happened, (0.0, 1.0)).all():
        raise InvalidArgumentError("outcomes hold something else than True and False (1 and 0)")
    return values, happened
