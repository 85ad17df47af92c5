"""English: numbers, amounts, dates, times, provisions and abbreviations in words."""

from __future__ import annotations

import re
from collections.abc import Callable

from kbassist.assist.numerals_en import LARGEST, cardinal, ordinal, year
from kbassist.assist.spoken_words import ABBREVIATIONS_EN, DAYS_EN, SIGNS_EN, any_of

AND = "and"
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "plus")
SIGNS = {"@": "at", ".": "dot", "-": "dash", "_": "underscore", "/": "slash", "+": "plus"}

_UNITS = {
    "pln": ("zloty", "zlotys"), "zł": ("zloty", "zlotys"), "eur": ("euro", "euros"), "€": ("euro", "euros"),
    "$": ("dollar", "dollars"), "usd": ("dollar", "dollars"),
    "£": ("pound", "pounds"), "gbp": ("pound", "pounds"),
    "%": ("percent", "percent"), "kg": ("kilogram", "kilograms"), "km": ("kilometre", "kilometres"),
    "cm": ("centimetre", "centimetres"), "mm": ("millimetre", "millimetres"), "m": ("metre", "metres"),
    "g": ("gram", "grams"), "l": ("litre", "litres"), "ml": ("millilitre", "millilitres"),
    "°c": ("degree Celsius", "degrees Celsius"), "h": ("hour", "hours"), "hrs": ("hour", "hours"),
    "min": ("minute", "minutes"),
}  # fmt: skip
_CENTS = {"pln": "groszy", "zł": "groszy", "£": "pence", "gbp": "pence"}
_MONEY = frozenset("pln zł eur € $ usd £ gbp".split())
_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = "|".join(_MONTHS)
_START = r"(?<![\w,.])"
_NUMBER = r"(?P<n>\d{1,3}(?:,\d{3})+(?!\d)|\d{1,9})(?:\.(?P<part>\d{1,4}))?"
_UNIT = (
    r"(?:pln\b|zł(?!\w)|eur\b|€|\$|usd\b|£|gbp\b|%|kg\b|km\b|cm\b|mm\b|ml\b|m\b|g\b|l\b|°C|hrs\b|h\b|min\b)"
)
_ONE = re.compile(rf"{_START}{_NUMBER}\s?(?P<unit>{_UNIT})", re.IGNORECASE)
_SIGN_FIRST = re.compile(rf"(?P<unit>[$€£]|\b(?:PLN|EUR|USD|GBP))\s?{_NUMBER}(?!\w)")
_RANGE = re.compile(r"(?<=\d)\s?[-–—]\s?(?=\d)")
_SIZE = re.compile(r"(?<=\d)\s?[x×]\s?(?=\d)", re.IGNORECASE)
_TIME = re.compile(
    r"(?<![\w,.:])(?P<h>[01]?\d|2[0-4])(?::(?P<m>[0-5]\d)\s?(?P<half>[ap]\.?m\b\.?)?"
    r"|(?:\.(?P<m2>[0-5]\d))?\s?(?P<half2>[ap]\.?m\b\.?))"
    r"(?!\w|[.:,]\d)",
    re.IGNORECASE,
)
_TIMES = re.compile(r"(?<=\d:\d\d)\s?[-–—]\s?(?=\d)")
_DAY = re.compile(
    rf"{_START}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m>{_MONTH})\b,?(?:\s(?P<y>\d{{4}}))?"
    rf"|\b(?P<m2>{_MONTH})\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<y2>\d{{4}}))?"
)
_NUMERIC_DATE = re.compile(
    rf"{_START}(?:(?P<y>\d{{4}})-(?P<m>\d{{2}})-(?P<d>\d{{2}})|(?P<d2>\d{{1,2}})\.(?P<m2>\d{{1,2}})\.(?P<y2>\d{{4}}))(?!\w)"
)
_YEAR = re.compile(
    r"\b(?P<before>in|since|until|till|by|before|after|year|of)\s(?P<y>1[5-9]\d{2}|20\d{2})(?![\w%]|[.,]\d)",
    re.IGNORECASE,
)
_PROVISION = re.compile(r"(?P<mark>§§?|\b(?:sec|art|para|cl|no)\.)\s?(?=\d)", re.IGNORECASE)
_PROVISIONS = {
    "§": "section ",
    "§§": "sections ",
    "sec.": "section ",
    "art.": "article ",
    "para.": "paragraph ",
    "cl.": "clause ",
    "no.": "number ",
}
_NESTED = re.compile(r"(?<=\d)\((?P<n>\d{1,2}|[a-z])\)")
_ORDINAL = re.compile(r"\b(?P<n>\d{1,3})(?:st|nd|rd|th)\b", re.IGNORECASE)
_HYPHENED = re.compile(r"(?<![\w,.])(?P<n>\d{1,4})-(?=[a-z]{2})", re.IGNORECASE)
_PLAIN = re.compile(rf"{_START}{_NUMBER}(?!\w)")
_ABBREVIATED = any_of(ABBREVIATIONS_EN)
_WEEKDAYS = re.compile(
    r"\b(?P<a>Mon|Tue|Wed|Thu|Fri|Sat)(?:s|urs|rs|nes)?(?:day)?\.?\s?[-–—]\s?(?P<b>Mon|Tue|Wed|Thu|Fri|Sat"
    r"|Sun)(?:s|urs|rs|nes|ur)?(?:day)?\b\.?"
)
_SLASH = re.compile(r"(?<=\w)\s?/\s?(?=\w)")


