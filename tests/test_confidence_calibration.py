"""Which calibrator is used, when one is stale, and how a company's own questions move it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.confidence.adapting import BENT_FROM, FEWEST_LABELS, Label, adapt
from kbassist.confidence.calibration import Calibration
from kbassist.confidence.calibrator import (
    ANY_MODEL,
    WORD_FEATURES,
    Calibrator,
    difference,
    fit,
    fit_by_language,
)
from kbassist.confidence.calibrators import Calibrators, load
from kbassist.confidence.features import FEATURES
from kbassist.confidence.logistic import bent, fit_ends, sigmoid
from kbassist.errors import InvalidArgumentError

PLAIN = Calibrator(
    name="plain",
    configuration="model/1",
    features=("score", "margin"),
    mean=(0.5, 0.0),
    scale=(0.25, 1.0),
    coefficients=(2.0, 1.0),
    intercept=-1.0,
    provenance={"questions": 10},
)
POLISH = replace(PLAIN, name="plain-pl", lang="pl", intercept=1.0)
WORDS = replace(PLAIN, name="words", configuration=f"{ANY_MODEL}/1", features=("lexical", "length"))
BUNDLED = Calibrators((PLAIN, POLISH, WORDS))
HERE = Calibration(BUNDLED, "model/1")


def label(score: float, right: bool, question: str = "", lang: str = "en") -> Label:
    return Label(question or f"{score} {right}", lang, {"score": score}, right)


def labels(number: int, *, right_from: float = 0.5, seed: int = 7) -> list[Label]:
    """Scores all over the scale; right are rather those above `right_from`."""
    random = np.random.default_rng(seed)
    scores = random.random(number)
    sure = sigmoid(12 * (scores - right_from))
    drawn = random.random(number) < sure
    return [
        label(float(score), bool(right), f"q{n}")
        for n, (score, right) in enumerate(zip(scores, drawn, strict=True))
    ]


# --- choosing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("configuration", "lang", "name"),
    [
        ("model/1", "pl", "plain-pl"),
        ("model/1", "en", "plain"),
        ("other/1", "pl", "words"),
        ("an/other/1", "en", "words"),
        ("lexical/1", "pl", "words"),
    ],
)
def test_the_calibrator_fits_the_configuration_and_then_the_language(
    configuration: str, lang: str, name: str
):
    assert Calibration(BUNDLED, configuration).calibrator(lang).name == name


def test_another_analysis_leaves_only_one_that_was_fitted_for_other_scores():
    lost = Calibration(BUNDLED, "model/2")
    assert lost.calibrator("pl") == PLAIN
    assert lost.name == "plain (fitted for model/1)"


def test_a_confidence_names_its_calibrator_and_what_is_wrong_with_it():
    signals = {"score": 0.75, "margin": 0.5, "lexical": 0.5}
    given = HERE.confidence(signals, lang="en", threshold=0.6, reasons=("a reason",))
    assert given.probability == PLAIN.probability(signals)
    assert (given.level, given.threshold, given.signals) == ("high", 0.6, signals)
    assert (given.calibration, given.reasons) == ("plain", ("a reason",))
    elsewhere = Calibration(BUNDLED, "other/1").confidence(signals, lang="pl", threshold=0.6)
    assert elsewhere.calibration == "words (by words alone)"
    assert elsewhere.probability == WORDS.probability(signals)


def test_its_own_calibrator_is_used_until_it_is_stale():
    own = Calibrators((replace(PLAIN, name="own", intercept=3.0, provenance={"adapted_from": "plain"}),))
    fitting = replace(HERE, own=own)
    assert (fitting.stale, fitting.name, fitting.calibrator("pl").name) == ("", "own", "own")

    renamed = Calibrators((replace(PLAIN, name="plain-2"), replace(POLISH, name="plain-2-pl")))
    for stale, why in [
        (replace(fitting, configuration="other/1"), "it was fitted for model/1"),
        (replace(fitting, bundled=renamed), r"an earlier version (plain)"),
    ]:
        assert why in stale.stale
        assert stale.calibrator("pl").name != "own"
        assert stale.name.endswith("; own is stale")
        assert stale.confidence({"score": 1.0}, lang="pl", threshold=0).calibration.endswith("own is stale")


def test_a_calibrator_for_any_model_looks_at_words_alone():
    assert set(WORD_FEATURES) < set(FEATURES)
    assert not {"semantic", "score", "margin"} & set(WORD_FEATURES)
    rows = [{"lexical": n / 60, "semantic": 1 - n / 60} for n in range(60)]
    fitted = fit(
        rows,
        [n > 30 for n in range(60)],
        name="w",
        configuration="*/1",
        provenance={},
        features=WORD_FEATURES,
    )
    assert fitted.features == WORD_FEATURES
    assert fitted.probability({"lexical": 0.9}) == fitted.probability({"lexical": 0.9, "semantic": 5.0})


# --- by language -------------------------------------------------------------------------------


def test_each_language_starts_from_the_one_for_all_and_goes_its_way():
    polish = labels(600, right_from=0.8, seed=1)
    english = labels(600, right_from=0.2, seed=2)
    rows = [*polish, *english]
    whole, own_en, own_pl = fit_by_language(
        [row.signals for row in rows],
        [row.right for row in rows],
        ["pl"] * 600 + ["en"] * 600,
        name="b",
        configuration="model/1",
        provenance={},
    )
    assert [member.name for member in (whole, own_en, own_pl)] == ["b", "b-en", "b-pl"]
    assert [member.lang for member in (whole, own_en, own_pl)] == [None, "en", "pl"]
    middle = {"score": 0.5}
    assert own_pl.probability(middle) < 0.2 < whole.probability(middle) < 0.8 < own_en.probability(middle)


# --- a company's own labels ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(25, FEWEST_LABELS - 26), (0, 0), (FEWEST_LABELS, 0), (0, FEWEST_LABELS)],
    ids=["49", "none", "all right", "all wrong"],
)
def test_adapting_needs_fifty_labels_of_both_kinds(right: int, wrong: int):
    rows = [label(0.9, True)] * right + [label(0.3, False)] * wrong
    message = rf"got {right + wrong} labelled questions, {right} of them .* at least 50, with right and wrong"
    with pytest.raises(InvalidArgumentError, match=message):
        adapt(HERE, rows, name="mine")
    with pytest.raises(InvalidArgumentError, match=r"among them\. 3 more judge another answer"):
        adapt(HERE, rows, name="mine", left_out=3)


def test_the_labels_move_the_weights_and_all_is_kept_with_them():
    mine = adapt(HERE, labels(300, right_from=0.8), name="mine", left_out=2)
    whole = mine.members[0]
    assert whole.probability({"score": 0.6}) < 0.25 < 0.75 < whole.probability({"score": 0.98})
    assert {member.lang for member in mine.members} == {None, "en", "pl"}
    assert {member.name for member in mine.members} == {"mine"} == {mine.name}
    assert {member.configuration for member in mine.members} == {"model/1"}
    told = whole.provenance
    assert (told["adapted_from"], told["labels"], told["questions"], told["left_out"]) == (
        "plain",
        300,
        300,
        2,
    )
    assert told["brier_after"] < told["brier_before"]
    assert replace(HERE, own=mine).stale == ""


def test_what_the_languages_differ_in_stays():
    mine = adapt(HERE, labels(100), name="mine")
    by_lang = {member.lang: member for member in mine.members}
    for score in (0.1, 0.5, 0.9):
        before = POLISH.logit({"score": score}) - PLAIN.logit({"score": score})
        after = by_lang["pl"].logit({"score": score}) - by_lang["en"].logit({"score": score})
        assert after == pytest.approx(before)


def test_a_few_labels_move_little_and_many_move_all_the_way():
    def probability(number: int) -> float:
        return adapt(HERE, labels(number, right_from=0.9), name="m").members[0].probability({"score": 0.75})

    before = PLAIN.probability({"score": 0.75})
    true = float(sigmoid(np.array([12 * (0.75 - 0.9)]))[0])
    assert true < probability(50) < before
    assert probability(3000) == pytest.approx(true, abs=0.03)
    assert abs(probability(3000) - true) < abs(probability(50) - true)


def test_a_signal_that_the_bundled_one_does_not_know_is_learnt():
    random = np.random.default_rng(3)
    rows = [
        Label(f"q{n}", "pl", {"lexical": 0.5, "semantic": value}, bool(random.random() < value))
        for n, value in enumerate(random.random(400))
    ]
    mine = adapt(Calibration(BUNDLED, "other/1"), rows, name="m").members[0]
    assert mine.probability({"lexical": 0.5, "semantic": 1.0}) > 0.75
    assert mine.probability({"lexical": 0.5, "semantic": 0.0}) < 0.25


def test_an_outcome_comes_from_a_fit_without_its_question():
    # Each question has one label only that is right; whoever had seen it would be surer of it.
    rows = labels(200)
    mine = adapt(HERE, rows, name="mine")
    assert [outcome[1:] for outcome in mine.outcomes] == [(row.right, "en") for row in rows]
    seen = [mine.members[0].probability(row.signals) for row in rows]
    blind = [probability for probability, _, _ in mine.outcomes]
    right = [row.right for row in rows]

    def error(given: list[float]) -> float:
        return float(np.mean([(p - r) ** 2 for p, r in zip(given, right, strict=True)]))

    assert error(seen) < error(blind) == pytest.approx(mine.members[0].provenance["brier_after"])


def test_a_question_that_is_labelled_often_is_never_judged_by_itself():
    rows = [label(0.9, True, "a")] * 30 + [label(0.1, False, "b")] * 30
    mine = adapt(HERE, rows, name="mine")
    blind = {question: p for (p, _, _), question in zip(mine.outcomes, ["a"] * 30 + ["b"] * 30, strict=True)}
    assert blind["a"] < 0.91 < mine.members[0].probability({"score": 0.9})
    assert blind["b"] > mine.members[0].probability({"score": 0.1})


def test_questions_without_any_signal_change_nothing():
    rows = labels(100)
    silent = [Label(f"s{n}", "en", dict.fromkeys(FEATURES, 0.0), False) for n in range(50)]
    alone, with_silent = (adapt(HERE, given, name="m").members[0] for given in (rows, [*rows, *silent]))
    assert with_silent.coefficients == pytest.approx(alone.coefficients)
    assert with_silent.intercept == pytest.approx(alone.intercept)


@given(st.lists(st.booleans(), min_size=60, max_size=60), st.floats(0, 1))
def test_a_probability_stays_one_whatever_the_labels_say(outcomes: list[bool], score: float):
    rows = [label(place / 60, right, f"q{place}") for place, right in enumerate(outcomes)]
    if len(set(outcomes)) == 2:
        mine = adapt(HERE, rows, name="m")
        assert all(0 < member.probability({"score": score, "margin": 0.1}) < 1 for member in mine.members)
        assert all(0 <= probability <= 1 for probability, _, _ in mine.outcomes)


@given(st.floats(-2, 2), st.floats(-2, 2))
def test_more_right_labels_never_lower_the_probability(first: float, second: float):
    rows = [{"score": place / 40} for place in range(40)]
    fewer = [place > 20 for place in range(40)]
    more = [place > 20 or place % 5 == 0 for place in range(40)]
    weights, intercept = difference(PLAIN, rows, fewer)
    shifted = PLAIN.moved(weights, intercept)
    raised = PLAIN.moved(*difference(PLAIN, rows, more))
    mean = np.mean([raised.probability(row) - shifted.probability(row) for row in rows])
    assert mean > 0
    low, high = sorted((first, second))
    # A positive weight stays monotone.
    assert shifted.logit({"score": low}) <= shifted.logit({"score": high}) + 1e-12


def test_several_come_back_as_they_were_saved(tmp_path: Path):
    path = tmp_path / "calibrator.json"
    mine = adapt(HERE, labels(60), name="żółw")
    mine.save(path)
    assert load(path) == mine
    assert replace(HERE, own=load(path)).name == "żółw"


# --- the ends of the scale ---------------------------------------------------------------------


def test_a_probability_that_never_gets_high_is_bent():
    # Right are at most 6 in 10, however sure the straight line is.
    random = np.random.default_rng(5)
    scores = random.random(3000)
    right = random.random(3000) < 0.6 * sigmoid(20 * (scores - 0.5))
    rows = [label(float(s), bool(r), f"q{n}") for n, (s, r) in enumerate(zip(scores, right, strict=True))]
    mine = adapt(HERE, rows, name="mine").members[0]
    straight = replace(mine, ends=None)
    assert mine.provenance["bent"] is True
    assert mine.probability({"score": 1.0}) < straight.probability({"score": 1.0})
    error = [abs(one.probability({"score": 0.95}) - 0.6) for one in (mine, straight)]
    assert error[0] < 0.7 * error[1]


def test_few_labels_bend_nothing():
    assert adapt(HERE, labels(BENT_FROM - 1), name="m").members[0].ends is None
    assert adapt(HERE, labels(BENT_FROM), name="m").members[0].ends is not None


def test_ends_of_one_change_nothing():
    logits = np.linspace(-30, 30, 61)
    np.testing.assert_allclose(bent(logits, (1.0, 1.0, 0.0)), logits)


@given(st.lists(st.tuples(st.floats(-8, 8), st.booleans()), min_size=5, max_size=60))
def test_bending_keeps_the_order(pairs: list[tuple[float, bool]]):
    logits = np.array([logit for logit, _ in pairs])
    ends = fit_ends(logits, np.array([right for _, right in pairs], dtype=np.float64))
    if ends is not None:
        assert (np.diff(bent(np.sort(logits), ends)) >= -1e-9).all()


def test_few_labels_shift_how_the_bundled_one_was_bent():
    ends = (1.4, 0.4, 0.9)
    start = Calibration(Calibrators((replace(PLAIN, ends=ends),)), "model/1")
    mine = adapt(start, labels(100), name="m")
    lower, upper, intercept = mine.members[0].ends or (0.0, 0.0, 0.0)
    assert (lower, upper) == ends[:2]
    assert intercept != ends[2]
    assert mine.members[0].provenance["bent"] is False
    # What is claimed on average is what happened.
    claimed = np.mean([mine.members[0].probability(row.signals) for row in labels(100)])
    assert claimed == pytest.approx(np.mean([row.right for row in labels(100)]), abs=0.05)


def test_the_bundled_ones_are_bent_too():
    rows = labels(400)
    fitted = fit_by_language(
        [row.signals for row in rows],
        [row.right for row in rows],
        ["pl", "en"] * 200,
        name="b",
        configuration="model/1",
        provenance={},
    )
    assert all(member.ends is not None for member in fitted)
