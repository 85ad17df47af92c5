from datetime import date
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.governance.checksums import is_card
from kbassist.governance.personal_data import find_personal_data, redact

# --- what is found -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PESEL 44051401359.", "PESEL [PESEL]."),
        ("Mój pesel to 440514 01359", "Mój pesel to [PESEL]"),
        ("ur. 2002, 02270812350", "ur. 2002, [PESEL]"),
        ("NIP 526-025-02-74", "NIP [NIP]"),
        ("NIP: 526 02 50 274", "NIP: [NIP]"),
        ("na firmę PL5260250274, proszę", "na firmę [NIP], proszę"),
        ("NIP5260250274", "NIP[NIP]"),
        ("REGON 123456785", "REGON [REGON]"),
        ("REGON: 12345678512347", "REGON: [REGON]"),
        ("konto PL61 1090 1014 0000 0712 1981 2874 w banku", "konto [IBAN] w banku"),
        ("na 61 1090 1014 0000 0712 1981 2874", "na [IBAN]"),
        ("61109010140000071219812874", "[IBAN]"),
        ("IBAN DE89 3704 0044 0532 0130 00, Berlin", "IBAN [IBAN], Berlin"),
        ("karta 4111 1111 1111 1111", "karta [card]"),
        ("card 5555555555554444 expired", "card [card] expired"),
        ("amex 3782 822463 10005", "amex [card]"),
        ("dowód ABS123456", "dowód [ID card]"),
        ("Dowód: ABA 300000", "Dowód: [ID card]"),
        ("tel. 601 234 567", "tel. [phone]"),
        ("tel.601234567, 22 123 45 67", "tel.[phone], [phone]"),
        ("(22) 123-45-67 lub +48 601-234-567", "[phone] lub [phone]"),
        ("601234567 602345678", "[phone] [phone]"),
        ("601 234 567 602 345 678", "[phone] [phone]"),
        ("0048601234567 i 48 601 234 567, 48601234567", "[phone] i [phone], [phone]"),
        ("+44 20 7946 0958, +1 (212) 555-0123", "[phone], [phone]"),
        ("jan.kowalski+sklep@poczta.firma.com.pl.", "[e-mail]."),
        ("żółw@łódka.pl", "[e-mail]"),
        ("jan (at) wp (dot) pl", "[e-mail]"),
        ("ul. Długa 5/7, 00-950 Warszawa", "[address]"),
        ("mieszkam na ul. 3 Maja 12A m. 4", "mieszkam na [address]"),
        ("wysyłka: 43-300 Bielsko-Biała proszę", "wysyłka: [address] proszę"),
    ],
)
def test_it_is_replaced_by_its_kind(text, expected):
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        # said to be something else
        "zamówienie 5260250274",
        "Zamówienie nr 44051401359 nie przyszło",
        "numer zamówienia to: 601234567",
        "order #123456785",
        "order number is 4111111111111111",
        "faktura nr 5260250274",
        "paczka 601 234 567",
        "numer przesyłki: 02270812350",
        "ticket 44051401359",
        "ISBN 9788301000011",
        # part of something longer
        "FV/5260250274/2026",
        "2026-44051401359",
        "A5260250274",
        "0,5260250274",
        "192.168.100.200",
        "620012345678901234567890",
        "52 60 25 02 74",
        # a broken check digit
        "44051401358",
        "5260250275",
        "PESEL 44991401358",
        "REGON 123456784",
        "4111 1111 1111 1112",
        "61 1090 1014 0000 0712 1981 2875",
        "PL61 1090 1014 0000 0712 1981 2875",
        "ABS123455",
        # other numbers
        "120 000 000 zł",
        "181.600.000",
        "od 2025-08-31 do 31.08.2026",
        "§ 7 ust. 2 pkt 3, art. 1234",
        "pon.-pt. 8:00-16:00",
        "999999999",
        "@kbassist i a@b",
    ],
)
def test_it_is_left_alone(text):
    assert find_personal_data(text) == []


def test_spans_are_of_the_text_in_order_and_apart():
    text = "Jan, PESEL 44051401359, tel. 601 234 567, jan@wp.pl"
    found = find_personal_data(text)
    assert [(text[start:end], kind) for start, end, kind in found] == [
        ("44051401359", "PESEL"),
        ("601 234 567", "phone"),
        ("jan@wp.pl", "e-mail"),
    ]


def test_an_order_does_not_hide_what_follows_it():
    text = "zamówienie 123456785, PESEL 44051401359, kontakt 601234567"
    assert redact(text) == "zamówienie 123456785, PESEL [PESEL], kontakt [phone]"


def test_numbers_in_groups_are_not_cut_out_of_a_longer_row():
    assert redact("wynik 12 601 234 567") == "wynik 12 601 234 567"


# --- laws ----------------------------------------------------------------------------------------


def weighted(digits, weights):
    return sum(int(d) * w for d, w in zip(digits, weights, strict=False))


