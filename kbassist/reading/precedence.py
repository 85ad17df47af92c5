"""Which of several sources that disagree is right, and by which rule.

The rules in order: what is in force beats what has expired, a higher source a lower one, and of equal
ones the newer. That a narrower scope beats a wider one when the question names it is decided before:
there both are right, each for what it speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from kbassist.errors import InvalidArgumentError
from kbassist.text.validity import ended, stated_date
from kbassist.types import Document, Passage

IN_FORCE = "in_force_before_expired"
HIGHER_SOURCE = "higher_source_before_lower"
NEWER = "newer_before_older"
NARROWER_SCOPE = "narrower_scope_before_wider"

SOURCES = ("act", "regulation", "page", "pdf", "faq", "post", "reply")
"""The sorts of sources. An act is a law; a post stands in a blog, in news or in a forum."""
SOURCE_ORDER = ("act", "regulation", "page", "post")
"""Highest first. A sort that is not named is as high as the one that it is of."""

_IS_OF = {
    "pdf": "page",
    "faq": "page",
    "reply": "post",
    "post": "page",
    "act": "regulation",
    "regulation": "page",
}
_ACT = re.compile(
    r"\b(?:ustaw\w*|kodeks\w*|rozporządzeni\w+|dyrektyw\w+|konstytucj\w+|obwieszczeni\w+|dz\.?\s?u\.?|rodo"
    r"|gdpr|act|directive"
    r"|regulations?(?= \(e)|code|statute)\b",
    re.IGNORECASE,
)
_RULES = re.compile(
    r"\A\W*(?:(?:nowy|aktualny|our|general)\s)?(?:regulamin|statut|ogólne warunki|owu|terms|general terms"
    r"|t&c|rules and regulations)\b",
    re.IGNORECASE,
)
_POST = re.compile(
    r"/(?:blog|news|aktualnosci|wpisy?|posts?|forum)/\w|\b(?:wpis na blogu|blog post)\b",
    re.IGNORECASE,
)
_WHOLE = 4_000  # characters of a document whose stated end is that of everything in it

_WORDS = {
    "pl": {
        IN_FORCE: "obowiązujący zapis ma pierwszeństwo przed nieaktualnym",
        HIGHER_SOURCE: "źródło wyższego rzędu ma pierwszeństwo przed niższym",
        NEWER: "nowszy zapis ma pierwszeństwo przed starszym",
        NARROWER_SCOPE: "zapis szczegółowy ma pierwszeństwo przed ogólnym",
        "": "żadna reguła nie rozstrzyga, który zapis obowiązuje",
    },
    "en": {
        IN_FORCE: "what is in force goes before what has expired",
        HIGHER_SOURCE: "a higher source goes before a lower one",
        NEWER: "the newer text goes before the older one",
        NARROWER_SCOPE: "the specific rule goes before the general one",
        "": "no rule decides which text holds",
    },
}


def rule_in_words(rule: str | None, lang: str) -> str:
    """A `Conflict.resolution` for people, without a full stop; None is a conflict that nothing decides.

    English for any language but Polish. A rule that is not one of this module's is given as it is.
    """
    words = _WORDS["pl" if lang == "pl" else "en"]
    return words.get(rule or "", (rule or "").replace("_", " "))


def as_source_order(order: Sequence[str]) -> tuple[str, ...]:
    """A checked order. Raises `InvalidArgumentError` for a sort of source unknown or named twice."""
    if isinstance(order, str):
        raise InvalidArgumentError(f"source_order is the single text {order!r}: give a list, highest first")
    named = tuple(order)
    for name in named:
        if name not in SOURCES:
            raise InvalidArgumentError(f"source_order holds {name!r}: choose from {', '.join(SOURCES)}")
        if named.count(name) > 1:
            raise InvalidArgumentError(f"source_order holds {name!r} twice: name it once")
    if not named:
        raise InvalidArgumentError(f"source_order is empty: name the highest first, as in {SOURCE_ORDER!r}")
    return named


@dataclass(frozen=True, slots=True)
class Standing:
    """How a claim stands among others. A lower `rank` is a higher source."""

    in_force: bool
    rank: int
    dated: date | None


def standing(
    passage: Passage, document: Document | None, order: Sequence[str], today: date, *, in_force: bool = True
) -> Standing:
    """Of what a passage says. Without its document only what the passage tells is known.

    `in_force` is False where the claim itself gives dates that today is outside of. The date is the first of
    the document's `valid_from`, the latest day that its text gives for itself, and `modified_at`.
    """
    text, lang = (document.text, document.lang or passage.lang) if document else (passage.text, passage.lang)
    part = text if len(text) <= _WHOLE else passage.text
    holds = in_force and not any(True for _ in ended(part, lang, today))
    dated = stated_date(text, lang)
    if document is not None:
        holds = (
            holds
            and document.status != "retired"
            and (document.valid_until is None or today <= document.valid_until)
            and (document.valid_from is None or document.valid_from <= today)
        )
        dated = (
            document.valid_from or dated or (document.modified_at.date() if document.modified_at else None)
        )
    return Standing(holds, _rank(source_of(passage), order), dated)


def source_of(passage: Passage) -> str:
    """Which of `SOURCES` it is from. Laws, terms and posts are told by title and address."""
    if passage.kind == "regulation":
        return "act" if _ACT.search(passage.title) and not _RULES.search(passage.title) else "regulation"
    if passage.kind == "reply":
        return "reply"
    if _RULES.search(passage.title):
        return "regulation"
    if _POST.search(passage.uri or passage.document_id) or _POST.search(passage.title):
        return "post"
    return passage.kind


def _rank(source: str, order: Sequence[str]) -> int:
    named: str | None = source
    while named is not None:
        if named in order:
            return order.index(named)
        named = _IS_OF.get(named)
    return len(order)


def prefer(values: Sequence[Hashable], standings: Sequence[Standing]) -> tuple[str, list[int]] | None:
    """The rule that leaves one value, and the places of the claims that give it; None when none does.

    Each rule narrows down what the one before has left. A claim without a date is neither newer nor older.
    """
    left = list(range(len(values)))
    steps: tuple[tuple[str, Callable[[list[int]], list[int]]], ...] = (
        (IN_FORCE, lambda places: [n for n in places if standings[n].in_force] or places),
        (HIGHER_SOURCE, lambda places: _least(places, lambda n: standings[n].rank)),
        (NEWER, lambda places: _newest(places, standings)),
    )
    for rule, narrow in steps:
        left = narrow(left)
        if len({values[n] for n in left}) == 1:
            return rule, left
    return None


def _least(places: list[int], key: Callable[[int], int]) -> list[int]:
    best = min(key(n) for n in places)
    return [n for n in places if key(n) == best]


def _newest(places: list[int], standings: Sequence[Standing]) -> list[int]:
    days = [standings[n].dated for n in places]
    if any(day is None for day in days):
        return places
    newest = max(day for day in days if day is not None)
    return [n for n, day in zip(places, days, strict=True) if day == newest]
