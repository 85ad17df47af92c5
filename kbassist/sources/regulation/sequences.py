"""The outermost numbering: which §, articles and sections follow one another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from kbassist.sources.regulation.markers import CONTAINERS, Key, Marker

FIRST: Key = (1, 0, "")
_LONGEST_GAP = 40
_FARTHEST = 500  # markers to look ahead


@dataclass(frozen=True, slots=True)
class Container:
    """A §, an article or a section in sequence. `restarted` is True where the count starts again;
    `raised_apart` where the marker after it is its raised number ("Art. 22 1." for art. 22¹).
    """

    marker: Marker
    key: Key
    restarted: bool = False
    raised_apart: bool = False


def outermost(markers: Sequence[Marker]) -> dict[int, Container]:
    """The §, articles and sections that are in sequence, by position in `markers`."""
    accepted: dict[int, Container] = {}
    last: dict[str, Key] = {}
    resets: dict[str, bool] = {}
    for position, marker in enumerate(markers):
        if marker.style == "chapter":
            resets = dict.fromkeys(CONTAINERS, True)
            continue
        if marker.style not in CONTAINERS:
            continue
        style, key = marker.style, marker.key
        previous = last.get(style)
        restarts = previous is not None and key <= previous
        raised = _raised(markers, position, previous) if previous and style == "art" else None
        if raised is not None:
            accepted[position] = raised
            last[style] = raised.key
            continue
        if style == "§" and resets.get("§ in art") and key != FIRST:
            continue  # inside an article the count begins with § 1
        if previous is None or follows(previous, key):
            restarts = False
        elif restarts:
            if not (key == FIRST and (resets.get(style) or (style == "§" and resets.get("§ in art")))):
                continue
        elif key[0] - previous[0] > _LONGEST_GAP or _comes_later(markers, position, style, previous):
            continue
        accepted[position] = Container(marker, key, restarts)
        last[style] = key
        resets[style] = False
        resets["§ in art"] = style == "art"
    return accepted


def _raised(markers: Sequence[Marker], position: int, previous: Key) -> Container | None:
    """An article whose raised number was flattened: 22¹ as "Art. 22 1." or "Art. 221." after art. 22."""
    marker = markers[position]
    number, superscript, letter = marker.key
    if superscript or letter or follows(previous, marker.key):
        return None
    if number == previous[0] and position + 1 < len(markers):
        apart = markers[position + 1]
        key = (number, apart.key[0], "")
        beside = apart.start == marker.end and apart.style == "n." and apart.line == marker.line
        if beside and follows(previous, key) and key[1] == previous[1] + 1:
            return Container(replace(marker, end=apart.end), key, raised_apart=True)
    digits, before = str(number), str(previous[0])
    if digits.startswith(before) and len(digits) > len(before):
        key = (previous[0], int(digits[len(before) :]), "")
        if key[1] == previous[1] + 1 and _comes_later(markers, position, "art", previous):
            return Container(marker, key)
    return None


def _comes_later(markers: Sequence[Marker], position: int, style: str, previous: Key) -> bool:
    """Whether the number that is missing before `position` still comes, so that this is no heading."""
    for marker in markers[position + 1 : position + _FARTHEST]:
        if marker.style == style:
            if marker.key == FIRST:
                return False
            if follows(previous, marker.key) and marker.key[0] > previous[0]:
                return True
    return False


def is_nested(markers: Sequence[Marker], containers: Collection[int]) -> bool:
    """Whether § stand inside articles, as in codes, and not the other way round."""
    styles = [markers[position].style for position in containers]
    return "art" in styles and "§" in styles and styles.index("art") < styles.index("§")


def follows(previous: Key, key: Key) -> bool:
    """Whether `key` is the next number, or one put in after `previous` (3a, 22¹)."""
    if key[0] == previous[0]:
        return key[1:] > previous[1:]
    return key[0] == previous[0] + 1
