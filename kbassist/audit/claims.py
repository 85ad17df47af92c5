"""What a document claims: sentences that state one value about one subject."""

from __future__ import annotations

import re
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
    r"\?\s*\Z|\b(?:około|ok\.|mniej więcej|średnio|przeciętnie|zwykle|zazwyczaj|najczęściej|na ogół|np\.|na przykład"
    r"|przykładowo|orientacyjnie|szacunkow\w+|dawniej|wcześniej|poprzednio|kiedyś|(?:wynosi|kosztowa|trwa|obowiązywa)ł\w*"
    r"|about|around|approximately|roughly|usually|typically|normally|on average|average|for example|e\.g\.|estimated"
    r"|formerly|previously|used to|was|were|took|lasted)(?!\w)",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"(?:co najmniej|przynajmniej|minimum|min\.|nie (?:krócej|mniej|wcześniej) niż|powyżej|ponad|od"
    r"|at least|no less than|not less than|over|above|more than|from)\s+\Z",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"(?:maksymalnie|maks\.|maksimum|nie (?:dłużej|później|więcej) niż|najpóźniej(?: w ciągu| do)?|poniżej|nawet(?: do)?"
    r"|at most|no (?:more|later|longer) than|not (?:more|later|longer) than|up to|under|below|less than)\s+\Z",
    re.IGNORECASE,
)
# Where a term starts is not what it is about: "14 dni od dnia, w którym paczka dotarła".
_STARTING_POINT = re.compile(
    r"\s*,?\s*(?:licząc od|od|po|from|of|after|since|following)\s"
    r"[^,;.:]*(?:,\s(?:w któr\w+|gdy|kiedy|in which|on which|when)[^,;.:]*)?",
    re.IGNORECASE,
)
_NEXT_THOUGHT = re.compile(r",\s(?:a|ale|lecz|więc|dlatego|and|but|so)\s.*\Z", re.IGNORECASE | re.DOTALL)
_NEGATION = re.compile(
    r"\b(?:nie(?! (?:krócej|mniej|wcześniej|dłużej|później|więcej) niż| podając| podawa)"
    r"|not(?! (?:less|more|later|longer) than)|cannot|can't|don't|doesn't|won't|no(?! (?:less|more|later|longer) than))\b",
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
    asked = ""
    for start, end in sentences(document.text, lang):
        text = document.text[start:end]
        claim = _claim(document, start, text, lang, asked, subjects) if len(text) <= _LONGEST else None
        if claim is not None:
            yield claim
        # Only the sentence right after a question answers it in half a sentence.
        asked = text if text.endswith("?") else ""


def _claim(
    document: Document, start: int, text: str, lang: str, asked: str, subjects: Subjects
) -> Claim | None:
    if _NO_CLAIM.search(text):
        return None
    values = find_values(text, lang)
    stated = [value for value in values if value.kind in _KINDS]
    value = stated[0] if stated else None
    if value is None or len({(v.unit, v.amount, v.upper) for v in stated if v.kind == value.kind}) > 1:
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
        start=start,
        end=start + len(text),
        value=value,
        bound=_bound(text[: value.start]),
        subject=subject,
        conditions=tuple(sorted(conditions)),
        takes_time=_TAKES_TIME.search(text) is not None,
    )


def _around(text: str, values: list[Value], value: Value) -> str:
    """The sentence without its values, without where a term starts, without the thought that follows."""
    before, after = text[: value.start], text[value.end :]
    thought = _NEXT_THOUGHT.search(after)
    if thought:
        after = after[: thought.start()]
    if value.kind == "duration":
        after = _STARTING_POINT.sub(" ", after, count=1) if _STARTING_POINT.match(after) else after
    kept = f"{before} {after}"
    for other in values:
        if other is not value:
            kept = kept.replace(other.text, " ")
    return kept


def _bound(before: str) -> Bound:
    if _AT_LEAST.search(before):
        return "at least"
    return "at most" if _AT_MOST.search(before) else "exact"
