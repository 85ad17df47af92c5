"""Personal data in running text: found by form and check digit, and replaced by marks.

A number with a check digit is taken only when the digit holds. Bare digits pass by chance one time in
ten, so a number that the text itself calls an order, an invoice or a parcel is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbassist.governance.checksums import iban_length, is_iban, is_regon
from kbassist.governance.identifiers import (
    ADDRESS,
    EMAIL,
    IBAN_HEAD,
    NINE_DIGITS,
    NUMBERS,
    PHONES,
    PersonalDataKind,
    is_mobile,
    is_polish_phone,
)

Found = tuple[int, int, PersonalDataKind]

_LOOK_BACK = 64
_NOUNS = (
    "zam[óo]wie zlece faktur paragon paczk przesył przewozow reklamacj zgłosze umow polis transakcj produkt "
    "artykuł katalogow seryjn referencyjn "
    "order invoice receipt parcel package shipment tracking ticket claim contract transaction serial"
)
# What the words just before a number say that it is.
_REFERENCE = re.compile(
    rf"(?:#|\b(?:(?:{'|'.join(_NOUNS.split())})\w{{0,12}}|case|reference|ref|sku|ean|isbn|imei|id)\b)[\s.:#=–-]{{0,3}}"
    r"(?:(?:nr|numer\w{0,3}|no|number|code|kod\w{0,3}|id|to|jest|o|is|was)\b[\s.:#=–-]{0,3}){0,4}[(\[„\"]?\Z",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?P<name>PESEL|NIP|REGON)\w{0,3}[\s.:=–-]{0,3}(?:(?:to|nr|jest|is)\b[\s:]{0,2}){0,2}\Z", re.IGNORECASE
)


def find_personal_data(text: str) -> list[Found]:
    """`(start, end, kind)` of each piece of personal data, in order, not overlapping.

    E-mail addresses; IBAN and Polish account numbers, payment cards, PESEL, NIP, REGON and identity
    card numbers whose check digits hold; Polish and international telephone numbers; Polish street
    addresses and postal codes with a town. Time is linear in the length of the text.
    """
    found: list[Found] = []
    taken = bytearray(len(text))
    for start, end, kind in _candidates(text, taken):
        if not any(taken[start:end]):
            found.append((start, end, kind))
            taken[start:end] = b"\x01" * (end - start)
    return sorted(found)


def redact(text: str) -> str:
    """The text with each piece of personal data replaced by its kind in brackets, such as `[PESEL]`."""
    parts: list[str] = []
    at = 0
    for start, end, kind in find_personal_data(text):
        parts += [text[at:start], f"[{kind}]"]
        at = end
    return "".join([*parts, text[at:]])


def _candidates(text: str, taken: bytearray) -> Iterator[Found]:
    """The surest kinds first, because the first to claim a place keeps it."""
    for match in EMAIL.finditer(text):
        yield *match.span(), "e-mail"
    for start, end in _ibans(text):
        yield start, end, "IBAN"
    for kind, pattern, holds in NUMBERS:
        for match in pattern.finditer(text):
            if holds(_bare(match.group())) and _stands_alone(match, taken) and not _is_reference(match):
                yield *match.span(), kind
    for match in NINE_DIGITS.finditer(text):
        nine = _nine_digits(match)
        if nine and not _is_reference(match):
            yield *match.span(), nine
    for kind, pattern, holds in PHONES:
        for match in pattern.finditer(text):
            known = _is_reference(match) or _label(match) is not None
            if holds(_bare(match.group())) and _stands_alone(match, taken) and not known:
                yield *match.span(), kind
    for match in ADDRESS.finditer(text):
        yield *match.span(), "address"


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    for head in IBAN_HEAD.finditer(text):
        length = iban_length(head["country"])
        if length is None:
            continue
        rest = re.compile(rf"(?:[ \u00a0\u202f-]?[0-9A-Za-z]){{{length - 4}}}(?!\w)").match(text, head.end())
        if rest and is_iban(_bare(head.group() + rest.group())):
            yield head.start(), rest.end()


def _nine_digits(match: re.Match[str]) -> PersonalDataKind | None:
    digits = match.group()
    label = _label(match)
    if label:
        return "REGON" if label == "REGON" and is_regon(digits) else None
    if is_mobile(digits):
        return "phone"
    if is_regon(digits):
        return "REGON"
    return "phone" if is_polish_phone(digits) else None


def _bare(written: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", written)


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - _LOOK_BACK) : match.start()]


def _is_reference(match: re.Match[str]) -> bool:
    return _REFERENCE.search(_before(match)) is not None


def _label(match: re.Match[str]) -> str | None:
    label = _LABEL.search(_before(match))
    return label["name"].upper() if label else None


def _stands_alone(match: re.Match[str], taken: bytearray) -> bool:
    """Digits in groups must not be the rest of a longer row of groups, unless that was taken itself.

    A plus begins a number, whatever stands before it.
    """
    start = match.start()
    if match.group().isalnum() or match.group().startswith("+") or start < 2:
        return True
    text = match.string
    return not (text[start - 1] in " \u00a0\u202f" and text[start - 2].isdigit()) or bool(taken[start - 2])
