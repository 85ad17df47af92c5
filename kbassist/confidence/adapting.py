"""The bundled calibrator moved towards a tenant's own questions.

What the labels say is added to the weights by a logistic regression whose prior is centred on the bundled
ones, so that 50 labels move little more than the intercept and a thousand nearly fit anew. Beside shifting
the logit, Platt's scaling, beta calibration (Kull et al. 2017), isotonic regression and a new fit, it is the
best or as good as the best at every amount: `benchmarks/calibration.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kbassist.confidence.calibration import Calibration
from kbassist.confidence.calibrator import Calibrator, difference
from kbassist.confidence.calibrators import Calibrators, Outcome
from kbassist.confidence.features import FEATURES
from kbassist.confidence.logistic import Array
from kbassist.errors import InvalidArgumentError

FEWEST_LABELS = 50
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Label:
    """A question with the signals of its answer, and whether that answer was right."""

    question: str
    lang: str
    signals: Mapping[str, float]
    right: bool


def adapt(calibration: Calibration, labels: Sequence[Label], *, name: str, left_out: int = 0) -> Calibrators:
    """A calibrator for every language that the bundled ones know, fitted with all labels.

    `outcomes` are the labels with what a fit without the label's question gave for them. Raises
    `InvalidArgumentError` for fewer than `FEWEST_LABELS` or when all have the same outcome. `left_out` more
    were given which say nothing about the answers of today.
    """
    right = sum(label.right for label in labels)
    if len(labels) < FEWEST_LABELS or right in (0, len(labels)):
        raise InvalidArgumentError(
            f"Calibration got {len(labels)} labelled questions, {right} of them answered right: it needs at "
            f"least {FEWEST_LABELS}, with right and wrong answers among them"
            + (f". {left_out} more judge another answer than is given today" if left_out else "")
        )
    started = replace(calibration, own=None)
    bases = _bases(started, labels)
    outcomes = _outcomes(bases, labels)
    provenance = {
        "adapted_from": started.calibrator("").name,
        "labels": len(labels),
        "questions": len({label.question for label in labels}),
        "right": right,
        "left_out": left_out,
        "brier_before": _brier(_given(bases[label.lang], label) for label in labels),
        "brier_after": _brier(outcomes),
    }
    weights, intercept = _difference(bases, labels)
    changes = {"name": name, "configuration": calibration.configuration, "provenance": provenance}
    members = [base.moved(weights, intercept, **changes) for base in bases.values()]
    return Calibrators(tuple(members), tuple(outcomes))


def _bases(calibration: Calibration, labels: Sequence[Label]) -> dict[str, Calibrator]:
    """By language, `""` for any: what each question was judged with so far, all in the same units.

    A signal that the bundled calibrator does not look at, since it does not know the model, begins with the
    weight 0.
    """
    whole = calibration.calibrator("")
    features = tuple(dict.fromkeys((*whole.features, *FEATURES)))
    new = features[len(whole.features) :]
    rows = np.array([[label.signals.get(name, 0.0) for name in new] for label in labels], dtype=np.float64)
    mean = (*whole.mean, *map(float, rows.mean(axis=0)))
    scale = (*whole.scale, *(max(float(spread), 1e-3) for spread in rows.std(axis=0)))
    known = {member.lang for member in calibration.bundled.members if member.lang is not None}
    found = {"": whole} | {lang: calibration.calibrator(lang) for lang in sorted(known)}
    found |= {label.lang: calibration.calibrator(label.lang) for label in labels if label.lang not in found}
    return {
        lang: replace(_in_units(base, features, mean, scale), lang=lang or None)
        for lang, base in found.items()
    }


def _in_units(
    base: Calibrator, features: Sequence[str], mean: Sequence[float], scale: Sequence[float]
) -> Calibrator:
    """The same calibrator over other features, standardised by another mean and scale."""
    slopes = {
        name: (weight / own_scale, own_mean)
        for name, weight, own_scale, own_mean in zip(
            base.features, base.coefficients, base.scale, base.mean, strict=True
        )
    }
    units = list(zip(features, mean, scale, strict=True))
    shift = sum(slopes[name][0] * (middle - slopes[name][1]) for name, middle, _ in units if name in slopes)
    return replace(
        base,
        features=tuple(features),
        mean=tuple(mean),
        scale=tuple(scale),
        coefficients=tuple(slopes[name][0] * spread if name in slopes else 0.0 for name, _, spread in units),
        intercept=base.intercept + shift,
    )


def _difference(bases: Mapping[str, Calibrator], labels: Sequence[Label]) -> tuple[Array, float]:
    telling = [label for label in labels if any(label.signals.values())]  # without signals it is always 0
    return difference(
        bases[""],
        [label.signals for label in telling],
        [label.right for label in telling],
        known=np.array([bases[label.lang].logit(label.signals) for label in telling]),
    )


def _outcomes(bases: Mapping[str, Calibrator], labels: Sequence[Label]) -> list[Outcome]:
    """Each label with what the labels of other questions make of it."""
    questions = list(dict.fromkeys(label.question for label in labels))
    fold_of = {question: place % _FOLDS for place, question in enumerate(questions)}
    outcomes: dict[int, Outcome] = {}
    for fold in range(min(_FOLDS, len(questions))):
        rest = [label for label in labels if fold_of[label.question] != fold]
        weights, intercept = _difference(bases, rest)
        for place, label in enumerate(labels):
            if fold_of[label.question] == fold:
                outcomes[place] = _given(bases[label.lang].moved(weights, intercept), label)
    return [outcomes[place] for place in range(len(labels))]


def _given(calibrator: Calibrator, label: Label) -> Outcome:
    return calibrator.probability(label.signals), label.right, label.lang


def _brier(outcomes: Iterable[Outcome]) -> float:
    return float(np.mean([(probability - right) ** 2 for probability, right, _ in outcomes]))
