"""What a document claims: sentences that state one value about one subject."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kbassist.audit.subjects import Subjects
from kbassist.text.numerals import find_numbers
from kbassist.text.sentences import sentences
from kbassist.text.values import Value, find_values
from kbassist.types import Document

Bound = Literal["exact", "at least", "at most"]

_KINDS = frozenset({"duration", "money", "percent"})
_LONGEST = 400

# A sentence that asks, guesses, gives an example or tells the past claims nothing.
_NO_CLAIM = re.compile(
    r"\?\s*\Z|\b(?:około|ok\.|mniej więcej|średnio|przeciętnie|zwykle|zazwyczaj|najczęściej|na ogół"
    r"|orientacyjnie|szacunkow\w+|np\.|na przykład|przykładowo|dawniej|wcześniej|poprzednio|kiedyś"
    r"|(?:wynosi|kosztowa|trwa|obowiązywa)ł\w*"
    r"|about|around|approximately|roughly|usually|typically|normally|average|estimated|e\.g\.|for example"
    r"|formerly|previously|used to|was|were|took|lasted)(?!\w)",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"(?:co najmniej|przynajmniej|minimum|min\.|nie (?:krócej|mniej|wcześniej) niż|powyżej|ponad|od"
    r"|at least|no less than|not less than|over|above|more than|from)\s+\Z",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"(?:maksymalnie|maks\.|maksimum|nie (?:dłużej|później|więcej) niż|najpóźniej(?: w ciągu| do)?"
    r"|poniżej|nawet(?: do)?|at most|no(?:t)? (?:more|later|longer) than|up to|under|below|less than)\s+\Z",
    re.IGNORECASE,
)
# Where a term starts is not what it is about: "14 dni od dnia, w którym paczka dotarła".
_STARTING_POINT = re.compile(
    r"\s*,?\s*(?:licząc od|od|po|from|of|after|since|following)\s"
    r"[^,;.:]*(?:,\s(?:w któr\w+|gdy|kiedy|in which|on which|when)[^,;.:]*)?",
    re.IGNORECASE,
)
_NEXT_THOUGHT = re.compile(r",\s(?:a|ale|lecz|więc|dlatego|and|but|so)\s", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:nie(?! (?:krócej|mniej|wcześniej|dłużej|później|więcej) niż| podając| podawa)"
    r"|not?(?! (?:less|more|later|longer) than)|cannot|can't|don't|doesn't|won't)\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"(?:§|\b(?:art|ust|pkt|poz|lit|nr|section|paragraph)\.?)\s*[0-9]+\w?", re.IGNORECASE)
_MARKER = re.compile(r"\s*(?:[-–—•*]\s+|\(?[0-9]{1,3}[.)]\s+|[a-z]\)\s+)")
_TAKES_TIME = re.compile(r"\b(?:trwa|trwają|takes?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """`start` and `end` are the sentence in `document.text`.

    Claims with one `subject` are about the same thing under the same conditions. `takes_time` tells
    how long something lasts from how long there is for it ("zwrot trwa", "na zwrot masz").
    """

    document: Document
    start: int
    end: int
    value: Value
    bound: Bound
    subject: frozenset[str]
    conditions: tuple[str, ...]
    takes_time: bool


def claims(document: Document, subjects: Subjects) -> Iterator[Claim]:
    """The claims of a document, in the order of its text."""
    lang = document.lang or "pl"
    stated = [value.start for value in find_values(document.text, lang) if value.kind in _KINDS]
    asked = ""
    for start, end in sentences(document.text, lang):
        if end - start <= _LONGEST and bisect_left(stated, start) < bisect_left(stated, end):
            claim = _claim(document, (start, end), lang, asked, subjects)
            if claim is not None:
                yield claim
        # Only the sentence right after a question answers it in half a sentence.
        asked = document.text[start:end] if document.text[end - 1] == "?" else ""


def _claim(
    document: Document, span: tuple[int, int], lang: str, asked: str, subjects: Subjects
) -> Claim | None:
    text = document.text[slice(*span)]
    if _NO_CLAIM.search(text):
        return None
    values = find_values(text, lang)
    value = next((value for value in values if value.kind in _KINDS), None)
    if value is None:
        return None
    thought = _NEXT_THOUGHT.search(text, value.end)
    if thought:
        text = text[: thought.start()]
        values = [other for other in values if other.end <= len(text)]
    if len({(v.unit, v.amount, v.upper) for v in values if v.kind == value.kind}) > 1:
        return None

    others = [other for other in values if other.kind != value.kind]
    words = _around(text, values, value)
    subject = frozenset(key for key in subjects.keys(words) if not key.isdecimal())
    if not subject and asked:
        subject = frozenset(subjects.keys(asked))
        words = asked
    if not subject:
        return None
    marker = _MARKER.match(words)
    plain = _REFERENCE.sub(" ", words[marker.end() :] if marker else words)
    conditions = [f"{other.kind} {other.amount} {other.upper} {other.unit}" for other in others]
    conditions += [f"number {number.amount}" for number in find_numbers(plain, lang) if number.amount != 1]
    if _NEGATION.search(plain):
        conditions.append("not")
    return Claim(
        document=document,
        start=span[0],
        end=span[1],
        value=value,
        bound=_bound(text[: value.start]),
        subject=subject,
        conditions=tuple(sorted(conditions)),
        takes_time=_TAKES_TIME.search(text) is not None,
    )


def _around(text: str, values: list[Value], value: Value) -> str:
    """The sentence without its values and without where a term starts."""
    before, after = text[: value.start], text[value.end :]
    if value.kind == "duration":
        starting_point = _STARTING_POINT.match(after)
        after = after[starting_point.end() :] if starting_point else after
    kept = f"{before} {after}"
    for other in values:
        if other is not value:
            kept = kept.replace(other.text, " ")
    return kept


def _bound(before: str) -> Bound:
    if _AT_LEAST.search(before):
        return "at least"
    return "at most" if _AT_MOST.search(before) else "exact"
