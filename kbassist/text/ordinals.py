"""Numbers written otherwise than in digits: Roman ones, and ordinals in words."""

from __future__ import annotations

import re

_POLISH = (
    "pierwsz drug trzec czwart piąt szóst siódm ósm dziewiąt dziesiąt jedenast dwunast trzynast czternast "
    "piętnast szesnast siedemnast osiemnast dziewiętnast dwudziest"
).split()
_ENGLISH = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_STEMS = {stem: number for stems in (_POLISH, _ENGLISH) for number, stem in enumerate(stems, start=1)}
_FORM = re.compile(rf"({'|'.join(_POLISH)})(?:i?(?:y|a|ą|e|ego|ej|emu|ym)|i|im)|({'|'.join(_ENGLISH)})")
_ROMAN = re.compile(r"(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_VALUES = (("XC", 90), ("XL", 40), ("IX", 9), ("IV", 4), ("L", 50), ("X", 10), ("V", 5), ("I", 1))


def ordinal(word: str) -> int:
    """1 for "pierwszy", "pierwszego", "first" …; 0 for any other word."""
    match = _FORM.fullmatch(word.lower())
    return _STEMS[match[1] or match[2]] if match else 0


def roman(number: str) -> int:
    """The value of upper-case Roman digits up to 99; 0 when they spell none."""
    if not number or not _ROMAN.fullmatch(number):
        return 0
    value, rest = 0, number
    while rest:
        digits, worth = next(item for item in _VALUES if rest.startswith(item[0]))
        value, rest = value + worth, rest[len(digits) :]
    return value
