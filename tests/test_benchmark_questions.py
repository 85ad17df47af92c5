"""What the benchmarks ask and compare with: spoilt questions, plain BM25, reciprocal rank fusion."""

from __future__ import annotations

import random
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
questions = SimpleNamespace(**runpy.run_path(str(BENCHMARKS / "questions.py")))
baselines = SimpleNamespace(**runpy.run_path(str(BENCHMARKS / "baselines.py")))

TEXTS = [
    "Reklamację złożysz w sklepie. Reklamacja jest bezpłatna.",
    "Zwrot towaru w ciągu 14 dni.",
    "Zwrot kosztów dostawy; zwrot opłaty za przesyłkę i zwrot opakowania.",
    "Dostawa kurierem trwa 2 dni.",
    "Faktura przychodzi pocztą.",
]


def distance(one: str, other: str) -> int:
    """Edits between two words, two neighbours swapped counting as one."""
    rows: dict[tuple[int, int], int] = {}
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if not i or not j:
                rows[i, j] = i + j
                continue
            changed = rows[i - 1, j - 1] + (one[i - 1] != other[j - 1])
            rows[i, j] = min(changed, rows[i - 1, j] + 1, rows[i, j - 1] + 1)
            if i > 1 and j > 1 and (one[i - 1], one[i - 2]) == (other[j - 2], other[j - 1]):
                rows[i, j] = min(rows[i, j], rows[i - 2, j - 2] + 1)
    return rows[len(one), len(other)]


def test_diacritics_are_left_out() -> None:
    assert questions.without_diacritics("Zażółć gęślą jaźń, ŁÓDŹ: café") == "Zazolc gesla jazn, LODZ: café"


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ("Kto to jest?", "Kto to jest?"),
        ("Które zostały?", "Które zostały?"),
        ("What would there be?", "What would there be?"),
        ("§ 7 ust. 2 z 2014", "§ 7 ust. 2 z 2014"),
    ],
)
def test_nothing_to_spoil_is_left_alone(question: str, typed: str) -> None:
    assert questions.with_typo(question) == typed


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("question", ["Kiedy została złożona reklamacja?", "When was the refund PAID, Żółw?"])
def test_one_content_word_has_one_edit(question: str, seed: int) -> None:
    typed = questions.with_typo(question, seed)
    pairs = zip(question.split(" "), typed.split(" "), strict=True)
    changed = [(before, after) for before, after in pairs if before != after]
    assert [distance(before, after) for before, after in changed] == [1]
    assert changed[0][0] in {"złożona", "reklamacja?", "refund"}


def test_the_same_question_gets_the_same_typo_whatever_came_before() -> None:
    first = questions.with_typo("Gdzie jest paczka?")
    random.seed(1)
    questions.with_typo("Inne pytanie o fakturę")
    assert questions.with_typo("Gdzie jest paczka?") == first


def test_every_kind_of_typo_occurs() -> None:
    lengths = {len(questions.with_typo("reklamacja", seed)) for seed in range(60)}
    assert lengths == {9, 10, 11}
    same = [questions.with_typo("reklamacja", seed) for seed in range(60)]
    letters = {tuple(sorted(typed)) == tuple(sorted("reklamacja")) for typed in same if len(typed) == 10}
    assert letters == {True, False}, "swapped letters and a neighbour's"


@given(st.text(max_size=80), st.integers(0, 1000))
def test_any_text_can_be_spoilt(text: str, seed: int) -> None:
    assert abs(len(questions.with_typo(text, seed)) - len(text)) <= 1
    assert len(questions.without_diacritics(text)) == len(text)


@pytest.mark.parametrize(
    "query", ["zwrot", "Zwrot, zwrot towaru 14 dni", "jak złożyć reklamację w sklepie", ""]
)
def test_plain_bm25_scores_as_rank_bm25(query: str) -> None:
    peer = BM25Okapi([baselines.plain_words(text) for text in TEXTS])
    scores = baselines.PlainBm25(TEXTS).scores(query)
    np.testing.assert_allclose(scores, peer.get_scores(baselines.plain_words(query)), rtol=1e-12)


def test_plain_bm25_finds_what_shares_words_only() -> None:
    found = baselines.PlainBm25(TEXTS).search("zwrot dostawy", 4)
    assert found[0] == 2
    assert set(found) == {1, 2}


@given(st.lists(st.integers(0, 5), min_size=1), st.integers(1, 40))
def test_the_best_are_in_order_and_equal_ones_in_theirs(scores: list[int], k: int) -> None:
    whole = sorted(range(len(scores)), key=lambda place: (-scores[place], place))
    assert baselines.best(np.array(scores, dtype=np.float64), k) == whole[:k]


def test_reciprocal_rank_fusion() -> None:
    # 3: 1/62 + 1/61; 1: 1/61 + 1/63; 7: 1/62 alone; 2: 1/63 alone.
    assert baselines.reciprocal_rank_fusion([[1, 3, 2], [3, 7, 1]]) == [3, 1, 7, 2]
    assert baselines.reciprocal_rank_fusion([[], [4]]) == [4]
    assert baselines.reciprocal_rank_fusion([[5], [4]]) == [4, 5]
