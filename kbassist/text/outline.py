"""The headings and provisions that a piece of text stands under.

Anchors say where things begin; this works out where they end, and what is inside what.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from kbassist.types import Anchor

_REST_OF_HEADING = re.compile(r"[^\w\n]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """The text from one structural anchor to the next, below its heading.

    `headings` and `provisions` are the anchors it stands under, outermost first.
    """

    start: int
    end: int
    headings: tuple[Anchor, ...]
    provisions: tuple[Anchor, ...]


def sections(text: str, anchors: Iterable[Anchor]) -> list[Section]:
    """Split `text` at its heading and provision anchors, in order, leaving out the headings' words.

    A heading with nothing below it counts as text of the section before. Headings and provisions
    have levels of their own: a heading closes the provisions that began at its depth or deeper, and
    a provision closes the headings inside the provisions that it closes.
    """
    structure = _without_orphans(text, anchors)
    marks = [(start, list(group)) for start, group in groupby(structure, key=lambda anchor: anchor.start)]
    ends = [start for start, _ in marks[1:]] + [len(text)]
    found = [Section(0, marks[0][0] if marks else len(text), (), ())]
    headings: list[Anchor] = []
    provisions: list[tuple[Anchor, float]] = []
    for (start, group), end in zip(marks, ends, strict=bool(marks)):
        starts_provision = any(anchor.kind == "provision" for anchor in group)
        body = start
        for anchor in group:
            if anchor.kind == "heading":
                headings = [above for above in headings if above.level < anchor.level]
                if not starts_provision:
                    provisions = [item for item in provisions if item[1] < anchor.level]
                headings.append(anchor)
                body = max(body, heading_end(text, anchor))
            else:
                closed = next((item[0] for item in provisions if item[0].level >= anchor.level), None)
                if closed is not None:
                    provisions = [item for item in provisions if item[0].level < anchor.level]
                    headings = [
                        above for above in headings if above.start < closed.start or above.start == start
                    ]
                depth = headings[-1].level if headings else 0
                titled = bool(headings) and headings[-1].start == start
                provisions.append((anchor, depth if titled else depth + 0.5))
        found.append(Section(min(body, end), end, tuple(headings), tuple(item[0] for item in provisions)))
    return found


def address_at(text: str, anchors: Iterable[Anchor], at: int) -> str:
    """The label of the innermost provision that the character `at` stands in; empty outside of all."""
    found = next((part for part in sections(text, anchors) if at < part.end), None)
    return found.provisions[-1].label if found and found.provisions else ""


def heading_end(text: str, heading: Anchor) -> int:
    """Where the heading's own words end in `text`; its start when they do not stand there.

    Spaces, line breaks and punctuation may differ between the label and the text.
    """
    at = heading.start
    for character in heading.label:
        if not character.isalnum():
            continue
        while at < len(text) and not text[at].isalnum():
            at += 1
        if at == len(text) or text[at].casefold() != character.casefold():
            return heading.start
        at += 1
    rest = _REST_OF_HEADING.match(text, at)
    return rest.end() if rest else at


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit."""
    return any(character.isalnum() for character in text)


def _without_orphans(text: str, anchors: Iterable[Anchor]) -> list[Anchor]:
    ordered = sorted(
        (anchor for anchor in anchors if anchor.kind != "page" and 0 <= anchor.start < len(text)),
        key=lambda anchor: (anchor.start, anchor.kind, anchor.level),
    )
    kept: list[Anchor] = []
    for position in range(len(ordered) - 1, -1, -1):
        anchor = ordered[position]
        if anchor.kind == "heading" and position > 0 and _is_orphan(text, anchor, kept):
            continue
        kept.append(anchor)
    return kept[::-1]


def _is_orphan(text: str, heading: Anchor, following: list[Anchor]) -> bool:
    """`following` are the anchors after it, the nearest last."""
    below: Anchor | None = None
    own: Anchor | None = None
    for anchor in reversed(following):
        if anchor.start > heading.start:
            below = anchor
            break
        if anchor.kind == "provision":
            own = anchor
    if has_words(text[heading_end(text, heading) : below.start if below else len(text)]):
        return False
    if below is None:
        return True
    if below.kind == "heading":
        return below.level <= heading.level
    return own is not None and below.level <= own.level
