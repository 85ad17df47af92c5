"""What is spoken: numbers in words, in the right form, and no sign that a speech engine stumbles over."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.assist import numerals_en, numerals_pl
from kbassist.assist.speech import speakable

POLISH = {
    # amounts and how they decline
    "Kurier kosztuje 14,99 zł.": "Kurier kosztuje czternaście złotych dziewięćdziesiąt dziewięć groszy.",
    "Od 249 zł za darmo.": "Od dwustu czterdziestu dziewięciu złotych za darmo.",
    "Do 1500 zł.": "Do tysiąca pięciuset złotych.",
    "1 zł, 2 zł, 22 zł, 5 zł": "Jeden złoty, dwa złote, dwadzieścia dwa złote, pięć złotych.",
    "1 000 zł i 39,00 EUR": "Tysiąc złotych i trzydzieści dziewięć euro.",
    "5 tys. zł": "Pięć tysięcy złotych.",
    "Płaca 6800–8200 zł": "Płaca od sześciu tysięcy ośmiuset do ośmiu tysięcy dwustu złotych.",
    # terms
    "Masz 14 dni.": "Masz czternaście dni.",
    "W ciągu 14 dni.": "W ciągu czternastu dni.",
    "Po 2 latach, 3 lata, 2 godziny": "Po dwóch latach, trzy lata, dwie godziny.",
    "3–4 dni robocze": "Od trzech do czterech dni roboczych.",
    "14-dniowy termin": "Czternastodniowy termin.",
    # percentages and measures
    "Rabat 8%": "Rabat osiem procent.",
    "Rabat do 8 %": "Rabat do ośmiu procent.",
    "RRSO 10,14%": "RRSO dziesięć przecinek czternaście procenta.",
    "10 x 20 cm, 1,5 kg": "Dziesięć na dwadzieścia centymetrów, jeden przecinek pięć kilograma.",
    # dates and times
    "Od 1 stycznia 2026 r.": "Od pierwszego stycznia dwa tysiące dwudziestego szóstego roku.",
    "31.08.2025": "Trzydziestego pierwszego sierpnia dwa tysiące dwudziestego piątego roku.",
    "2025-08-31": "Trzydziestego pierwszego sierpnia dwa tysiące dwudziestego piątego roku.",
    "W 1987 roku": "W tysiąc dziewięćset osiemdziesiątym siódmym roku.",
    "31. dnia": "Trzydziestego pierwszego dnia.",
    "Do 12:00": "Do dwunastej.",
    "W sobotę 9:00–14:30": "W sobotę od dziewiątej do czternastej trzydzieści.",
    "Pon.–pt. w godz. 9:00-17:00": "Od poniedziałku do piątku w godzinach od dziewiątej do siedemnastej.",
    # provisions
    "Zgodnie z § 7 ust. 2 pkt 3": "Zgodnie z paragrafem siódmym ustępem drugim punktem trzecim.",
    "W § 7 ust. 2": "W paragrafie siódmym ustępie drugim.",
    "§ 3a i art. 12": "Paragraf trzeci a i artykuł dwunasty.",
    # abbreviations and addresses
    "Przy ul. Kuźniczej 7B, np. pod nr 3": "Przy ulicy Kuźniczej siedem B, na przykład pod numerem trzy.",
    "tel. 99 555 01 20": "Telefon dziewięć dziewięć, pięć pięć pięć, zero jeden, dwa zero.",
    "+48 600 100 200": "Plus cztery osiem, sześć zero zero, jeden zero zero, dwa zero zero.",
    "pomoc@sklep-ogrod.pl": "Pomoc małpa sklep myślnik ogrod kropka pe el.",
    "Zobacz https://www.sklep.pl/zwroty.html?a=1#b": "Zobacz sklep kropka pe el ukośnik zwroty.",
    "Kod 00-950, zamówienie RS-318824": (
        "Kod zero zero, dziewięć pięć zero, zamówienie R S trzy jeden osiem, osiem dwa cztery."
    ),
    # lists
    "Bez zwrotu:\n- karty,\n- trzonki na wymiar,\n- grawer.": (
        "Bez zwrotu: karty, trzonki na wymiar oraz grawer."
    ),
    "1. Gwarancja trwa:\n1) 10 lat na kute,\n2) 3 lata na trzonki.\n2. Nie obejmuje rdzy.": (
        "Gwarancja trwa: dziesięć lat na kute oraz trzy lata na trzonki. Nie obejmuje rdzy."
    ),
    "2. Konto może założyć osoba, która ukończyła 16 lat.": (
        "Konto może założyć osoba, która ukończyła szesnaście lat."
    ),
    "Cena (brutto) — „z VAT”": "Cena, brutto, z VAT.",
    "": "",
}
ENGLISH = {
    "39.00 PLN for 20 kg.": "Thirty-nine zlotys for twenty kilograms.",
    "$14.99, €5": "Fourteen dollars and ninety-nine cents, five euros.",
    "1,500 PLN": "One thousand five hundred zlotys.",
    "You have 14 days.": "You have fourteen days.",
    "A 30-day period": "A thirty-day period.",
    "3–4 working days": "Three to four working days.",
    "10.14%": "Ten point one four percent.",
    "From 1 March to 31 May 2026": "From the first of March to the thirty-first of May twenty twenty-six.",
    "since 1987": "Since nineteen eighty-seven.",
    "Open 9:00–14:30": "Open nine AM to two thirty PM.",
    "§ 7 and art. 5": "Section seven and article five.",
    "the 3rd parcel, e.g. by courier": "The third parcel, for example by courier.",
    "info@shop.example": "Info at shop dot example.",
    "It is free:\n- in Poland\n- abroad": "It is free: in Poland and abroad.",
}


@pytest.mark.parametrize(("written", "spoken"), POLISH.items(), ids=repr)
def test_polish_as_it_is_spoken(written: str, spoken: str):
    assert speakable(written, "pl") == spoken


@pytest.mark.parametrize(("written", "spoken"), ENGLISH.items(), ids=repr)
def test_english_as_it_is_spoken(written: str, spoken: str):
    assert speakable(written, "en") == spoken


@given(st.text(max_size=300), st.sampled_from(["pl", "en"]))
def test_no_sign_is_left_whatever_is_written(text: str, lang: str):
    assert not re.search(r"[^\w\s.,?!:'’-]|\n|https?:|@", speakable(text, lang))


@given(st.integers(0, 999_999), st.sampled_from(["nom", "gen", "dat", "instr", "loc"]))
def test_every_number_has_words(number: int, case: numerals_pl.Case):
    assert not any(map(str.isdigit, numerals_pl.cardinal(number, case)))
    assert not any(map(str.isdigit, numerals_pl.ordinal(number % 10_000, "m.gen")))
    assert numerals_en.cardinal(number)
    assert numerals_en.ordinal(number).endswith(("th", "st", "nd", "rd"))


@given(st.lists(st.integers(0, 999_999), min_size=2, max_size=2, unique=True))
def test_two_numbers_never_sound_alike(pair: list[int]):
    for said in (numerals_pl.cardinal, numerals_en.cardinal):
        assert said(pair[0]) != said(pair[1])


@pytest.mark.parametrize("text", ["1 " * 25_000, "zł" * 25_000, "1-" * 25_000, "a." * 25_000, "§" * 50_000])
def test_long_nonsense_takes_no_time(text: str):
    assert isinstance(speakable(text, "pl"), str)
    assert isinstance(speakable(text, "en"), str)
