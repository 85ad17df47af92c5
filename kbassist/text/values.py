"""Values that a sentence states: durations, amounts of money, percentages and dates.

Regular expressions with bounded repetition over Polish and English; linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

from kbassist.text.dates import find_dates
from kbassist.text.numerals import Number, find_numbers
from kbassist.types import Record

ValueKind = Literal["duration", "money", "percent", "date"]


@dataclass(frozen=True, slots=True)
class Value(Record):
    """A value, normalised so that equal ones compare equal, and where it stands in the text.

    | kind | `unit` | `amount` and `upper` |
    |---|---|---|
    | `duration` | `minute` (hours too), `day` (weeks too), `workday`, `month` (years too) | in that unit |
    | `money` | ISO 4217 code | in its main unit |
    | `percent` | `%` | per hundred |
    | `date` | `day`, `month` or `year`, as exact as it is written | ordinals of the first and the last day |
    | `date` | `month_day`, when no year is given | month * 100 + day |

    `upper` is the other end of a range ("5-7 dni"), and equals `amount` otherwise.
    """

    kind: ValueKind
    amount: float
    upper: float
    unit: str
    start: int
    end: int
    text: str

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day of a date whose year is given."""
        if self.kind != "date" or self.unit == "month_day":
            return None
        return date.fromordinal(int(self.amount)), date.fromordinal(int(self.upper))


class _Unit(NamedTuple):
    kind: ValueKind
    unit: str
    factor: float
    written: str


_SHARED = (
    _Unit("percent", "%", 1, r"%"),
    _Unit("money", "PLN", 1, r"PLN\b"),
    _Unit("money", "EUR", 1, r"€|EUR\b|euro\b|euros\b"),
    _Unit("money", "USD", 1, r"\$|USD\b"),
    _Unit("money", "GBP", 1, r"£|GBP\b"),
    _Unit("money", "CHF", 1, r"CHF\b"),
)
_UNITS: Mapping[str, tuple[_Unit, ...]] = MappingProxyType(
    {
        "pl": (
            *_SHARED,
            _Unit("money", "PLN", 1, r"z[łl]\b|złot(?:ych|ego|emu|ymi|ym|e|y)\b|,-\s?zł\b"),
            _Unit("money", "PLN", 0.01, r"grosz(?:y|e|a|em)?\b"),
            _Unit("money", "USD", 1, r"dolar\w{0,3}\b"),
            _Unit("money", "GBP", 1, r"funt(?:y|ów|a)?\s(?:szterling\w{0,3}|brytyjsk\w{0,3})"),
            _Unit("percent", "%", 1, r"proc\b|procent\w{0,4}\b"),
            _Unit("duration", "workday", 1, r"(?:dni|dnia|dzień|dniach|dniu|dób)\srob(?:\.|ocz\w{1,4}\b)"),
            _Unit("duration", "workday", 1, r"rob(?:\.|ocz\w{1,4})\s(?:dni|dnia)\b"),
            _Unit("duration", "day", 1, r"(?:dni|dzień|dniach|dniom|dniami|d[oó]b[aęiy]?|dobach)\b"),
            _Unit("duration", "day", 1, r"-?\s?dniow\w{1,4}\b"),
            _Unit("duration", "minute", 60, r"(?:godzin\w{0,3}|godz|h)\b|-godzinn\w{1,4}\b"),
            _Unit("duration", "minute", 1, r"(?:minut\w{0,3}|min)\b|-minutow\w{1,4}\b"),
            _Unit("duration", "day", 7, r"(?:tydzień|tygodni\w{0,3}|tyg)\b|-tygodniow\w{1,4}\b"),
            _Unit("duration", "month", 1, r"(?:miesi[ąę]c\w{0,3}|mies|m-c[ey]?)\b|-miesięczn\w{1,4}\b"),
            _Unit("duration", "month", 3, r"kwartał\w{0,3}\b"),
            _Unit("duration", "month", 12, r"(?:lat|lata|latach|latami|latom)\b|-letni\w{0,3}\b"),
        ),
        "en": (
            *_SHARED,
            _Unit("money", "PLN", 1, r"z[łl]\b|zlot(?:y|ys)\b"),
            _Unit("money", "USD", 1, r"(?:US\s)?dollars?\b"),
            _Unit("money", "GBP", 1, r"pounds\b"),
            _Unit("percent", "%", 1, r"percent\b|per\scent\b|pct\b"),
            _Unit("duration", "workday", 1, r"-?\s?(?:full\s)?(?:business|working|work)[\s-]days?\b"),
            _Unit("duration", "day", 1, r"-?(?:calendar\s|consecutive\s)?days?\b"),
            _Unit("duration", "minute", 60, r"-?(?:hours?|hrs?|h)\b"),
            _Unit("duration", "minute", 1, r"-?(?:minutes?|mins?)\b"),
            _Unit("duration", "day", 7, r"-?weeks?\b"),
            _Unit("duration", "month", 1, r"-?(?:calendar\s)?months?\b"),
            _Unit("duration", "month", 12, r"-?(?:years?|yrs?)\b"),
        ),
    }
)
# In the singular these also name a day of the month and a calendar year ("5 dnia", "2025 roku").
_SINGULAR_PL = (
    _Unit("duration", "workday", 1, r"dnia\srobocz\w{1,4}\b"),
    _Unit("duration", "day", 1, r"dnia\b(?!\s\w{0,12}\s?miesiąca)"),
    _Unit("duration", "month", 12, r"rok\b|roku\b"),
)


