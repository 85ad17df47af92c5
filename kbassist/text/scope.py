"""What titles say about whom or what their pages hold for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kbassist.text.disagreement import DIFFERENT, Comparison
from kbassist.text.statements import Statement
from kbassist.text.subjects import Subjects, unmatched

_MODEL = re.compile(r"\b(?=\w*\d)\w+\b|\b[A-Z]{1,3}\b|(?<=\S )[A-ZŁŚŻŹĆ][a-ząćęłńóśźż]+")

_RESTRICTION = re.compile(
    r"\b(?:dla|do|poza|przy|for|to|outside|within|beyond)\s\w+(?:\s\w+)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Page:
    """The title (with the headings above a place) and what gives the keys of everything on it."""

    title: str
    known: Callable[[], frozenset[str]]


def by_titles(
    comparison: Comparison, one: Statement, other: Statement, pages: tuple[Page, Page], subjects: Subjects
) -> Comparison:
    """The comparison of two statements with what the titles of their pages add.

    A title narrows its page down where it names a place, a group of customers or a product that the other
    page does not know of, or tells its page from the other's by one word beside those that both share
    ("Kurs Excela", "Kurs Pythona").
    """
    if comparison.relation == "different":
        return comparison
    subject = one.subject | other.subject
    narrowed = _narrowed(pages, subject, one.conditions | other.conditions, subjects)
    if narrowed is None:
        return DIFFERENT
    first = comparison.extra if comparison.relation == "first narrower" else frozenset()
    second = comparison.extra if comparison.relation == "second narrower" else frozenset()
    # What the sentence says itself need not be said by the title again.
    first, second = first or narrowed[0], second or narrowed[1]
    if first and second:
        return DIFFERENT
    if first:
        return Comparison("first narrower", first)
    return Comparison("second narrower", second) if second else Comparison("same")


def told_apart(pages: tuple[Page, Page], about: frozenset[str], subjects: Subjects) -> bool:
    """Whether the titles alone make two sentences speak of different things, or of a part and the whole;
    `about` are the keys that either has.
    """
    narrowed = _narrowed(pages, about, frozenset(), subjects)
    return narrowed is None or any(narrowed)


def _narrowed(
    pages: tuple[Page, Page], subject: frozenset[str], conditions: frozenset[str], subjects: Subjects
) -> list[frozenset[str]] | None:
    """What of its title narrows each page down; None where they are about two things."""
    titles = [
        frozenset(key for key in subjects.scope(page.title) if not subjects.is_light(key)) for page in pages
    ]
    own = [unmatched(titles[n], titles[1 - n] | subject | conditions) for n in (0, 1)]
    own = [unmatched(own[n], pages[1 - n].known()) if own[n] else own[n] for n in (0, 1)]
    telling = [_tells(page.title, keys, subjects) for page, keys in zip(pages, own, strict=True)]
    if own[0] and own[1] and (all(telling) or _contrast(pages, subjects)):
        return None
    return [
        keys if keys and (tells or _restricts(page.title, keys, subject, subjects)) else frozenset[str]()
        for page, keys, tells in zip(pages, own, telling, strict=True)
    ]


def _tells(title: str, own: frozenset[str], subjects: Subjects) -> bool:
    """Whether what only this title has is a place, a group of people, a name or a model's number."""
    if any(subjects.narrows(key) for key in own):
        return True
    named = frozenset(key for match in _MODEL.finditer(title) for key in subjects.keys(match.group()))
    return bool(named & own)


def _contrast(pages: tuple[Page, Page], subjects: Subjects) -> bool:
    one, other = (frozenset(subjects.keys(page.title)) for page in pages)
    return len(unmatched(one, other)) < len(one) and len(unmatched(other, one)) < len(other)


def _restricts(title: str, own: frozenset[str], subject: frozenset[str], subjects: Subjects) -> bool:
    """Whether what only this title has says which part of the subject: "Dostawa do salonów"."""
    if unmatched(subject, frozenset(subjects.keys(title))) == subject:
        return False
    return any(own & frozenset(subjects.keys(match.group())) for match in _RESTRICTION.finditer(title))
