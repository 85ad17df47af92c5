"""The numbers before paragraphs of a DOCX file, counted as Word counts them (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kbassist.sources.office.archive import Element, attribute, child, children, number
from kbassist.sources.office.numerals import shown

BULLET = "-"

_STYLES = {
    "lowerRoman": "i",
    "upperRoman": "I",
    "lowerLetter": "a",
    "upperLetter": "A",
    "decimalZero": "01",
    "none": "",
}
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    """`restart` is the 1-based level that starts this one anew (0 for none); None for any above it."""

    start: int
    style: str
    text: str
    restart: int | None
    legal: bool
    paragraph_style: str


@dataclass(frozen=True, slots=True)
class _List:
    """One use of a definition: `starts` are the levels that begin anew in it, with what number."""

    definition: str
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]


@dataclass(slots=True)
class Numbering:
    """Counts as paragraphs come by, in the order of the text."""

    _lists: Mapping[str, _List]
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, root: Element | None) -> Numbering:
        """From the part `numbering.xml`."""
        definitions: dict[str, Mapping[int, _Level]] = {}
        by_style: dict[str, str] = {}
        linked: dict[str, str] = {}
        for definition in children(root, "abstractNum"):
            name = attribute(definition, "abstractNumId")
            definitions[name] = _levels(definition)
            if style := attribute(child(definition, "styleLink"), "val"):
                by_style[style] = name
            if style := attribute(child(definition, "numStyleLink"), "val"):
                linked[name] = style
        lists: dict[str, _List] = {}
        for use in children(root, "num"):
            name = attribute(child(use, "abstractNumId"), "val")
            name = by_style.get(linked.get(name, ""), name)
            levels = dict(definitions.get(name, {}))
            starts: dict[int, int] = {}
            for override in children(use, "lvlOverride"):
                at = number(attribute(override, "ilvl"))
                levels |= _levels(override)
                if (start := child(override, "startOverride")) is not None:
                    starts[at] = number(attribute(start, "val"), 1)
            lists[attribute(use, "numId")] = _List(name, levels, starts)
        return cls(lists)

    def level_of(self, list_id: str, paragraph_style: str) -> int:
        """The level that paragraphs of a style stand at, where the style does not say."""
        found = self._lists.get(list_id)
        levels = found.levels.items() if found else ()
        return next((at for at, level in levels if level.paragraph_style == paragraph_style), 0)

    def label(self, list_id: str, at: int) -> str:
        """What stands before the next paragraph of a list; `BULLET` for any bullet, empty for nothing."""
        found = self._lists.get(list_id)
        level = found.levels.get(at) if found else None
        if found is None or level is None:
            return ""
        counters = self._counters.setdefault(found.definition, {})
        if (list_id, at) not in self._begun:
            self._begun.add((list_id, at))
            if at in found.starts:
                counters[at] = found.starts[at] - 1
        counters[at] = counters.get(at, level.start - 1) + 1
        for other, below in found.levels.items():
            if other < at:
                counters.setdefault(other, below.start)
            elif other > at and (below.restart is None or at < below.restart):
                counters.pop(other, None)
        if level.style == "bullet":
            return BULLET
        return _PLACE.sub(
            lambda place: self._shown(found, level, counters, int(place[1]) - 1), level.text
        ).strip()

    def _shown(self, found: _List, level: _Level, counters: Mapping[int, int], at: int) -> str:
        named = found.levels.get(at)
        if named is None or at not in counters:
            return ""
        return shown(counters[at], "1" if level.legal else _STYLES.get(named.style, "1"))


def _levels(element: Element) -> dict[int, _Level]:
    return {number(attribute(level, "ilvl")): _level(level) for level in children(element, "lvl")}


def _level(element: Element) -> _Level:
    style = child(element, "numFmt")
    if style is None:  # a style of its own, with one for programs that do not know it
        style = child(element, "AlternateContent", "Fallback", "numFmt")
    restart = child(element, "lvlRestart")
    legal = child(element, "isLgl")
    return _Level(
        start=number(attribute(child(element, "start"), "val"), 1),
        style=attribute(style, "val", "decimal"),
        text=attribute(child(element, "lvlText"), "val"),
        restart=None if restart is None else number(attribute(restart, "val")),
        legal=legal is not None and attribute(legal, "val", "1") not in ("0", "false", "off"),
        paragraph_style=attribute(child(element, "pStyle"), "val"),
    )
