"""A knowledge base judged on a team's own questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kbassist.evaluation.answers import normalise_answer
from kbassist.evaluation.calibration import auroc, expected_calibration_error
from kbassist.types import Answer, Record

Gold = str | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class GoldenRow(Record):
    """One question: what was quoted, how sure it was, whether it was given, whether it was right.

    A question without an answer is right when nothing is given.
    """

    question: str
    text: str
    probability: float
    answered: bool
    right: bool


@dataclass(frozen=True, slots=True)
class GoldenReport(Record):
    """`coverage` is the share answered; `precision` the share right among those; `accuracy` the share of all
    questions that were treated rightly; `found` the share of answerable ones whose quotes hold the answer
    whatever the confidence. `auroc` is that of right quotes against wrong ones by the confidence, None where
    all are alike.
    """

    rows: tuple[GoldenRow, ...]
    coverage: float
    precision: float
    accuracy: float
    found: float
    ece: float
    auroc: float | None


def judge(asked: Iterable[tuple[str, Gold, Answer, float]]) -> GoldenReport:
    """From the question, its gold answer, the answer given at threshold 0, and the threshold to judge by."""
    rows: list[GoldenRow] = []
    holding: list[bool] = []
    answerable: list[bool] = []
    for question, gold, answer, threshold in asked:
        holds = _holds(answer, gold)
        given = answer.status == "answered" and answer.confidence.probability >= threshold
        rows.append(
            GoldenRow(
                question=question,
                text=answer.text if answer.citations else "",
                probability=answer.confidence.probability,
                answered=given,
                right=holds if gold is not None and given else gold is None and not given,
            )
        )
        holding.append(holds)
        answerable.append(gold is not None)
    probabilities = [row.probability for row in rows]
    answered = [holds for row, holds in zip(rows, holding, strict=True) if row.answered]
    return GoldenReport(
        rows=tuple(rows),
        coverage=_share([row.answered for row in rows]),
        precision=_share(answered),
        accuracy=_share([row.right for row in rows]),
        found=_share([holds for holds, known in zip(holding, answerable, strict=True) if known]),
        ece=expected_calibration_error(probabilities, holding) if rows else 0.0,
        auroc=auroc(probabilities, holding) if len(set(holding)) == 2 else None,
    )


def _holds(answer: Answer, gold: Gold) -> bool:
    if gold is None:
        return False
    quotes = [_padded(citation.quote) for citation in answer.citations]
    wanted = [gold] if isinstance(gold, str) else list(gold)
    return any(_padded(text) in quote for text in wanted for quote in quotes)


def _padded(text: str) -> str:
    return f" {' '.join(normalise_answer(text))} "


def _share(outcomes: Sequence[bool]) -> float:
    return sum(outcomes) / len(outcomes) if outcomes else 0.0
