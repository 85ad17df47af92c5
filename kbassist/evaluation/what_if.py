"""What another threshold would have done to the questions that were asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kbassist.evaluation.intervals import share_interval
from kbassist.types import AnswerStatus, Record

_TOPICS = 20


@dataclass(frozen=True, slots=True)
class Asked(Record):
    """A question that was asked: when, about what, how sure its best answer was, what became of it.

    `by_confidence` is False where something else decided: a person was asked for, nothing was found, the
    sources disagreed. `right` is what somebody said of the answer, None where nobody did.
    """

    at: date
    lang: str
    topic: str
    probability: float
    status: AnswerStatus
    by_confidence: bool = True
    right: bool | None = None


@dataclass(frozen=True, slots=True)
class Outcomes(Record):
    """What becomes of some questions. `expected_right` is the mean probability of those answered, None where
    none is.

    `judged` of the answered ones were judged, `judged_right` of them right; `right_from` and `right_to` bound
    their true share with a sureness of 95 %.
    """

    questions: int
    answered: int
    asked_back: int
    handed_over: int
    expected_right: float | None
    judged: int
    judged_right: int
    right_from: float
    right_to: float

    @property
    def coverage(self) -> float:
        """The share answered."""
        return self.answered / self.questions if self.questions else 0.0


@dataclass(frozen=True, slots=True)
class Change(Record):
    """What became of some questions, what would have with the other threshold, and the difference.

    `newly_answered` were asked back or handed over, `no_longer_answered` were answered.
    """

    now: Outcomes
    then: Outcomes
    newly_answered: int
    no_longer_answered: int


@dataclass(frozen=True, slots=True)
class WhatIf(Record):
    """What `threshold` would have changed: altogether, by day, language and topic (the commonest twenty).

    `left_out` counts logged answers whose confidence was computed in another way than today's.
    """

    threshold: float
    all: Change
    days: Mapping[str, Change]
    languages: Mapping[str, Change]
    topics: Mapping[str, Change]
    left_out: int = 0


def what_if(asked: Sequence[Asked], threshold: float, *, left_out: int = 0) -> WhatIf:
    """Whether a question that falls below the threshold would be asked back or handed over cannot be known
    from the log: of those the same share is taken to be asked back as of those that fell below it then.
    """
    below = [each.status for each in asked if each.by_confidence and each.status != "answered"]
    asked_back = below.count("clarify") / len(below) if below else 0.0

    def change(some: Sequence[Asked]) -> Change:
        return _change(some, threshold, asked_back)

    return WhatIf(
        threshold=threshold,
        all=change(asked),
        days=_by(asked, lambda each: each.at.isoformat(), change),
        languages=_by(asked, lambda each: each.lang, change),
        topics=_commonest(_by(asked, lambda each: each.topic, change)),
        left_out=left_out,
    )


def _by(
    asked: Sequence[Asked], key: Callable[[Asked], str], change: Callable[[Sequence[Asked]], Change]
) -> dict[str, Change]:
    groups: dict[str, list[Asked]] = {}
    for each in asked:
        groups.setdefault(key(each), []).append(each)
    return {name: change(groups[name]) for name in sorted(groups)}


def _commonest(topics: Mapping[str, Change]) -> dict[str, Change]:
    order = sorted(topics, key=lambda topic: (-topics[topic].now.questions, topic))
    return {topic: topics[topic] for topic in order[:_TOPICS]}


def _change(asked: Sequence[Asked], threshold: float, asked_back: float) -> Change:
    before = [each.status == "answered" for each in asked]
    after = [
        each.probability >= threshold if each.by_confidence else answered
        for each, answered in zip(asked, before, strict=True)
    ]
    lost = sum(old and not new for old, new in zip(before, after, strict=True))
    still = sum(
        each.status == "clarify" and not answered for each, answered in zip(asked, after, strict=True)
    )
    return Change(
        now=_outcomes(asked, before, sum(each.status == "clarify" for each in asked)),
        then=_outcomes(asked, after, still + round(asked_back * lost)),
        newly_answered=sum(new and not old for old, new in zip(before, after, strict=True)),
        no_longer_answered=lost,
    )


def _outcomes(asked: Sequence[Asked], answered: Sequence[bool], asked_back: int) -> Outcomes:
    given = [each for each, is_answered in zip(asked, answered, strict=True) if is_answered]
    judged = [each.right for each in given if each.right is not None]
    low, high = share_interval(sum(judged), len(judged)) if judged else (0.0, 1.0)
    return Outcomes(
        questions=len(asked),
        answered=len(given),
        asked_back=asked_back,
        handed_over=len(asked) - len(given) - asked_back,
        expected_right=sum(each.probability for each in given) / len(given) if given else None,
        judged=len(judged),
        judged_right=sum(judged),
        right_from=low,
        right_to=high,
    )
