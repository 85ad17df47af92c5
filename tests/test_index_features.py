"""Each feature on small passages, and what holds for all of them on any."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.index.features import WINDOW, WORD_FEATURES, QueryWords, word_features
from kbassist.text.analysis import TextAnalyzer
from kbassist.types import Passage

Features = Callable[..., dict[str, float]]
FILLER = " ".join(["oraz"] * (2 * WINDOW))


def passage(text: str, *, title: str = "", headings: tuple[str, ...] = ()) -> Passage:
    return Passage("p", "d", text, 0, len(text), title=title, headings=headings)


class Plain:
    """Takes words as they are."""

    def word_terms(self, word: str) -> tuple[str, ...]:
        return (word,)

    def measures(self, text: str) -> frozenset[str]:
        return frozenset()


plain = Plain()


def asked(query: str, **weights: float) -> QueryWords:
    return QueryWords(query, weights or dict.fromkeys(query.lower().split(), 1.0), plain)


def test_coverage_is_the_share_of_what_the_words_weigh_wherever_they_stand():
    query = asked("zwrot butów dziś", zwrot=3.0, butów=1.0, dziś=1.0)
    assert word_features(query, passage("zwrot"))["coverage"] == pytest.approx(0.6)
    assert word_features(query, passage("dziś", title="Zwrot"))["coverage"] == pytest.approx(0.8)
    assert word_features(query, passage("dziś", headings=("Zwrot", "Butów")))["coverage"] == 1.0


def test_context_is_what_stands_in_title_or_headings():
    query = asked("zwrot butów")
    assert word_features(query, passage("zwrot butów"))["context"] == 0.0
    assert word_features(query, passage("zwrot", title="Buty", headings=("Butów",)))["context"] == 0.5


def test_together_is_what_one_window_holds():
    query = asked("zwrot butów")
    near = passage(" ".join(["zwrot", *["x"] * (WINDOW - 2), "butów"]))
    far = passage(" ".join(["zwrot", *["x"] * (WINDOW - 1), "butów"]))
    assert word_features(query, near)["together"] == 1.0
    assert word_features(query, far)["together"] == 0.5
    assert word_features(query, passage("", title="zwrot butów"))["together"] == 0.0


def test_pairs_count_by_how_near_the_neighbours_are():
    query = asked("zwrot butów")
    assert word_features(query, passage("zwrot butów"))["pairs"] == 1.0
    assert word_features(query, passage("butów zwrot"))["pairs"] == 1.0
    assert word_features(query, passage("zwrot nowych butów"))["pairs"] == 0.5
    assert word_features(query, passage("zwrot x x butów x x zwrot x butów"))["pairs"] == 0.5
    assert word_features(query, passage("zwrot"))["pairs"] == 0.0


def test_exact_wants_the_form_that_was_asked_for(analyzer: TextAnalyzer):
    query = QueryWords("zwrotu", dict.fromkeys(analyzer("zwrotu"), 1.0), analyzer)
    same, other = (word_features(query, passage(text)) for text in ("warunki zwrotu", "warunki zwroty"))
    assert same["coverage"] == other["coverage"] == 1.0
    assert same["exact"] > other["exact"] == 0.0


def test_names_are_names_numbers_and_codes_of_the_query():
    terms = {"czy": 1.0, "szpadel": 1.0, "x200": 1.0, "grażyna": 2.0}
    query = QueryWords("Czy szpadel X200 Grażyna", terms, plain)
    assert [word.form for word in query.words if word.named] == ["x200", "grażyna"]
    assert word_features(query, passage("szpadel"))["names"] == 0.0
    assert word_features(query, passage("x200"))["names"] == pytest.approx(1 / 3)
    assert word_features(query, passage("czy x200 grażyna"))["names"] == 1.0


def test_without_names_all_words_are_as_good():
    found = word_features(asked("Zwrot butów"), passage("butów"))
    assert found["names"] == found["coverage"] == 0.5


def test_what_was_meant_is_found_for_what_was_typed(analyzer: TextAnalyzer):
    weights = dict.fromkeys(analyzer("reklamacja"), 1.0)
    query = QueryWords("reklamcja", weights, analyzer, {"reklamcja": ("reklamacja",)})
    found = word_features(query, passage("Reklamację składasz w sklepie."))
    assert found["coverage"] == 1.0
    assert found["exact"] == 0.0


@pytest.mark.parametrize("query", ["", "???", "słowo bez wagi"])
def test_a_query_without_words_says_nothing_for_any_passage(query: str):
    assert word_features(QueryWords(query, {}, plain), passage("słowo")) == dict.fromkeys(WORD_FEATURES, 0.0)


# --- on any passage ----------------------------------------------------------------------------

words = st.lists(st.sampled_from(["zwrot", "Butów", "dni", "14", "X200", "oraz", "i"]), max_size=40)
texts = words.map(" ".join)
queries = st.lists(
    st.sampled_from(["zwrot", "Butów", "dni", "14", "X200"]), min_size=1, max_size=5, unique_by=str.lower
)
weighed = st.lists(st.floats(0.01, 12), min_size=5, max_size=5)


def made(query: list[str], weights: list[float]) -> QueryWords:
    terms = dict(zip(map(str.lower, query), weights, strict=False))
    return QueryWords(" ".join(query), terms, plain)


@given(queries, weighed, texts, texts)
def test_all_lie_between_0_and_1(query: list[str], weights: list[float], text: str, title: str):
    found = word_features(made(query, weights), passage(text, title=title))
    assert found.keys() == set(WORD_FEATURES)
    assert all(0 <= value <= 1 + 1e-9 for value in found.values())
    assert found["context"] <= found["coverage"] + 1e-9
    assert found["together"] <= found["coverage"] + 1e-9


@given(queries, weighed, st.lists(texts, min_size=2, max_size=6))
def test_none_depends_on_what_else_was_looked_at(query: list[str], weights: list[float], some: list[str]):
    together = made(query, weights)
    one_by_one = [word_features(made(query, weights), passage(text)) for text in some]
    assert [word_features(together, passage(text)) for text in some] == one_by_one


@given(queries, weighed, texts, texts)
def test_more_text_takes_nothing_away(query: list[str], weights: list[float], text: str, more: str):
    """Apart from `exact`, which like BM25 asks more of a longer text."""
    asked = made(query, weights)
    before, after = (word_features(asked, passage(each)) for each in (text, f"{text} {FILLER} {more}"))
    for name in ("coverage", "together", "pairs", "names"):
        assert after[name] >= before[name] - 1e-9
    with_title = word_features(asked, passage(text, title=more))
    assert with_title["context"] >= before["context"]
    assert with_title["coverage"] >= before["coverage"] - 1e-9


def test_a_measure_counts_however_it_is_written(analyzer: TextAnalyzer):
    query = QueryWords("14 dni na zwrot", analyzer.query_terms("14 dni na zwrot"), analyzer)
    same = word_features(query, passage("Zwrot przyjmujemy przez czternaście dni."))
    other = word_features(query, passage("Zwrot przyjmujemy przez 21 dni."))
    assert same["names"] > other["names"]
    assert same["coverage"] > other["coverage"]


def test_a_synonym_counts_like_the_word(analyzer: TextAnalyzer):
    weights = analyzer.query_terms("zwrot butów")
    text = passage("Oddanie butów jest proste.")
    without = word_features(QueryWords("zwrot butów", weights, analyzer), text)
    with_it = word_features(QueryWords("zwrot butów", weights, analyzer, None, {"zwrot": ("oddanie",)}), text)
    assert with_it["coverage"] == pytest.approx(1.0)
    assert without["coverage"] < 1.0
