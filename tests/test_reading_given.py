"""What a sentence gives, to be held against another one."""

import pytest
from hypothesis import given as tried
from hypothesis import strategies as st

from kbassist.reading.given import apart, given

DAY, MONTH, YEAR = 1440, 43_200, 518_400


def kinds(text: str, lang: str = "pl") -> set[tuple[str, float, float]]:
    return {(value.kind, value.low, value.high) for value in given(text, lang)}


@pytest.mark.parametrize(
    ("lang", "text", "wanted"),
    [
        ("pl", "Zwrot w ciągu 14 dni.", {("duration", 14 * DAY, 14 * DAY)}),
        ("pl", "Voucher jest ważny pół roku.", {("duration", 6 * MONTH, 6 * MONTH)}),
        ("pl", "Przyjdź kwadrans wcześniej.", {("duration", 15, 15)}),
        ("pl", "Odwołasz na dobę przed wizytą.", {("duration", DAY, DAY)}),
        ("pl", "Wejdą już dziesięciolatki.", {("number", 10, 10)}),
        ("pl", "Szesnastolatek ćwiczy sam.", {("number", 16, 16)}),
        ("pl", "3. Opłata wynosi 20 zł.", {("money", 20, 20)}),
        ("pl", "Kurier jest gratis.", {("money", 0, 0)}),
        ("pl", "Czynne 9:30–17:00.", {("hour", 570, 570), ("hour", 1020, 1020)}),
        ("pl", "Klient ukończył 16 lat.", {("duration", 16 * YEAR, 16 * YEAR), ("number", 16, 16)}),
        ("en", "The gate shuts half an hour before.", {("duration", 30, 30)}),
        ("en", "It is valid for a year.", {("duration", YEAR, YEAR), ("number", 1, 1)}),
        ("en", "Pool: open until 9.30 pm.", {("hour", 1290, 1290)}),
        ("en", "Open from noon to 12 am.", {("hour", 0, 0)}),
        ("en", "You can add up to five people.", {("number", 5, 5)}),
        ("en", "| Sunday | 10–4 |", {("hour", 600, 600), ("hour", 960, 960)}),
        ("en", "Open from 9 to 6 on Mondays.", {("hour", 540, 540), ("hour", 1080, 1080)}),
        ("en", "We deliver 2–4 days after Monday.", {("duration", 2 * DAY, 4 * DAY)}),
        ("en", "You pay the rest in monthly instalments.", set()),
        ("pl", "W soboty 10–14.", {("hour", 600, 600), ("hour", 840, 840)}),
        ("pl", "Zmienisz je do godziny 20:00 dnia poprzedniego.", {("hour", 1200, 1200)}),
        ("en", "One of the 12 sites was opened in 1998.", {("number", 12, 12), ("date", 729390, 729754)}),
    ],
)
def test_values_are_read(lang: str, text: str, wanted: set[tuple[str, float, float]]):
    assert kinds(text, lang) == wanted


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Zwrot w 14 dni.", "Zwrot w 30 dni.", True),
        ("Zwrot w 14 dni.", "Zwrot w dwa tygodnie.", False),
        ("Gwarancja 12 miesięcy.", "Gwarancja: rok.", False),
        ("Rama 3 lata, osprzęt 2 lata.", "Rama 5 lat, osprzęt 2 lata.", True),
        ("14 dni, a dla klubu 30 dni.", "Masz 30 dni.", False),
        ("Dostawa 12 zł.", "Dostawa w 2 dni.", False),
        ("Dostawa gratis.", "Dostawa 9,99 zł.", True),
        ("Od 16 lat.", "Wpuszczamy czternastolatki.", True),
        ("Zwrot pieniędzy w 14 dni.", "Zwrot pieniędzy w 10 dni roboczych.", False),
        ("Zwrot pieniędzy w 5 dni roboczych.", "Zwrot pieniędzy w 10 dni roboczych.", True),
        ("Zwrot pieniędzy w 5–7 dni roboczych.", "Zwrot pieniędzy w 7 dni roboczych.", False),
        ("Czynne 10–14 w soboty.", "Czynne 10–15 w soboty.", True),
        ("Nic tu nie ma.", "I tu nic.", False),
    ],
)
def test_what_only_one_gives_and_only_the_other(one: str, other: str, differ: bool):
    found = apart(given(one, "pl"), given(other, "pl"))
    assert (found is not None) is differ
    if found is not None:
        assert found[0].kind == found[1].kind
        assert not found[0].agrees(found[1])


@tried(st.text(max_size=120), st.sampled_from(["pl", "en", "de", ""]))
def test_places_lie_in_the_text(text: str, lang: str):
    for value in given(text, lang):
        assert 0 <= value.start < value.end <= len(text)
        assert value.low <= value.high
        assert value.agrees(value)


@tried(st.text(alphabet="0123456789 dnirokzł:.,–-amp", max_size=80))
def test_no_text_differs_from_itself(text: str):
    values = given(text, "pl")
    assert apart(values, values) is None
