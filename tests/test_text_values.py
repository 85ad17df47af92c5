from datetime import date
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.text.values import find_values


def stated(text, lang="pl"):
    return [(v.kind, v.amount, v.upper, v.unit) for v in find_values(text, lang) if v.kind != "date"]


def days(text, lang="pl"):
    return [v.days or (v.amount, v.upper) for v in find_values(text, lang) if v.kind == "date"]


def duration(amount, unit="day", upper=None):
    return ("duration", float(amount), float(upper or amount), unit)


def money(amount, unit="PLN", upper=None):
    return ("money", float(amount), float(upper or amount), unit)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("w ciągu 14 dni", duration(14)),
        ("w ciągu\n14\ndni", duration(14)),
        ("czternaście dni", duration(14)),
        ("w terminie czternastu dni", duration(14)),
        ("Czternastu (14) dni", duration(14)),
        ("14 (słownie: czternaście) dni", duration(14)),
        ("14-dniowy termin", duration(14)),
        ("termin czternastodniowy", duration(14)),
        ("14 dni kalendarzowych", duration(14)),
        ("14 dni roboczych", duration(14, "workday")),
        ("5 dni rob.", duration(5, "workday")),
        ("w ciągu 1 dnia roboczego", duration(1, "workday")),
        ("2 tygodnie", duration(14)),
        ("dwutygodniowy", duration(14)),
        ("w ciągu tygodnia", duration(7)),
        ("w terminie miesiąca", duration(1, "month")),
        ("3 miesiące", duration(3, "month")),
        ("24-miesięczna gwarancja", duration(24, "month")),
        ("dwuletnia gwarancja", duration(24, "month")),
        ("2 lata", duration(24, "month")),
        ("jeden rok", duration(12, "month")),
        ("pół roku", duration(6, "month")),
        ("półtora roku", duration(18, "month")),
        ("dwadzieścia jeden lat", duration(252, "month")),
        ("48 godzin", duration(2880, "minute")),
        ("48h", duration(2880, "minute")),
        ("półtorej godziny", duration(90, "minute")),
        ("1,5 godz.", duration(90, "minute")),
        ("od 5 do 7 dni", duration(5, upper=7)),
        ("5–7 dni roboczych", duration(5, "workday", 7)),
        ("dwa lub trzy dni", duration(2, upper=3)),
        ("19,99 zł", money(19.99)),
        ("19.99 zł", money(19.99)),
        ("19 zł 99 gr", money(19.99)),
        ("99 groszy", money(0.99)),
        ("1 299,00 zł", money(1299)),
        ("1\u00a0299 zł", money(1299)),
        ("1.299 zł", money(1299)),
        ("1.299,50 PLN", money(1299.5)),
        ("PLN 100", money(100)),
        ("15,- zł", money(15)),
        ("sto dwadzieścia złotych", money(120)),
        ("5 tys. zł", money(5000)),
        ("5–10 tys. zł", money(5000, upper=10000)),
        ("dwa tysiące pięćset zł", money(2500)),
        ("2 mln euro", money(2_000_000, "EUR")),
        ("10 €", money(10, "EUR")),
        ("€10", money(10, "EUR")),
        ("23%", ("percent", 23, 23, "%")),
        ("23 proc.", ("percent", 23, 23, "%")),
        ("pięć procent", ("percent", 5, 5, "%")),
        ("2,5 %", ("percent", 2.5, 2.5, "%")),
        ("10-15%", ("percent", 10, 15, "%")),
    ],
)
def test_a_polish_value(text, value):
    assert stated(text) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("within 30 days", duration(30)),
        ("thirty days", duration(30)),
        ("ninety calendar days", duration(90)),
        ("a 14-day period", duration(14)),
        ("two-week", duration(14)),
        ("within a week", duration(7)),
        ("twenty-one days", duration(21)),
        ("3-5 business days", duration(3, "workday", 5)),
        ("between 3 and 5 working days", duration(3, "workday", 5)),
        ("a one-year warranty", duration(12, "month")),
        ("1.5 hours", duration(90, "minute")),
        ("one hundred and twenty days", duration(120)),
        ("£1,299.50", money(1299.5, "GBP")),
        ("1,299 EUR", money(1299, "EUR")),
        ("1.500 kg for $5", money(5, "USD")),
        ("two thousand five hundred dollars", money(2500, "USD")),
        ("20 zł", money(20)),
        ("five percent", ("percent", 5, 5, "%")),
        ("0.5%", ("percent", 0.5, 0.5, "%")),
    ],
)
def test_an_english_value(text, value):
    assert stated(text, "en") == [value]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("7 dni w tygodniu, 24 godziny na dobę", "pl"),
        ("24/7", "pl"),
        ("do 5 dnia miesiąca", "pl"),
        ("2 letnie sukienki", "pl"),
        ("wersja 1.2.3", "pl"),
        ("art. 12 ust. 1", "pl"),
        ("§ 7", "pl"),
        ("250 gr masła", "pl"),
        ("12 miesięcznych rat", "pl"),
        ("w ciągu roku kalendarzowego", "pl"),
        ("10 dnipro", "pl"),
        ("7 days a week", "en"),
        ("it may 5 times", "en"),
        ("day one", "en"),
    ],
)
def test_what_is_no_value(text, lang):
    assert find_values(text, lang) == []