@st.composite
def pesels(draw):
    day = draw(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
    month = day.month + (20 if day.year >= 2000 else 0)
    body = f"{day.year % 100:02}{month:02}{day.day:02}{draw(st.integers(0, 9999)):04}"
    return body + str(-weighted(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10)


@st.composite
def nips(draw):
    body = str(draw(st.integers(1, 9))) + draw(st.from_regex(r"[1-9]{2}[0-9]{6}", fullmatch=True))
    check = weighted(body, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11
    return None if check == 10 or len({*body, str(check)}) == 1 else f"{body}{check}"


@st.composite
def regons(draw):
    body = draw(st.from_regex(r"[0-9]{8}", fullmatch=True))
    nine = f"{body}{weighted(body, (8, 9, 2, 3, 4, 5, 6, 7)) % 11 % 10}"
    if len(set(nine)) == 1 or not draw(st.booleans()):
        return nine
    long = nine + draw(st.from_regex(r"[0-9]{4}", fullmatch=True))
    return f"{long}{weighted(long, (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)) % 11 % 10}"


@st.composite
def cards(draw):
    body = draw(st.sampled_from(["4", "51", "55", "2221"])) + draw(
        st.from_regex(r"[0-9]{14}", fullmatch=True)
    )
    body = body[:15]
    doubled = sum(sum(divmod(int(d) * (2 - place % 2), 10)) for place, d in enumerate(body))
    return f"{body}{-doubled % 10}"


@st.composite
def accounts(draw):
    body = draw(st.from_regex(r"[0-9]{24}", fullmatch=True))
    return f"{98 - int(f'{body}252100') % 97:02}{body}"


@st.composite
def id_cards(draw):
    letters = draw(st.from_regex(r"[A-Z]{3}", fullmatch=True))
    digits = draw(st.from_regex(r"[0-9]{5}", fullmatch=True))
    total = sum(int(c, 36) * w for c, w in zip(letters + digits, (7, 3, 1, 7, 3, 1, 7, 3), strict=True))
    return f"{letters}{total % 10}{digits}"


def broken(code, place):
    """The same code with the digit at `place` from its end one higher."""
    at = len(code) - 1 - place
    return f"{code[:at]}{(int(code[at]) + 1) % 10}{code[at + 1 :]}"


KINDS = {
    "PESEL": (pesels(), 0),
    "NIP": (nips().filter(bool), 0),
    "card": (cards(), 0),
    "IBAN": (accounts(), 0),
    "ID card": (id_cards(), 5),
}


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_every_valid_number_is_found_and_none_with_a_broken_check_digit(kind, data):
    codes, check_at = KINDS[kind]
    code = data.draw(codes)
    text = f"Dane: {code}, dziękuję."
    assert find_personal_data(text) == [(6, 6 + len(code), kind)]
    wrong = broken(code, check_at)
    assert [found for *_, found in find_personal_data(f"Dane: {wrong}, dziękuję.") if found != "phone"] == []


def is_no_card(code: str) -> bool:
    """One in some hundred numbers of 14 digits is a card's as well, and is called that."""
    return not is_card(code) and not is_card(broken(code, 0))


@given(regons().filter(lambda code: len(set(code)) > 1 and is_no_card(code)))
def test_every_valid_regon_is_found_with_its_label_and_hidden_without(code):
    assert find_personal_data(f"REGON: {code}") == [(7, 7 + len(code), "REGON")]
    assert code not in redact(f"firma {code}")
    assert find_personal_data(f"REGON: {broken(code, 0)}") == []


pieces = st.lists(
    st.one_of(
        pesels(),
        cards(),
        accounts(),
        st.from_regex(r"\+?[0-9]{2,4}([ .-]?[0-9]{2,4}){0,4}", fullmatch=True),
        st.from_regex(r"[a-z]{1,5}@[a-z]{1,5}\.pl", fullmatch=True),
        st.sampled_from(
            ["PESEL", "NIP", "zamówienie nr", "tel.", "ul. Długa 5", "00-950 Warszawa", "i", ","]
        ),
        st.text(max_size=6),
    ),
    max_size=8,
)


@given(pieces, st.sampled_from([" ", ", ", "\n", ""]))
def test_what_is_redacted_stays_redacted_and_the_rest_stays(parts, separator):
    text = separator.join(parts)
    found = find_personal_data(text)
    assert all(0 <= start < end <= len(text) for start, end, _ in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    rebuilt, at = "", 0
    for start, end, kind in found:
        rebuilt += text[at:start] + f"[{kind}]"
        at = end
    assert redact(text) == rebuilt + text[at:]
    if separator:  # what is glued to a number is set free by the mark that takes the number's place
        assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize("text", ["a@b.pl.@c.pl", "a@b.pl.x@c.pl", "a@b.pl-x@c.pl", "a@b.pl+x@c.pl"])
def test_addresses_that_touch_are_all_redacted(text):
    assert redact(redact(text)) == redact(text)
    assert "a@b.pl" not in redact(text)
    assert "x@c.pl" not in redact(text)


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "12-", "+48 ", "a", "a.", "a@", "PL61 ", "ul. A ", "zamówienie nr ", "(2"]
)
def test_the_time_is_linear_in_the_text(unit):
    def seconds(length):
        text = unit * (length // len(unit))
        started = perf_counter()
        find_personal_data(text)
        return perf_counter() - started

    seconds(1_000)
    # Quadratic time would be 64 times the time of an eighth.
    assert seconds(80_000) < 24 * max(seconds(10_000), 0.005)
