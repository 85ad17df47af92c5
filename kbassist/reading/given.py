"""The values that a sentence gives, read as loosely as sentences that are otherwise alike allow.

`kbassist.text.values` reads what stands for itself. Here two sentences that answer one question are held
against each other, so a bare "a year", an age and an hour are values as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from kbassist.text.numerals import find_numbers
from kbassist.text.sentences import MARKER
from kbassist.text.stances import FREE
from kbassist.text.values import Value, find_values

_HOUR, _DAY = 60, 24 * 60
_WEEK, _MONTH, _YEAR = 7 * _DAY, 30 * _DAY, 360 * _DAY
_MINUTES: Mapping[str, int] = MappingProxyType({"minute": 1, "day": _DAY, "month": _MONTH})
_YEARS = range(1800, 2100)
_ABOUT = 0.05  # of a duration: 12 months and 365 days, a month and 4 weeks and a half

_BARE: Mapping[str, tuple[tuple[re.Pattern[str], float], ...]] = MappingProxyType(
    {
        lang: tuple((re.compile(rf"\b(?:{written})\b", re.IGNORECASE), minutes) for written, minutes in bare)
        for lang, bare in {
            "pl": (
                (r"kwadrans\w{0,2}", 15),
                (r"pół godziny|półgodzin\w{0,3}", 30),
                (r"półtorej godziny", 90),
                (r"godzin[ęay] (?:przed|po|od|wcześniej)|(?:na|przez|jedn[aą]) godzin[ęay]", _HOUR),
                (r"dob[ęaąy]|jeden dzień|dzień (?:przed|wcześniej)", _DAY),
                (r"tydzień|tygodnia", _WEEK),
                (r"miesiąc(?:a|em)?", _MONTH),
                (r"półtora miesiąca", 1.5 * _MONTH),
                (r"kwartał\w{0,2}", 3 * _MONTH),
                (r"pół roku|półroczn\w{1,3}", 6 * _MONTH),
                (r"rok(?:u|iem)?(?! (?:szkoln|akadem|kalendarz|[0-9]))|roczn\w{1,4}", _YEAR),
                (r"półtora roku", 1.5 * _YEAR),
            ),
            "en": (
                (r"quarter of an hour", 15),
                (r"half an hour|half[- ]hour", 30),
                (r"(?:an|full|whole) hour", _HOUR),
                (r"(?:a|full|whole) day|the day before", _DAY),
                (r"(?:a|full|whole) week", _WEEK),
                (r"fortnight", 2 * _WEEK),
                (r"(?:a|full|whole|calendar) month", _MONTH),
                (r"half a year", 6 * _MONTH),
                (r"(?:a|full|whole) year", _YEAR),
            ),
        }.items()
    }
)
_STEMS = (
    "dwu trzy cztero pięcio sześcio siedmio ośmio dziewięcio dziesięcio jedenasto dwunasto trzynasto "
    "czternasto piętnasto szesnasto siedemnasto osiemnasto dziewiętnasto dwudziesto"
)
_STEM_AGES: Mapping[str, int] = MappingProxyType(
    {stem: age for age, stem in enumerate(_STEMS.split(), start=2)}
)
_AGE = re.compile(rf"\b(?:(?P<stem>{'|'.join(_STEM_AGES)})lat|(?P<age>[0-9]{{1,2}})-?latk)\w{{0,3}}", re.I)
_CLOCK = re.compile(
    r"\b(?P<twelve>1[0-2]|[1-9])(?:[:.](?P<past>[0-5][0-9]))?\s?(?P<half>am|pm|a\.m\.|p\.m\.)(?!\w)"
    r"|\b(?P<hour>[01]?[0-9]|2[0-4])[:.](?P<minute>[0-5][0-9])\b(?!\s?(?:zł|pln|eur|€|%|kg|m\b|[.:][0-9]))",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\b(?:pon\.|poniedział\w{1,4}|pn\b|wtor\w{2,4}|wt\b|środ\w{1,2}|śr\b|czwart\w{2,4}|czw\b|piąt\w{2,4}|pt\b"
    r"|sobot\w{1,3}|sob\b|niedziel\w{1,2}|ndz?\b|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?\b)",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"(?<![\w:.,–-])(?P<opens>[01]?[0-9]|2[0-4])(?:\s?[–-]\s?|\s(?:to|do)\s)(?P<closes>[01]?[0-9]|2[0-4])"
    r"(?![\w:–-]|[.,][0-9]|\s?(?:[%£€$]|zł|dni|day|dzie|godz|hour|min|tyg|week|mies|month|lat|year|osób|people))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Given:
    """A value with its lowest and highest end: minutes of a duration (a month has 30 days, a year 360) and of
    the day, an amount in `kind`, the ordinals of dates, or a bare number. `start` and `end` are its place;
    `workdays` the ends of a duration that is told in them, of which nobody knows how many days they are.
    """

    kind: str
    low: float
    high: float
    start: int
    end: int
    workdays: tuple[float, float] | None = None

    def agrees(self, other: Given) -> bool:
        """Whether both could be right."""
        if self.workdays and other.workdays:
            return self.workdays[0] <= other.workdays[1] and other.workdays[0] <= self.workdays[1]
        room = _ABOUT * max(self.low, other.low) if self.kind == "duration" and self.low >= _WEEK else 0.0
        return self.low <= other.high + room and other.low <= self.high + room


def given(text: str, lang: str) -> list[Given]:
    """What `text` gives, in no order; `lang` is `"pl"`, else English. A number of years is given twice, as a
    duration and bare: an age is often told without the years.
    """
    lang = "pl" if lang == "pl" else "en"
    marker = MARKER.match(text)
    begin = marker.end() if marker else 0
    found = list(_hours(text))
    values = (_of_value(value) for value in find_values(text, lang))
    for one in (*values, *_bare_durations(text, lang), *_ages(text)):
        if not _overlaps(one, found):
            found.append(one)
    for number in find_numbers(text, lang):
        one = Given("number", number.amount, number.amount, number.start, number.end)
        if number.start >= begin and not _says_little(number.amount) and not _overlaps(one, found):
            found.append(one)
    free = FREE.search(text)
    if free:
        found.append(Given("money", 0.0, 0.0, *free.span()))
    years = [one for one in found if one.kind == "duration" and one.low % _YEAR == 0]
    return found + [
        Given("number", one.low / _YEAR, one.high / _YEAR, one.start, one.end) for one in years if one.low
    ]


def apart(one: Sequence[Given], other: Sequence[Given]) -> tuple[Given, Given] | None:
    """The first value of each that the other does not give, of a kind that both do; None where all agree. A
    single value between two ("$120", "from $50 to $200") agrees with them.
    """
    for mine in one:
        own, theirs = ([value for value in each if value.kind == mine.kind] for each in (one, other))
        if any(mine.agrees(value) for value in theirs) or _between(own, theirs) or _between(theirs, own):
            continue
        against = [value for value in theirs if not any(value.agrees(each) for each in own)]
        if against:
            return mine, against[0]
    return None


def _between(single: Sequence[Given], ends: Sequence[Given]) -> bool:
    if len(single) != 1 or len(ends) != 2:
        return False
    return min(end.low for end in ends) <= single[0].low <= max(end.high for end in ends)


def _says_little(amount: float) -> bool:
    """One ("one of them"), and what is most likely a year."""
    return amount == 1 or amount in _YEARS


def _of_value(value: Value) -> Given:
    low, high = value.amount, value.upper
    if value.kind != "duration":
        return Given(value.kind, low, high, value.start, value.end)
    if value.unit == "workday":
        # Weekends, and a few days off.
        longest = (high * 7 / 5 + 4) * _DAY
        return Given("duration", low * _DAY, longest, value.start, value.end, workdays=(low, high))
    factor = _MINUTES[value.unit]
    return Given("duration", low * factor, high * factor, value.start, value.end)


def _bare_durations(text: str, lang: str) -> Iterator[Given]:
    for written, minutes in _BARE[lang]:
        for match in written.finditer(text):
            yield Given("duration", minutes, minutes, *match.span())


def _ages(text: str) -> Iterator[Given]:
    for match in _AGE.finditer(text):
        age = float(match["age"] or _STEM_AGES[match["stem"].lower()])
        yield Given("number", age, age, *match.span())


def _hours(text: str) -> Iterator[Given]:
    for match in _CLOCK.finditer(text):
        if match["half"]:
            hour = int(match["twelve"]) % 12 + (12 if match["half"][0] in "pP" else 0)
            at = 60 * hour + int(match["past"] or 0)
        else:
            at = 60 * int(match["hour"]) + int(match["minute"])
        yield Given("hour", at, at, *match.span())
    if _WEEKDAY.search(text):
        for match in _OPEN.finditer(text):
            opens, closes = int(match["opens"]), int(match["closes"])
            afternoon = 12 if closes <= opens <= 12 else 0
            yield Given("hour", 60 * opens, 60 * opens, *match.span("opens"))
            yield Given("hour", 60 * (closes + afternoon), 60 * (closes + afternoon), *match.span("closes"))


def _overlaps(one: Given, found: list[Given]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in found)
