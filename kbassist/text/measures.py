"""Amounts, durations, percentages, dates and long numbers as terms that are equal however they are written.

`"14 dni"`, `"czternaście dni"` and `"14-dniowy"` give `v:14day`; `"1 000 zł"` and `"1.000,00 PLN"` give
`v:1000pln`; `"12 maja 2024"` and `"12.05.2024"` give `v:2024-05-12`; `"600 100 200"` gives `n:600100200`.

No language is asked for: a query is too short to tell, and a passage may mix two. Every number is read in one
fixed way, the same on both sides, so that what is written alike always meets. Finer readings, to be shown to
people, are in `kbassist.text.values`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from kbassist.text.numerals import numeral_words

_RUN = re.compile(r"[0-9]+")
_NUMBER = re.compile(
    r"(?<![\w+])(?<![0-9][.,])(?:"
    r"(?P<iso>(?:1[5-9]|20)[0-9]{2}-[0-9]{2}-[0-9]{2})(?!\w)"
    r"|(?P<day>[0-9]{1,2})(?P<by>[./-])(?P<month>[0-9]{1,2})(?P=by)(?P<year>(?:1[5-9]|20)[0-9]{2})(?!\w)"
    r"|(?P<whole>[0-9]{1,3}(?:[ .,'][0-9]{3}){1,4}(?![0-9])|[0-9]{1,15})"
    r"(?:[.,](?P<part>[0-9]{1,2})(?![0-9]))?)"
)
_GROUPED = re.compile(r"(?<![0-9.,-])[0-9]{2,6}(?:[ -][0-9]{2,6}){1,8}(?![0-9])")
_WORD_AFTER = re.compile(r"[ -]{0,3}([^\W\d_]{1,20}|[%$€£])")
_NEXT_WORD = re.compile(r"[ -]([^\W\d_]{3,12})")
_SIGNS = "$€£"
_CURRENCIES = frozenset(("pln", "eur", "usd", "gbp", "chf", *_SIGNS))
_JOINTS = frozenset(" -")
_YEAR = re.compile(r"[.,]{0,2} ((?:1[5-9]|20)[0-9]{2})(?![0-9])")
_WORD_BEFORE = re.compile(r"([^\W\d_]{3,13})\.? \Z")
_RANGE = re.compile(r" ?[-–—] ?| (?:do|lub|albo|to|or) ")
_GROSZE = re.compile(r" (?:i )?([0-9]{1,2}) ?gr")
_FEWEST_DIGITS, _MOST_DIGITS = 7, 28

_UNITS_OF = """
1 day dni dzien dnia dniach dniom dniami dniu doba doby dob dobe dobach day days
7 day tydzien tygodnie tygodni tygodnia tygodniach tyg week weeks
1 workday workday workdays
1 month miesiac miesiace miesiecy miesiaca miesiacach mies month months
3 month kwartal kwartaly kwartalow quarter quarters
12 month rok roku lat lata latach latami latom year years yr yrs
1 minute minut minuta minuty minute minutes min mins
60 minute godzina godziny godzin godzine godzinach godz h hour hours hr hrs
1 second sekund sekunda sekundy sekunde second seconds sec
1 % % procent procenta procentach procentami procentow proc percent pct
1 pln zl zloty zlote zlotych zlotego zlotym pln
0.01 pln grosz grosze groszy gr
1 eur € eur euro euros
1 usd $ usd dolar dolary dolarow dollar dollars
1 gbp £ gbp pound pounds
1 chf chf frankow franki frank
1 kg kg kilogram kilogramy kilogramow kilograms
1 km km kilometr kilometry kilometrow kilometers kilometres
1 m m metr metry metrow meters metres
1 cm cm centymetr centymetry centymetrow centimeters
1 mm mm milimetr milimetry milimetrow
1 gb gb gigabajt gigabajty gigabajtow
1 mb mb megabajt megabajty megabajtow
1 kwh kwh
"""
_ADJECTIVES = (
    ("dniow", "day", 1),
    ("tygodniow", "day", 7),
    ("miesieczn", "month", 1),
    ("letni", "month", 12),
    ("roczn", "month", 12),
    ("godzinn", "minute", 60),
    ("minutow", "minute", 1),
    ("procentow", "%", 1),
)
_JOINED_NUMBERS = (
    "pol 0.5 jedno 1 dwu 2 trzy 3 cztero 4 piecio 5 szescio 6 siedmio 7 osmio 8 dziewiecio 9 dziesiecio 10 "
    "dwunasto 12 czternasto 14 pietnasto 15 dwudziesto 20 dwudziestocztero 24 trzydziesto 30 "
    "czterdziesto 40 szescdziesiecio 60 dziewiecdziesiecio 90 stu 100"
)
_MONTHS = """
stycznia styczen styczniu styczniem january jan
lutego luty lutym february feb
marca marzec marcu march mar
kwietnia kwiecien kwietniu april apr
maja maj maju may
czerwca czerwiec czerwcu june jun
lipca lipiec lipcu july jul
sierpnia sierpien sierpniu august aug
wrzesnia wrzesien wrzesniu september sept sep
pazdziernika pazdziernik pazdzierniku october oct
listopada listopad listopadzie november nov
grudnia grudzien grudniu december dec
"""
_SCALES = MappingProxyType(
    {"tys": 1e3, "tysiac": 1e3, "tysiace": 1e3, "tysiecy": 1e3, "thousand": 1e3, "mln": 1e6, "milion": 1e6}
    | {"miliony": 1e6, "milionow": 1e6, "million": 1e6, "mld": 1e9, "miliardow": 1e9, "billion": 1e9}
)
_WORKING = ("robocz", "rob", "business", "working", "work", "calendar")
_ORDINAL_ENDS = ("st", "nd", "rd", "th")
_PLAIN = str.maketrans("ąćęłńóśźż", "acelnoszz")


class Unit(NamedTuple):
    """What is counted, and how many of it one is: a week is seven days."""

    name: str
    factor: float


def _units() -> Mapping[str, Unit]:
    rows = (line.split() for line in _UNITS_OF.strip().splitlines())
    return MappingProxyType({word: Unit(name, float(by)) for by, name, *words in rows for word in words})


def _months() -> Mapping[str, int]:
    rows = _MONTHS.strip().splitlines()
    return MappingProxyType({word: number for number, row in enumerate(rows, 1) for word in row.split()})


_UNITS, _MONTH = _units(), _months()
_NUMERALS = MappingProxyType({word.translate(_PLAIN): value for word, value in numeral_words().items()})
_SPELLED = frozenset((*_NUMERALS, *numeral_words()))
_ADJECTIVE = MappingProxyType({start: Unit(name, by) for start, name, by in _ADJECTIVES})
_JOINED = MappingProxyType(
    dict(zip(_JOINED_NUMBERS.split()[::2], map(float, _JOINED_NUMBERS.split()[1::2]), strict=True))
)
_COMPOUND = re.compile(
    rf"({'|'.join(sorted(_JOINED, key=len, reverse=True))})({'|'.join(_ADJECTIVE)})\w{{0,3}}"
)


def measure_terms(text: str, words: Sequence[str]) -> list[str]:
    """Each term once. `text` is lower-case and in NFKC, `words` are its words."""
    found = list(_in_digits(text))
    if not _SPELLED.isdisjoint(words):
        found.extend(_in_words(words))
    return list(dict.fromkeys(found))


def word_measure(word: str) -> str | None:
    """The term of a word that is a measure by itself, such as "czternastodniowy"."""
    match = _COMPOUND.fullmatch(word.translate(_PLAIN))
    return _term(_JOINED[match[1]], _ADJECTIVE[match[2]]) if match else None


def _in_digits(text: str) -> Iterator[str]:
    lower_ends: list[float] = []
    taken = 0
    for run in _RUN.finditer(text):
        start = run.start()
        if start < taken:
            continue
        if text[run.end() : run.end() + 1] in _JOINTS and (grouped := _GROUPED.match(text, start)):
            yield from _joined(grouped[0])
        match = _NUMBER.match(text, start)
        if match is None:
            continue
        whole, taken = match["whole"], match.end()
        if whole is None:
            yield from _dates(*_numeric_date(match))
            continue
        after = _WORD_AFTER.match(text, taken)
        word = after[1].translate(_PLAIN) if after else ""
        end = after.end() if after else taken
        amount = float(f"{whole if whole.isdigit() else _digits(whole)}.{match['part'] or 0}")
        if scale := _SCALES.get(word):
            amount *= scale
            after = _WORD_AFTER.match(text, end + text.startswith(".", end))
            word, end = (after[1].translate(_PLAIN), after.end()) if after else ("", end)
        elif not whole.isdigit():
            yield f"n:{amount:.0f}"
        unit, end = _unit_at(text, word, end) if word else (None, end)
        if unit is None:
            unit = _currency_before(text, start)
        if unit is None:
            if dates := _worded_date(text, match, word, end):
                yield from dates
            elif _RANGE.match(text, taken):
                lower_ends.append(amount)
                continue
        elif not (unit.factor == 12 and amount >= 1000):  # "2024 roku"
            if unit.name == "pln" and (rest := _GROSZE.match(text, end)):
                amount += int(rest[1]) / 100
                taken = rest.end()
            yield from (_term(each, unit) for each in (*lower_ends, amount))
        if lower_ends:
            lower_ends = []


def _joined(text: str) -> Iterator[str]:
    """A telephone, tax or account number, written in groups."""
    digits = _digits(text)
    if _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        yield f"n:{digits}"
        if len(digits) == 11 and digits.startswith("48"):
            yield f"n:{digits[2:]}"


def _currency_before(text: str, start: int) -> Unit | None:
    if start and text[start - 1] in _SIGNS:
        return _UNITS[text[start - 1]]
    before = text[max(0, start - 4) : start].rstrip(" ")
    return _UNITS[before] if before in _CURRENCIES else None


def _in_words(words: Sequence[str]) -> Iterator[str]:
    total = last = 0.0
    behind = -1
    for place, word in enumerate(words):
        if word not in _SPELLED:
            continue
        value = _NUMERALS[word.translate(_PLAIN)]
        if place != behind:
            total = last = 0.0
        if value >= 1000 and total:
            total *= value
        else:  # units after tens, tens after hundreds
            total = total + value if last > value and last >= 20 else value
        last, behind = value, place + 1
        following = words[behind].translate(_PLAIN) if behind < len(words) else ""
        if following not in _NUMERALS and (unit := _unit(following)):
            yield _term(total, unit)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _unit_at(text: str, word: str, end: int) -> tuple[Unit | None, int]:
    """What `word`, which ends at `end`, measures in, with the word after it where that belongs to it."""
    unit = _unit(word)
    if unit is not None and unit.name != "day":
        return unit, end
    if unit is None and not word.startswith(_WORKING):
        return None, end
    further = _NEXT_WORD.match(text, end)
    if further is None:
        return unit, end
    if unit is not None:
        return (_UNITS["workday"], further.end()) if further[1].startswith(_WORKING[:2]) else (unit, end)
    second = _unit(further[1])
    if second is None or second.name != "day":
        return None, end
    return (second if word == "calendar" else _UNITS["workday"]), further.end()


def _unit(word: str) -> Unit | None:
    unit = _UNITS.get(word)
    if unit is None and len(word) > 5:
        unit = next((unit for start, unit in _ADJECTIVE.items() if word.startswith(start)), None)
    return unit


def _numeric_date(match: re.Match[str]) -> tuple[int, int, int]:
    """Day first, unless only the other way makes a date."""
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        return year, month, day
    first, second = int(match["day"]), int(match["month"])
    return (int(match["year"]), first, second) if second > 12 else (int(match["year"]), second, first)


def _worded_date(text: str, match: re.Match[str], word: str, end: int) -> Iterator[str] | None:
    """Of a day beside the name of its month, or of a year behind one. `word` follows, and ends at `end`."""
    number = int(match["whole"]) if len(match["whole"]) <= 4 and match["part"] is None else 0
    is_day, is_year = 1 <= number <= 31, 1500 <= number < 2100
    if is_day and word in _ORDINAL_ENDS and (after := _WORD_AFTER.match(text, end)):
        word, end = after[1], after.end()
    if is_day and word == "of" and (after := _WORD_AFTER.match(text, end)):
        word, end = after[1], after.end()
    if is_day and (month := _MONTH.get(word)):
        year = _YEAR.match(text, end)
        return _dates(int(year[1]) if year else 0, month, number)
    if not (is_day or is_year) or not text[max(0, match.start() - 3) : match.start() - 1].isalpha():
        return None
    before = _WORD_BEFORE.search(text, max(0, match.start() - 16), match.start())
    month = _MONTH.get(before[1].translate(_PLAIN), 0) if before else 0
    if not month:
        return None
    if is_year:
        return _dates(number, month, 0)
    year = _YEAR.match(text, match.end())
    return _dates(int(year[1]) if year else 0, month, number)


def _dates(year: int, month: int, day: int) -> Iterator[str]:
    """As exact as it is given, and less exact: who asks for the month or the day of the year means it too."""
    if not (1 <= month <= 12 and 0 <= day <= 31):
        return
    if year and day:
        yield f"v:{year}-{month:02}-{day:02}"
    if year:
        yield f"v:{year}-{month:02}"
    if day:
        yield f"v:{month:02}-{day:02}"


def _term(amount: float, unit: Unit) -> str:
    return f"v:{amount * unit.factor:.12g}{unit.name}"
