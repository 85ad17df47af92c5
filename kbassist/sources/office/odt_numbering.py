"""The numbers before items and headings of an ODT file (OpenDocument 1.3, part 3, 16.30 and 19.880)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kbassist.sources.office.archive import Element, attribute, local, number
from kbassist.sources.office.numerals import shown

BULLET = "-"

_PLACE = re.compile(r"%([1-9])%")
_NUMBERED = ("list-level-style-number", "outline-level-style")


@dataclass(frozen=True, slots=True)
class _Level:
    """`text` has `%1%` where the number of the first level stands; None for a bullet."""

    start: int
    style: str
    text: str | None


@dataclass(slots=True)
class Counter:
    """Counts the items of one list, or the headings of the document. Levels are counted from 1."""

    levels: Mapping[int, _Level]
    _counts: dict[int, int] = field(default_factory=dict)

    def label(self, at: int, start: int | None = None) -> str:
        """Of the next item at a level, which may begin anew at `start`."""
        level = self.levels.get(at)
        if level is None:
            return ""
        for deeper in [other for other in self._counts if other > at]:
            del self._counts[deeper]
        for other in range(1, at):
            self._counts.setdefault(other, self.levels[other].start if other in self.levels else 1)
        self._counts[at] = self._counts.get(at, level.start - 1) + 1 if start is None else start
        if level.text is None:
            return BULLET
        return _PLACE.sub(self._shown, level.text).strip() if level.style else ""

    def _shown(self, place: re.Match[str]) -> str:
        level = self.levels.get(int(place[1]))
        return shown(self._counts.get(int(place[1]), 1), level.style) if level else ""


def list_styles(roots: Iterable[Element | None]) -> dict[str, Mapping[int, _Level]]:
    """The levels of every list style in these parts; those of headings under an empty name."""
    found: dict[str, Mapping[int, _Level]] = {}
    for root in roots:
        for group in root if root is not None else ():
            for style in group:
                if local(style) == "list-style":
                    found[attribute(style, "name")] = _levels(style)
                elif local(style) == "outline-style":
                    found[""] = _levels(style)
    return found


def _levels(style: Element) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for level in style:
        at = number(attribute(level, "level"))
        form = attribute(level, "num-format")
        if local(level) not in _NUMBERED:
            found[at] = _Level(1, "", None)
            continue
        shown_levels = number(attribute(level, "display-levels"), 1)
        joined = ".".join(f"%{other}%" for other in range(max(at - shown_levels + 1, 1), at + 1))
        text = f"{attribute(level, 'num-prefix')}{joined}{attribute(level, 'num-suffix')}"
        # How LibreOffice writes what prefix and suffix cannot say.
        text = attribute(level, "num-list-format") or text
        found[at] = _Level(number(attribute(level, "start-value"), 1), form, text)
    return found
