"""One score out of two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.errors import InvalidArgumentError
from kbassist.index.bm25 import K1
from kbassist.index.fusion import USUAL_SEMANTIC, WITH_LEXICAL, Fusion, fuse
from kbassist.protocols import Candidate
from kbassist.testing import make_entry

WEIGHT = 3.0
CEILING = (K1 + 1) * WEIGHT


def candidate(passage_id: str, bm25: float, dense: float | None) -> Candidate:
    return Candidate(make_entry(passage_id, "…"), bm25, dense)


def test_convex_sum_on_fixed_scales():
    found = [candidate("a", CEILING / 2, 0.85), candidate("b", 0.0, 0.5), candidate("c", CEILING, 1.0)]
    scales = Fusion(weight=0.4, dense_floor=0.7, dense_span=0.3)
    hits = fuse(found, weight=WEIGHT, hybrid=True, fusion=scales)
    assert [hit.passage.id for hit in hits] == ["c", "a", "b"]
    assert [hit.score for hit in hits] == pytest.approx([1.0, 0.4 * 0.5 + 0.6 * 0.5, 0.0])
    assert hits[1].parts == pytest.approx(
        {"bm25": CEILING / 2, "dense": 0.85, "lexical": 0.5, "semantic": 0.5}
    )


def test_equal_scores_are_ordered_by_passage_id():
    found = [candidate(name, 1.0, 0.8) for name in "bca"]
    assert [hit.passage.id for hit in fuse(found, weight=WEIGHT, hybrid=True)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("dense", "weight", "expected"),
    [
        pytest.param(None, WEIGHT, 0.5, id="no vectors"),
        pytest.param(0.85, 0.0, 0.5, id="no terms"),
        pytest.param(None, 0.0, 0.0, id="neither"),
    ],
)
def test_leg_left_out_leaves_its_weight_to_the_other(dense, weight, expected):
    scales = Fusion(dense_floor=0.7, dense_span=0.3)
    found = [candidate("a", CEILING / 2 if weight else 0.0, dense)]
    (hit,) = fuse(found, weight=weight, hybrid=dense is not None, fusion=scales)
    assert hit.score == pytest.approx(expected)
    assert ("dense" in hit.parts) == ("semantic" in hit.parts) == (dense is not None)


def test_a_passage_without_a_vector_counts_as_passages_like_it_do():
    found = [candidate("a", CEILING / 2, None), candidate("b", 0.0, None), candidate("c", CEILING, None)]
    hits = fuse(found, weight=WEIGHT, hybrid=True, fusion=Fusion(weight=0.4))
    assert [hit.passage.id for hit in hits] == ["c", "a", "b"]
    for hit in hits:
        assert "dense" not in hit.parts
        assert hit.parts["semantic"] == pytest.approx(USUAL_SEMANTIC + WITH_LEXICAL * hit.parts["lexical"])
        assert hit.score == pytest.approx(0.4 * hit.parts["lexical"] + 0.6 * hit.parts["semantic"])


found = st.lists(
    st.tuples(st.floats(0, CEILING), st.none() | st.floats(-1, 1)).map(lambda legs: candidate("x", *legs)),
    min_size=1,
)


@given(found, st.floats(0, 1))
def test_scores_are_in_0_to_1_and_independent_of_the_others(candidates, weight):
    fusion = Fusion(weight=weight)
    together = fuse(candidates, weight=WEIGHT, hybrid=True, fusion=fusion)
    alone = [fuse([each], weight=WEIGHT, hybrid=True, fusion=fusion)[0] for each in candidates]
    assert sorted(hit.score for hit in together) == sorted(hit.score for hit in alone)
    assert all(0 <= hit.score <= 1 + 1e-12 for hit in together)
    assert together == sorted(together, key=lambda hit: -hit.score)


def test_nothing_found():
    assert fuse([], weight=0.0, hybrid=True) == []


@pytest.mark.parametrize("wrong", [{"weight": 1.1}, {"weight": -0.1}, {"dense_span": 0.0}])
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(InvalidArgumentError):
        Fusion(**wrong)
