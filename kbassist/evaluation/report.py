"""How far the confidence could be believed so far: one report, to read, to plot and to keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from kbassist.errors import InvalidArgumentError
from kbassist.evaluation.calibration import (
    aurc,
    auroc,
    brier,
    expected_calibration_error,
    reliability,
    risk_coverage,
)
from kbassist.evaluation.intervals import share_interval
from kbassist.evaluation.report_html import fragment, page
from kbassist.evaluation.thresholds import Judged
from kbassist.types import Record

_POINTS = 200
"""Of a risk and coverage curve: more are not to be seen."""


@dataclass(frozen=True, slots=True)
class ReliabilityRow(Record):
    """The answers whose probability lies in `(low, high]`: how many, what was claimed, what happened.

    The true share lies between `right_from` and `right_to` with a sureness of 95 %. All but the bounds and
    the count are 0 where there is no answer.
    """

    low: float
    high: float
    count: int
    probability: float
    right: float
    right_from: float
    right_to: float


@dataclass(frozen=True, slots=True)
class Reliability(Record):
    """Of some answers: their number, the share of right ones, the measures of `kbassist.evaluation`.

    `auroc` is None where all answers are right, or none is. `curve` holds `(coverage, risk)` pairs, the most
    selective first.
    """

    count: int
    right: float
    ece: float
    brier: float
    auroc: float | None
    aurc: float
    rows: tuple[ReliabilityRow, ...]
    curve: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class ReliabilityReport(Record):
    """Did 80 % mean 80 of 100? Of all judged answers, and of those in each language.

    `calibration` names the calibrator. `labelled` judgements are of labelled questions, `logged` ones are
    feedback to answers that were given. `lang` is the language that the page speaks. In a notebook the report
    shows itself.
    """

    calibration: str
    labelled: int
    logged: int
    lang: str
    all: Reliability
    languages: Mapping[str, Reliability]

    def to_html(self, path: str | PathLike[str]) -> None:
        """Write the report as one HTML file that needs no other."""
        Path(path).write_text(page(self.to_dict(), self.lang), encoding="utf-8")

    def _repr_html_(self) -> str:
        return fragment(self.to_dict(), self.lang)


def report(
    labelled: Sequence[Judged],
    logged: Sequence[Judged] = (),
    *,
    calibration: str,
    lang: str = "pl",
    bins: int = 10,
) -> ReliabilityReport:
    """Raises `InvalidArgumentError` when nothing was judged."""
    judged = [*labelled, *logged]
    if not judged:
        raise InvalidArgumentError(
            "No answer was judged, so there is nothing to report: give labelled questions, calibrate with "
            "some, or say feedback(answer.id, correct=True) of answers that were given"
        )
    by_language = {
        name: [answer for answer in judged if answer.lang == name]
        for name in sorted({answer.lang for answer in judged})
    }
    return ReliabilityReport(
        calibration=calibration,
        labelled=len(labelled),
        logged=len(logged),
        lang="en" if lang == "en" else "pl",
        all=figures(judged, bins),
        languages={name: figures(some, bins) for name, some in by_language.items()},
    )


def figures(judged: Sequence[Judged], bins: int = 10) -> Reliability:
    """The measures of some answers, at least one."""
    claimed = [answer.probability for answer in judged]
    outcomes = [answer.right for answer in judged]
    return Reliability(
        count=len(judged),
        right=sum(outcomes) / len(outcomes),
        ece=expected_calibration_error(claimed, outcomes, bins),
        brier=brier(claimed, outcomes),
        auroc=auroc(claimed, outcomes) if len(set(outcomes)) == 2 else None,
        aurc=aurc(claimed, outcomes),
        rows=tuple(_rows(claimed, outcomes, bins)),
        curve=_thinned(risk_coverage(claimed, outcomes)),
    )


def _rows(claimed: Sequence[float], outcomes: Sequence[bool], bins: int) -> list[ReliabilityRow]:
    rows = []
    for row in reliability(claimed, outcomes, bins):
        low, high = share_interval(round(row.accuracy * row.count), row.count) if row.count else (0.0, 0.0)
        rows.append(ReliabilityRow(row.low, row.high, row.count, row.probability, row.accuracy, low, high))
    return rows


def _thinned(curve: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Every so manieth point, and the last."""
    step = max(1, -(-len(curve) // _POINTS))
    kept = list(curve[::step])
    return tuple(kept if kept[-1] == curve[-1] else [*kept, curve[-1]])
