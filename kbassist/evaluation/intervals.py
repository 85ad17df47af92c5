"""How far a share that was counted can be believed (Clopper and Pearson 1934): exact, if a little wide."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kbassist.errors import InvalidArgumentError

_STEPS = 40  # bisections: 2 ** -40 is finer than any share that is shown


def share_interval(right: int, count: int, *, sure: float = 0.95) -> tuple[float, float]:
    """The true shares between which `sure` of such counts lie; `(0, 1)` when nothing was counted."""
    tail = (1 - sure) / 2
    return _least(right, count, tail), 1 - _least(count - right, count, tail)


def least_share(right: int, count: int, *, sure: float = 0.95) -> float:
    """The share that the true one is above, in `sure` of such counts (one-sided)."""
    return _least(right, count, 1 - sure)


def sureness(right: int, count: int, share: float) -> float:
    """How sure it is that the true share is `share` or more: the most that `least_share` can be asked for."""
    return 1 - _at_least(right, count, share, _ways(count)) if right else 0.0


def _least(right: int, count: int, tail: float) -> float:
    """The share at which `right` or more of `count` come with the probability `tail`."""
    if not 0 <= right <= count or not 0 < tail < 1:
        raise InvalidArgumentError(
            f"{right} of {count}, with {tail:.3f} left over: the part must not exceed the whole, and `sure` "
            "lies between 0 and 1"
        )
    if right == 0:
        return 0.0
    ways = _ways(count)
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if _at_least(right, count, middle, ways) > tail else (middle, high)
    return low


def _ways(count: int) -> NDArray[np.float64]:
    """The logarithm of the number of ways to choose 0, 1, … `count` out of `count`."""
    factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, count + 1)))])
    ways: NDArray[np.float64] = factorials[-1] - factorials - factorials[::-1]
    return ways


def _at_least(right: int, count: int, share: float, ways: NDArray[np.float64]) -> float:
    """The probability of `right` or more of `count`, each with the probability `share`."""
    if share >= 1:
        return 1.0
    if share <= 0:
        return float(right == 0)
    numbers = np.arange(right, count + 1)
    logs = ways[right:] + numbers * np.log(share) + (count - numbers) * np.log1p(-share)
    return float(min(np.exp(logs).sum(), 1.0))
