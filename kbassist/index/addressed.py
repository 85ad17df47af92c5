"""Hits that hold the provisions a question asks for, lifted over the others.

The rest of the question, the act's name above all, decides among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kbassist.index.provisions import CHAPTERS, TITLED, Asked, begins, holds, provision_terms, title_of
from kbassist.protocols import Analyzer
from kbassist.text.acts import Act
from kbassist.text.addresses import Address
from kbassist.types import Hit, Passage

LIFT = 0.5
"""Share of the way to 1 that a hit with the provision is lifted, when the question asks for more."""
BARE = 0.85
"""The same when there is nothing in the question but addresses and the names of acts."""
INSIDE = 0.7
"""What holding a part of the provision counts, next to 1 for the passage in which it begins."""
FIRST_INSIDE = 0.85
"""The same for the first such passage of a document."""
SECOND = 0.5
"""What an act counts at most whose title does not fit the name best."""
_NUMBER = re.compile(r"\d+[a-z]*|[a-z]+")
_WORDS = frozenset("art article ust pkt ppkt lit motyw recital section sekcja rozdz nr".split())
_COMMON = frozenset(
    f"{kind}:{word}"
    for word in "o z w i r dzień dzien dnia dni rok ustawa ustaw ustawy the of and on".split()
    for kind in "sl"
)


def named_documents(passages: Iterable[Passage], asked: Asked, analyzer: Analyzer) -> frozenset[str] | None:
    """Of the documents of `passages` those that fit a named act best; None where no act is named."""
    titles = {passage.document_id: passage.title for passage in passages}
    named = [act for _, act in asked.provisions if act is not None]
    if len(named) < len(asked.provisions) or not titles:
        return None
    fits = [_fitting(list(titles.values()), act, analyzer) for act in dict.fromkeys(named)]
    return frozenset(document for document, *fit in zip(titles, *fits, strict=True) if max(fit) == 1.0)


def lifted(hits: Sequence[Hit], asked: Asked, analyzer: Analyzer) -> list[Hit]:
    """`hits` ranked anew with `parts["address"]`, 0..1; empty when none of them holds what was asked for."""
    grades = [0.0] * len(hits)
    for address, act in asked.provisions:
        found = _graded(hits, address)
        fitting = _fitting([hits[place].passage.title for place in found], act, analyzer)
        for (place, grade), fit in zip(found.items(), fitting, strict=True):
            grades[place] = max(grades[place], grade * fit)
    if not any(grades):
        return []
    topic = frozenset(analyzer(asked.topic))
    titles = {hit.passage.title: frozenset(analyzer(hit.passage.title)) for hit in hits} if topic else {}
    raised = [
        _raised(hit, grade, BARE if not topic or topic <= titles[hit.passage.title] else LIFT)
        for hit, grade in zip(hits, grades, strict=True)
    ]
    return sorted(raised, key=lambda hit: (-hit.score, hit.passage.start, hit.passage.id))


def _raised(hit: Hit, grade: float, lift: float) -> Hit:
    return replace(
        hit, score=hit.score + (1 - hit.score) * lift * grade, parts={**hit.parts, "address": grade}
    )


def _graded(hits: Sequence[Hit], address: Address) -> dict[int, float]:
    """Places of the hits that hold the provision, with 1 for its beginning.

    Where no passage begins it, as with a chapter, the first of a document that lies in it comes next.
    """
    found = {place: grade for place, hit in enumerate(hits) if (grade := _grade(hit.passage, address))}
    first: dict[str, int] = {}
    for place in found:
        known = first.setdefault(hits[place].passage.document_id, place)
        if hits[place].passage.start < hits[known].passage.start:
            first[hits[place].passage.document_id] = place
    return {place: max(grade, FIRST_INSIDE * (place in first.values())) for place, grade in found.items()}


def _grade(passage: Passage, address: Address) -> float:
    if address.root == TITLED:
        worth = any(title_of(heading) == address.path[0] for heading in passage.headings)
    else:
        labels = [passage.address, *(label for _, label in passage.provisions), *passage.headings]
        worth = any(_may_name(label, address) for label in labels)
    if not worth:
        return 0.0
    terms = provision_terms(passage)
    return 1.0 if begins(address) in terms else INSIDE * (holds(address) in terms)


def _may_name(label: str, address: Address) -> bool:
    """Whether reading the label is worth while: that takes longer than finding its numbers in it."""
    if address.root in CHAPTERS or not all(map(str.isalnum, address.path)):
        return True
    numbers = [word for word in _NUMBER.findall(label.lower()) if word not in _WORDS]
    length = len(address.path)
    return any(
        tuple(numbers[place : place + length]) == address.path for place in range(len(numbers) - length + 1)
    )


def _fitting(titles: Sequence[str], act: Act | None, analyzer: Analyzer) -> list[float]:
    """How well each document's title fits the act's name: 1 for those that fit best, others far below.

    Far, because the act "o zmianie ustawy o bibliotekach" is nearly called what it changes, and is not meant.
    """
    if act is None:
        return [1.0] * len(titles)
    names = [_content(analyzer(name)) for name in act.names]
    called = {title: _content(analyzer(title)) for title in set(titles)}
    like = _coverage if act.generic else _f1
    likeness = {title: max(like(name, called[title]) for name in names) for title in called}
    best = max(likeness.values(), default=0.0)
    if (
        best == 0
    ):  # the act is not here; "regulaminu" may still be any document, and so may one without a title
        return [1.0 if act.generic or not called[title] else 0.0 for title in titles]
    return [1.0 if likeness[title] == best else SECOND * likeness[title] / best for title in titles]


def _content(terms: Iterable[str]) -> frozenset[str]:
    """Without the words of a date and the like, which make no difference."""
    return frozenset(term for term in terms if term not in _COMMON)


def _coverage(name: frozenset[str], title: frozenset[str]) -> float:
    return len(name & title) / len(name) if name else 0.0


def _f1(first: frozenset[str], second: frozenset[str]) -> float:
    shared = len(first & second)
    return 2 * shared / (len(first) + len(second)) if shared else 0.0
