"""Which markers number provisions, and what is inside what.

A marker counts when it goes on or opens a numbering: § 5 after § 4, "b)" after "a)", "1)" after an
introduction. Everything else (a list out of sequence, a reference at the start of a line, the new
wording quoted by an amending act) is passed over.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kbassist.sources.regulation.markers import CONTAINERS, Key, Line, Marker, Reading
from kbassist.sources.regulation.quotations import quotations
from kbassist.sources.regulation.sequences import FIRST, Container, follows, is_nested, outermost

_LONGEST_TITLE = 140
_LONGEST_CAPTION = 80
_ENDS_SENTENCE = re.compile(r"[.;:,!?]\Z")
_LETTERED = ("(a)", "a)", "a.")


@dataclass(frozen=True, slots=True)
class Item:
    """A marker that was found to be a provision or a chapter. `path` ends with itself."""

    marker: Marker
    style: str
    key: Key
    path: tuple[Item, ...]
    restarted: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """The text with its lines, looked at once."""

    text: str
    lines: list[Line]
    markers: list[Marker]
    marked: frozenset[int]

    @classmethod
    def of(cls, text: str, lines: list[Line], markers: Sequence[Marker]) -> Script:
        quoted = quotations(text, lines)
        free = [marker for marker in markers if not _is_inside(quoted, marker.start)]
        return cls(text, lines, free, frozenset(marker.line for marker in free))

    def line(self, index: int) -> str:
        return self.text[self.lines[index].start : self.lines[index].end]

    def before(self, marker: Marker) -> str:
        """What stands right before the marker, on its line or the one above."""
        stretch = self.text[max(0, marker.start - 300) : marker.start].rstrip()
        return stretch[stretch.rfind("\n") + 1 :]

    def is_caption(self, marker: Marker) -> bool:
        """Whether the line above is an unnumbered heading."""
        if not marker.line or marker.line - 1 in self.marked or marker.start > self.lines[marker.line].start:
            return False
        line = self.line(marker.line - 1)
        return len(line) <= _LONGEST_CAPTION and line[0].isupper() and not _ENDS_SENTENCE.search(line)

    def title(self, marker: Marker) -> int:
        """Where the title that follows the marker ends; the marker's end when there is none."""
        rest = self.text[marker.end : self.lines[marker.line].end]
        index = marker.line
        if not rest:
            index += 1
            if index >= len(self.lines) or index in self.marked or self.lines[index].start < marker.end:
                return marker.end
        first = index
        while index + 1 < len(self.lines) and index + 1 not in self.marked:
            following = self.lines[index + 1]
            goes_on = self.text[following.start].islower() or (
                self.line(index).isupper() and self.line(index + 1).isupper()
            )
            if not goes_on or following.after_blank:
                break
            index += 1
        start = marker.end if rest else self.lines[first].start
        title = self.text[start : self.lines[index].end]
        fits = index - first <= 2 and len(title) <= _LONGEST_TITLE
        starts = bool(re.match(r"[\W_]*[^\W\d_]", title)) and not title[0].islower()
        return self.lines[index].end if fits and starts and not _ENDS_SENTENCE.search(title) else marker.end


def numbered(script: Script) -> list[Item]:
    """The provisions and chapters of `script`, in order."""
    containers = outermost(script.markers)
    nested = is_nested(script.markers, containers)
    tree = _Tree(script, bool(containers), nested)
    for position, marker in enumerate(script.markers):
        if marker.style == "chapter":
            tree.chapter(marker)
        elif marker.style in CONTAINERS:
            if position in containers:
                tree.container(containers[position])
        elif position - 1 not in containers or not containers[position - 1].raised_apart:
            tree.item(position, marker)
    return tree.items


# --- what is below it --------------------------------------------------------------------------


def _letter_follows(previous: Key, key: Key) -> bool:
    """Polish lists leave out q, v and x."""
    skipped = {17, 22, 24}
    return previous[0] < key[0] and all(number in skipped for number in range(previous[0] + 1, key[0]))


