"""What an index holds beside the terms of words: one form of measures, beginnings, codes; query weights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.text.analysis import ASKING_WEIGHT, SIDE_WEIGHT, TextAnalyzer


@pytest.mark.parametrize(
    ("term", "written"),
    [
        (
            "v:14day",
            "14 dni|czternaście dni|czternascie dni|14-dniowy|14 days|fourteen days|2 tygodnie|14dni|"
            "czternastodniowy",
        ),
        ("v:1000pln", "1 000 zł|1000 PLN|1.000,00 zł|1,000.00 PLN|PLN 1000|tysiąc złotych|1 tys. zł"),
        (
            "v:2024-05-12",
            "12 maja 2024|12.05.2024 r.|2024-05-12|12/05/2024|May 12, 2024|12th of May 2024|12 May 2024",
        ),
        ("v:50%", "50%|50 %|50 procent|50 percent|pięćdziesiąt procent"),
        ("v:24month", "24 miesiące|2 lata|dwa lata|two years|dwuletnia"),
        ("v:7workday", "7 dni roboczych|7 business days|od 5 do 7 dni roboczych"),
        ("v:5day", "5-7 dni|5 dni"),
        ("v:12.5pln", "12,50 zł|12.50 PLN|12 zł 50 gr"),
        ("v:5gb", "5 GB|5GB"),
        ("n:5261040828", "526-104-08-28|5261040828|526 104 08 28|PL5261040828"),
        ("n:600100200", "600 100 200|600-100-200|+48 600 100 200|600100200"),
        ("n:1500", "1 500 osób|1500 osób"),
        ("x:pomoc@sklep.pl", "pomoc@sklep.pl|Napisz: Pomoc@Sklep.pl."),
        ("x:sklep.pl", "pomoc@sklep.pl|https://www.sklep.pl/zwroty|sklep.pl"),
        ("l:email", "e-mail|email"),
        ("l:x200", "X-200|x200"),
        ("p:reklam", "reklamacja|reklamować|reklamacyjny|REKLAMACJI"),
    ],
)
def test_what_means_the_same_shares_a_term(analyzer: TextAnalyzer, term: str, written: str):
    for text in written.split("|"):
        assert term in analyzer.index_terms(text), text
        assert term in analyzer.query_terms(text), text


@pytest.mark.parametrize("text", ["w 2024 roku", "32.13.2024", "art. 14 ust. 2", "1/2", "sto lat temu rok"])
def test_what_is_no_measure_gives_none(analyzer: TextAnalyzer, text: str):
    found = [term for term in analyzer.index_terms(text) if term.startswith("v:")]
    assert found in ([], ["v:1200month"])


def test_the_terms_of_the_words_are_among_those_of_the_index(analyzer: TextAnalyzer):
    text = "Zwrot e-maila w 14 dni, X-200 za 1 000 zł"
    assert set(analyzer(text)) < set(analyzer.index_terms(text))


def test_a_query_weighs_what_asks_and_what_stands_beside_less(analyzer: TextAnalyzer):
    weights = analyzer.query_terms("Ile trwa reklamacja e-mailem")
    assert weights["l:ile"] == ASKING_WEIGHT
    assert weights["l:reklamacja"] == 1.0
    assert weights["p:reklam"] == weights["p:emaile"] == SIDE_WEIGHT


def test_what_is_meant_takes_the_place_of_what_is_written(analyzer: TextAnalyzer):
    weights = analyzer.query_terms("reklamcja", {"reklamcja": ("reklamacja", "reklama")})
    assert weights["l:reklamacja"] == 1.0
    assert 0 < weights["l:reklama"] < 1
    assert "l:reklamcja" not in weights


@given(st.text())
def test_a_query_holds_the_terms_that_an_index_would(analyzer: TextAnalyzer, text: str):
    weights = analyzer.query_terms(text)
    assert weights.keys() == set(analyzer.index_terms(text))
    assert all(0 < weight <= 1 for weight in weights.values())


@pytest.mark.parametrize("piece", ["1 000 ", "12-", "a-", "5 do ", "pięć ", "1.", "a@b.", "12 maja "])
def test_long_odd_text_takes_time_in_proportion(analyzer: TextAnalyzer, piece: str):
    assert analyzer.index_terms(piece * 20_000)
