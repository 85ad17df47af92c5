"""What a text states: values and permissions, each with its subject, its conditions and its scope."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from kbassist.text.bounds import Bound, bound_of, is_threshold, limit_of, start_or_end
from kbassist.text.clauses import (
    NEXT_STEP,
    NO_STATEMENT,
    ORDER,
    ORIGIN,
    STARTING_POINT,
    STATUTE,
    is_net,
    lists,
    parts,
    periods,
    split,
    without_periods,
    without_trailing,
)
from kbassist.text.numerals import find_numbers
from kbassist.text.sentences import sentences
from kbassist.text.stances import FREE, PAID, STANCE_WORD, Stance, stance_of
from kbassist.text.subjects import Subjects
from kbassist.text.values import Value, find_values

Kind = Literal["duration", "money", "percent", "date", "permission", "requirement"]
Aspect = Literal["", "takes", "has", "free from", "free", "paid", "starts", "ends"]

_KINDS = frozenset({"duration", "money", "percent", "date"})
_LONGEST = 400  # characters of a sentence

# Cheap to search for: a sentence without a match states nothing that is compared.
_NUMBERS = (
    r"\d|\b(?:dwa|dwó|dwi|trz|czt|pię|sze|sie|ośm|osi|dzie|jed|sto\b|rok|tydz|tygod|miesi|doby|godzin|kwarta"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|twe|thir|fou|fif|sixt|nin|an?\s(?:hour|day|week"
    r"|month|year)|roczn)"
)
_NUMBER = re.compile(_NUMBERS, re.IGNORECASE)
_WORTH_VALUES = re.compile(rf"{_NUMBERS}|{FREE.pattern}|{PAID.pattern}", re.IGNORECASE)
_WORTH = re.compile(rf"{_WORTH_VALUES.pattern}|{STANCE_WORD.pattern}", re.IGNORECASE)
_BESIDE = re.compile(r"\s\|\s|\t|(?:\bi|\boraz|\band|,)\s(?:\w+\s){0,3}\Z", re.IGNORECASE)
_TAKES = re.compile(
    r"\b(?:trwa|trwają|zajmuje|takes?|processed|processing|realizacj\w+|realizujemy|następuje|wypłac\w+"
    r"|issued)\b",
    re.IGNORECASE,
)
_HAS = re.compile(
    r"\b(?:masz|mają|mamy|można|możesz|może|mogą|przysługuje|prawo do|dajemy|you have|can|may|is accepted"
    r"|are accepted)\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:nie(?! (?:krócej|mniej|wcześniej|dłużej|później|więcej) niż| podając| podawa)"
    r"|not?(?! (?:less|more|later|longer) than)|cannot|can't|don't|doesn't|won't)\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"(?:§|\b(?:art|ust|pkt|poz|lit|nr|section|paragraph)\.?)\s*[0-9]+\w?", re.IGNORECASE)
_MARKER = re.compile(
    r"\s*(?:[-–—•*]\s+|\(?[0-9]{1,3}[.)]\s+|[a-z]\)\s+|(?:tak|nie|yes|no)[,.!]\s+)", re.IGNORECASE
)
_ROW = re.compile(r"\s\|\s|\t")
_WITHOUT_END = float("inf")
_OPENING = frozenset({"open", "close", "enter"})  # goes without saying where a date is given


@dataclass(frozen=True, slots=True)
class Statement:
    """`start` and `end` are the sentence in the text.

    `subject` are the keys of what it is about; `above` those of what stands over it (title, headings, the
    question it answers, the table's first row), which may say what the sentence leaves out. `conditions` are
    what has to be so for it to hold, as keys and as numbers. `value` is None for a stance; `low` and `high`
    are its ends. `says` is the text of what it gives, for people.
    """

    start: int
    end: int
    kind: Kind
    says: str
    subject: frozenset[str]
    conditions: frozenset[str]
    above: frozenset[str] = frozenset()
    value: Value | None = None
    low: float = 0.0
    high: float = 0.0
    bound: Bound = "exact"
    aspect: Aspect = ""
    stance: Stance | None = None
    per: frozenset[str] = frozenset()
    lists: tuple[frozenset[str], ...] = ()
    net: bool = False
    statutory: bool = False

    @property
    def given(self) -> tuple[object, ...]:
        """Equal for two statements that give the same."""
        unit = self.value.unit if self.value else ""
        return self.kind, self.low, self.high, unit, self.stance


def statements(
    text: str,
    lang: str,
    subjects: Subjects,
    above: frozenset[str] = frozenset(),
    spans: Sequence[tuple[int, int]] | None = None,
) -> Iterator[Statement]:
    """What `text` states, in its order. `above` are the keys of its title and headings; `spans` its
    sentences, where somebody has found them.
    """
    asked, columns = "", ""
    for start, end in sentences(text, lang) if spans is None else spans:
        sentence = text[start:end]
        if sentence.endswith("?"):
            asked, columns = sentence, ""
            continue
        is_row = _ROW.search(sentence) is not None
        if is_row and not any(char.isdigit() for char in sentence):
            columns = sentence
        elif worth_reading(sentence):
            over = (
                above | frozenset(subjects.keys(asked)) | frozenset(subjects.keys(columns) if is_row else ())
            )
            for found in of_sentence(sentence, lang, subjects, asked):
                yield replace(found, start=start, end=end, above=over)
        # Only the sentence right after a question answers it in half a sentence.
        asked = ""
        columns = columns if is_row else ""


def worth_reading(sentence: str, *, values_only: bool = False) -> bool:
    """Whether the sentence may state something that is compared. Cheap: no value is read."""
    if len(sentence) > _LONGEST:
        return False
    return (_WORTH_VALUES if values_only else _WORTH).search(sentence) is not None


def of_sentence(sentence: str, lang: str, subjects: Subjects, asked: str = "") -> Iterator[Statement]:
    """What one sentence states; its offsets are those of the sentence itself.

    A sentence that asks, guesses, quotes, tells the past, or gives orders to a machine states nothing.
    """
    if NO_STATEMENT.search(sentence):
        return
    has_number = _NUMBER.search(sentence) is not None
    values = [value for value in find_values(sentence, lang) if value.kind in _KINDS] if has_number else []
    verdicts = _verdicts(sentence, values)
    if not verdicts or ORDER.search(sentence):
        return
    head: frozenset[str] = frozenset()
    statutory = STATUTE.search(sentence) is not None
    for place, (start, end) in enumerate(split(sentence, verdicts)):
        if place and NEXT_STEP.match(sentence, start, end):
            continue
        inside = [value for value in values if start <= value.start and value.end <= end]
        said = max(verdict[1] for verdict in verdicts if start <= verdict[0] < end)
        kept = without_trailing(sentence[start:end], said - start)
        clause = _Clause(kept, [_moved(value, start) for value in inside], lang, subjects, head)
        for found in clause.statements(asked):
            yield replace(found, end=len(sentence), statutory=statutory)
        if place == 0:
            head = clause.subject


def _verdicts(sentence: str, values: list[Value]) -> list[tuple[int, int]]:
    free = [match.span() for match in (*FREE.finditer(sentence), *PAID.finditer(sentence))]
    threshold = [
        value for value in values if value.kind == "money" and free and is_threshold(sentence[: value.start])
    ]
    spans = sorted([(value.start, value.end) for value in values if value not in threshold] + free)
    stance = STANCE_WORD.search(sentence)
    return spans or ([stance.span()] if stance else [])


def _moved(value: Value, start: int) -> Value:
    return replace(value, start=value.start - start, end=value.end - start)


class _Clause:
    """One clause of a sentence, taken apart."""

    def __init__(
        self, text: str, values: list[Value], lang: str, subjects: Subjects, head: frozenset[str]
    ) -> None:
        self._text = text
        self._values = values
        self._lang = lang
        self._subjects = subjects
        marker = _MARKER.match(text)
        self._body = " " * marker.end() + text[marker.end() :] if marker else text
        self._parts = parts(_REFERENCE.sub(" ", self._blanked()))
        self._main = " ".join(part.text for part in self._parts if not part.condition)
        self._if = " ".join(part.text for part in self._parts if part.condition)
        own = frozenset(key for key in subjects.keys(self._main) if not key.startswith("n:"))
        self.subject = _refunds(own if own and not head else own | head)

    def _blanked(self) -> str:
        """Without its values, and without where its terms start."""
        text = self._body
        for value in reversed(self._values):
            after = text[value.end :]
            if value.kind == "duration":
                origin = STARTING_POINT.match(after)
                after = after[origin.end() :] if origin else after
            text = f"{text[: value.start]} {after}"
        if any(value.kind == "duration" for value in self._values):
            text = ORIGIN.sub(" ", text)
        return without_periods(text)

    def statements(self, asked: str) -> Iterator[Statement]:
        subject, conditions = self.subject, self._conditions()
        if not subject:
            # "W razie rezygnacji pobieramy 50 zł": the condition says what it is about, or the question does.
            subject = frozenset(key for key in conditions if " " not in key)
            conditions -= subject
        subject = subject or _refunds(frozenset(self._subjects.keys(asked)))
        free, paid = FREE.search(self._text), PAID.search(self._text)
        common: dict[str, Any] = {
            "start": 0,
            "end": 0,
            "lists": tuple(frozenset(self._subjects.keys(listed)) for listed in lists(self._main)),
        }
        stated = list(self._stated(bool(free)))
        if free or paid or any(value.kind in ("money", "percent") for value, _ in stated):
            common |= {"per": periods(self._text), "net": is_net(self._text)}
        for value, aspect in stated:
            others = [
                other
                for other in self._values
                if other is not value and not self._stands_beside(other, value)
            ]
            yield Statement(
                kind=value.kind,
                says=value.text,
                subject=subject - _OPENING or subject if value.kind == "date" else subject,
                conditions=conditions
                | {self._given(other) for other in others}
                | ({"not"} if _NEGATION.search(self._main) and aspect != "free from" else frozenset()),
                value=value,
                low=value.amount,
                high=value.upper,
                bound="exact"
                if aspect in ("free from", "starts", "ends")
                else bound_of(self._text[: value.start]),
                aspect=aspect,
                **common,
            )
        priced = any(value.kind == "money" for value, _ in stated)
        said = free or paid
        if said and not priced and subject - {"free"}:
            others = [other for other in self._values if not any(other is value for value, _ in stated)]
            yield Statement(
                kind="money",
                says=said.group().strip(),
                subject=subject - {"free"},
                conditions=conditions | {self._given(other) for other in others},
                low=0.0 if free else 0.01,
                high=0.0 if free else _WITHOUT_END,
                aspect="free" if free else "paid",
                **common,
            )
        # A colon leads to a list that says what.
        stance = None if self._text.rstrip().endswith(":") else stance_of(self._main)
        if stance is not None and subject and not (said and not stated):
            yield Statement(
                kind="requirement" if stance in ("must", "need not") else "permission",
                says=self._text.strip(" .;,"),
                subject=subject,
                conditions=conditions | {self._given(value) for value in self._values},
                stance=stance,
                **common,
            )

    def _conditions(self) -> frozenset[str]:
        keys = frozenset(key for key in self._subjects.keys(self._if) if not key.startswith("n:"))
        if keys & self.subject:
            keys = frozenset()  # it only says again what this is about
        plain = _REFERENCE.sub(" ", self._blanked())
        numbers = {
            f"number {limit_of(plain[: number.start])} {number.amount}"
            for number in find_numbers(plain, self._lang)
            if number.amount != 1
        }
        return keys | numbers

    def _given(self, value: Value) -> str:
        """A value as a condition."""
        limit = limit_of(self._text[: value.start])
        return f"{value.kind} {limit} {value.amount} {value.upper} {value.unit}"

    def _stated(self, free: bool) -> Iterator[tuple[Value, Aspect]]:
        """The values of which there is one of the kind, and what they are a value of."""
        for kind in ("duration", "money", "percent", "date"):
            values = [value for value in self._values if value.kind == kind]
            values = [value for value in values if not self._in_condition(value)] or values
            if not values or len({(value.unit, value.amount, value.upper) for value in values}) > 1:
                continue
            value = values[0]
            if kind == "money" and free:
                if value.amount == 0 or not is_threshold(self._text[: value.start]):
                    if value.amount == 0:
                        yield value, "free"
                    continue
                yield value, "free from"
            elif kind == "duration":
                aspect: Aspect = (
                    "takes" if _TAKES.search(self._text) else "has" if _HAS.search(self._text) else ""
                )
                yield value, aspect
            elif kind == "date":
                before = self._text[: value.start]
                end = start_or_end(before)
                if end and value.unit != "year" and len(self._values) == 1:
                    yield value, end
            elif not self._in_condition(value):
                yield value, ""

    def _in_condition(self, value: Value) -> bool:
        """Whether the value stands in a condition: "przy wpłacie do 1000 zł"."""
        before = self._text[: value.start]
        cut = max((before.rfind(mark) for mark in (",", ";", "|")), default=-1)
        return (
            re.search(
                r"\b(?:przy (?:zamówieni|zakup|wpła|wypła|kwo)\w+|jeśli|jeżeli|gdy|w przypadku|o wartości"
                r"|for (?:\w+ )?(?:up to|over|under)"
                r"|for \w+ (?:up to|over|under|of)|on (?:orders|purchases)|orders over|if|when|pożyczce"
                r"|powyżej 1 |od pożyczki)\b",
                before[cut + 1 :],
                re.IGNORECASE,
            )
            is not None
        )

    def _stands_beside(self, other: Value, value: Value) -> bool:
        """Whether two values are both stated ("kosztuje 15 zł i trwa 2 dni") rather than one conditioned."""
        if other.kind == value.kind:
            return (other.amount, other.upper, other.unit) == (value.amount, value.upper, value.unit)
        first, second = sorted((other, value), key=lambda item: item.start)
        between = self._text[first.end : second.start]
        return other.kind != "date" and _BESIDE.search(between) is not None


def _refunds(keys: frozenset[str]) -> frozenset[str]:
    """Returning money is a refund; sending an answer is answering."""
    if {"pay", "collect"} <= keys:
        return keys - {"pay", "collect"} | {"cod"}
    if "money" in keys and keys & {"return", "pay"}:
        return keys - {"money", "return", "pay"} | {"refund"}
    if "refund" in keys:
        return keys - {"return", "money"}
    if "answer" in keys:
        return keys - {"ship"}
    return keys
