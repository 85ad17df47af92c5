"""A sentence is held against a passage: lies do not get through, and most truths in other words do."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbassist.text.analysis import TextAnalyzer
from kbassist.text.lexicon import Lexicons
from kbassist.text.verify import Verifier
from kbassist.types import Passage

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
from lies import cases, passes

LIES = [case for case in cases() if case.way]
TRUTHS = [case for case in cases() if not case.way]


@pytest.fixture(scope="module")
def verifier(analyzer: TextAnalyzer, lexicons: Lexicons) -> Verifier:
    return Verifier(analyzer, lexicons)


def page(text: str, lang: str = "pl", **fields) -> Passage:
    return Passage("p", "d", text, 0, len(text), lang=lang, **fields)


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_there_are_lies_enough_in_ways_enough(lang: str):
    ways = {case.way for case in LIES if case.lang == lang}
    assert len(ways) >= 12
    assert len([case for case in LIES if case.lang == lang]) >= 60
    assert len([case for case in TRUTHS if case.lang == lang]) >= 60


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_no_lie_gets_through(verifier: Verifier, lexicons: Lexicons, lang: str):
    through = [case.sentence for case in LIES if case.lang == lang and passes(case, verifier, lexicons)]
    assert through == []


def test_most_truths_get_through(verifier: Verifier, lexicons: Lexicons):
    accepted = defaultdict(list)
    for case in TRUTHS:
        accepted[case.part, case.lang].append(passes(case, verifier, lexicons))
    shares = {part: sum(found) / len(found) for part, found in accepted.items()}
    assert min(shares.values()) >= 0.7, shares


RULES = page(
    "Klient może zwrócić nieużywany towar w ciągu 14 dni od dostawy. Zwrot kosztuje 10 zł, a wymiana 15 zł. "
    "Sprzedawca oddaje klientowi pieniądze najpóźniej po 7 dniach. Nie wymieniamy bielizny."
)


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("Klient może zwrócić nieużywany towar w ciągu 14 dni od dostawy.", ""),
        ("Nieużywany towar można zwrócić w ciągu 14 dni od dostawy.", ""),
        ("Klient może zwrócić nieużywany towar w ciągu 21 dni od dostawy.", "value"),
        ("Klient może zwrócić używany towar w ciągu 14 dni od dostawy.", "negation"),
        ("Klient musi zwrócić nieużywany towar w ciągu 14 dni od dostawy.", "modality"),
        ("Klient zawsze może zwrócić nieużywany towar w ciągu 14 dni od dostawy.", "quantifier"),
        ("Sprzedawca oddaje klientowi pieniądze najwcześniej po 7 dniach.", "limit"),
        ("Klient może zwrócić nieużywany towar w ciągu 14 dni przed dostawą.", "order"),
        ("Klient oddaje sprzedawcy pieniądze najpóźniej po 7 dniach.", "roles"),
        ("Zwrot kosztuje 15 zł.", "mixed"),
        ("Wymieniamy bieliznę.", "negation"),
        ("Nieużywany towar przyjmuje listonosz.", "unsupported"),
        ("Czy klient może zwrócić nieużywany towar?", "unsupported"),
        ("", "unsupported"),
        ("Tak.", "unsupported"),
    ],
)
def test_what_is_wrong_is_named(verifier: Verifier, sentence: str, fault: str):
    verdict = verifier.verify(sentence, RULES, "pl")
    assert verdict.fault == fault
    assert verdict.supported == (fault == "")
    assert verdict.contradicted == (fault not in ("", "unsupported"))


def test_the_spans_are_the_sentences_that_support_it(verifier: Verifier):
    verdict = verifier.verify("Wymiana kosztuje 15 zł.", RULES, "pl")
    assert [RULES.text[slice(*span)] for span in verdict.spans] == ["Zwrot kosztuje 10 zł, a wymiana 15 zł."]


def test_two_things_said_at_once_may_rest_on_two_sentences(verifier: Verifier):
    verdict = verifier.verify("Zwrot kosztuje 10 zł, a bielizny nie wymieniamy.", RULES, "pl")
    assert verdict.supported
    assert [RULES.text[slice(*span)] for span in verdict.spans] == [
        "Zwrot kosztuje 10 zł, a wymiana 15 zł.",
        "Nie wymieniamy bielizny.",
    ]


def test_a_condition_that_the_question_states_need_not_be_repeated(verifier: Verifier):
    passage = page("Jeśli towar jest uszkodzony, wysyłamy nowy w ciągu 3 dni.")
    sentence = "Nowy towar wysyłamy w ciągu 3 dni."
    assert verifier.verify(sentence, passage, "pl").fault == "condition"
    assert verifier.verify(sentence, passage, "pl", "Co, jeśli towar przyszedł uszkodzony?").supported


def test_an_item_of_a_list_rests_on_what_introduces_it(verifier: Verifier):
    passage = page("Zwrotowi nie podlegają:\n- bielizna\n- karty podarunkowe\n\nZwrotowi podlegają:\n- buty")
    assert verifier.verify("Karty podarunkowe nie podlegają zwrotowi.", passage, "pl").supported
    assert not verifier.verify("Karty podarunkowe podlegają zwrotowi.", passage, "pl").supported
    assert not verifier.verify("Buty nie podlegają zwrotowi.", passage, "pl").supported


def test_what_stands_in_the_heading_is_said_of_the_text(verifier: Verifier):
    passage = page("Trwa 2 lata.", title="Rowery", headings=("Gwarancja",))
    assert verifier.verify("Gwarancja na rowery trwa 2 lata.", passage, "pl").supported
    assert not verifier.verify("Gwarancja na narty trwa 2 lata.", passage, "pl").supported


@given(number=st.integers(2, 400), other=st.integers(2, 400))
@settings(max_examples=40)
def test_another_number_is_never_supported(verifier: Verifier, number: int, other: int):
    passage = page(f"Zamówienie anulujesz w ciągu {number} godzin od złożenia.")
    verdict = verifier.verify(f"Zamówienie można anulować w ciągu {other} godzin od złożenia.", passage, "pl")
    assert verdict.supported == (number == other)


@given(sentence=st.text(max_size=200), text=st.text(max_size=200), lang=st.sampled_from(["pl", "en"]))
@settings(max_examples=60)
def test_any_text_gets_a_verdict(verifier: Verifier, sentence: str, text: str, lang: str):
    verdict = verifier.verify(sentence, page(text, lang), lang)
    assert 0 <= verdict.covered <= 1
    assert all(0 <= start <= end <= len(text) for start, end in verdict.spans)


@pytest.mark.parametrize(
    "text", ["nie " * 9_000, "1 zł, " * 7_000, "a" * 50_000, "(" * 50_000, "Ala " * 12_000]
)
def test_long_texts_end(verifier: Verifier, text: str):
    assert not verifier.verify("Zwrot trwa 14 dni.", page(text), "pl").supported
    assert not verifier.verify(text, RULES, "pl").supported


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("The charge is £18 per dog per night.", True),
        ("The charge for a dog is £18 per stay.", False),
    ],
)
def test_what_is_charged_a_night_is_not_charged_a_stay(verifier: Verifier, sentence: str, supported: bool):
    text = "The charge for a dog is £18 per dog per night. Guide dogs stay free in any room."
    assert verifier.verify(sentence, page(text, "en"), "en").supported is supported
