"""Check digits of the numbers that identify people, firms, accounts and cards. Digits in, yes or no out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import MappingProxyType

# PESEL counts the century in the month: 1800s +80, 1900s +0, 2000s +20, 2100s +40, 2200s +60.
_CENTURIES = MappingProxyType({4: 1800, 0: 1900, 1: 2000, 2: 2100, 3: 2200})
# Lengths by country, from the SWIFT IBAN registry: Europe and what a Polish firm meets beside it.
_IBAN_LENGTHS = MappingProxyType(
    {
        "AD": 24, "AE": 23, "AL": 28, "AT": 20, "BA": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24,
        "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
        "GL": 18, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20,
        "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28,
        "PT": 25, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
        "VA": 22, "XK": 20,
    }
)  # fmt: skip


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def is_pesel(digits: str) -> bool:
    """Eleven digits: a date of birth that exists, and the check digit."""
    if len(digits) != 11 or _weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10:
        return False
    century, month = divmod(int(digits[2:4]), 20)
    try:
        date(_CENTURIES[century] + int(digits[:2]), month, int(digits[4:6]))
    except ValueError:
        return False
    return True


def is_nip(digits: str) -> bool:
    """Ten digits, remainder 11, the first three never zero."""
    if len(digits) != 10 or "0" in digits[:3] or len(set(digits)) == 1:
        return False
    return _weighted(digits, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(digits[9])


def is_regon(digits: str) -> bool:
    """Nine digits, or fourteen that begin with a valid nine; remainder 11, where 10 is written 0."""
    if len(set(digits)) == 1:
        return False
    nine = len(digits) in (9, 14) and _weighted(digits, (8, 9, 2, 3, 4, 5, 6, 7)) % 11 % 10 == int(digits[8])
    if len(digits) == 9:
        return nine
    weights = (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)
    return nine and _weighted(digits, weights) % 11 % 10 == int(digits[13])


def is_id_card(code: str) -> bool:
    """A Polish identity card: three letters, a check digit and five digits; weights 7, 3, 1."""
    values = [int(character, 36) for character in code]
    rest = [*values[:3], *values[4:]]
    weights = (7, 3, 1, 7, 3, 1, 7, 3)
    return sum(value * weight for value, weight in zip(rest, weights, strict=True)) % 10 == values[3]


def is_card(digits: str) -> bool:
    """A payment card: an issuer's range and length, and Luhn's check digit (ISO/IEC 7812)."""
    length, head = len(digits), int(digits[:4])
    issued = (
        (length in (13, 16, 19) and digits[0] == "4")
        or (length == 16 and (5100 <= head <= 5599 or 2221 <= head <= 2720))
        or (length == 15 and digits[:2] in ("34", "37"))
        or (length == 14 and (digits[:2] in ("36", "38", "39") or 3000 <= head <= 3059))
        or (length in (16, 19) and (head == 6011 or digits[:2] in ("62", "65") or 3528 <= head <= 3589))
        or (12 <= length <= 19 and (digits[:2] in ("50", "67") or digits[:2] in ("56", "57", "58", "63")))
    )
    return issued and luhn(digits)


def luhn(digits: str) -> bool:
    """Luhn's check: every second digit from the right doubled, the sum of digits divisible by 10."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0


def iban_length(country: str) -> int | None:
    """How many characters an account number of that country has, None where it has no IBAN here."""
    return _IBAN_LENGTHS.get(country.upper())


def is_iban(code: str) -> bool:
    """Country, check digits and account without spaces; remainder 97 (ISO 13616)."""
    if iban_length(code[:2]) != len(code):
        return False
    turned = code[4:] + code[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1