class _Tree:
    """Grows the numbering marker by marker. `open` holds the provisions that may still have parts."""

    def __init__(self, script: Script, has_containers: bool, nested_sections: bool) -> None:
        self.items: list[Item] = []
        self._script = script
        self._has_containers = has_containers
        self._nested_sections = nested_sections
        self._open: list[Item] = []
        self._next = _next_keys(script.markers)

    def chapter(self, marker: Marker) -> None:
        self._add(marker, marker.readings[0], 0)

    def container(self, found: Container) -> None:
        marker = found.marker
        depth = 1 if self._open and self._open[0].style == "chapter" else 0
        if marker.style == "§" and self._nested_sections:
            articles = [index + 1 for index, item in enumerate(self._open) if item.style == "art"]
            depth = articles[0] if articles else depth
        self._add(marker, Reading(marker.style, found.key), depth, found.restarted)

    def item(self, position: int, marker: Marker) -> None:
        for reading in marker.readings:
            depth = self._continues(position, marker, reading)
            if depth is not None:
                self._add(marker, reading, depth)
                return
        for reading in marker.readings:
            depth = self._begins(position, marker, reading)
            if depth is not None:
                self._add(marker, reading, depth)
                return

    def _add(self, marker: Marker, reading: Reading, depth: int, restarted: bool = False) -> None:
        key = reading.key
        if reading.style == "–":  # the one before it is the sibling that is closed here
            key = (self._open[depth].key[0] + 1, 0, "") if depth < len(self._open) else FIRST
        self._open = self._open[:depth]
        item = Item(marker, reading.style, key, (), restarted)
        item = replace(item, path=(*self._open, item))
        self._open.append(item)
        self.items.append(item)

    def _continues(self, position: int, marker: Marker, reading: Reading) -> int | None:
        """The depth at which the marker goes on with a numbering that is open."""
        depths = [
            depth
            for depth, item in enumerate(self._open)
            if item.style == reading.style and self._is_next(position, item, marker, reading)
        ]
        if len(depths) > 1:
            same_indent = [depth for depth in depths if self._open[depth].marker.indent == marker.indent]
            if len(same_indent) == 1:
                return same_indent[0]
            if self._is_title(marker) and self._is_title(self._open[depths[0]].marker):
                return depths[0]
        return depths[-1] if depths else None

    def _is_next(self, position: int, item: Item, marker: Marker, reading: Reading) -> bool:
        if reading.style == "–":
            return True
        if reading.style == "n.n":
            before, now = item.marker.components, marker.components
            return before[:-1] == now[:-1] and now[-1] == before[-1] + 1
        if reading.style in _LETTERED:
            return _letter_follows(item.key, reading.key)
        if follows(item.key, reading.key):
            return True
        gap = reading.key[0] - item.key[0]
        alike = not self._has_containers or (item.marker.indent == marker.indent and reading.style == "n)")
        return alike and 1 < gap <= 10 and self._is_followed(position, reading)

    def _begins(self, position: int, marker: Marker, reading: Reading) -> int | None:
        """The depth at which the marker opens a numbering of its own."""
        script, parent = self._script, self._open[-1] if self._open else None
        if reading.style == "n.n":
            return self._below_prefix(marker)
        if reading.style == "–":
            formal = script.text[marker.start] != "-" or any(item.style == "art" for item in self._open)
            return len(self._open) if formal and parent and script.before(marker).endswith(":") else None
        if reading.key != FIRST:
            return None
        followed = self._is_followed(position, reading)
        if reading.style == "I.":
            return 0 if followed and not self._has_containers and self._is_title(marker) else None
        introduced = script.before(marker).endswith(":")
        opens_parent = parent is not None and self._is_opening_of(parent, marker)
        same = [depth for depth, item in enumerate(self._open) if item.style == reading.style]
        if same and reading.style in _LETTERED and self._has_containers:
            return same[0] if introduced else None  # another list; letters never stand below letters
        if same:
            if introduced or opens_parent:
                return len(self._open) if followed or introduced else None
            again = followed and not self._has_containers and script.is_caption(marker)
            return same[0] if again else None
        if parent is None:
            recital = reading.style == "(n)" and not any(item.style in CONTAINERS for item in self.items)
            return 0 if followed and (recital or not self._has_containers) else None
        return (
            len(self._open)
            if followed or introduced or (opens_parent and parent.style in CONTAINERS)
            else None
        )

    def _below_prefix(self, marker: Marker) -> int | None:
        prefix = marker.components[:-1]
        if marker.components[-1] != 1:
            return None
        for depth in range(len(self._open) - 1, -1, -1):
            item = self._open[depth]
            parts = item.marker.components if item.style in ("n.n", "n.", *CONTAINERS) else (item.key[0],)
            if parts == prefix:
                return depth + 1
        before = self._open[0] if self._open else None  # "1.1" without a "1." that says what it is about
        opens = before is None or (before.style == "n.n" and before.marker.components[0] + 1 == prefix[0])
        return 0 if opens and len(prefix) == 1 and not self._has_containers else None

    def _is_followed(self, position: int, reading: Reading) -> bool:
        """Whether the next marker of this style that does not begin another list is the next number."""
        key = self._next[position].get(reading.style)
        if key is None:
            return False
        return _letter_follows(reading.key, key) if reading.style in _LETTERED else follows(reading.key, key)

    def _is_opening_of(self, parent: Item, marker: Marker) -> bool:
        """Whether nothing but the parent's number and title stands between the two."""
        end = self._script.title(parent.marker)
        return not self._script.text[end : marker.start].strip()

    def _is_title(self, marker: Marker) -> bool:
        return self._script.title(marker) > marker.end


def _next_keys(markers: Sequence[Marker]) -> list[dict[str, Key]]:
    """For each marker, in each of its styles, the next key below the same heading that is not a first."""
    found: list[dict[str, Key]] = []
    coming: dict[str, Key] = {}
    for marker in reversed(markers):
        found.append(
            {reading.style: coming[reading.style] for reading in marker.readings if reading.style in coming}
        )
        if marker.style == "chapter" or marker.style in CONTAINERS:
            coming = {}
        coming |= {reading.style: reading.key for reading in marker.readings if reading.key != FIRST}
    return found[::-1]


def _is_inside(spans: Sequence[tuple[int, int]], at: int) -> bool:
    index = bisect_left(spans, (at, 0)) - 1
    return index >= 0 and at < spans[index][1]
