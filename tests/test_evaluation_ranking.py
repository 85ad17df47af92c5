import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.errors import InvalidArgumentError
from kbassist.evaluation import (
    mrr,
    mrr_per_query,
    ndcg,
    ndcg_per_query,
    precision,
    precision_per_query,
    recall,
    recall_per_query,
)

QRELS = {"q1": {"a": 2, "c": 1, "z": 0}, "q2": {"x": 1}, "q3": {"y": 0}}
RUN = {"q1": ["b", "a", "c"], "q2": ["u", "v"]}


def test_ndcg_of_a_table_worked_by_hand():
    # q1: gains 0, 2, 1 at ranks 1, 2, 3
    # DCG = 0 + 2 / 1.5849625 + 1 / 2 = 1.7618595; ideal: 2 / 1 + 1 / 1.5849625 = 2.6309298
    assert ndcg_per_query(QRELS, RUN, 10) == {"q1": pytest.approx(0.6696718, abs=1e-7), "q2": 0.0}
    assert ndcg(QRELS, RUN, 10) == pytest.approx(0.3348359, abs=1e-7)


def test_ndcg_cuts_ranking_and_ideal_at_k():
    # at 2: DCG = 2 / 1.5849625 = 1.2618595; ideal unchanged, for it has two documents
    assert ndcg_per_query(QRELS, RUN, 2)["q1"] == pytest.approx(0.4796249, abs=1e-7)
    # at 1 nothing relevant
    assert ndcg_per_query(QRELS, RUN, 1)["q1"] == 0.0


def test_recall_precision_and_reciprocal_rank_worked_by_hand():
    assert recall_per_query(QRELS, RUN, 2) == {"q1": 1 / 2, "q2": 0.0}
    assert recall(QRELS, RUN, 3) == (1 + 0) / 2
    assert precision_per_query(QRELS, RUN, 2) == {"q1": 1 / 2, "q2": 0.0}
    assert precision(QRELS, RUN, 5) == pytest.approx((2 / 5 + 0) / 2)
    assert mrr_per_query(QRELS, RUN, 10) == {"q1": 1 / 2, "q2": 0.0}
    assert mrr(QRELS, RUN, 1) == 0.0


def test_scores_are_ranked_and_ties_go_by_document_id():
    qrels = {"q": {"b": 1}}
    assert mrr(qrels, {"q": {"a": 0.2, "b": 0.9}}) == 1.0
    assert mrr(qrels, {"q": {"a": 0.5, "b": 0.5, "c": 0.5}}) == 1 / 2


def test_a_query_without_relevant_documents_is_left_out_and_one_without_a_run_counts():
    assert set(ndcg_per_query(QRELS, {"q3": ["y"]})) == {"q1", "q2"}
    assert ndcg(QRELS, {"q3": ["y"]}) == 0.0


@pytest.mark.parametrize(
    ("qrels", "run", "k", "cure"),
    [
        ({}, {}, 10, "at least one query"),
        ({"q": {"d": 0}}, {"q": ["d"]}, 10, "at least one query"),
        ({"q": {"d": 1}}, {"q": ["d"]}, 0, "1 or more"),
        ({"q": {"d": 1}}, {"q": ["d", "d"]}, 10, "twice"),
        ({"q": {"d": 1}}, {"q": "d"}, 10, "list of document ids"),
        ({"q": {"d": 1}}, {"q": {"d": math.nan}}, 10, "not a number"),
    ],
)
def test_wrong_input_says_the_cure(qrels, run, k, cure):
    with pytest.raises(InvalidArgumentError, match=cure):
        ndcg(qrels, run, k)


documents = st.lists(st.sampled_from("abcdefghij"), unique=True, max_size=10)
grades = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 3)).filter(lambda g: any(g.values()))


@given(grades, documents, st.integers(1, 12))
def test_every_measure_is_between_zero_and_one(judged, ranking, k):
    for measure in (ndcg, recall, precision, mrr):
        assert 0 <= measure({"q": judged}, {"q": ranking}, k) <= 1 + 1e-12


@given(grades, st.integers(1, 12))
def test_the_ideal_order_has_ndcg_one(judged, k):
    assert ndcg({"q": judged}, {"q": {d: float(g) for d, g in judged.items()}}, k) == pytest.approx(1)


@given(grades, documents, st.integers(1, 11))
def test_recall_never_falls_with_k(judged, ranking, k):
    assert recall({"q": judged}, {"q": ranking}, k) <= recall({"q": judged}, {"q": ranking}, k + 1)


@given(grades, documents, st.integers(1, 10))
def test_moving_a_better_document_up_never_lowers_ndcg(judged, ranking, place):
    if place >= len(ranking) or judged.get(ranking[place], 0) < judged.get(ranking[place - 1], 0):
        return
    better = [*ranking]
    better[place - 1], better[place] = better[place], better[place - 1]
    assert ndcg({"q": judged}, {"q": better}, 10) >= ndcg({"q": judged}, {"q": ranking}, 10) - 1e-12
