"""What a term of a query weighs, by the part that its word plays in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kbassist.index.understanding import LITTLE, Query, query_weights
from kbassist.text.analysis import ASKING_WEIGHT, TextAnalyzer

Weigh = Callable[..., dict[str, float]]


@pytest.fixture
def weights(analyzer: TextAnalyzer) -> Weigh:
    def weigh(text: str, around: str = "", **meant: tuple[str, ...]) -> dict[str, float]:
        return query_weights(Query(text, around, share=0.3), analyzer, meant)

    return weigh


def test_words_of_the_topic_weigh_most(weights: Weigh, analyzer: TextAnalyzer) -> None:
    found = weights("Ile kosztuje dostawa?")
    assert {found[term] for term in analyzer("dostawa")} == {1.0}
    assert {found[term] for term in analyzer("ile")} == {min(LITTLE, ASKING_WEIGHT)}


def test_words_around_weigh_little_and_less_than_the_same_in_the_question(
    weights: Weigh, analyzer: TextAnalyzer
) -> None:
    found = weights("a dostawa?", "ile kosztuje dostawa do Niemiec")
    assert {found[term] for term in analyzer("dostawa")} == {1.0}
    assert {found[term] for term in analyzer("Niemiec")} == {0.3}
    assert not set(analyzer("ile")) & set(found), "what says little is not carried at all"


def test_every_term_of_the_query_has_a_weight(weights: Weigh, analyzer: TextAnalyzer) -> None:
    for text in ("", "ile?", "Ile mam dni na zwrot towaru?", "14 dni", "SEK-SZP-01"):
        found = weights(text)
        assert found.keys() == analyzer.query_terms(text).keys()
        assert all(0 < weight <= 1 for weight in found.values())


def test_what_was_meant_stands_for_what_was_typed(weights: Weigh, analyzer: TextAnalyzer) -> None:
    found = weights("reklamcja butów", reklamcja=("reklamacja",))
    assert {found[term] for term in analyzer("reklamacja")} == {1.0}
    assert not set(analyzer("reklamcja")) & set(found)


@pytest.mark.parametrize(
    ("query", "whole"),
    [
        (Query("a za granicę?", "dostawa"), "dostawa a za granicę?"),
        (Query("Ile mam dni?", "konewka", around_first=False), "Ile mam dni? konewka"),
        (Query("zwrot"), "zwrot"),
        (Query(""), ""),
    ],
)
def test_the_whole_reads_in_order(query: Query, whole: str) -> None:
    assert query.whole == whole
