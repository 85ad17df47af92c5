"""Reliability, thresholds and what another one would do, as lines for a person. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.text import Text

from kbassist.interfaces.cli.screen import Line, printable

if TYPE_CHECKING:
    from kbassist.evaluation.report import Reliability, ReliabilityReport
    from kbassist.evaluation.thresholds import ThresholdChoice
    from kbassist.evaluation.what_if import Change, Outcomes, WhatIf


def reliability_lines(report: ReliabilityReport) -> list[Line]:
    """The measures and the table: of all answers, then of each language where there are several."""
    lines = [
        Line(Text.assemble(("Calibration: ", "bold"), printable(report.calibration))),
        Line(Text(f"{report.labelled} labelled questions, {report.logged} answers with feedback")),
        *_reliability("All answers", report.all),
    ]
    if len(report.languages) > 1:
        for lang, part in report.languages.items():
            lines += _reliability(lang, part)
    return lines


def _reliability(title: str, part: Reliability) -> list[Line]:
    auroc = "" if part.auroc is None else f", AUROC {part.auroc:.3f}"
    figures = (
        f"{part.count} judged, {part.right:.0%} right; ECE {part.ece:.3f}, Brier {part.brier:.3f}{auroc}, "
        f"AURC {part.aurc:.3f}"
    )
    lines = [Line(Text()), Line(Text(printable(title), "bold")), Line(Text(figures), 2)]
    lines.append(Line(Text("confidence   answers  claimed  right  (95 % interval)", "dim"), 2))
    for row in part.rows:
        if row.count:
            span = f"{row.low:.0%}–{row.high:.0%}"
            between = f"{row.right_from:.0%}–{row.right_to:.0%}"
            text = f"{span:<12}{row.count:>8}{row.probability:>9.0%}{row.right:>7.0%}  ({between})"
            lines.append(Line(Text(text), 2))
    return lines


def choice_lines(choice: ThresholdChoice) -> list[Line]:
    """The threshold by itself, then how sure it is."""
    named = "none" if choice.threshold is None else f"{choice.threshold:.2f}"
    lines = [Line(Text.assemble(("Threshold: ", "bold"), named)), Line(Text(choice.text))]
    if choice.threshold is not None:
        lines.append(Line(Text(f"It answers {choice.coverage:.0%} of the judged questions.")))
    return lines


def what_if_lines(found: WhatIf) -> list[Line]:
    """Now and then, altogether and by language, topic and day."""
    change = found.all
    if not change.now.questions:
        lines = [Line(Text("No question was logged that another threshold could be tried on."))]
        return [*lines, *_left_out(found)]
    lines = [
        Line(Text(f"{change.now.questions} questions; now → with threshold {found.threshold:.0%}", "bold")),
        _counts("answered", change.now.answered, change.then.answered),
        _counts("asked back", change.now.asked_back, change.then.asked_back),
        _counts("handed over", change.now.handed_over, change.then.handed_over),
        Line(Text(f"expected right  {_expected(change.now)} → {_expected(change.then)}"), 2),
        Line(
            Text(f"{change.newly_answered} more would be answered, {change.no_longer_answered} no longer"), 2
        ),
    ]
    if change.then.judged:
        between = f"{change.then.right_from:.0%}–{change.then.right_to:.0%}"
        told = f"{change.then.judged_right} of the {change.then.judged} judged ones were right ({between})"
        lines.append(Line(Text(told), 2))
    for title, parts in (
        ("By language", found.languages),
        ("By topic", found.topics),
        ("By day", found.days),
    ):
        lines += _parts(title, parts)
    return [*lines, *_left_out(found)]


def _parts(title: str, parts: Mapping[str, Change]) -> list[Line]:
    if len(parts) < 2:
        return []
    lines = [Line(Text()), Line(Text(f"{title}: answered, of how many; expected right", "bold"))]
    for name, change in parts.items():
        told = (
            f"{change.now.answered} → {change.then.answered} of {change.now.questions}; "
            f"{_expected(change.now)} → {_expected(change.then)}  "
        )
        lines.append(Line(Text.assemble(told, (printable(" ".join(name.split()) or "–"), "cyan")), 2))
    return lines


def _left_out(found: WhatIf) -> list[Line]:
    if not found.left_out:
        return []
    return [Line(Text(f"{found.left_out} logged answers of another model or version were left out.", "dim"))]


def _counts(name: str, now: int, then: int) -> Line:
    return Line(Text(f"{name:<12}{now:>6} → {then}"), 2)


def _expected(outcomes: Outcomes) -> str:
    return "–" if outcomes.expected_right is None else f"{outcomes.expected_right:.0%}"
