import pytest

from kbassist.index.understanding import LITTLE, query_weights
from kbassist.text.analysis import TextAnalyzer


@pytest.fixture
def weights(analyzer: TextAnalyzer):
    def weigh(text: str, around: str = "") -> dict[str, float]:
        return query_weights(text, around, analyzer, weight=0.3)

    return weigh


def test_words_of_the_topic_weigh_most(weights, analyzer: TextAnalyzer) -> None:
    found = weights("Ile kosztuje dostawa?")
    assert {found[term] for term in analyzer("dostawa")} == {1.0}
    assert {found[term] for term in analyzer("ile")} == {LITTLE}


def test_words_around_weigh_little_and_less_than_the_same_in_the_question(
    weights, analyzer: TextAnalyzer
) -> None:
    found = weights("a dostawa?", "ile kosztuje dostawa do Niemiec")
    assert {found[term] for term in analyzer("dostawa")} == {1.0}
    assert {found[term] for term in analyzer("Niemiec")} == {0.3}
    assert not set(analyzer("ile")) & set(found), "what says little is not carried at all"


def test_every_term_of_the_query_has_a_weight(weights, analyzer: TextAnalyzer) -> None:
    for text in ("", "ile?", "Ile mam dni na zwrot towaru?", "14 dni", "SEK-SZP-01"):
        assert set(weights(text)) == set(analyzer(text))
