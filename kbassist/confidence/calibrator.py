"""Features to a probability that the answer is right."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from kbassist.confidence.features import FEATURES
from kbassist.confidence.logistic import Array, Ends, bent, fit_ends, fit_logistic, sigmoid
from kbassist.types import Level

LOW_LEVEL = 0.5
HIGH_LEVEL = 0.8
SHRINKAGE = 30.0
"""How hard it is to move a weight away from where it was, in labels: `benchmarks/calibration.py`."""
ANY_MODEL = "*"
OF_A_MODEL = frozenset(
    {
        "semantic",
        "score",
        "margin",
        "agreement",
        "best_semantic",
        "quote_match",
        "weakest_match",
        "best_match",
        "met_anywhere",
        "quote_share",
        "quote_margin",
    }
)
"""Signals that mean something else with another model, or none: its cosines are in them."""
WORD_FEATURES = tuple(name for name in FEATURES if name not in OF_A_MODEL)
"""What a calibrator for `ANY_MODEL` looks at. On questions answered with another model the calibration error
of one that looks at everything is .34, of one that looks at these .03 to .05.
"""
SQUARED = "²"
"""Behind the name of a signal: its square. A logistic model over both bends with the signal."""
_CURVED_PENALTY = 10.0
_INTERCEPT_PENALTY = 0.1  # keeps it finite where all outcomes are the same


@dataclass(frozen=True, slots=True)
class Calibrator:
    """A logistic model over standardised features, and what it was fitted on.

    `configuration` names the model and the analysis whose scores it knows, as `model/analysis`; the model
    `ANY_MODEL` says that it looks at no score of a model. `lang` is the language of the questions that it is
    for, None for all. `ends` bend the probability where a straight line does not fit.
    """

    name: str
    configuration: str
    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    coefficients: tuple[float, ...]
    intercept: float
    provenance: Mapping[str, Any]
    lang: str | None = None
    ends: Ends | None = None

    def logit(self, signals: Mapping[str, float]) -> float:
        return float(self.logits([signals])[0])

    def logits(self, signals: Sequence[Mapping[str, float]]) -> Array:
        """One for each row of signals; a signal that is missing counts as 0."""
        straight: Array = self.standardised(signals) @ np.array(self.coefficients, dtype=np.float64)
        straight = straight + self.intercept
        return straight if self.ends is None else bent(straight, self.ends)

    def standardised(self, signals: Sequence[Mapping[str, float]]) -> Array:
        """Shape `(rows, features)`: what the coefficients weigh."""
        standardised: Array = (_table(signals, self.features) - np.array(self.mean)) / np.array(self.scale)
        return standardised

    def probability(self, signals: Mapping[str, float]) -> float:
        """0 when nothing was found, else strictly between 0 and 1."""
        if not any(signals.values()):
            return 0.0
        return float(sigmoid(self.logits([signals]))[0])

    def moved(self, weights: Array, intercept: float, **changes: Any) -> Calibrator:
        """With `weights` added to its coefficients, and `intercept` to its own."""
        return replace(
            self,
            coefficients=tuple(map(float, np.array(self.coefficients) + weights)),
            intercept=self.intercept + intercept,
            **changes,
        )

    def save(self, path: Path) -> None:
        """Write it as the only one of a file."""
        write_json(path, asdict(self))


def curved(features: Sequence[str]) -> tuple[str, ...]:
    """The features and their squares."""
    return (*features, *(f"{name}{SQUARED}" for name in features))


def _table(signals: Sequence[Mapping[str, float]], features: Sequence[str]) -> Array:
    """Shape `(rows, features)`; a signal that is missing counts as 0."""
    table = np.array(
        [[row.get(name.removesuffix(SQUARED), 0.0) for name in features] for row in signals], dtype=np.float64
    ).reshape(len(signals), len(features))
    squares = [place for place, name in enumerate(features) if name.endswith(SQUARED)]
    table[:, squares] **= 2
    return table


def fit(
    signals: Sequence[Mapping[str, float]],
    outcomes: Sequence[bool],
    *,
    name: str,
    configuration: str,
    provenance: Mapping[str, Any],
    penalty: float = 1.0,
    features: Sequence[str] = FEATURES,
) -> Calibrator:
    """A calibrator over `features`, from one row a question and whether its answer was right."""
    rows = _table(signals, features)
    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-3)
    coefficients, intercept = fit_logistic(
        (rows - mean) / scale, np.array(outcomes, dtype=np.float64), penalty=penalty
    )
    return Calibrator(
        name=name,
        configuration=configuration,
        features=tuple(features),
        mean=tuple(map(float, mean)),
        scale=tuple(map(float, scale)),
        coefficients=tuple(map(float, coefficients)),
        intercept=intercept,
        provenance=dict(provenance),
    )


def fit_by_language(
    signals: Sequence[Mapping[str, float]],
    outcomes: Sequence[bool],
    langs: Sequence[str],
    *,
    name: str,
    configuration: str,
    provenance: Mapping[str, Any],
    features: Sequence[str] = FEATURES,
) -> tuple[Calibrator, ...]:
    """One for all languages, then one for each of them that starts from it; all are bent at their ends, and
    look at the `features` and their squares.

    ECE, cross-validated, of one for all, of each that starts from it, and of these bent: English .049, .044,
    .025, Polish .038, .026, .019.
    """
    whole = fit(
        signals,
        outcomes,
        name=name,
        configuration=configuration,
        provenance=provenance,
        penalty=_CURVED_PENALTY,
        features=curved(features),
    )
    own = []
    for lang in sorted(set(langs)):
        mine = [row for row, other in enumerate(langs) if other == lang]
        some, right = [signals[row] for row in mine], [outcomes[row] for row in mine]
        weights, intercept = difference(whole, some, right)
        moved = whole.moved(weights, intercept, lang=lang, name=f"{name}-{lang}")
        own.append(_bent(moved, some, right))
    return (_bent(whole, signals, outcomes), *own)


def _bent(
    calibrator: Calibrator, signals: Sequence[Mapping[str, float]], outcomes: Sequence[bool]
) -> Calibrator:
    ends = fit_ends(calibrator.logits(signals), np.array(outcomes, dtype=np.float64))
    return replace(calibrator, ends=ends)


def difference(
    base: Calibrator,
    signals: Sequence[Mapping[str, float]],
    outcomes: Sequence[bool],
    *,
    known: Array | None = None,
    shrinkage: float = SHRINKAGE,
) -> tuple[Array, float]:
    """What the outcomes add to the coefficients and to the intercept of `base`.

    A logistic regression whose prior is centred on what is known already: the logits `known`, or those that
    `base` gives.
    """
    return fit_logistic(
        base.standardised(signals),
        np.array(outcomes, dtype=np.float64),
        penalty=shrinkage,
        offsets=base.logits(signals) if known is None else known,
        intercept_penalty=_INTERCEPT_PENALTY,
    )


def level_of(probability: float) -> Level:
    """`high` from `HIGH_LEVEL` up, `low` below `LOW_LEVEL`."""
    if probability >= HIGH_LEVEL:
        return "high"
    return "medium" if probability >= LOW_LEVEL else "low"


def write_json(path: Path, values: Mapping[str, Any]) -> None:
    """All of it or nothing."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(path)
