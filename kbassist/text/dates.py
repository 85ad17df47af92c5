"""Dates in running text, in Polish and English: days, ranges of days, months and years."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

Precision = Literal["day", "month", "year", "month_day"]

_MONTHS = MappingProxyType(
    {
        "pl": (
            "stycznia styczeń styczniu styczniem",
            "lutego luty lutym",
            "marca marzec marcu marcem",
            "kwietnia kwiecień kwietniu kwietniem",
            "maja maj maju majem",
            "czerwca czerwiec czerwcu czerwcem",
            "lipca lipiec lipcu lipcem",
            "sierpnia sierpień sierpniu sierpniem",
            "września wrzesień wrześniu wrześniem",
            "października październik październiku październikiem",
            "listopada listopad listopadzie listopadem",
            "grudnia grudzień grudniu grudniem",
        ),
        "en": (
            "January Jan",
            "February Feb",
            "March Mar",
            "April Apr",
            "May",
            "June Jun",
            "July Jul",
            "August Aug",
            "September Sept Sep",
            "October Oct",
            "November Nov",
            "December Dec",
        ),
    }
)
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_DASH = r"\s?[-–—]\s?"
_YEAR = r"(?:1[5-9]|20)[0-9]{2}"
_YEAR_MARK = re.compile(r"\s?r(?:\.|\b)|\sroku\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateSpan:
    """The days from `first` to `last` that a piece of text names.

    With `precision` `"month_day"` the year is not given, and the dates carry year 4, a leap year.
    """

    start: int
    end: int
    first: date
    last: date
    precision: Precision


_NO_YEAR = 4


def _month_numbers(lang: str) -> Mapping[str, int]:
    names = {name.lower(): n for n, row in enumerate(_MONTHS[lang], start=1) for name in row.split()}
    roman = {name.lower(): n for n, name in enumerate(_ROMAN, start=1)} if lang == "pl" else {}
    return MappingProxyType(names | roman)


_NUMBER_OF = MappingProxyType({lang: _month_numbers(lang) for lang in _MONTHS})


def _patterns() -> Mapping[str, re.Pattern[str]]:
    genitive = "|".join(row.split()[0] for row in _MONTHS["pl"])
    roman = "|".join(sorted(_ROMAN, key=len, reverse=True))
    english = "|".join(name for row in _MONTHS["en"] for name in row.split())
    day = r"(?<![\w.,])(?P<d>[0-9]{1,2})"
    ordinal = "(?:st|nd|rd|th)?"
    shared = (
        rf"(?<![\w.-])(?P<iso>{_YEAR}-[0-9]{{2}}-[0-9]{{2}})(?![\w-])"
        rf"|(?<![\w.,/-])(?P<nd>[0-9]{{1,2}})(?P<s>[./-])(?P<nm>[0-9]{{1,2}})(?P=s)(?P<ny>{_YEAR})"
        r"(?!\w|[./-][0-9])"
    )
    # A word and a year: which word it is decides later, because the tables are faster than alternatives.
    worded = rf"|(?<!\w)(?P<word>[^\W\d_]{{2,13}})\.?,?\s(?P<wy>{_YEAR})(?![\w/-])"
    polish = (
        rf"|{day}\.?(?:(?:{_DASH}|\sdo\s)(?P<d2>[0-9]{{1,2}})\.?)?\s"
        rf"(?:(?P<m>(?i:{genitive}))\b(?:\s(?P<y>{_YEAR})\b)?|(?P<rm>{roman})\s(?P<ry>{_YEAR})\b)"
        rf"|(?<![\w.,/-])(?P<yy>{_YEAR})(?=\s?r\.|\sr\b|\srok)"
        # The first date of a range is often short: "1.08–31.08.2025".
        rf"|(?<![\w.,/-])(?P<sd>[0-9]{{1,2}})\.(?P<sm>[0-9]{{1,2}})\.?"
        rf"(?={_DASH}[0-9]{{1,2}}\.[0-9]{{1,2}}\.{_YEAR})"
    )
    # English month names need their capital: "may" and "march" are words.
    other = (
        rf"|{day}{ordinal}(?:(?:{_DASH}|\sto\s)(?P<d2>[0-9]{{1,2}}){ordinal})?"
        rf"\s(?:of\s)?(?P<m>{english})\b\.?(?:,?\s(?P<y>{_YEAR})\b)?"
        rf"|(?<!\w)(?P<am>{english})\.?\s(?P<ad>[0-9]{{1,2}}){ordinal}"
        rf"(?:{_DASH}(?P<ad2>[0-9]{{1,2}}){ordinal})?(?![0-9:])(?:,?\s(?P<ay>{_YEAR})\b)?"
    )
    return MappingProxyType(
        {"pl": re.compile(shared + polish + worded), "en": re.compile(shared + other + worded)}
    )


_PATTERN = _patterns()
_YEAR_PL = frozenset({"rok", "roku", "rokiem"})
_BEFORE_YEAR_EN = frozenset("in since until till by before after year of".split())
_JOINT = re.compile(rf"{_DASH}|\s(?:do|to|until|till|through)\s(?:dnia\s)?", re.IGNORECASE)


def find_dates(text: str, lang: str) -> list[DateSpan]:
    """The dates of `text` in order; `"od 1 maja do 15 czerwca 2025 r."` is one span of days.

    Numeric dates are read day first; where `lang` (`"pl"`, else English) is English and both numbers could
    be the month, the date is left out rather than guessed. Days that do not exist are left out.
    """
    lang = "pl" if lang == "pl" else "en"
    found: list[DateSpan] = []
    for match in _PATTERN[lang].finditer(text):
        span = _read(text, match, lang)
        if span is None:
            continue
        joined = _join(text, found[-1], span) if found else None
        if joined:
            found[-1] = joined
        else:
            found.append(span)
    return found


def _read(text: str, match: re.Match[str], lang: str) -> DateSpan | None:
    part = {name: value for name, value in match.groupdict().items() if value is not None}
    ends_in_year = text[match.end() - 4 : match.end()].isdecimal()
    marked = _YEAR_MARK.match(text, match.end()) if lang == "pl" and ends_in_year else None
    span = match.start(), marked.end() if marked else match.end()
    try:
        if "iso" in part:
            return _day(span, date.fromisoformat(part["iso"]))
        if "nd" in part:
            return _numeric(span, int(part["nd"]), int(part["nm"]), int(part["ny"]), lang)
        if "sd" in part:
            return _days(span, None, int(part["sm"]), int(part["sd"]), int(part["sd"]))
        if "word" in part:
            return _worded(span, part["word"], int(part["wy"]), lang, match.start("wy"), bool(marked))
        if "yy" in part:
            return _year(span, int(part["yy"]))
        month = _NUMBER_OF[lang][(part.get("m") or part.get("rm") or part["am"]).lower()]
        year = part.get("y") or part.get("ry") or part.get("ay")
        low = int(part.get("d") or part["ad"])
        high = int(part.get("d2") or part.get("ad2") or low)
        return _days(span, int(year) if year else None, month, low, high)
    except ValueError:
        return None  # no such day


def _day(span: tuple[int, int], day: date) -> DateSpan:
    return DateSpan(*span, day, day, "day")


def _days(span: tuple[int, int], year: int | None, month: int, low: int, high: int) -> DateSpan | None:
    first, last = date(year or _NO_YEAR, month, low), date(year or _NO_YEAR, month, high)
    return DateSpan(*span, first, last, "day" if year else "month_day") if first <= last else None


def _numeric(span: tuple[int, int], first: int, second: int, year: int, lang: str) -> DateSpan | None:
    if lang == "en" and first != second and first <= 12 and second <= 12:
        return None
    day, month = (second, first) if second > 12 else (first, second)
    return _day(span, date(year, month, day))


def _worded(span: tuple[int, int], word: str, year: int, lang: str, at: int, marked: bool) -> DateSpan | None:
    """The month or the year at the end of `span`, whose year begins at `at`."""
    month = _NUMBER_OF[lang].get(word.lower())
    if month and len(word) > 2 and (lang == "pl" or word[0].isupper()):
        last = monthrange(year, month)[1]
        return DateSpan(*span, date(year, month, 1), date(year, month, last), "month")
    if word.lower() in _YEAR_PL:
        return _year(span, year)
    return _year((at, span[1]), year) if marked or word.lower() in _BEFORE_YEAR_EN else None


def _year(span: tuple[int, int], year: int) -> DateSpan:
    return DateSpan(*span, date(year, 1, 1), date(year, 12, 31), "year")


def _join(text: str, before: DateSpan, span: DateSpan) -> DateSpan | None:
    if not _JOINT.fullmatch(text, before.end, span.start):
        return None
    first = before.first
    if before.precision == "month_day" and span.precision == "day":
        year = span.last.year
        # "od 20 grudnia do 6 stycznia 2026" begins in the year before.
        later = (first.month, first.day) > (span.last.month, span.last.day)
        try:
            first = first.replace(year=year - later)
        except ValueError:
            return None
    elif before.precision != span.precision:
        return None
    if first > span.last:
        return None
    return DateSpan(before.start, span.end, first, span.last, span.precision)