def _pattern(units: tuple[_Unit, ...]) -> re.Pattern[str]:
    """One expression for all; the name of the group that matched is the unit's place."""
    written = "|".join(f"(?P<u{place}>{unit.written})" for place, unit in enumerate(units))
    return re.compile(rf"\s?(?:{written})", re.IGNORECASE)


_PATTERN = MappingProxyType({lang: _pattern(units) for lang, units in _UNITS.items()})
_SINGULAR_PATTERN_PL = _pattern(_SINGULAR_PL)
_CURRENCY_BEFORE = re.compile(r"(?:(?P<code>PLN|EUR|USD|GBP|CHF)|(?P<sign>[€$£]))\s?\Z")
_SIGNS = MappingProxyType({"€": "EUR", "$": "USD", "£": "GBP"})
_GROSZE = re.compile(r"\s(?:i\s)?([0-9]{1,2})\sgr(?:\b|osz)\w{0,2}", re.IGNORECASE)
_RANGE = MappingProxyType(
    {
        "pl": re.compile(r"\s?[-–—]\s?|\s(?:do|lub|albo|a)\s", re.IGNORECASE),
        "en": re.compile(r"\s?[-–—]\s?|\s(?:to|or|and)\s", re.IGNORECASE),
    }
)
_IN_BRACKETS = re.compile(r"\s?\((?:[0-9]{1,6}|(?:słownie:?\s)?[^()0-9]{2,60})\)", re.IGNORECASE)
# "7 dni w tygodniu" says how often, not how long.
_HOW_OFTEN = re.compile(
    r"\s(?:w|na)\s(?:tygodniu|tydzień|miesiącu|miesiąc|roku|rok|dobę|dzień)\b|\s(?:a|per|each"
    r"|every)\s(?:day|week|month|year)\b",
    re.IGNORECASE,
)
# One of something, without a number.
_ALONE = MappingProxyType(
    {
        "pl": re.compile(
            r"\b(?:w\sciągu|w\sprzeciągu|w\sterminie|po\supływie"
            r"|przez(?:\sokres)?)\s(?:(?P<minute>godzin[ęy])|(?P<day>dob[ęy])"
            r"|(?P<week>tygodnia|tydzień)|(?P<month>miesiąca?)|(?P<quarter>kwartału?)|(?P<year>roku?))\b"
            r"(?!\s(?:[0-9]|kalendarz|podatk|szkoln|akademi|obrot|budżet))"
            r"|\b(?:(?P<month2>miesięczn\w{1,3})|(?P<year2>roczn\w{1,3}))\s(?=okres|termin|wypowiedzen"
            r"|gwarancj)",
            re.IGNORECASE,
        ),
        "en": re.compile(
            r"\b(?:within|after|for|in)\san?\s(?:(?P<minute>hour)|(?P<day>day)|(?P<week>week)"
            r"|(?P<month>month)|(?P<year>year))\b",
            re.IGNORECASE,
        ),
    }
)
_ALONE_UNITS: Mapping[str, tuple[float, str]] = MappingProxyType(
    {
        "minute": (60, "minute"),
        "day": (1, "day"),
        "week": (7, "day"),
        "month": (1, "month"),
        "quarter": (3, "month"),
        "year": (12, "month"),
    }
)
_COMPOUND_NUMBERS: Mapping[str, float] = MappingProxyType(
    {
        "pół": 0.5, "jedno": 1, "dwu": 2, "trzy": 3, "cztero": 4, "pięcio": 5, "sześcio": 6, "siedmio": 7,
        "ośmio": 8, "dziewięcio": 9, "dziesięcio": 10, "dwunasto": 12, "czternasto": 14, "piętnasto": 15,
        "dwudziesto": 20, "dwudziestocztero": 24, "trzydziesto": 30, "czterdziesto": 40,
        "sześćdziesięcio": 60, "dziewięćdziesięcio": 90, "stu": 100,
    }
)  # fmt: skip
_COMPOUND = re.compile(
    rf"\b(?P<number>{'|'.join(sorted(_COMPOUND_NUMBERS, key=len, reverse=True))})"
    r"(?:(?P<minute>godzinn)|(?P<day>dniow)|(?P<week>tygodniow)|(?P<month>miesięczn)|(?P<year>letni"
    r"|roczn))\w{0,3}\b",
    re.IGNORECASE,
)


