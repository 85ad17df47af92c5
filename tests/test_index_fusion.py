"""One score out of two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.errors import InvalidArgumentError
from kbassist.index.fusion import Fusion, fuse
from kbassist.protocols import Candidate
from kbassist.testing import make_entry

IDF = {"zwrot": 2.0, "dni": 1.0}
CEILING = 2.2 * 3.0


def candidate(passage_id: str, bm25: float, dense: float | None) -> Candidate:
    return Candidate(make_entry(passage_id, "…"), bm25, dense)


def test_convex_sum_on_fixed_scales():
    found = [candidate("a", 3.3, 0.85), candidate("b", 0.0, 0.5), candidate("c", 6.6, 1.0)]
    hits = fuse(found, idf=IDF, fusion=Fusion(weight=0.4, dense_floor=0.7, dense_span=0.3))
    assert [hit.passage.id for hit in hits] == ["c", "a", "b"]
    assert [hit.score for hit in hits] == pytest.approx([1.0, 0.4 * 0.5 + 0.6 * 0.5, 0.0])
    assert hits[1].parts == pytest.approx({"bm25": 3.3, "dense": 0.85, "lexical": 0.5, "semantic": 0.5})


def test_equal_scores_are_ordered_by_passage_id():
    found = [candidate(name, 1.0, 0.8) for name in "bca"]
    assert [hit.passage.id for hit in fuse(found, idf=IDF)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("dense", "idf", "expected"),
    [
        pytest.param(None, IDF, 0.5, id="no vectors"),
        pytest.param(0.85, {}, 0.5, id="no terms"),
        pytest.param(None, {}, 0.0, id="neither"),
    ],
)
def test_leg_left_out_leaves_its_weight_to_the_other(dense, idf, expected):
    scales = Fusion(dense_floor=0.7, dense_span=0.3)
    (hit,) = fuse([candidate("a", 3.3 if idf else 0.0, dense)], idf=idf, fusion=scales)
    assert hit.score == pytest.approx(expected)
    assert ("dense" in hit.parts) == ("semantic" in hit.parts) == (dense is not None)


found = st.lists(
    st.tuples(st.floats(0, CEILING), st.floats(-1, 1)).map(lambda legs: candidate("x", *legs)), min_size=1
)


@given(found, st.floats(0, 1))
def test_scores_are_in_0_to_1_and_independent_of_the_others(candidates, weight):
    fusion = Fusion(weight=weight)
    together = fuse(candidates, idf=IDF, fusion=fusion)
    alone = [fuse([each], idf=IDF, fusion=fusion)[0] for each in candidates]
    assert sorted(hit.score for hit in together) == sorted(hit.score for hit in alone)
    assert all(0 <= hit.score <= 1 + 1e-12 for hit in together)
    assert together == sorted(together, key=lambda hit: -hit.score)


def test_nothing_found():
    assert fuse([], idf={}) == []


@pytest.mark.parametrize("wrong", [{"weight": 1.1}, {"weight": -0.1}, {"dense_span": 0.0}])
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(InvalidArgumentError):
        Fusion(**wrong)