@pytest.mark.parametrize(
    ("text", "lang", "first", "last"),
    [
        ("31 sierpnia 2025 r.", "pl", (2025, 8, 31), (2025, 8, 31)),
        ("dnia 1 Maja 2025", "pl", (2025, 5, 1), (2025, 5, 1)),
        ("31.08.2025", "pl", (2025, 8, 31), (2025, 8, 31)),
        ("31/08/2025 r.", "pl", (2025, 8, 31), (2025, 8, 31)),
        ("2025-08-31", "pl", (2025, 8, 31), (2025, 8, 31)),
        ("31 VIII 2025", "pl", (2025, 8, 31), (2025, 8, 31)),
        ("1-15 maja 2025", "pl", (2025, 5, 1), (2025, 5, 15)),
        ("od 1 lipca do 31 sierpnia 2025 r.", "pl", (2025, 7, 1), (2025, 8, 31)),
        ("1.08–31.08.2025", "pl", (2025, 8, 1), (2025, 8, 31)),
        ("20 grudnia - 6 stycznia 2026", "pl", (2025, 12, 20), (2026, 1, 6)),
        ("1 stycznia 2024 r. – 31 grudnia 2024 r.", "pl", (2024, 1, 1), (2024, 12, 31)),
        ("do końca lutego 2024 r.", "pl", (2024, 2, 1), (2024, 2, 29)),
        ("w maju 2025", "pl", (2025, 5, 1), (2025, 5, 31)),
        ("w roku 1998", "pl", (1998, 1, 1), (1998, 12, 31)),
        ("ustawa z 2004 r.", "pl", (2004, 1, 1), (2004, 12, 31)),
        ("31 August 2025", "en", (2025, 8, 31), (2025, 8, 31)),
        ("August 31st, 2025", "en", (2025, 8, 31), (2025, 8, 31)),
        ("the 1st of May 2025", "en", (2025, 5, 1), (2025, 5, 1)),
        ("May 5-8, 2025", "en", (2025, 5, 5), (2025, 5, 8)),
        ("1 May to 15 June 2025", "en", (2025, 5, 1), (2025, 6, 15)),
        ("02/13/2025", "en", (2025, 2, 13), (2025, 2, 13)),
        ("June 2025", "en", (2025, 6, 1), (2025, 6, 30)),
        ("until 2024.", "en", (2024, 1, 1), (2024, 12, 31)),
    ],
)
def test_a_date(text, lang, first, last):
    assert days(text, lang) == [(date(*first), date(*last))]


@pytest.mark.parametrize(
    ("text", "lang"),
    [("31 lutego 2025", "pl"), ("32.01.2025", "pl"), ("01/02/2025", "en"), ("1.2.2025.3", "pl")],
)
def test_a_day_that_does_not_exist_or_cannot_be_told_is_left_out(text, lang):
    assert find_values(text, lang) == []


def test_a_date_without_a_year_has_a_month_and_a_day():
    (value,) = find_values("do 31 sierpnia", "pl")
    assert (value.unit, value.amount, value.days) == ("month_day", 831.0, None)


def test_values_come_in_order_with_their_places():
    text = "Do 31 sierpnia 2025 r. dostawa kosztuje 9,99 zł (rabat 20%) i trwa 2-3 dni robocze."
    found = find_values(text, "pl")
    assert [value.text for value in found] == ["31 sierpnia 2025 r.", "9,99 zł", "20%", "2-3 dni robocze"]
    assert all(text[value.start : value.end] == value.text for value in found)


def test_the_language_decides_what_a_separator_means():
    assert stated("1.500 zł", "pl") == [money(1500)]
    assert stated("1.500 zł", "en") == [money(1.5)]
    assert stated("1,500 zł", "pl") == [money(1.5)]
    assert stated("1,500 zł", "en") == [money(1500)]


@given(st.integers(0, 9_999_999), st.integers(0, 99))
def test_an_amount_is_read_as_it_is_written(whole, cents):
    amount = whole + cents / 100
    grouped = f"{whole:,}"
    for polish in (f"{whole},{cents:02} zł", f"{grouped.replace(',', ' ')},{cents:02} zł"):
        assert stated(polish) == [("money", pytest.approx(amount), pytest.approx(amount), "PLN")]
    english = f"£{grouped}.{cents:02}"
    assert stated(english, "en") == [("money", pytest.approx(amount), pytest.approx(amount), "GBP")]


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_date_is_read_in_every_way_of_writing(day):
    months = (
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
    ).split()
    for text in (day.isoformat(), f"{day:%d.%m.%Y}", f"{day.day} {months[day.month - 1]} {day.year} r."):
        assert days(f"do {text}, potem nie") == [(day, day)]
    assert days(f"until {day:%B} {day.day}, {day.year}", "en") == [(day, day)]


fragments = st.lists(
    st.one_of(
        st.sampled_from(
            "14 dni zł % do - 2025 maja sto pięć tys. (14) r. 31.08.2025 and one , days €".split()
        ),
        st.text(max_size=4),
    ),
    max_size=12,
).map(" ".join)


@given(fragments, st.sampled_from(["pl", "en"]))
def test_any_text_gives_values_in_order_that_do_not_overlap(text, lang):
    end = 0
    for value in find_values(text, lang):
        assert end <= value.start < value.end <= len(text)
        assert text[value.start : value.end] == value.text
        assert value.amount <= value.upper
        end = value.end


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "111 ",
        "1.",
        "sto ",
        "5 do ",
        "1-",
        "14 (a ",
        "maja ",
        "31 maja do ",
        "twenty-",
        "€",
    ],
)
def test_the_time_is_linear_in_the_text(unit):
    def seconds(length):
        text = unit * (length // len(unit))
        started = perf_counter()
        find_values(text, "pl")
        find_values(text, "en")
        return perf_counter() - started

    seconds(1_000)
    # Quadratic time would be 64 times the time of an eighth.
    assert seconds(40_000) < 24 * max(seconds(5_000), 0.005)
