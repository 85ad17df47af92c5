"""What stands before a value: whether it is a limit, a threshold, a first or a last day."""

from __future__ import annotations

import re
from typing import Literal

Bound = Literal["exact", "at least", "at most"]

_AT_LEAST = re.compile(
    r"(?:co najmniej|przynajmniej|minimum|min\.|nie (?:krócej|mniej|wcześniej) niż|powyżej|ponad|od"
    r"|minimaln\w+ \w+ \w+"
    r"|at least|no less than|not less than|over|above|(?<!no )(?<!not )more than|from|minimum)\s+\Z",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"(?:maksymalnie|maks\.|maksimum|nie (?:dłużej|później|więcej) niż(?: w ciągu| do)?"
    r"|najpóźniej(?: w ciągu| do)?"
    r"|poniżej|nawet(?: do)?|at most|no(?:t)? (?:more|later|longer) than|up to|under|below|less than"
    r"|(?:trwa|zajmuje|wynosi|potrwa) do)\s+\Z",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"\b(?:powyżej|ponad|od|co najmniej|min\.|minimum|po|over|above|from|more than|at least"
    r"|after)\s(?:\w+\s)?\Z",
    re.I,
)
_BELOW = re.compile(
    r"\b(?:do|poniżej|maks\w*\.?|przed|w ciągu|w terminie|up to|under|below|less than|within|before"
    r"|until)\s(?:\w+\s)?\Z",
    re.I,
)
_THRESHOLD = re.compile(
    r"(?:\b(?:od|powyżej|ponad|za (?:minimum|min\.)?|o wartości|min\.|minimum|co najmniej|przekracz\w+"
    r"|over|above|from|of|at least"
    r"|more than|exceeding|spend|on orders)(?: kwoty)?)\s+\Z",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"\b(?:od|from|since|starts?|begins?|opens?|effective|rusza|wejdzie|wchodzi|rozpoczyna\w*|zaczyna\w*"
    r"|startuje)\b[^,;]{0,30}\Z",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:do|until|till|by|through|ends?|closes?|expires?|deadline|upływa|mija|kończy|zakończy|termin"
    r"|najpóźniej)\b[^,;]{0,60}\Z",
    re.IGNORECASE,
)
_LEAD = 24  # characters in which a threshold is named


def bound_of(before: str) -> Bound:
    """How the value that follows `before` is meant."""
    if _AT_LEAST.search(before):
        return "at least"
    return "at most" if _AT_MOST.search(before) else "exact"


def limit_of(before: str) -> str:
    """Whether what follows is a lower or an upper limit."""
    if _ABOVE.search(before):
        return "from"
    return "to" if _BELOW.search(before) else "of"


def is_threshold(before: str) -> bool:
    """Whether what follows is the amount from which something holds: "od 200 zł"."""
    return _THRESHOLD.search(before[-_LEAD:]) is not None


def start_or_end(before: str) -> Literal["starts", "ends"] | None:
    """Whether the date that follows is a first or a last day; the nearer word counts."""
    starts, ends = _STARTS.search(before), _ENDS.search(before)
    if starts and (ends is None or starts.start() > ends.start()):
        return "starts"
    return "ends" if ends else None
