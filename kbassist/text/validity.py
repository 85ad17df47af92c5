"""Dates by which a text says until when, or since when, what it states holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from kbassist.text.dates import find_dates
from kbassist.text.sentences import sentences
from kbassist.text.values import Value, find_values

_UNTIL = re.compile(
    r"\b(?:do(?: dnia| końca)?|until|till|through|thru|by|before|(?:ends?|expires?)(?: on)?)"
    r"\s+(?:the end of\s+)?\Z",
    re.IGNORECASE,
)
# An end date alone is also history ("do 1989 r."): only what is offered or in force can have run out.
_OFFERED = re.compile(
    r"\b(?:promocj|ofert|akcj|konkurs|kupon|rabat|zniżk|voucher|wyprzeda|nabór|naboru|zapisy|rejestracj"
    r"|ważn|obowiązuj"
    r"|potrwa|trwa\b|dostępn|czynn|przyjmuj|skorzysta|kod\b|promotion|offer|sale\b|coupon|code\b|discount"
    r"|contest"
    r"|valid\b|available|appl(?:y|ies)\b|runs?\b|registration|lasts?\b)",
    re.IGNORECASE,
)
_TOLD_AS_PAST = re.compile(
    r"\b(?:(?:trwa|obowiązywa|by|zakończy|wygas|skończy|odby|przedłuży|działa|przyjmowa)(?:ł|li|ły)\w*"
    r"|zakończon\w+"
    r"|min(?:ął|ęł\w*)|was|were|ended|expired|took place|closed|ran)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\b(?:od(?: dnia)?|począwszy od|z dniem|from|since|as of|starting|effective)\s+\Z", re.IGNORECASE
)
_DATED = re.compile(
    r"\b(?:ostatni\w* (?:aktualizacj\w+|zmian\w+)|aktualizacj\w+|zaktualizowan\w+|opublikowan\w+"
    r"|data publikacji"
    r"|stan (?:prawny )?na|obowiązuj\w+ od|w życie|wersja z|regulamin z|updated|last (?:modified|revised"
    r"|reviewed|change)"
    r"|published|effective(?: from| date| as of)?|valid from|in force (?:from|since)|version of)"
    r"(?:\s(?:dnia|dzień|on|the))*\W{0,3}\Z",
    re.IGNORECASE,
)
_LEAD = 48  # characters before a date that say what it is the date of


def ended(text: str, lang: str, today: date) -> Iterator[tuple[date, int, int]]:
    """Offers and rules whose stated last day is past: that day, and where the sentence stands."""
    for start, end in sentences(text, lang):
        sentence = text[start:end]
        if not _OFFERED.search(sentence) or _TOLD_AS_PAST.search(sentence):
            continue
        dates = [value for value in find_values(sentence, lang) if value.days]
        ends = [days[1] for value in dates if (days := value.days) and _is_end(sentence, value)]
        # A later date in the same sentence may prolong it.
        if ends and all(days[1] < today for value in dates if (days := value.days)):
            yield max(ends), start, end


def _is_end(text: str, value: Value) -> bool:
    before = _UNTIL.search(text[: value.start])
    if value.unit == "year":
        # "do 1989 r." is mostly history.
        return before is not None and ("końca" in before.group() or "end of" in before.group())
    return before is not None or (value.unit == "day" and value.upper > value.amount)


def holds_on(sentence: str, lang: str, today: date) -> bool:
    """Whether what a sentence states holds on that day, by the dates that it gives for itself."""
    for found in find_dates(sentence, lang):
        if found.precision == "month_day":
            continue
        before = sentence[: found.start]
        until = _UNTIL.search(before) is not None or (found.first != found.last and found.precision == "day")
        since = _SINCE.search(before) is not None
        if (until and found.last < today) or (since and found.first > today):
            return False
    return True


def stated_date(text: str, lang: str) -> date | None:
    """The latest day on which a page says that it was published or changed, or came into force."""
    days = [
        found.first
        for found in find_dates(text, lang)
        if found.precision == "day" and _DATED.search(text[max(0, found.start - _LEAD) : found.start])
    ]
    return max(days, default=None)
