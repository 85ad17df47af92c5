"""Everything in a sentence that counts: values, numbers, times of day, how often, codes; each with its
limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kbassist.text.analysis import fold
from kbassist.text.numerals import find_numbers
from kbassist.text.values import Value, find_values

Bound = Literal["", "least", "most", "over", "under", "about", "earliest"]

_CLOCK = re.compile(
    r"(?<![\d:.,])(?P<h>[01]?\d|2[0-4])(?:[:](?P<m>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?"
    r"|(?<![\d:.,])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?!\d)",
    re.IGNORECASE,
)
_TIMES = re.compile(r"\b(?P<once>raz(?!em)|once)\b|\b(?P<twice>dwukrotnie|twice)\b", re.IGNORECASE)
_COUNTED = re.compile(r"\s(?:razy|times?)\b", re.IGNORECASE)
_AGE = re.compile(r"\blat\s(?P<years>\d{1,2})\b", re.IGNORECASE)
_CODE = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\b(?=[\w./-]*\d)(?=[\w./-]*[^\W\d_])[\w]+(?:[-./]\w+)*\b"
    r"|\b\d+(?:\.\d+){2,}\b|§",
)
_LIMITS: tuple[tuple[Bound, str], ...] = (
    (
        "most",
        r"nie (?:wiecej|dluzej|pozniej|wyzej) niz|co najwyzej|najwyzej|maksymalnie|maksimum"
        r"|najpozniej(?: do)?"
        r"|nawet do|no (?:more|later|longer) than|not (?:more|later|longer) than|up to|at most"
        r"|maximum(?: of)?"
        r"|at the latest",
    ),
    (
        "least",
        r"co najmniej|przynajmniej|minimum|minimalnie|nie (?:mniej|krocej|wczesniej) niz|at least"
        r"|minimum(?: \w+)? of"
        r"|minimum|(?:no|not) less than|a minimum of",
    ),
    ("earliest", r"najwczesniej|at the earliest|not before"),
    ("over", r"\b(?:powyzej|ponad|wiecej niz|over|more than|above|exceeding|older than|przekracza\w*)"),
    ("under", r"\b(?:ponizej|mniej niz|under|below|less than|fewer than|younger than|przed ukonczeniem)"),
    (
        "about",
        r"okolo|ok\.|mniej wiecej|blisko|niemal|prawie|about|around|approximately|roughly|nearly|almost",
    ),
)
_BOUNDS = tuple(
    (name, re.compile(rf"(?:{words})\s(?:(?:a|the|o|of|by|po|after|within)\s)?\Z")) for name, words in _LIMITS
)
_UNTIL = {"pl": re.compile(r"\bdo(?: lat)?\s\Z"), "en": re.compile(r"(?!)")}
_SINCE = {"pl": re.compile(r"\bod(?: lat)?\s\Z"), "en": re.compile(r"(?!)")}
_WITHIN = re.compile(r"(?:w (?:prze)?ciagu|w terminie|within|masz)\s\Z")
_OR_MORE = re.compile(r"\s(?:lub|i|albo|or|and)\s(?:wiecej|starsz\w+|more|over|older)\b")
_RANGE_END = re.compile(r"\s(?:do|to|until)\s\Z")


@dataclass(frozen=True, slots=True)
class Quantity:
    """`kind` and `name` make it equal to another; `value` is set for what `find_values` knows.

    `within` says that it is a limit already without a word that makes it one ("w ciągu 14 dni").
    """

    start: int
    end: int
    kind: str
    name: str
    bound: Bound = ""
    within: bool = False
    value: Value | None = None
    opened: int = -1
    """Where the words that limit it begin; its own start where none do."""

    def stated_by(self, other: Quantity) -> bool:
        """Whether `other` is the same, or a date inside this less exact one."""
        if (self.kind, self.name) == (other.kind, other.name):
            return True
        mine, theirs = (item.value.days if item.value else None for item in (self, other))
        return bool(mine and theirs and mine[0] <= theirs[0] and theirs[1] <= mine[1])


def quantities(text: str, lang: str) -> list[Quantity]:
    """In the order of the text, not overlapping."""
    lang = "pl" if lang == "pl" else "en"
    found: list[Quantity] = []
    for candidate in _candidates(text, lang):
        if all(candidate.end <= other.start or candidate.start >= other.end for other in found):
            found.append(candidate)
    found.sort(key=lambda item: item.start)
    plain = fold(text).lower()
    if len(plain) != len(text):  # letters that fold to two would shift the offsets
        plain = text.lower()
    return [_bounded(plain, item, lang, found) for item in found]


def _candidates(text: str, lang: str) -> Iterator[Quantity]:
    """The surest first."""
    for match in _CLOCK.finditer(text):
        hour = int(match["h"] or match["hour"])
        if match["half"]:
            hour = hour % 12 + 12 * (match["half"].lower() == "p")
        yield Quantity(*match.span(), "clock", f"{hour}:{int(match['m'] or match['minute'] or 0):02}")
    for match in _AGE.finditer(text):
        yield Quantity(*match.span(), "duration", f"{float(match['years']) * 12} month")
    for value in find_values(text, lang):
        same = value.amount == value.upper
        name = f"{value.amount} {value.unit}" if same else f"{value.amount}-{value.upper} {value.unit}"
        yield Quantity(value.start, value.end, value.kind, name, value=value)
    numbers = find_numbers(text, lang)
    for number in numbers:
        if counted := _COUNTED.match(text, number.end):
            yield Quantity(number.start, counted.end(), "times", f"{number.amount}")
    for match in _TIMES.finditer(text):
        yield Quantity(*match.span(), "times", f"{1.0 if match['once'] else 2.0}")
    for match in _CODE.finditer(text):
        yield Quantity(*match.span(), "code", fold(match[0]).lower().strip(".,;:/"))
    for number in numbers:
        if number.amount != 1 or text[number.start].isdigit():
            yield Quantity(number.start, number.end, "number", f"{number.amount}")


def _bounded(plain: str, item: Quantity, lang: str, all_of_them: list[Quantity]) -> Quantity:
    offset = max(0, item.start - 40)
    before = plain[offset : item.start]
    limited = next(
        ((name, found.start()) for name, pattern in _BOUNDS if (found := pattern.search(before))), None
    )
    bound: Bound = limited[0] if limited else ""
    opened = offset + limited[1] if limited else item.start
    if not bound and item.kind != "code":
        ranged = any(
            (other.end <= item.start and _RANGE_END.fullmatch(plain, other.end, item.start))
            or (item.end <= other.start and _RANGE_END.fullmatch(plain, item.end, other.start))
            for other in all_of_them
        )
        if not ranged and item.kind != "clock":
            until, since = _UNTIL[lang].search(before), _SINCE[lang].search(before)
            if until:
                bound, opened = "most", offset + until.start()
            elif since and item.kind != "date":
                bound, opened = "least", offset + since.start()
    if not bound and _OR_MORE.match(plain, item.end):
        bound = "least"
    within = _WITHIN.search(before) is not None
    return Quantity(item.start, item.end, item.kind, item.name, bound, within, item.value, opened)
