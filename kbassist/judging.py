"""Answers that somebody judged: from labelled questions, from calibration, from the log with its feedback."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kbassist.arguments import LabelledRow, as_labelled, as_truth
from kbassist.assist.engine import Engine
from kbassist.confidence.adapting import Label, adapt
from kbassist.confidence.calibration import Calibration
from kbassist.confidence.calibrators import Calibrators
from kbassist.errors import InvalidArgumentError
from kbassist.evaluation.answers import normalise_answer
from kbassist.evaluation.golden import GoldenReport, judge
from kbassist.evaluation.thresholds import Judged
from kbassist.evaluation.what_if import Asked
from kbassist.governance.access import make_filter
from kbassist.governance.interactions import Interaction

_BY_CONFIDENCE = frozenset({"confident", "low_confidence", "detail_missing", "not_clarified"})
"""Reasons for what became of a question that another threshold could have changed."""
_NO_QUESTION = frozenset({"empty_question", "greeting_only", "thanks", "whether_bot"})


@dataclass(frozen=True, slots=True)
class Examined:
    """What an answer to a question would be made of: its signals, its language, its quotes as one text."""

    signals: dict[str, float]
    lang: str
    text: str


def fitted(labelled: Iterable[Mapping[str, Any]], engine: Engine) -> Calibrators:
    """The calibrators in use, fitted to the labelled rows, under a name of their own."""
    kept, left_out = labels(as_labelled(labelled), examiner(engine))
    name = f"tenant-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    return adapt(engine.calibration, kept, name=name, left_out=len(left_out))


def judged(
    labelled: Iterable[Mapping[str, Any]] | None, engine: Engine, log: Callable[[], Iterable[Interaction]]
) -> tuple[list[Judged], list[Judged]]:
    """Of the labelled rows; where they are omitted, of those calibrated with last, and of the log."""
    calibration = engine.calibration
    if labelled is not None:
        return judged_labels(labels(as_labelled(labelled), examiner(engine))[0], calibration), []
    return judged_before(calibration), judged_in_log(log(), calibration)


def golden_report(golden: Iterable[Mapping[str, Any]], engine: Engine, threshold: float) -> GoldenReport:
    """Of rows with a `question` and its gold `answer`."""
    answer, where = engine.answer, make_filter()
    return judge(
        (row["question"], row.get("answer"), answer(row["question"], (), where, 0.0), threshold)
        for row in golden
    )


def examiner(engine: Engine) -> Callable[[str], Examined]:
    """What examines a question as the public would ask it today."""
    where = make_filter()
    return lambda question: Examined(*engine.examine(question, where))


def labels(
    rows: Sequence[LabelledRow], examine: Callable[[str], Examined]
) -> tuple[list[Label], list[LabelledRow]]:
    """The rows with the signals of today's answers, and those left out: they judged another answer.

    Every question is examined once, however often it was labelled.
    """
    examined = {question: examine(question) for question in dict.fromkeys(row.question for row in rows)}
    kept: list[Label] = []
    left_out: list[LabelledRow] = []
    for row in rows:
        found = examined[row.question]
        if row.answer is not None and not _same(row.answer, found.text):
            left_out.append(row)
        else:
            kept.append(Label(row.question, found.lang, found.signals, row.right))
    return kept, left_out


def judged_labels(labelled: Sequence[Label], calibration: Calibration) -> list[Judged]:
    """With the probability that they have now."""
    return [
        Judged(calibration.calibrator(label.lang).probability(label.signals), label.right, label.lang)
        for label in labelled
    ]


def judged_before(calibration: Calibration) -> list[Judged]:
    """The labels that the calibrator in use was fitted with, each by a fit without it; of its own only."""
    return [Judged(*outcome) for outcome in calibration.in_use.outcomes]


def judged_in_log(log: Iterable[Interaction], calibration: Calibration) -> list[Judged]:
    """Answers that were given and of which somebody said whether they were right, with today's confidence."""
    asked, _ = asked_in_log(log, calibration)
    return [
        Judged(each.probability, each.right, each.lang)
        for each in asked
        if each.right is not None and each.status == "answered"
    ]


def asked_in_log(log: Iterable[Interaction], calibration: Calibration) -> tuple[list[Asked], int]:
    """The questions of the log with today's probability; and how many of another configuration there are."""
    asked: list[Asked] = []
    left_out = 0
    for record in log:
        if record.kind != "answer" or record.status is None or record.reason in _NO_QUESTION:
            continue
        if record.configuration != calibration.configuration:
            left_out += 1
            continue
        asked.append(
            Asked(
                at=record.at.astimezone(UTC).date(),
                lang=record.lang,
                topic=record.topic,
                probability=calibration.calibrator(record.lang).probability(record.signals),
                status=record.status,
                by_confidence=_by_confidence(record),
                right=_said(record),
            )
        )
    return asked, left_out


def _by_confidence(record: Interaction) -> bool:
    """Whether the threshold decided: what reached it and was not answered was stopped by something else."""
    if record.probability is None or record.threshold is None:
        return False
    reached = record.probability >= record.threshold
    return record.reason in _BY_CONFIDENCE and reached == (record.status == "answered")


def _said(record: Interaction) -> bool | None:
    """What feedback says of the answer; None where it says nothing, or something else than right or wrong."""
    said = record.feedback.get("correct")
    try:
        return None if said is None else as_truth(said)
    except InvalidArgumentError:
        return None


def _same(one: str, other: str) -> bool:
    """Whether one of the texts holds the other: greetings and sources may stand around the quotes."""
    first, second = (f" {' '.join(normalise_answer(text))} " for text in (one, other))
    return bool(first.strip() and second.strip()) and (first in second or second in first)
