"""How many labels does a company need? Ways to fit the confidence to its own questions, by their number.

    KBASSIST_BENCH_DATA=… python benchmarks/calibration.py --kb FOLDER      # some minutes
    KBASSIST_BENCH_DATA=… python benchmarks/calibration.py --sample FILE    # keep answers, or use those

A company is simulated by a language: the calibrator that it starts with was fitted to the other one's
questions alone, so that neither its words nor its share of right answers are known. Of its own questions some
are labelled, the rest judges: the expected calibration error (ten bins), the Brier score and AUROC, each the
mean of `ROUNDS` draws. Then the thresholds that `threshold_for` gives by these labels, each label with the
probability of a fit without it: how large a share was right above them among the rest, on average, and in how
many draws it was the share asked for or more. "Proven" is the threshold that the labels prove.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from answered import Sample, collect, kept
from rich.console import Console
from rich.table import Table

from kbassist.confidence.adapting import Label, adapt
from kbassist.confidence.calibration import Calibration
from kbassist.confidence.calibrator import Calibrator, difference, fit
from kbassist.confidence.calibrators import Calibrators
from kbassist.confidence.logistic import Array, fit_logistic, sigmoid
from kbassist.evaluation import auroc, brier, expected_calibration_error
from kbassist.evaluation.thresholds import Judged, choose_threshold
from kbassist.models.e5 import E5Embedder

NUMBERS = (50, 100, 200, 500, 1000)
ROUNDS = 20
PRECISIONS = (0.7, 0.8, 0.9)
_LEFT = 150  # questions that judge, at least
_CONFIGURATION = "any/any"


@dataclass(frozen=True)
class Part:
    """Some questions: signals and outcomes."""

    signals: list[dict[str, float]]
    right: list[bool]

    def __len__(self) -> int:
        return len(self.right)

    def of(self, rows: Sequence[int]) -> Part:
        return Part([self.signals[row] for row in rows], [self.right[row] for row in rows])

    @property
    def outcomes(self) -> Array:
        return np.array(self.right, dtype=np.float64)


Method = Callable[[Calibrator, Part, Part], Array]
"""The probabilities of the second part, after the labels of the first."""


def bundled(base: Calibrator, _: Part, judging: Part) -> Array:
    return sigmoid(base.logits(judging.signals))


def shift(base: Calibrator, labelled: Part, judging: Part) -> Array:
    nothing = np.zeros((len(labelled), 0))
    _, moved = fit_logistic(nothing, labelled.outcomes, offsets=base.logits(labelled.signals))
    return sigmoid(base.logits(judging.signals) + moved)


def platt(base: Calibrator, labelled: Part, judging: Part) -> Array:
    """Platt, 1999: the logit scaled and shifted."""
    return _over(lambda logits: logits[:, None], base, labelled, judging)


def beta(base: Calibrator, labelled: Part, judging: Part) -> Array:
    """Kull, Silva Filho and Flach, 2017: a slope for each end of the scale, neither below 0."""

    def ends(logits: Array) -> Array:
        given = np.clip(sigmoid(logits), 1e-4, 1 - 1e-4)
        return np.column_stack([np.log(given), -np.log(1 - given)])

    weights, _ = fit_logistic(ends(base.logits(labelled.signals)), labelled.outcomes, penalty=1e-2)
    kept = [column for column in (0, 1) if weights[column] > 0] or [0, 1]
    return _over(lambda logits: ends(logits)[:, kept], base, labelled, judging)


def isotonic(base: Calibrator, labelled: Part, judging: Part) -> Array:
    """Pool adjacent violators, each pool smoothed by half a label of either kind, straight lines between."""
    logits = base.logits(labelled.signals)
    pools: list[list[float]] = []
    for place in np.argsort(logits, kind="stable"):
        pools.append([logits[place], float(labelled.right[place]), 1.0])
        while len(pools) > 1 and pools[-2][1] * pools[-1][2] >= pools[-1][1] * pools[-2][2]:
            last = pools.pop()
            count = pools[-1][2] + last[2]
            pools[-1] = [
                (pools[-1][0] * pools[-1][2] + last[0] * last[2]) / count,
                pools[-1][1] + last[1],
                count,
            ]
    levels = np.maximum.accumulate([(right + 0.5) / (count + 1) for _, right, count in pools])
    found: Array = np.interp(base.logits(judging.signals), [pool[0] for pool in pools], levels)
    return found


def moved(base: Calibrator, labelled: Part, judging: Part) -> Array:
    """New weights, their prior centred on those of the base."""
    weights, intercept = difference(base, labelled.signals, labelled.right)
    return sigmoid(base.moved(weights, intercept).logits(judging.signals))


def adapted(base: Calibrator, labelled: Part, judging: Part) -> Array:
    """What `calibrate` does."""
    return sigmoid(_own(base, labelled).members[0].logits(judging.signals))


def _own(base: Calibrator, labelled: Part) -> Calibrators:
    rows = zip(labelled.signals, labelled.right, strict=True)
    labels = [Label(str(place), "", signals, right) for place, (signals, right) in enumerate(rows)]
    return adapt(Calibration(Calibrators((base,)), _CONFIGURATION), labels, name="own")


def anew(_: Calibrator, labelled: Part, judging: Part) -> Array:
    return sigmoid(_fitted(labelled).logits(judging.signals))


METHODS: dict[str, Method] = {
    "as bundled": bundled,
    "shifted": shift,
    "Platt": platt,
    "beta": beta,
    "isotonic": isotonic,
    "moved weights": moved,
    "calibrate": adapted,
    "fitted anew": anew,
}


def _over(columns: Callable[[Array], Array], base: Calibrator, labelled: Part, judging: Part) -> Array:
    weights, intercept = fit_logistic(columns(base.logits(labelled.signals)), labelled.outcomes, penalty=1e-2)
    return sigmoid(columns(base.logits(judging.signals)) @ weights + intercept)


def _fitted(part: Part) -> Calibrator:
    return fit(part.signals, part.right, name="base", configuration=_CONFIGURATION, provenance={})


def by_language(sample: Sample) -> dict[str, Part]:
    return {
        lang: Part(
            [sample.signals[row] for row in range(len(sample)) if sample.lang[row] == lang],
            [sample.right[row] for row in range(len(sample)) if sample.lang[row] == lang],
        )
        for lang in sorted(set(sample.lang))
    }


def draws(part: Part, number: int, rounds: int = ROUNDS) -> Iterator[tuple[Part, Part]]:
    """Labelled ones and judging ones, both kinds of outcome in each."""
    for seed in range(rounds):
        order = random.Random(seed).sample(range(len(part)), len(part))
        labelled, judging = part.of(order[:number]), part.of(order[number:])
        if len(set(labelled.right)) == len(set(judging.right)) == 2:
            yield labelled, judging


def compared(company: Part, base: Calibrator, number: int) -> dict[str, tuple[float, float, float]]:
    """ECE, Brier score and AUROC of each method."""
    found: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for labelled, judging in draws(company, number):
        for name, method in METHODS.items():
            given = np.clip(method(base, labelled, judging), 0.0, 1.0).tolist()
            found[name].append(
                (
                    expected_calibration_error(given, judging.right),
                    brier(given, judging.right),
                    auroc(given, judging.right),
                )
            )
    return {name: tuple(np.mean(rows, axis=0).tolist()) for name, rows in found.items()}


@dataclass(frozen=True)
class Kept:
    """What thresholds came to: draws with one, share answered and right, draws that held the precision."""

    found: float
    answered: float
    right: float
    held: float


def thresholds(company: Part, base: Calibrator, number: int, precision: float) -> dict[str, Kept]:
    outcomes: dict[str, list[tuple[float, float] | None]] = {"least": [], "proven": []}
    for labelled, judging in draws(company, number):
        fitted = _own(base, labelled)
        choice = choose_threshold([Judged(*outcome) for outcome in fitted.outcomes], precision)
        given = sigmoid(fitted.members[0].logits(judging.signals))
        for name, threshold in (("least", choice.threshold), ("proven", choice.proven)):
            sure = given >= (2 if threshold is None else threshold)
            right = judging.outcomes[sure]
            outcomes[name].append((sure.mean(), right.mean()) if len(right) else None)
    return {name: _kept(rows, precision) for name, rows in outcomes.items()}


def _kept(rows: Sequence[tuple[float, float] | None], precision: float) -> Kept:
    some = [row for row in rows if row is not None]
    if not some:
        return Kept(0.0, 0.0, 0.0, 0.0)
    answered, right = np.mean(some, axis=0)
    held = np.mean([row[1] >= precision for row in some])
    return Kept(len(some) / len(rows), float(answered), float(right), float(held))


def figures(sample: Sample) -> dict[str, float]:
    """For the gate: what is left of 1 after the calibration error with 100 labels, by language."""
    parts = by_language(sample)
    found = {}
    for lang, part in parts.items():
        base = _fitted(_others(parts, lang))
        error = compared(part, base, 100)["calibrate"][0]
        found[f"{lang}, 1 - ECE after 100 labels"] = 1 - error
    return found


def measure(_: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as temporary:
        return figures(collect(Path(temporary), embedder=E5Embedder()))


def _others(parts: dict[str, Part], lang: str) -> Part:
    rest = [part for name, part in parts.items() if name != lang]
    return Part(
        [signals for part in rest for signals in part.signals],
        [right for part in rest for right in part.right],
    )


def _tables(parts: dict[str, Part]) -> Iterator[Table]:
    for lang, company in parts.items():
        base = _fitted(_others(parts, lang))
        numbers = [number for number in NUMBERS if number + _LEFT <= len(company)]

        results = [compared(company, base, number) for number in numbers]
        shown = Table(f"{lang}, labels", *(f"{number:,}" for number in numbers), title="ECE / Brier / AUROC")
        for name in METHODS:
            cells = (result[name] for result in results)
            shown.add_row(name, *(f"{e:.3f} / {b:.3f} / {a:.3f}" for e, b, a in cells))
        yield shown
        shown = Table(
            f"{lang}, precision", *(f"{number:,}" for number in numbers), title="answered / right / held"
        )
        for precision in PRECISIONS:
            kept = [thresholds(company, base, number, precision) for number in numbers]
            for name in ("least", "proven"):
                shares = [row[name] for row in kept]
                shown.add_row(
                    f"{precision:.0%}, {name}",
                    *(
                        f"{cell.answered:.2f} / {cell.right:.2f} / {cell.held:.0%} of {cell.found:.0%}"
                        for cell in shares
                    ),
                )
        yield shown


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kb", type=Path, help="keep the knowledge bases in this folder")
    parser.add_argument("--sample", type=Path, help="the answers: read from this file, or kept there")
    options = parser.parse_args()
    sample, _ = kept(options.sample, options.kb)
    for table in _tables(by_language(sample)):
        Console(width=150).print(table)


if __name__ == "__main__":
    main()
