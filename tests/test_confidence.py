"""Signals become a probability that can be fitted, adapted, kept, and lowered by what contradicts it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.confidence.calibrator import Calibrator, curved, fit, level_of
from kbassist.confidence.calibrators import bundled, load
from kbassist.confidence.features import FEATURES, features
from kbassist.confidence.logistic import fit_logistic, sigmoid
from kbassist.errors import KnowledgeBaseError
from kbassist.protocols import Reading, Retrieval
from kbassist.types import Hit, Passage

PLAIN = Calibrator(
    name="plain",
    configuration="model/analysis",
    features=("score", "margin"),
    mean=(0.5, 0.0),
    scale=(0.25, 1.0),
    coefficients=(2.0, 1.0),
    intercept=-1.0,
    provenance={"questions": 10},
)

# --- the fit -----------------------------------------------------------------------------------


def test_sigmoid():
    np.testing.assert_allclose(sigmoid(np.array([0.0, math.log(3), -math.log(3)])), [0.5, 0.75, 0.25])
    assert (
        sigmoid(np.array([-1e9, 1e9])) == [sigmoid(np.array([-35.0]))[0], sigmoid(np.array([35.0]))[0]]
    ).all()


def test_two_groups_have_a_solution_by_hand():
    # Where x is 0, 1 of 4 is right; where x is 1, 3 of 4. Without a penalty the model is saturated, so it
    # gives just these shares: intercept = ln(1/3), intercept + slope = ln(3).
    rows = np.array([[0.0]] * 4 + [[1.0]] * 4)
    outcomes = np.array([1, 0, 0, 0, 1, 1, 1, 0], float)
    weights, intercept = fit_logistic(rows, outcomes, penalty=0.0)
    assert intercept == pytest.approx(-math.log(3), abs=1e-6)
    assert weights == pytest.approx([2 * math.log(3)], abs=1e-6)


def test_one_row_each_with_a_penalty_has_a_solution_by_hand():
    # x = ±1, outcomes 1 and 0, so by symmetry the intercept is 0 and the gradient is
    # 2·(1 - sigmoid(w)) - penalty·w. It vanishes at w = ln 3 for penalty = (1/2) / ln 3.
    weights, intercept = fit_logistic(
        np.array([[1.0], [-1.0]]), np.array([1.0, 0.0]), penalty=0.5 / math.log(3)
    )
    assert weights == pytest.approx([math.log(3)], abs=1e-6)
    assert intercept == pytest.approx(0.0, abs=1e-9)


def test_the_fit_finds_the_coefficients_that_made_the_data():
    random = np.random.default_rng(7)
    rows = random.standard_normal((20_000, 3))
    true = np.array([1.5, -0.5, 0.0])
    outcomes = (random.random(20_000) < sigmoid(rows @ true + 0.3)).astype(float)
    weights, intercept = fit_logistic(rows, outcomes)
    np.testing.assert_allclose([*weights, intercept], [1.5, -0.5, 0.0, 0.3], atol=0.06)


def test_a_penalty_keeps_separable_data_finite_and_shrinks():
    rows, outcomes = np.array([[-2.0], [-1.0], [1.0], [2.0]]), np.array([0.0, 0.0, 1.0, 1.0])
    weak, strong = (fit_logistic(rows, outcomes, penalty=penalty)[0][0] for penalty in (0.01, 10.0))
    assert 0 < strong < 0.5 < weak < 10


def test_the_intercept_is_not_penalised():
    weights, intercept = fit_logistic(np.zeros((10, 2)), np.array([1.0] * 9 + [0.0]), penalty=100.0)
    assert intercept == pytest.approx(math.log(9), abs=1e-6)
    assert weights == pytest.approx([0.0, 0.0])


# --- the calibrator ----------------------------------------------------------------------------


def test_the_probability_is_the_logistic_of_standardised_signals():
    # 2·(0.75 - 0.5)/0.25 + 1·0.5 - 1 = 1.5
    assert PLAIN.logit({"score": 0.75, "margin": 0.5, "unknown": 9.0}) == pytest.approx(1.5)
    assert PLAIN.probability({"score": 0.75, "margin": 0.5}) == pytest.approx(1 / (1 + math.exp(-1.5)))
    assert PLAIN.probability({"score": 0.75}) == PLAIN.probability({"score": 0.75, "margin": 0.0})


def test_nothing_found_has_no_chance():
    assert PLAIN.probability({}) == PLAIN.probability(dict.fromkeys(FEATURES, 0.0)) == 0.0
    assert 0 < PLAIN.probability({"score": 1e-9}) < 1


@given(st.dictionaries(st.sampled_from(FEATURES), st.floats(-3, 3)))
def test_a_probability_is_one(signals: dict[str, float]):
    given = [member.probability(signals) for member in bundled().members]
    assert all(0 < value < 1 for value in given) or not any(signals.values())


@pytest.mark.parametrize(
    ("probability", "level"),
    [(0.0, "low"), (0.4999, "low"), (0.5, "medium"), (0.7999, "medium"), (0.8, "high"), (1.0, "high")],
)
def test_levels_begin_at_their_bounds(probability: float, level: str):
    assert level_of(probability) == level


def test_fitting_standardises_and_keeps_where_it_came_from():
    rows = [{"score": 0.2}, {"score": 0.4}, {"score": 0.6}, {"score": 0.8}] * 25
    outcomes = [row["score"] > 0.5 for row in rows]
    outcomes[0] = True
    fitted = fit(rows, outcomes, name="n", configuration="c", provenance={"data": "d"})
    assert fitted.features == FEATURES
    position = FEATURES.index("score")
    assert fitted.mean[position] == pytest.approx(0.5)
    assert fitted.scale[position] == pytest.approx(math.sqrt(0.05))
    assert (fitted.name, fitted.configuration, fitted.provenance) == ("n", "c", {"data": "d"})
    assert fitted.coefficients[position] > 1
    assert [weight for place, weight in enumerate(fitted.coefficients) if place != position] == [0.0] * (
        len(FEATURES) - 1
    )
    low, high = fitted.probability({"score": 0.2}), fitted.probability({"score": 0.8})
    assert low < 0.2 < 0.8 < high


def test_the_bundled_calibrators_know_the_features_of_today():
    for member in bundled().members:
        assert set(member.features) <= set(curved(FEATURES))
        assert member.name
    assert bundled().members[0].features == curved(FEATURES)


def test_a_square_bends_the_probability():
    """Where the middle is right and both ends are wrong, a straight line says nothing."""
    rows = [{"score": place / 20} for place in range(21)] * 20
    outcomes = [0.3 < row["score"] < 0.7 for row in rows]
    straight, bends = (
        fit(rows, outcomes, name="n", configuration="c", provenance={}, features=features)
        for features in (("score",), curved(("score",)))
    )
    ends, middle = ({"score": 0.05}, {"score": 0.95}), {"score": 0.5}
    assert max(bends.probability(end) for end in ends) < 0.1 < 0.6 < bends.probability(middle)
    assert abs(straight.probability(ends[0]) - straight.probability(middle)) < 0.1


# --- on disk -----------------------------------------------------------------------------------


def test_a_calibrator_comes_back_as_it_was_saved(tmp_path: Path):
    path = tmp_path / "calibrator.json"
    for saved in (PLAIN, replace(PLAIN, name="żółw", intercept=0.1 + 0.2)):
        saved.save(path)
        assert load(path).members == (saved,)
    assert [file.name for file in tmp_path.iterdir()] == ["calibrator.json"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"not json",
        b"\xff\xfe\x00",
        json.dumps({**bundled().members[0].provenance, "name": "x"}).encode(),
        json.dumps({"features": ["a"], "mean": [0], "scale": [1], "coefficients": 5}).encode(),
    ],
)
def test_a_file_that_is_no_calibrator(tmp_path: Path, content: bytes):
    path = tmp_path / "calibrator.json"
    path.write_bytes(content)
    with pytest.raises(
        KnowledgeBaseError, match=r"calibrator\.json is not a calibrator .* calibrate\(\) again"
    ):
        load(path)


def test_lists_of_different_lengths_are_no_calibrator(tmp_path: Path):
    path = tmp_path / "calibrator.json"
    replace(PLAIN, mean=(0.5,)).save(path)
    with pytest.raises(KnowledgeBaseError, match="its lists differ in length"):
        load(path)


# --- features ----------------------------------------------------------------------------------


def hit(name: str, score: float, *, document: str = "", text: str = "tekst", **parts: float) -> Hit:
    return Hit(Passage(name, document or name, text, 0, len(text)), score, parts)


def test_features_of_a_retrieval():
    hits = (
        hit("a1", 0.8, document="a", lexical=0.6, semantic=0.9),
        hit("a2", 0.75, document="a", lexical=0.7, semantic=0.4),
        hit("b1", 0.5, document="b", lexical=0.1, semantic=0.2),
    )
    found = features(
        Retrieval("?", "pl", {"s:a": 1.0, "l:a": 2.0}, None, hits),
        Reading("tekst", (), {"quote_coverage": 0.25, "not a feature": 3.0}),
    )
    assert tuple(found) == FEATURES
    assert found["lexical"] == 0.6
    assert found["semantic"] == 0.9
    assert found["score"] == 0.8
    assert found["margin"] == pytest.approx(0.3)  # over the best of another document
    assert found["agreement"] == 0.0  # the legs put different passages first
    assert found["length"] == pytest.approx(math.log(3) / 4)
    assert found["quote_coverage"] == 0.25
    assert found["answer_coverage"] == 0.0


def test_features_of_a_lone_document_and_of_nothing():
    lone = Retrieval("?", "pl", {}, None, (hit("a1", 0.8, lexical=0.6, semantic=0.9),))
    found = features(lone, Reading("", ()))
    assert (found["margin"], found["agreement"]) == (0.8, 1.0)
    assert features(Retrieval("?", "pl", {"s:a": 1.0}, None, ()), Reading("", ())) == dict.fromkeys(
        FEATURES, 0.0
    )
