"""The markers of list items and terms: `- `, `1. `, `a) `, `Term: `."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kbassist.sources.html.style import declarations
from kbassist.sources.html.tree import Element

_OWN_MARKER = re.compile(r"\(?(\w{1,6})[.)]\s|§\s*\d")
_DASH = re.compile(r"[-–—]\s")
_GLYPH = re.compile(r"[✔✓✅☑•·▪▫●○■□➢➤►▶→»◦]\ufe0f?\s*")
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    written = ""
    for value, digits in _ROMAN:
        count, number = divmod(number, value)
        written += digits * count
    return written


_STYLES: dict[str, Callable[[int], str]] = {
    "1": lambda number: f"{number}.",
    "a": lambda number: f"{_letter(number)})",
    "A": lambda number: f"{_letter(number).upper()})",
    "i": lambda number: f"{_roman(number)})",
    "I": lambda number: f"{_roman(number).upper()}.",
}
_STYLE_NAMES = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "lower-roman": "i",
    "upper-roman": "I",
}


@dataclass(slots=True)
class _List:
    element: Element
    style: str  # a key of `_STYLES`, "-" or "" for none
    number: int = 1
    step: int = 1


class Markers:
    """Follows the lists of a page from start to end and says what stands before a paragraph."""

    def __init__(self) -> None:
        self._lists: list[_List] = []
        self._marker = ""
        self._term = ""
        self._term_pending = False
        self._in_term = False

    @property
    def group(self) -> Element | None:
        """The outermost open list: what is in it stands together."""
        return self._lists[0].element if self._lists else None

    @property
    def in_term(self) -> bool:
        """Whether what is collected now is a term."""
        return self._in_term

    def start(self, element: Element) -> None:
        """A block begins."""
        if element.tag in ("ul", "ol", "menu", "dir", "dl"):
            backwards = element.tag == "ol" and "reversed" in element.attrib
            first = sum(1 for _ in element.iterchildren("li")) if backwards else 1
            start = _integer(element.get("start"), first)
            self._lists.append(_List(element, _style(element), start, -1 if backwards else 1))
            self._term, self._term_pending = "", False
        elif element.tag == "li" and self._lists:
            current = self._lists[-1]
            number = _integer(element.get("value"), current.number)
            current.number = number + current.step
            self._marker = _STYLES[current.style](number) if current.style in _STYLES else current.style
        elif element.tag == "dt" and self._lists and self._lists[-1].element.tag == "dl":
            self._term = self._term if self._term_pending else ""
            self._in_term = True
        elif element.tag == "dd" and self._term:
            self._term_pending = True

    def term(self, text: str) -> None:
        """What a `dt` held; it is said with its `dd`."""
        self._term = ", ".join(filter(None, (self._term, text)))
        self._term_pending = bool(self._term)
        self._in_term = False

    def mark(self, paragraph: str) -> str:
        """`paragraph` with the marker that waits for it, unless it brings its own."""
        if self._term_pending:
            self._term_pending = False
            return f"{self._term.rstrip(':')}: {paragraph}"
        marker, self._marker = self._marker, ""
        if marker == "-":
            paragraph = _GLYPH.sub("", paragraph, count=1) if _GLYPH.match(paragraph) else paragraph
        own = _OWN_MARKER.match(paragraph)
        if not marker or _DASH.match(paragraph):
            return paragraph
        if own and (marker == "-" or own[1] is None or own[1].lower() == marker[:-1].lower()):
            return paragraph
        return f"{'  ' * (len(self._lists) - 1)}{marker} {paragraph}"

    def heading(self) -> str:
        """What stands before a heading in a list: its number, but no bullet."""
        marker, self._marker = self._marker, ""
        self._term, self._term_pending, self._in_term = "", False, False
        return f"{marker} " if marker not in ("", "-") else ""

    def end(self, element: Element) -> list[str]:
        """A block ends. A term that got no definition is handed back."""
        left: list[str] = []
        if element.tag == "li":
            self._marker = ""
        elif self._lists and self._lists[-1].element is element:
            if self._term_pending:
                left.append(self._term)
            self._lists.pop()
            self._marker, self._term, self._term_pending = "", "", False
        return left


def _style(element: Element) -> str:
    if element.tag == "dl":
        return ""
    style = declarations(element.get("style") or "")
    stated = style.get("list-style-type") or style.get("list-style") or ""
    if element.tag != "ol":
        return "-"
    if "none" in stated.split():
        return ""
    named = next((_STYLE_NAMES[name] for name in stated.split() if name in _STYLE_NAMES), None)
    kind = named or (element.get("type") or "1").strip()
    return kind if kind in _STYLES else "1"


def _integer(value: str | None, default: int) -> int:
    stripped = (value or "").strip()
    return int(stripped[:6]) if stripped.isdecimal() else default
