"""How personal data is written: one expression for each kind, and the check of what it matched.

Every repetition is bounded. A form allows the customary grouping only, so that a column of figures is
not read as a telephone number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from kbassist.governance.checksums import is_card, is_iban, is_id_card, is_nip, is_pesel, is_regon

PersonalDataKind = Literal["e-mail", "IBAN", "card", "PESEL", "NIP", "REGON", "ID card", "phone", "address"]


class Form(NamedTuple):
    """A way of writing. `holds` gets the letters and digits of a match without what is between them."""

    kind: PersonalDataKind
    pattern: re.Pattern[str]
    holds: Callable[[str], bool]


_GAP = r"[ \u00a0\u202f-]"
# A part of a longer reference is not a number of its own (FV/5260250274/2026), nor are decimals.
_FREE = r"(?<![\w+])(?<![0-9][-/.])(?<![A-Za-z][-/])(?<!\W-)(?<!\b[0-9],)(?<!\b[0-9]{2},)(?<!\b[0-9]{3},)"
_LEFT = rf"(?:{_FREE}|(?<=NIP)|(?<=PESEL)|(?<=REGON))"
_RIGHT = r"(?!\w)(?![-/][0-9A-Za-z])(?!\.[0-9])"


def _number(*groupings: str, before: str = "") -> re.Pattern[str]:
    """Digits in any of the groupings, such as `"3 3 3"`; `"6?5"` may be written in one piece or in two."""

    def digits(grouping: str) -> str:
        return "".join(
            {" ": _GAP, "?": f"{_GAP}?"}.get(part, f"[0-9]{{{part}}}")
            for part in re.split("([ ?])", grouping)
        )

    return re.compile(rf"{_LEFT}{before}(?:{'|'.join(map(digits, groupings))}){_RIGHT}", re.IGNORECASE)


def _is_polish_iban(digits: str) -> bool:
    return is_iban(f"PL{digits}")


def _is_nip_with_country(code: str) -> bool:
    return is_nip(code[-10:])


NUMBERS: tuple[Form, ...] = (
    Form("IBAN", _number("2?4?4?4?4?4?4"), _is_polish_iban),
    Form("card", _number("14,19", "4 4 4 4", "4 4 4 4 3", "4 6 4", "4 6 5"), is_card),
    Form("PESEL", _number("6?5"), is_pesel),
    Form("NIP", _number("10", "3 3 2 2", "3 2 2 3", before=rf"(?:PL{_GAP}?)?"), _is_nip_with_country),
    Form("REGON", _number("9?5"), is_regon),
    Form("ID card", _number("6", before=rf"[A-Z]{{3}}{_GAP}?"), is_id_card),
)
"""Numbers that carry their own check, the longest and surest first."""

NINE_DIGITS = _number("9")
"""A telephone number or a REGON, in one piece."""

IBAN_HEAD = re.compile(rf"{_LEFT}(?P<country>[A-Z]{{2}})[0-9]{{2}}(?={_GAP}?[0-9A-Z])", re.IGNORECASE)
"""Where an account number with a country begins. How far it goes depends on the country."""

_MOBILE = frozenset("45 50 51 53 57 60 66 69 72 73 78 79 88".split())
_OTHER_RANGES = frozenset(
    "12 13 14 15 16 17 18 22 23 24 25 29 32 33 34 41 42 43 44 46 47 48 52 54 55 56 58 59 61 62 63 65 67 68 "
    "71 74 75 76 77 80 81 82 83 84 85 86 87 89 91 94 95".split()
)


def is_polish_phone(digits: str) -> bool:
    """Whether the last nine digits begin with a range of the Polish numbering plan (UKE)."""
    return digits[-9:-7] in _MOBILE or digits[-9:-7] in _OTHER_RANGES


def is_mobile(digits: str) -> bool:
    """Whether the last nine digits begin with a range of mobile numbers."""
    return digits[-9:-7] in _MOBILE


def _always(_: str) -> bool:
    return True


_SEP = r"[ .\u00a0\u202f-]"
_COUNTRY = rf"(?:\(?(?:\+|00)48\)?{_SEP}?|48{_SEP})"
_AREA = rf"(?:\(0?[0-9]{{2}}\){_SEP}?|0?[0-9]{{2}}{_SEP})"
_NOT_AN_AMOUNT = r"(?!\s?(?:zł|PLN|EUR|USD|€|%|szt|kg|km|m²))"


def _phone(written: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w+])(?<![0-9][-/.])(?:{written}){_RIGHT}{_NOT_AN_AMOUNT}")


PHONES: tuple[Form, ...] = (
    Form("phone", _phone(rf"{_COUNTRY}[0-9]{{9}}"), is_polish_phone),
    # No living person's PESEL has a mobile range after 48, where the month would be.
    Form("phone", _phone("48[0-9]{9}"), is_mobile),
    Form("phone", _phone(rf"{_COUNTRY}?[0-9]{{3}}(?:{_GAP}[0-9]{{3}}){{2}}"), is_polish_phone),
    # Full stops also group large amounts, and those seldom begin like a mobile number.
    Form("phone", _phone(rf"{_COUNTRY}?[0-9]{{3}}(?:\.[0-9]{{3}}){{2}}"), is_mobile),
    Form(
        "phone",
        _phone(rf"{_COUNTRY}?{_AREA}(?:[0-9]{{7}}|[0-9]{{3}}{_SEP}[0-9]{{2}}{_SEP}[0-9]{{2}})"),
        is_polish_phone,
    ),
    Form("phone", _phone(rf"(?:\+|00{_SEP}?)(?!48)[1-9](?:{_SEP}?\(?[0-9]\)?){{7,13}}"), _always),
)
"""Telephone numbers: Polish ones by their ranges, foreign ones by their prefix."""

EMAIL = re.compile(
    r"(?<!\w)(?=[.+-]{0,63}\w)[\w.+-]{1,64}(?:@|\s?[(\[](?:at|małpa)[)\]]\s?)"
    r"(?:[\w-]{1,63}(?:\.|\s?[(\[](?:dot|kropka)[)\]]\s?)){1,5}[^\W\d_]{2,24}(?![\w@])",
    re.IGNORECASE,
)

_UPPER = "A-ZĄĆĘŁŃÓŚŹŻ"
_TOWN = rf"[0-9]{{2}}-[0-9]{{3}}\s[{_UPPER}][\w-]{{2,30}}(?:\s[{_UPPER}][a-ząćęłńóśźż]{{2,30}})?"
ADDRESS = re.compile(
    rf"(?<!\w)(?i:ul|al|pl|os)\.\s?(?:[0-9]{{1,2}}\s)?(?:[{_UPPER}][\w.-]{{0,30}}\s){{1,4}}"
    rf"[0-9]{{1,4}}[A-Za-z]?(?:\s?(?:/|m\.|lok\.)\s?[0-9]{{1,4}}[A-Za-z]?)?(?!\w)(?:,?\s{_TOWN})?"
    rf"|(?<![\w-]){_TOWN}"
)
"""A street after its abbreviation with a house number, a postal code with its town, or both."""
