"""Features to a probability that the answer is right."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from kbassist.confidence.features import FEATURES
from kbassist.confidence.logistic import fit_logistic, sigmoid
from kbassist.errors import InvalidArgumentError, KnowledgeBaseError
from kbassist.types import Confidence, Level

LOW_LEVEL = 0.5
HIGH_LEVEL = 0.8
FEWEST_LABELS = 50


@dataclass(frozen=True, slots=True)
class Calibrator:
    """A logistic model over standardised features, and what it was fitted on.

    `configuration` names the model and the analysis whose scores it knows; with others its
    probabilities mean little.
    """

    name: str
    configuration: str
    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    coefficients: tuple[float, ...]
    intercept: float
    provenance: Mapping[str, Any]

    def logit(self, signals: Mapping[str, float]) -> float:
        total = self.intercept
        for name, mean, scale, weight in zip(
            self.features, self.mean, self.scale, self.coefficients, strict=True
        ):
            total += weight * (signals.get(name, 0.0) - mean) / scale
        return total

    def probability(self, signals: Mapping[str, float]) -> float:
        """0 when nothing was found, else strictly between 0 and 1."""
        if not any(signals.values()):
            return 0.0
        return float(sigmoid(np.array([self.logit(signals)]))[0])

    def save(self, path: Path) -> None:
        part = path.with_name(f"{path.name}.part")
        part.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.replace(path)


def bundled() -> Calibrator:
    """The calibrator that comes with the package; `benchmarks/confidence.py` fits it."""
    source = files("kbassist.confidence").joinpath("bundled.json")
    return _parse(source.read_bytes(), "the bundled calibrator")


def load(path: Path) -> Calibrator:
    """Raises `KnowledgeBaseError` when the file is not a calibrator."""
    return _parse(path.read_bytes(), str(path))


def fit(
    signals: Sequence[Mapping[str, float]],
    outcomes: Sequence[bool],
    *,
    name: str,
    configuration: str,
    provenance: Mapping[str, Any],
    penalty: float = 1.0,
) -> Calibrator:
    """A calibrator over all `FEATURES`, from one row a question and whether its answer was right."""
    rows = np.array([[row.get(feature, 0.0) for feature in FEATURES] for row in signals], dtype=np.float64)
    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-3)
    coefficients, intercept = fit_logistic(
        (rows - mean) / scale, np.array(outcomes, dtype=np.float64), penalty=penalty
    )
    return Calibrator(
        name=name,
        configuration=configuration,
        features=FEATURES,
        mean=tuple(map(float, mean)),
        scale=tuple(map(float, scale)),
        coefficients=tuple(map(float, coefficients)),
        intercept=intercept,
        provenance=dict(provenance),
    )


def adapt(
    base: Calibrator,
    signals: Sequence[Mapping[str, float]],
    outcomes: Sequence[bool],
    *,
    name: str,
    configuration: str,
) -> Calibrator:
    """`base` with its logit rescaled to a tenant's own questions (Platt, 1999).

    Two numbers are fitted, so it takes few labels. Raises `InvalidArgumentError` for fewer than
    `FEWEST_LABELS` or when all have the same outcome.
    """
    right = sum(map(bool, outcomes))
    if len(signals) < FEWEST_LABELS or right in (0, len(outcomes)):
        raise InvalidArgumentError(
            f"Calibration got {len(signals)} labelled questions, {right} of them answered right: it needs at "
            f"least {FEWEST_LABELS}, with right and wrong answers among them"
        )
    logits = np.array([[base.logit(row)] for row in signals])
    slope, shift = fit_logistic(logits, np.array(outcomes, dtype=np.float64), penalty=1e-3)
    factor = float(slope[0])
    if factor <= 0:  # the signals say nothing about these questions: all that is known is the share
        factor, shift = 0.0, math.log(right / (len(outcomes) - right))
    return replace(
        base,
        name=name,
        configuration=configuration,
        coefficients=tuple(weight * factor for weight in base.coefficients),
        intercept=base.intercept * factor + shift,
        provenance={"adapted_from": base.name, "questions": len(signals), "right": right},
    )


def confidence(
    calibrator: Calibrator, signals: Mapping[str, float], *, threshold: float, configuration: str
) -> Confidence:
    """The probability with its level. `calibration` says so when it was fitted for other scores."""
    probability = calibrator.probability(signals)
    stale = calibrator.configuration != configuration
    return Confidence(
        probability=probability,
        level=level_of(probability),
        threshold=threshold,
        signals=dict(signals),
        calibration=f"{calibrator.name} (fitted for {calibrator.configuration})"
        if stale
        else calibrator.name,
    )


def level_of(probability: float) -> Level:
    """`high` from `HIGH_LEVEL` up, `low` below `LOW_LEVEL`."""
    if probability >= HIGH_LEVEL:
        return "high"
    return "medium" if probability >= LOW_LEVEL else "low"


def _parse(content: bytes, where: str) -> Calibrator:
    try:
        values = json.loads(content)
        vectors = {key: tuple(values[key]) for key in ("features", "mean", "scale", "coefficients")}
        if len(set(map(len, vectors.values()))) > 1:
            raise ValueError("its lists differ in length")
        return Calibrator(**{**values, **vectors})
    except (ValueError, KeyError, TypeError) as error:
        raise KnowledgeBaseError(
            f"{where} is not a calibrator ({error}): delete it, or run calibrate() again"
        ) from error
