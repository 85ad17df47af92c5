"""Logistic regression with an L2 penalty, by iteratively reweighted least squares.

McCullagh and Nelder, Generalized Linear Models (1989), section 4.4. A dozen features and some
thousand rows take milliseconds, so no learning library is needed at run time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_LONGEST_STEP = 5.0
_ENDS_PENALTY = 5.0  # keeps few outcomes from bending much


def sigmoid(logits: Array) -> Array:
    """`1 / (1 + exp(-x))`, without overflow."""
    clipped: Array = np.clip(logits, -35.0, 35.0)
    return 1.0 / (1.0 + np.exp(-clipped))


Ends = tuple[float, float, float]
"""The weights of `ln p` and of `-ln(1 - p)`, and an intercept: how a probability is bent towards its ends."""


def bent(logits: Array, ends: Ends) -> Array:
    """The logits after beta calibration (Kull, Silva Filho and Flach, 2017); `(1, 1, 0)` changes nothing."""
    lower, upper, intercept = ends
    found: Array = intercept - lower * np.logaddexp(0.0, -logits) + upper * np.logaddexp(0.0, logits)
    return found


def fit_ends(logits: Array, outcomes: Array) -> Ends | None:
    """None where a higher logit would become a lower probability."""
    lower, upper = -np.logaddexp(0.0, -logits), np.logaddexp(0.0, logits)

    def change(*moving: Array, known: Array) -> list[float]:
        weights, intercept = fit_logistic(
            np.column_stack(moving), outcomes, penalty=_ENDS_PENALTY, offsets=known, intercept_penalty=1e-3
        )
        return [*map(float, weights), intercept]

    first, second, intercept = change(lower, upper, known=logits)
    ends = (1.0 + first, 1.0 + second, intercept)
    # As in the paper: an end that would be turned round is flattened, and the other fitted by itself.
    if ends[0] < 0 <= ends[1]:
        second, intercept = change(upper, known=upper)
        ends = (0.0, 1.0 + second, intercept)
    elif ends[1] < 0 <= ends[0]:
        first, intercept = change(lower, known=lower)
        ends = (1.0 + first, 0.0, intercept)
    return ends if min(ends[:2]) >= 0 else None


def fit_logistic(
    rows: Array,
    outcomes: Array,
    *,
    penalty: float = 1.0,
    offsets: Array | None = None,
    intercept_penalty: float = 0.0,
    iterations: int = 50,
) -> tuple[Array, float]:
    """Coefficients of shape `(features,)` and the intercept, which has a penalty of its own, usually none.

    `rows` has shape `(n, features)`, `outcomes` holds 0 and 1. `offsets` are logits that are known already:
    what is fitted is added to them.
    """
    design = np.hstack([rows, np.ones((len(rows), 1))])
    known = np.zeros(len(rows)) if offsets is None else offsets
    ridge = np.diag([penalty] * rows.shape[1] + [intercept_penalty])
    weights = np.zeros(design.shape[1])
    for _ in range(iterations):
        probability = sigmoid(known + design @ weights)
        variance = np.maximum(probability * (1 - probability), 1e-6)
        gradient = design.T @ (outcomes - probability) - ridge @ weights
        hessian = (design * variance[:, None]).T @ design + ridge
        step = np.linalg.solve(hessian + 1e-9 * np.eye(len(weights)), gradient)
        # Where the curve is flat, a whole step would overshoot.
        step = np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
        weights = weights + step
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights[:-1], float(weights[-1])
