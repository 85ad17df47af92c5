"""What a style of a DOCX file says about its paragraphs: a heading, a number, a table of contents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kbassist.sources.office.archive import Element, attribute, child, children, number

_HEADING = re.compile(r"heading ([1-9])\Z")
_BODY_TEXT = 9  # the outline level of what is no heading


@dataclass(frozen=True, slots=True)
class Style:
    """`name` is in English and lower case in any edition of Word. None where nothing is said."""

    name: str = ""
    based_on: str = ""
    outline: int | None = None
    list_id: str | None = None
    list_level: int | None = None


@dataclass(frozen=True, slots=True)
class Numbered:
    """The list that a paragraph is in; `style` names the style that says so, empty for the paragraph."""

    list_id: str
    level: int | None
    style: str


class Styles:
    """The styles of `styles.xml`, with what they take over from those that they are based on."""

    def __init__(self, root: Element | None) -> None:
        self._styles: Mapping[str, Style] = {
            attribute(style, "styleId"): _style(style) for style in children(root, "style")
        }
        self._default = next(
            (
                attribute(style, "styleId")
                for style in children(root, "style")
                if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true")
            ),
            "",
        )

    def name(self, properties: Element | None) -> str:
        """Of the style of a paragraph with these properties (`w:pPr`)."""
        return next((style.name for _, style in self._chain(properties)), "")

    def heading(self, properties: Element | None) -> int | None:
        """The level of a heading, from 1; 0 for the title of the whole; None for no heading."""
        own = child(properties, "outlineLvl")
        if own is not None:
            outline = number(attribute(own, "val"), _BODY_TEXT)
            return outline + 1 if outline < _BODY_TEXT else None
        for _, style in self._chain(properties):
            if style.name == "title":
                return 0
            if style.outline is not None:
                return style.outline + 1 if style.outline < _BODY_TEXT else None
            if match := _HEADING.match(style.name):
                return int(match[1])
        return None

    def numbered(self, properties: Element | None) -> Numbered | None:
        """The list that a paragraph is in by itself or by its style."""
        own = child(properties, "numPr")
        level = child(own, "ilvl")
        at = None if level is None else number(attribute(level, "val"))
        if (name := child(own, "numId")) is not None:
            list_id = attribute(name, "val")
            return Numbered(list_id, at or 0, "") if list_id != "0" else None
        for style_id, style in self._chain(properties):
            if style.list_id is not None:
                by_style = style.list_level if at is None else at
                return Numbered(style.list_id, by_style, style_id) if style.list_id != "0" else None
        return None

    def _chain(self, properties: Element | None) -> Iterator[tuple[str, Style]]:
        name = attribute(child(properties, "pStyle"), "val", self._default)
        passed: set[str] = set()
        while name in self._styles and name not in passed:
            passed.add(name)
            yield name, self._styles[name]
            name = self._styles[name].based_on


def _style(element: Element) -> Style:
    properties = child(element, "pPr")
    outline = child(properties, "outlineLvl")
    list_id = child(properties, "numPr", "numId")
    level = child(properties, "numPr", "ilvl")
    return Style(
        name=attribute(child(element, "name"), "val").lower(),
        based_on=attribute(child(element, "basedOn"), "val"),
        outline=None if outline is None else number(attribute(outline, "val"), _BODY_TEXT),
        list_id=None if list_id is None else attribute(list_id, "val"),
        list_level=None if level is None else number(attribute(level, "val")),
    )
