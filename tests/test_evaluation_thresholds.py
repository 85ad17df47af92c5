"""Intervals of a share, the least threshold for a precision, and what another threshold would have done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.errors import InvalidArgumentError
from kbassist.evaluation.intervals import least_share, share_interval, sureness
from kbassist.evaluation.thresholds import FEWEST, Judged, choose_threshold
from kbassist.evaluation.what_if import Asked, Outcomes, what_if
from kbassist.types import AnswerStatus

# --- intervals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    # Clopper and Pearson's intervals, as R's binom.test gives them.
    [(0, 10, 0.0, 0.3085), (10, 10, 0.6915, 1.0), (5, 10, 0.1871, 0.8129), (95, 100, 0.8872, 0.9836)],
)
def test_intervals_are_those_of_the_tables(right: int, count: int, low: float, high: float):
    assert share_interval(right, count) == pytest.approx((low, high), abs=1e-4)


def test_of_all_right_the_bound_is_a_root():
    # share ** 20 = .1, so share = .1 ** (1 / 20)
    assert least_share(20, 20, sure=0.9) == pytest.approx(0.1 ** (1 / 20), abs=1e-9)
    assert least_share(0, 20) == 0.0


@pytest.mark.parametrize(("right", "count", "sure"), [(3, 2, 0.9), (-1, 2, 0.9), (1, 2, 1.0), (1, 2, 0.0)])
def test_what_is_no_share_is_refused(right: int, count: int, sure: float):
    with pytest.raises(InvalidArgumentError, match="must not exceed the whole"):
        least_share(right, count, sure=sure)


@given(st.integers(1, 300), st.floats(0, 1), st.floats(0.55, 0.99))
def test_a_bound_lies_below_the_share_and_is_as_sure_as_was_asked(count: int, part: float, sure: float):
    right = round(part * count)
    low = least_share(right, count, sure=sure)
    assert 0 <= low <= right / count
    assert low <= least_share(right, count, sure=0.5) or sure <= 0.5
    if right:
        assert sureness(right, count, low) == pytest.approx(sure, abs=1e-6)
    below, above = share_interval(right, count)
    assert below <= right / count <= above


# --- thresholds --------------------------------------------------------------------------------


def judged(*groups: tuple[float, int, int]) -> list[Judged]:
    """From `(probability, right, wrong)`."""
    return [
        Judged(probability, outcome)
        for probability, right, wrong in groups
        for outcome in [True] * right + [False] * wrong
    ]


def test_the_least_threshold_whose_answers_are_right_often_enough():
    answers = judged((0.95, 60, 0), (0.85, 38, 2), (0.5, 20, 20))
    choice = choose_threshold(answers, 0.9)
    assert choice.threshold == float(choice) == 0.51
    assert (choice.answered, choice.right, choice.judged) == (100, 98, 140)
    assert choice.coverage == pytest.approx(100 / 140)
    assert choice.share_right == 0.98
    assert choice.proven == 0.51
    assert choice.at_least == least_share(98, 100, sure=0.9) > 0.9
    assert choice.sure == sureness(98, 100, 0.9) > 0.99
    assert re.match(r"From 51% up, 98 of 100 judged answers were right \(98\.0%\)", choice.text)


def test_a_share_that_is_reached_by_luck_alone_is_none():
    # All are right, and each said of itself that it is right in half of the cases.
    assert choose_threshold(judged((0.5, 40, 0)), 0.9).threshold is None


def test_few_answers_make_a_threshold_and_prove_none():
    choice = choose_threshold(judged((0.97, 24, 1), (0.3, 5, 20)), 0.95)
    assert choice.threshold == 0.31
    assert choice.proven is None
    assert "So few answers prove no threshold: that takes at least 45 right ones" in choice.text


def test_a_higher_threshold_may_be_proven():
    choice = choose_threshold(judged((0.99, 200, 2), (0.96, 20, 5)), 0.95)
    assert choice.threshold is not None
    assert choice.proven == 0.97
    assert "From 97% up the answers prove 95.0%." in choice.text


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([], f"by 0 judged ones: no threshold is reached by {FEWEST} of them"),
        (judged((0.99, FEWEST - 1, 0)), f"no threshold is reached by {FEWEST}"),
        (judged((0.9, 30, 10), (0.2, 0, 10)), "the best share is 75.0%, from 21% up"),
    ],
)
def test_when_no_threshold_is_supported_it_says_why(answers: list[Judged], why: str):
    choice = choose_threshold(answers, 0.95)
    assert (choice.threshold, choice.proven, choice.answered, choice.coverage) == (None, None, 0, 0.0)
    assert why in choice.text
    with pytest.raises(InvalidArgumentError, match="Give more labelled questions"):
        float(choice)


@pytest.mark.parametrize("precision", [0.0, 1.0, -0.1, 1.5])
def test_a_precision_that_is_no_share_is_refused(precision: float):
    with pytest.raises(InvalidArgumentError, match="between 0 and 1"):
        choose_threshold(judged((0.9, 20, 0)), precision)


ANSWERS = st.lists(
    st.builds(Judged, st.floats(0, 1), st.booleans(), st.sampled_from(["pl", "en"])), max_size=120
)


@given(ANSWERS, st.floats(0.05, 0.99))
def test_a_choice_keeps_what_it_says(answers: list[Judged], precision: float):
    choice = choose_threshold(answers, precision)
    assert choice.text
    if choice.threshold is None:
        return
    above = [answer.right for answer in answers if answer.probability >= choice.threshold]
    assert (choice.answered, choice.right) == (len(above), sum(above))
    assert choice.share_right >= precision
    assert choice.answered >= FEWEST
    assert choice.at_least <= choice.share_right
    assert choice.proven is None or choice.proven >= choice.threshold


@given(ANSWERS, st.floats(0.05, 0.9))
def test_a_higher_precision_never_takes_a_lower_threshold(answers: list[Judged], precision: float):
    low, high = choose_threshold(answers, precision), choose_threshold(answers, precision + 0.09)
    if high.threshold is not None:
        assert low.threshold is not None
        assert low.threshold <= high.threshold


# --- what if -----------------------------------------------------------------------------------

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


def asked(probability: float, status: AnswerStatus, **changes: object) -> Asked:
    fields: dict = {"at": MONDAY, "lang": "pl", "topic": "Zwroty"} | changes
    return Asked(probability=probability, status=status, **fields)


LOG = [
    asked(0.9, "answered", right=True),
    asked(0.8, "answered", right=False),
    asked(0.6, "answered", lang="en", topic="Delivery"),
    asked(0.55, "answered", at=TUESDAY),
    asked(0.4, "clarify", at=TUESDAY),
    asked(0.3, "handoff"),
    asked(0.2, "handoff"),
    asked(0.1, "clarify"),
    asked(0.95, "handoff", by_confidence=False),
]
"""With a threshold of .5. The last asked for a person."""


def counts(outcomes: Outcomes) -> tuple[int, int, int]:
    return outcomes.answered, outcomes.asked_back, outcomes.handed_over


def test_a_lower_threshold_answers_what_was_asked_back_or_handed_over():
    change = what_if(LOG, 0.3).all
    assert counts(change.now) == (4, 2, 3)
    assert counts(change.then) == (6, 1, 2)
    assert (change.newly_answered, change.no_longer_answered) == (2, 0)
    assert change.now.expected_right == pytest.approx((0.9 + 0.8 + 0.6 + 0.55) / 4)
    assert change.then.expected_right == pytest.approx((0.9 + 0.8 + 0.6 + 0.55 + 0.4 + 0.3) / 6)
    assert (change.now.judged, change.now.judged_right) == (2, 1)
    assert (change.now.right_from, change.now.right_to) == share_interval(1, 2)


def test_a_higher_threshold_asks_back_the_share_that_was_asked_back_before():
    change = what_if(LOG, 0.85).all
    # Of the four below the threshold two were asked back; of the three that fall below it now 1.5 → 2.
    assert counts(change.then) == (1, 4, 4)
    assert (change.newly_answered, change.no_longer_answered) == (0, 3)
    assert change.then.coverage == pytest.approx(1 / 9)


def test_what_confidence_did_not_decide_stays():
    assert what_if(LOG, 0.0).all.then.handed_over == 1


def test_parts_by_day_language_and_topic_add_up():
    found = what_if(LOG, 0.7, left_out=3)
    assert found.left_out == 3
    assert list(found.days) == ["2026-11-16", "2026-11-17"]
    assert counts(found.languages["en"].then) in {(0, 1, 0), (0, 0, 1)}
    assert found.topics.keys() == {"Zwroty", "Delivery"}
    assert found.to_dict()["days"]["2026-11-17"]["no_longer_answered"] == 1


def test_nothing_was_asked():
    nothing = what_if([], 0.5).all
    assert (nothing.now, nothing.newly_answered) == (nothing.then, 0)
    assert (nothing.now.questions, nothing.now.expected_right, nothing.now.coverage) == (0, None, 0.0)


LOGS = st.lists(
    st.builds(
        Asked,
        st.sampled_from([MONDAY, TUESDAY]),
        st.sampled_from(["pl", "en"]),
        st.sampled_from(["a", "b", ""]),
        st.floats(0, 1),
        st.sampled_from(["answered", "clarify", "handoff"]),
        st.booleans(),
        st.sampled_from([None, True, False]),
    ),
    max_size=40,
)


@given(LOGS, st.floats(0, 1))
def test_every_question_ends_somewhere(log: Sequence[Asked], threshold: float):
    found = what_if(log, threshold)
    for parts in ({"all": found.all}, found.days, found.languages, found.topics):
        for name in ("now", "then"):
            of = [getattr(part, name) for part in parts.values()]
            assert sum(part.questions for part in of) == len(log)
            assert all(min(counts(part)) >= 0 and sum(counts(part)) == part.questions for part in of)
    change = found.all
    gained = change.newly_answered - change.no_longer_answered
    assert change.then.answered - change.now.answered == gained


@given(LOGS, st.floats(0, 1), st.floats(0, 1))
def test_a_lower_threshold_never_answers_fewer(log: Sequence[Asked], first: float, second: float):
    low, high = sorted((first, second))
    assert what_if(log, low).all.then.answered >= what_if(log, high).all.then.answered
