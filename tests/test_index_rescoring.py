"""The weights of the closer look, and the scores that they give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.errors import InvalidArgumentError
from kbassist.index.features import WORD_FEATURES, QueryWords
from kbassist.index.rescoring import FEATURES, Rescoring, rescored
from kbassist.types import Hit, Passage

BUNDLED = Rescoring.bundled()


class Plain:
    """Takes words as they are."""

    def word_terms(self, word: str) -> tuple[str, ...]:
        return (word,)

    def measures(self, text: str) -> frozenset[str]:
        return frozenset()


def query(text: str = "zwrot butów") -> QueryWords:
    return QueryWords(text, dict.fromkeys(text.split(), 1.0), Plain())


def hit(passage_id: str, text: str, lexical: float, semantic: float | None) -> Hit:
    parts = {"lexical": lexical} | ({} if semantic is None else {"semantic": semantic})
    return Hit(Passage(passage_id, passage_id, text, 0, len(text)), 0.0, parts)


def test_the_bundled_weights_are_of_known_features_and_sum_to_1():
    for weights in (BUNDLED.hybrid, BUNDLED.lexical):
        assert weights.keys() <= set(FEATURES)
        assert sum(weights.values()) == pytest.approx(1)
        assert min(weights.values()) >= 0
    assert BUNDLED.hybrid["semantic"] > 0
    assert BUNDLED.lexical.get("semantic", 0) == 0


GOOD = {"lexical": 1.0}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"lexical": 0.5, "lenght": 0.5}, "no feature 'lenght'.*lexical, semantic"),
        ({"lexical": 1.5, "coverage": -0.5}, "negative"),
        ({"lexical": 0.5}, "sum is 1"),
        ({}, "sum is 1"),
    ],
)
def test_wrong_weights_are_refused(wrong: dict[str, float], says: str):
    with pytest.raises(InvalidArgumentError, match=says):
        Rescoring(wrong, GOOD)
    with pytest.raises(InvalidArgumentError, match=says):
        Rescoring(GOOD, wrong)


def test_the_score_is_the_weighted_sum_and_the_parts_say_of_what():
    (found,) = rescored(
        [hit("a", "zwrot", 0.4, 0.6)], query(), {"lexical": 0.5, "semantic": 0.2, "coverage": 0.3}
    )
    assert found.score == pytest.approx(0.5 * 0.4 + 0.2 * 0.6 + 0.3 * 0.5)
    assert found.parts.keys() == set(FEATURES)


def test_equal_scores_are_ordered_by_passage_id():
    hits = [hit(name, "zwrot", 0.5, 0.5) for name in "bca"]
    assert [each.passage.id for each in rescored(hits, query(), BUNDLED.hybrid)] == ["a", "b", "c"]


def test_a_query_without_words_is_left_as_it_was():
    hits = [hit("b", "zwrot", 0.0, 0.9), hit("a", "zwrot", 0.0, 0.1)]
    assert rescored(hits, query(""), BUNDLED.hybrid) == hits


texts = st.lists(st.sampled_from(["zwrot", "butów", "i", "dni"]), max_size=12).map(" ".join)
shares = st.floats(0, 1)


@given(st.lists(st.tuples(texts, shares, shares), min_size=1, max_size=8), st.booleans())
def test_scores_lie_in_0_to_1_and_do_not_depend_on_the_others(found: list, is_hybrid: bool):
    hits = [
        hit(f"{place:02}", text, lexical, semantic if is_hybrid else None)
        for place, (text, lexical, semantic) in enumerate(found)
    ]
    weights = BUNDLED.hybrid if is_hybrid else BUNDLED.lexical
    together = rescored(hits, query(), weights)
    alone = {each.passage.id: rescored([each], query(), weights)[0] for each in hits}
    assert [alone[each.passage.id] for each in together] == together
    assert all(0 <= each.score <= 1 + 1e-9 for each in together)
    assert together == sorted(together, key=lambda each: (-each.score, each.passage.id))
    assert all(each.parts.keys() >= set(WORD_FEATURES) for each in together)
