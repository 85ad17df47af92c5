"""Personal data in running text: found by form and check digit, and replaced by marks.

A number with a check digit is taken only when the digit holds. Bare digits pass by chance one time in
ten, so a number that the text itself calls an order, an invoice or a parcel is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from kbassist.governance.checksums import iban_length, is_card, is_iban, is_id_card, is_nip, is_pesel, is_regon

PersonalDataKind = Literal["e-mail", "IBAN", "card", "PESEL", "NIP", "REGON", "ID card", "phone", "address"]
Found = tuple[int, int, PersonalDataKind]

_GAP = r"[ \u00a0\u202f-]"
_D = "[0-9]"
# A part of a longer reference is not a number of its own: FV/5260250274/2026, 2026-440514-01359.
_LEFT = r"(?:(?<![\w+])(?<![0-9][-/.])(?<![A-Za-z][-/])|(?<=NIP)|(?<=PESEL)|(?<=REGON))"
_RIGHT = r"(?!\w)(?![-/][0-9A-Za-z])(?!\.[0-9])"

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@|\s?[(\[](?:at|małpa)[)\]]\s?)"
    r"(?:[\w-]{1,63}(?:\.|\s?[(\[](?:dot|kropka)[)\]]\s?)){1,5}[^\W\d_]{2,24}(?![\w@])",
    re.IGNORECASE,
)
_IBAN_HEAD = re.compile(rf"{_LEFT}(?P<country>[A-Za-z]{{2}}){_D}{{2}}(?={_GAP}?[0-9A-Za-z])")

# Each form as it is written: in one piece, or in the customary groups.
_FORMS: tuple[tuple[PersonalDataKind, re.Pattern[str], Callable[[str], bool]], ...] = (
    (
        "IBAN",
        re.compile(rf"{_LEFT}{_D}{{2}}(?:{_GAP}?{_D}{{4}}){{6}}{_RIGHT}"),
        lambda digits: is_iban(f"PL{digits}"),
    ),
    (
        "card",
        re.compile(
            rf"{_LEFT}(?:{_D}{{14,19}}|{_D}{{4}}(?:{_GAP}{_D}{{4}}){{3}}(?:{_GAP}{_D}{{3}})?"
            rf"|{_D}{{4}}{_GAP}{_D}{{6}}{_GAP}{_D}{{4,5}}){_RIGHT}"
        ),
        is_card,
    ),
    ("PESEL", re.compile(rf"{_LEFT}{_D}{{6}}{_GAP}?{_D}{{5}}{_RIGHT}"), is_pesel),
    (
        "NIP",
        re.compile(
            rf"{_LEFT}(?:PL{_GAP}?)?(?:{_D}{{10}}|{_D}{{3}}{_GAP}{_D}{{3}}{_GAP}{_D}{{2}}{_GAP}{_D}{{2}}"
            rf"|{_D}{{3}}{_GAP}{_D}{{2}}{_GAP}{_D}{{2}}{_GAP}{_D}{{3}}){_RIGHT}",
            re.IGNORECASE,
        ),
        lambda code: is_nip(code[-10:]),
    ),
    ("REGON", re.compile(rf"{_LEFT}{_D}{{9}}{_GAP}?{_D}{{5}}{_RIGHT}"), is_regon),
    ("ID card", re.compile(rf"{_LEFT}[A-Za-z]{{3}}{_GAP}?{_D}{{6}}{_RIGHT}"), is_id_card),
)
_NINE = re.compile(rf"{_LEFT}{_D}{{9}}{_RIGHT}")
_PHONE_GAP = r"[ .\u00a0\u202f-]"
_PHONE = re.compile(
    rf"(?<![\w+])(?<![0-9][-/.])(?:"
    rf"(?:\(?(?:\+|00)48\)?{_PHONE_GAP}?|48{_PHONE_GAP})?"
    rf"(?:(?P<local>{_D}{{3}}{_PHONE_GAP}{_D}{{3}}{_PHONE_GAP}{_D}{{3}}"
    rf"|\(?0?{_D}{{2}}\)?{_PHONE_GAP}?{_D}{{3}}{_PHONE_GAP}{_D}{{2}}{_PHONE_GAP}{_D}{{2}})|(?<=48)(?P<joined>{_D}{{9}})"
    rf"|(?<=48{_PHONE_GAP})(?P<spaced>{_D}{{9}}))"
    rf"|(?:\+|00)(?!48)(?P<foreign>[1-9](?:{_PHONE_GAP}?\(?{_D}\)?){{7,13}})"
    rf"){_RIGHT}(?!\s?(?:zł|PLN|EUR|USD|€|%|szt|kg|km|m[²³2])\b)"
)
_MOBILE = frozenset("45 50 51 53 57 60 66 69 72 73 78 79 88".split())
_LANDLINE = frozenset(
    "12 13 14 15 16 17 18 22 23 24 25 29 32 33 34 41 42 43 44 46 47 48 52 54 55 56 58 59 61 62 63 65 67 68 71 74 75 "
    "76 77 80 81 82 83 84 85 86 87 89 91 94 95".split()
)
_UPPER = "A-ZĄĆĘŁŃÓŚŹŻ"
_TOWN = rf"{_D}{{2}}-{_D}{{3}}\s[{_UPPER}][\w-]{{2,30}}(?:\s[{_UPPER}][\w-]{{2,30}})?"
_ADDRESS = re.compile(
    rf"(?<!\w)(?i:ul|al|pl|os)\.\s?(?:{_D}{{1,2}}\s)?(?:[{_UPPER}][\w.-]{{0,30}}\s){{1,4}}"
    rf"{_D}{{1,4}}[A-Za-z]?(?:\s?(?:/|m\.|lok\.)\s?{_D}{{1,4}}[A-Za-z]?)?(?!\w)(?:,?\s{_TOWN})?"
    rf"|(?<![\w-]){_TOWN}"
)

# What the words just before a number say that it is.
_REFERENCE = re.compile(
    r"(?:#|\b(?:zam[óo]wie\w*|zlece\w*|faktur\w*|paragon\w*|paczk\w*|przesył\w*|przewozow\w*|reklamacj\w*|zgłosze\w*"
    r"|umow\w*|polis\w*|transakcj\w*|produkt\w*|artykuł\w*|katalogow\w*|seryjn\w*|referencyjn\w*"
    r"|orders?|invoice|receipt|parcel|package|shipment|tracking|ticket|case|claim|contract|transaction|serial"
    r"|reference|ref|sku|ean|isbn|imei|id)\b)"
    r"[\s.:#=–-]{0,3}(?:(?:nr|numer\w{0,3}|no|number|code|kod\w{0,3}|id|to|jest|o|is|was)\b[\s.:#=–-]{0,3}){0,4}[(\[„\"]?\Z",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\b(?P<name>PESEL|NIP|REGON)\w{0,3}\b[\s.:=–-]{0,3}(?:(?:to|nr|jest|is)\b[\s:]{0,2}){0,2}\Z", re.IGNORECASE)
_LOOK_BACK = 64


def find_personal_data(text: str) -> list[Found]:
    """`(start, end, kind)` of each piece of personal data, in order, not overlapping.

    E-mail addresses; IBAN and Polish account numbers, payment cards, PESEL, NIP, REGON and identity
    card numbers whose check digits hold; Polish and international telephone numbers; Polish street
    addresses and postal codes with a town. Time is linear in the length of the text.
    """
    found: list[Found] = []

    def take(start: int, end: int, kind: PersonalDataKind) -> None:
        if all(end <= other[0] or other[1] <= start for other in found):
            found.append((start, end, kind))

    for match in _EMAIL.finditer(text):
        take(*match.span(), "e-mail")
    for start, end in _ibans(text):
        take(start, end, "IBAN")
    for kind, form, holds in _FORMS:
        for match in form.finditer(text):
            code = re.sub(r"[^0-9A-Za-z]", "", match.group())
            if holds(code) and _stands_alone(text, match, found) and not _is_reference(text, match.start()):
                take(*match.span(), kind)
    for match in _NINE.finditer(text):
        nine = _nine_digits(match.group(), _label(text, match.start()))
        if nine and not _is_reference(text, match.start()):
            take(*match.span(), nine)
    for match in _PHONE.finditer(text):
        if _is_phone(match) and _stands_alone(text, match, found) and not _is_reference(text, match.start()):
            take(*match.span(), "phone")
    for match in _ADDRESS.finditer(text):
        take(*match.span(), "address")
    return sorted(found)


def redact(text: str) -> str:
    """The text with each piece of personal data replaced by its kind in brackets, such as `[PESEL]`."""
    parts, at = [], 0
    for start, end, kind in find_personal_data(text):
        parts += [text[at:start], f"[{kind}]"]
        at = end
    return "".join([*parts, text[at:]])
