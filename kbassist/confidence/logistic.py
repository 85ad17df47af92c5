"""Logistic regression with an L2 penalty, by iteratively reweighted least squares.

McCullagh and Nelder, Generalized Linear Models (1989), section 4.4. A dozen features and some
thousand rows take milliseconds, so no learning library is needed at run time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def sigmoid(logits: Array) -> Array:
    """`1 / (1 + exp(-x))`, without overflow."""
    clipped: Array = np.clip(logits, -35.0, 35.0)
    return 1.0 / (1.0 + np.exp(-clipped))


def fit_logistic(
    rows: Array, outcomes: Array, *, penalty: float = 1.0, iterations: int = 50
) -> tuple[Array, float]:
    """Coefficients of shape `(features,)` and the intercept, which is not penalised.

    `rows` has shape `(n, features)`, `outcomes` holds 0 and 1.
    """
    design = np.hstack([rows, np.ones((len(rows), 1))])
    ridge = np.diag([penalty] * rows.shape[1] + [0.0])
    weights = np.zeros(design.shape[1])
    for _ in range(iterations):
        probability = sigmoid(design @ weights)
        variance = np.maximum(probability * (1 - probability), 1e-6)
        gradient = design.T @ (outcomes - probability) - ridge @ weights
        hessian = (design * variance[:, None]).T @ design + ridge
        step = np.linalg.solve(hessian + 1e-9 * np.eye(len(weights)), gradient)
        weights = weights + step
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights[:-1], float(weights[-1])
