"""What the passes over a page's tree have in common."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

LABEL = "kb-label"
"""The tag of what opens an accordion's panel or a tab, once it is known: a heading without a level."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", LABEL})

BLOCKS = HEADINGS | frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form frameset header hgroup hr html legend li main menu nav ol optgroup option p pre search "
    "section summary table caption tbody td tfoot th thead tr ul".split()
)

_SPACE = re.compile(r"\s+")


def text_of(element: HtmlElement) -> str:
    """All text in `element`, in order, on one line."""
    return _SPACE.sub(" ", "".join(element.itertext())).strip()


def opening(element: HtmlElement, length: int) -> str:
    """As `text_of`, but it stops reading after `length` characters or soon after."""
    pieces: list[str] = []
    size = 0
    for piece in element.itertext():
        pieces.append(piece)
        size += len(piece) if not piece.isspace() else 0
        if size > length:
            break
    return _SPACE.sub(" ", "".join(pieces)).strip()


def has_text(element: HtmlElement) -> bool:
    """Whether there is more than space in `element`."""
    return any(not piece.isspace() for piece in element.itertext())


def is_heading(element: HtmlElement) -> bool:
    """A heading by its tag or its role."""
    return element.tag in HEADINGS or element.get("role") == "heading"


def within(element: HtmlElement, *tags: str) -> bool:
    """Whether `element` is or stands inside one of these."""
    return element.tag in tags or next(element.iterancestors(*tags), None) is not None