def find_values(text: str, lang: str) -> list[Value]:
    """The values of `text`, in order, not overlapping. `lang` (`"pl"`, else English) decides the words
    and whether `1.500` is 1500.
    """
    lang = "pl" if lang == "pl" else "en"
    found = list(_dates(text, lang))
    for candidates in (_measured(text, lang), _alone(text, lang), _compounds(text, lang)):
        found.extend(candidates)
    # On equal starts the longer one; a date was found first and goes before a duration inside it.
    found.sort(key=lambda value: (value.start, -value.end))
    kept: list[Value] = []
    for value in found:
        if not kept or value.start >= kept[-1].end:
            kept.append(value)
    return kept


def _value(
    text: str, kind: ValueKind, unit: str, amounts: tuple[float, float], span: tuple[int, int]
) -> Value:
    low, high = (float(round(amount, 6)) for amount in amounts)
    return Value(kind, low, high, unit, *span, text[slice(*span)])


def _dates(text: str, lang: str) -> Iterator[Value]:
    for found in find_dates(text, lang):
        if found.precision == "month_day":
            amounts = tuple(float(day.month * 100 + day.day) for day in (found.first, found.last))
        else:
            amounts = tuple(float(day.toordinal()) for day in (found.first, found.last))
        yield _value(text, "date", found.precision, (amounts[0], amounts[1]), (found.start, found.end))


def _measured(text: str, lang: str) -> Iterator[Value]:
    numbers = find_numbers(text, lang)
    taken = 0
    for index, number in enumerate(numbers):
        if number.start < taken:
            continue
        value = _of_range(text, lang, number, numbers[index + 1]) if index + 1 < len(numbers) else None
        value = value or _of_number(text, lang, number)
        if value is not None:
            taken = value.end
            if not (value.kind == "duration" and _HOW_OFTEN.match(text, value.end)):
                yield value


def _of_range(text: str, lang: str, low: Number, high: Number) -> Value | None:
    if not _RANGE[lang].fullmatch(text, low.end, high.start):
        return None
    value = _of_number(text, lang, high)
    # "5-10 tys. zł" starts at five thousand.
    scaled = low.amount * (high.scale if low.scale == 1 else 1)
    if value is None or scaled >= high.amount:
        return None
    factor = value.amount / high.amount
    return _value(text, value.kind, value.unit, (scaled * factor, value.upper), (low.start, value.end))


def _of_number(text: str, lang: str, number: Number) -> Value | None:
    before = _CURRENCY_BEFORE.search(text[max(0, number.start - 4) : number.start])
    if before:
        unit = before["code"] or _SIGNS[before["sign"]]
        span = (number.start - len(before.group()), number.end)
        return _value(text, "money", unit, (number.amount, number.amount), span)

    bracketed = _IN_BRACKETS.match(text, number.end)
    at = bracketed.end() if bracketed else number.end
    match = _PATTERN[lang].match(text, at)
    if match:
        return _with_unit(text, number, _UNITS[lang][_place(match)], match.end())
    singular = _SINGULAR_PATTERN_PL.match(text, at) if lang == "pl" and number.amount < 2 else None
    return _with_unit(text, number, _SINGULAR_PL[_place(singular)], singular.end()) if singular else None


def _place(match: re.Match[str]) -> int:
    assert match.lastgroup is not None
    return int(match.lastgroup[1:])


def _with_unit(text: str, number: Number, unit: _Unit, end: int) -> Value:
    amount = number.amount * unit.factor
    if unit.unit == "PLN":
        rest = _GROSZE.match(text, end)
        if rest:
            amount, end = amount + int(rest[1]) / 100, rest.end()
    return _value(text, unit.kind, unit.unit, (amount, amount), (number.start, end))


def _alone(text: str, lang: str) -> Iterator[Value]:
    for match in _ALONE[lang].finditer(text):
        name = match.lastgroup
        assert name is not None
        amount, unit = _ALONE_UNITS[name.rstrip("2")]
        yield _value(text, "duration", unit, (amount, amount), match.span(name))


def _compounds(text: str, lang: str) -> Iterator[Value]:
    if lang != "pl":
        return
    for match in _COMPOUND.finditer(text):
        name = match.lastgroup
        assert name is not None
        factor, unit = _ALONE_UNITS[name]
        amount = _COMPOUND_NUMBERS[match["number"].lower()] * factor
        yield _value(text, "duration", unit, (amount, amount), match.span())