def in_words(text: str) -> str:
    """The text without digits and signs that stand for words."""
    text = _WEEKDAYS.sub(
        lambda found: f"{DAYS_EN[found['a'].lower()]} to {DAYS_EN[found['b'].lower()]}", text
    )
    text = _PROVISION.sub(lambda found: _PROVISIONS[found["mark"].lower()], text)
    text = _SIZE.sub(" by ", _TIMES.sub(" to ", _NESTED.sub(r" \g<n>", text)))
    steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
        (_NUMERIC_DATE, _numeric_date), (_DAY, _day), (_TIME, _time), (_RANGE, lambda _: " to "),
        (_YEAR, lambda found: f"{found['before']} {year(int(found['y']))}"),
        (_SIGN_FIRST, _measured), (_ONE, _measured),
        (_ABBREVIATED, lambda found: ABBREVIATIONS_EN[found[0].lower()]),
        (_ORDINAL, lambda found: ordinal(int(found["n"]))),
        (_HYPHENED, lambda found: f"{cardinal(int(found['n']))}-"), (_PLAIN, _plain),
    )  # fmt: skip
    for pattern, spoken in steps:
        text = pattern.sub(spoken, text)
    for sign, words in SIGNS_EN.items():
        text = text.replace(sign, f" {words} ")
    return _SLASH.sub(" or ", text)


def _value(digits: str) -> int:
    return int(digits.replace(",", ""))


def _said(whole: int, part: str | None) -> str:
    if whole > LARGEST:
        return " ".join(DIGITS[int(digit)] for digit in str(whole))
    if part is None or not part.strip("0"):
        return cardinal(whole)
    return f"{cardinal(whole)} point {' '.join(DIGITS[int(digit)] for digit in part)}"


def _measured(found: re.Match[str]) -> str:
    unit = found["unit"].lower()
    whole, part = _value(found["n"]), found["part"]
    one, many = _UNITS[unit]
    if unit in _MONEY and part and len(part) == 2:
        said = f"{_said(whole, None)} {one if whole == 1 else many}"
        rest = int(part)
        return f"{said} and {cardinal(rest)} {_CENTS.get(unit, 'cents')}" if rest else said
    is_one = whole == 1 and not (part or "").strip("0")
    return f"{_said(whole, part)} {one if is_one else many}"


def _plain(found: re.Match[str]) -> str:
    return _said(_value(found["n"]), found["part"])


def _time(found: re.Match[str]) -> str:
    hour, rest = int(found["h"]), int(found["m"] or found["m2"] or 0)
    if named := found["half"] or found["half2"]:
        half = "PM" if named[0].lower() == "p" else "AM"
    else:
        half = "PM" if 12 <= hour < 24 else "AM"
    shown = cardinal(hour % 12 or 12)
    minutes = "" if not rest else f" {'oh ' if rest < 10 else ''}{cardinal(rest)}"
    return f"{shown}{minutes} {half}"


def _day(found: re.Match[str]) -> str:
    return _dated(int(found["d"] or found["d2"]), found["m"] or found["m2"], found["y"] or found["y2"])


def _numeric_date(found: re.Match[str]) -> str:
    day, month = int(found["d"] or found["d2"]), int(found["m"] or found["m2"])
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return found[0]
    return _dated(day, _MONTHS[month - 1], found["y"] or found["y2"])


def _dated(day: int, month: str, of: str | None) -> str:
    said = f"the {ordinal(day)} of {month}"
    return f"{said} {year(int(of))}" if of else said
