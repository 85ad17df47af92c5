import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.errors import InvalidArgumentError
from kbassist.evaluation import (
    aurc,
    auroc,
    brier,
    expected_calibration_error,
    reliability,
    risk_coverage,
)

PROBABILITIES = [0.95, 0.90, 0.80, 0.80, 0.35, 0.30]
OUTCOMES = [True, True, True, False, False, True]


def test_reliability_and_calibration_error_worked_by_hand():
    # width 0.2: (0.2, 0.4] holds .35 .30, claim .325, right 1/2, off by .175
    #            (0.6, 0.8] holds .80 .80, claim .80, right 1/2, off by .30
    #            (0.8, 1.0] holds .95 .90, claim .925, right 2/2, off by .075
    table = reliability(PROBABILITIES, OUTCOMES, bins=5)
    assert [row.count for row in table] == [0, 2, 0, 2, 2]
    assert [round(row.probability, 4) for row in table] == [0, 0.325, 0, 0.8, 0.925]
    assert [row.accuracy for row in table] == [0, 0.5, 0, 0.5, 1.0]
    assert (table[3].low, table[3].high) == (pytest.approx(0.6), pytest.approx(0.8))
    # (2 * .175 + 2 * .30 + 2 * .075) / 6 = .55 / 3
    assert expected_calibration_error(PROBABILITIES, OUTCOMES, bins=5) == pytest.approx(0.55 / 3)


def test_bins_of_equal_mass_keep_equal_probabilities_together():
    # sorted .30 .35 | .80 .80 | .90 .95: off by |.325-.5|, |.80-.5|, |.925-1| as above
    table = reliability(PROBABILITIES, OUTCOMES, bins=3, binning="mass")
    assert [(row.low, row.high, row.count) for row in table] == [
        (0.3, 0.35, 2),
        (0.8, 0.8, 2),
        (0.9, 0.95, 2),
    ]
    error = expected_calibration_error(PROBABILITIES, OUTCOMES, bins=3, binning="mass")
    assert error == pytest.approx(0.55 / 3)
    assert len(reliability([0.5] * 6, OUTCOMES, bins=3, binning="mass")) == 1


def test_brier_worked_by_hand():
    # .0025 + .01 + .04 + .64 + .1225 + .49 = 1.305, over 6
    assert brier(PROBABILITIES, OUTCOMES) == pytest.approx(1.305 / 6)


def test_auroc_worked_by_hand():
    # right .95 .90 .80 .30 against wrong .80 .35: 2 + 2 + (.5 + 1) + 0 = 5.5 of 8 pairs
    assert auroc(PROBABILITIES, OUTCOMES) == pytest.approx(5.5 / 8)
    assert auroc([1, 1, 1], [1, 0, 0]) == 0.5


def test_risk_and_coverage_worked_by_hand():
    # thresholds .95 .90 .80 .35 .30 accept 1 2 4 5 6 of 6, of which 0 0 1 2 2 are wrong
    expected = [(1 / 6, 0), (2 / 6, 0), (4 / 6, 1 / 4), (5 / 6, 2 / 5), (1, 2 / 6)]
    assert risk_coverage(PROBABILITIES, OUTCOMES) == [pytest.approx(point) for point in expected]
    # 1/6 * 0 + 1/6 * 0 + 2/6 * 1/4 + 1/6 * 2/5 + 1/6 * 1/3
    assert aurc(PROBABILITIES, OUTCOMES) == pytest.approx(2 / 24 + 2 / 30 + 1 / 18)


def test_probabilities_on_the_edges_of_bins_fall_into_the_lower_one():
    table = reliability([0.0, 0.1, 0.2, 1.0], [0, 0, 0, 1], bins=10)
    assert [row.count for row in table] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("measure", "scores", "outcomes", "cure"),
    [
        (brier, [0.5], [1, 0], "equal length"),
        (brier, [], [], "at least one example"),
        (brier, [1.2], [1], "0 to 1"),
        (brier, [math.nan], [1], "0 to 1"),
        (brier, [0.5], [0.5], "True and False"),
        (brier, [[0.5]], [[1]], "flat"),
        (auroc, [0.1, 0.2], [1, 1], "examples of both"),
        (auroc, [math.inf, 0.2], [1, 0], "finite"),
        (lambda p, o: reliability(p, o, bins=0), [0.5], [1], "1 or more"),
        (lambda p, o: reliability(p, o, binning="other"), [0.5], [1], "'width' or 'mass'"),
    ],
)
def test_wrong_input_says_the_cure(measure, scores, outcomes, cure):
    with pytest.raises(InvalidArgumentError, match=cure):
        measure(scores, outcomes)


examples = st.lists(
    st.tuples(st.integers(0, 20).map(lambda n: n / 20), st.booleans()), min_size=1, max_size=60
)


def split(pairs):
    return [p for p, _ in pairs], [o for _, o in pairs]


@given(examples)
def test_measures_stay_in_their_range_and_ignore_the_order(pairs):
    forth, back = split(pairs), split(pairs[::-1])
    for measure in (
        brier,
        aurc,
        expected_calibration_error,
        lambda p, o: expected_calibration_error(p, o, binning="mass"),
    ):
        assert 0 <= measure(*forth) <= 1
        assert measure(*forth) == pytest.approx(measure(*back))


@given(examples.filter(lambda pairs: len({o for _, o in pairs}) == 2))
def test_auroc_sees_only_the_order_of_scores_and_turns_with_it(pairs):
    scores, outcomes = split(pairs)
    assert auroc([math.exp(3 * s) - 7 for s in scores], outcomes) == pytest.approx(auroc(scores, outcomes))
    assert auroc([-s for s in scores], outcomes) == pytest.approx(1 - auroc(scores, outcomes))
    rights = [s for s, o in pairs if o]
    wrongs = [s for s, o in pairs if not o]
    by_pairs = np.mean([(r > w) + (r == w) / 2 for r in rights for w in wrongs])
    assert auroc(scores, outcomes) == pytest.approx(by_pairs)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 5)), min_size=1, max_size=5))
def test_bins_that_keep_their_promise_have_no_error(rows):
    # A claim of n/10, kept by n of every 10.
    probabilities = [n / 10 for n, times in rows for _ in range(10 * times)]
    outcomes = [place < n for n, times in rows for _ in range(times) for place in range(10)]
    assert expected_calibration_error(probabilities, outcomes) == pytest.approx(0, abs=1e-12)
    assert expected_calibration_error(probabilities, outcomes, binning="mass") == pytest.approx(0, abs=1e-12)


@given(examples)
def test_coverage_rises_to_one_where_the_risk_is_the_error_rate(pairs):
    points = risk_coverage(*split(pairs))
    coverages = [coverage for coverage, _ in points]
    assert coverages == sorted(set(coverages))
    assert points[-1] == (1.0, pytest.approx(np.mean([not o for _, o in pairs])))


def test_a_constant_probability_has_the_error_rate_as_its_area():
    assert aurc([0.5] * 4, [1, 1, 1, 0]) == pytest.approx(1 / 4)
    assert aurc([0.9, 0.8, 0.2], [1, 1, 0]) == pytest.approx(1 / 9)
