from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.text.sentences import paragraphs, sentences


def split(text, lang="pl"):
    return [text[start:end] for start, end in sentences(text, lang)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Promocja trwa od 1 stycznia 2025 r.", "Zakupy robisz w sklepie."],
        ["Regulamin z dnia 1 stycznia 2025 r. określa zasady."],
        ["Zwroty do 14. dnia od zakupu.", "Potem reklamacja."],
        ["Termin upływa 24. Grudnia 2025."],
        ["Ustawa z dnia 23 kwietnia 1964 r. Kodeks cywilny (Dz. U. z 2024 r. poz. 1061, t.j.) obowiązuje."],
        ["Zgodnie z art. 5 ust. 2 pkt 3 lit. a Sprzedawca odpowiada.", "Klient nie."],
        ["Dotyczy to art. 6 ust. 1 lit. b.", "Sprzedawca odpowiada."],
        ["Przewozimy m.in. rowery, np. Romet, tj. duże paczki.", "Resztę też."],
        ["Spółka z o.o. z siedzibą przy ul. Długiej 5 lok. 3 w Warszawie.", "Kapitał wynosi 50 000,00 zł."],
        ["Prezesem jest dr J. Kowalski.", "Zastępcą A. B. Nowak."],
        ["Kosztuje 14,99 zł.", "Waży 2.5 kg.", "Ma 3 lata gwarancji."],
        ["Wejdź na www.sklep.pl.", "Napisz na biuro@sklep.pl."],
        ["Czy można zwrócić towar?", "Tak!", "W ciągu 14 dni..."],
        ["Powiedział: „Nie wiem.”", "Potem wyszedł."],
        ["Oferta (m.in. koce, poduszki itp.) Dotyczy sklepu."],
        ["Zamówienie nr 5.", "Wysyłka jutro."],
        ["1. Sprzedawca zwraca pieniądze.", "2. Klient odsyła towar."],
        ["Czekamy 14 dni.", "„Zwrot” oznacza oddanie rzeczy."],
        ["Dostawa trwa ok. 2 dni robocze, godz. 8–16, pon. – pt.", "W soboty nie."],
        ["Zamknięte w dniach 24–26 grudnia br.", "Zapraszamy w styczniu."],
    ],
)
def test_polish(parts):
    assert split(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "parts",
    [
        ["Mr. Smith paid $5.50, e.g. by card.", "He left at 5 p.m.", "That was all."],
        ["No. 5 is free.", "He said no.", "Then he paid."],
        ["Return it to Example Inc. within 14 days.", "Is that clear?", "Yes!"],
        ["See Section 4.2(b).", "It applies from 1 Jan. 2026."],
        ["The U.S. office is closed.", "Write to us."],
    ],
)
def test_english(parts):
    assert split(" ".join(parts), "en") == parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Dostawa\nKurier: 14,99 zł\nPaczkomat: 9,99 zł",
            ["Dostawa", "Kurier: 14,99 zł", "Paczkomat: 9,99 zł"],
        ),
        ("Pierwszy akapit\n\ndrugi akapit", ["Pierwszy akapit", "drugi akapit"]),
        ("Potrzebujesz:\n- paragonu\n- towaru", ["Potrzebujesz:", "- paragonu", "- towaru"]),
        ("§ 1\nZasady\n1. Sklep działa.\na) tak", ["§ 1", "Zasady", "1. Sklep działa.", "a) tak"]),
        (
            "Konsument może odstąpić od umowy w terminie czternastu dni bez\npodania przyczyny. Gratis.",
            [
                "Konsument może odstąpić od umowy w terminie czternastu dni bez\npodania przyczyny.",
                "Gratis.",
            ],
        ),
        (
            "Zasady przechowywania danych osobowych opisuje art. 30 ust.\n1 ustawy.",
            ["Zasady przechowywania danych osobowych opisuje art. 30 ust.\n1 ustawy."],
        ),
        (
            "1) kredycie kontraktowym albo o pożyczce na mieszkanie\n   - należy przez to rozumieć kredyt,",
            ["1) kredycie kontraktowym albo o pożyczce na mieszkanie\n   - należy przez to rozumieć kredyt,"],
        ),
        ("Kurier | 14,99 zł | jeden dzień roboczy od nadania\nodbiór | 0 zł | od ręki", None),
        ("", []),
        (" \n\t\n ", []),
    ],
)
def test_line_breaks(text, expected):
    assert split(text) == (text.split("\n") if expected is None else expected)


TEXTS = st.text(
    alphabet=st.sampled_from("aąbŻZ12 .,;:!?…\n\t()„”\"'-–§|\xa0") | st.characters(codec="utf-8"),
    max_size=300,
) | st.lists(
    st.sampled_from(
        [
            "Zwrot",
            "towaru",
            "art.",
            "ust. 2",
            "2025 r.",
            "14.",
            "np.",
            "Klient",
            "ma",
            "prawo.",
            "\n",
            "\n\n",
            "1)",
            "- ",
            "?",
        ]
    )
).map(" ".join)


@given(TEXTS, st.sampled_from(["pl", "en", "de"]))
def test_spans_are_trimmed_ordered_and_leave_nothing_out(text, lang):
    for spans in (sentences(text, lang), paragraphs(text)):
        assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
        assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
