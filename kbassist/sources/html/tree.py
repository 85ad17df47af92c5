"""What the passes over a page's tree have in common."""

from __future__ import annotations

import re
from itertools import islice
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element

LABEL = "kb-label"
"""The tag of what opens an accordion's panel or a tab, once it is known: a heading without a level."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", LABEL})

BLOCKS = HEADINGS | frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form frameset header hgroup hr html legend li main menu nav ol optgroup option p pre search "
    "section summary table caption tbody td tfoot th thead tr ul".split()
)

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_NAME = 80  # characters
_SPACE = re.compile(r"\s+")


def text_of(element: Element) -> str:
    """All text in `element`, in order, on one line."""
    return _SPACE.sub(" ", "".join(element.itertext())).strip()


def opening(element: Element, pieces: int = 100) -> str:
    """As `text_of`, of the first pieces of text only: what is asked of every element has to be quick."""
    return _SPACE.sub(" ", "".join(islice(element.itertext(), pieces))).strip()


def has_text(element: Element) -> bool:
    """Whether there is more than space in `element`."""
    return any(not piece.isspace() for piece in element.itertext())


def xml_text(text: str) -> str:
    """`text` without the characters that lxml hands out but does not take back."""
    return _NOT_XML.sub("", text)


def detach(element: Element) -> None:
    """Take `element` out of its tree; what follows it stays."""
    parent, before = element.getparent(), element.getprevious()
    if element.tail:
        if before is None:
            parent.text = xml_text((parent.text or "") + element.tail)
        else:
            before.tail = xml_text((before.tail or "") + element.tail)
    parent.remove(element)


def names_of(element: Element) -> list[str]:
    """The classes and the id of `element`; names too long to be meant by anybody are left out."""
    classes, name = element.get("class"), element.get("id")
    if not classes:
        return [name] if name and len(name) < _LONGEST_NAME else []
    names = f"{classes} {name}".split() if name else classes.split()
    return [name for name in names if len(name) < _LONGEST_NAME]


SCREEN_READER_CLASSES = frozenset(
    "visually-hidden visuallyhidden sr-only screen-reader-text screen-reader-only element-invisible".split()
)


def is_for_screen_readers(element: Element) -> bool:
    """Whether a class says that `element` is read out and not seen."""
    return not SCREEN_READER_CLASSES.isdisjoint((element.get("class") or "").lower().split())


def is_heading(element: Element) -> bool:
    """A heading by its tag or its role."""
    return element.tag in HEADINGS or element.get("role") == "heading"


def within(element: Element, *tags: str) -> bool:
    """Whether `element` is or stands inside one of these."""
    return element.tag in tags or next(element.iterancestors(*tags), None) is not None
