"""Lines of a table of contents, whose numbers are not the provisions themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from kbassist.sources.markers import Line, Marker

_LEADER = re.compile(r"(?:\.\s?){4,}\s*\d{1,4}\Z|…\s*\d{1,4}\Z|_{4,}\s*\d{1,4}\Z")
_TITLE = re.compile(r"\W*(?:spis treści|spis postanowień|table of contents|contents)\W*\Z", re.IGNORECASE)
_LONGEST = 160
_MOST_LINES = 300
_MOST_TITLES = 3
_FEWEST = 3
_FEWEST_LETTERS = 3


def contents(text: str, lines: Sequence[Line], markers: Sequence[Marker]) -> frozenset[int]:
    """Indices of the lines that only list what comes later.

    That is what leads with dots to a page number; what follows a title such as "Spis treści" and comes again
    further down; and a run of numbered lines at the very beginning, each of which comes again.
    """
    found = {
        index
        for index, line in enumerate(lines)
        if _LEADER.search(text, max(line.start, line.end - _LONGEST), line.end)
    }
    titles = (index for index, line in enumerate(lines) if _TITLE.match(text, line.start, line.end))
    found |= {entry for index in islice(titles, _MOST_TITLES) for entry in _run(text, lines, index + 1)}
    first = next((marker.line for marker in markers if marker.line not in found), None)
    if first is not None:
        marked = {marker.line for marker in markers}
        run = [index for index in _run(text, lines, first) if index in marked]
        if len(run) >= _FEWEST:
            found.update(run)
    return frozenset(found)


def _run(text: str, lines: Sequence[Line], first: int) -> list[int]:
    """Neighbouring short lines from `first` on that all come again below the run."""
    last = first
    while last < min(len(lines), first + _MOST_LINES) and lines[last].end - lines[last].start <= _LONGEST:
        last += 1
    entries = [_letters(text[line.start : line.end]) for line in lines[first:last]]
    for index, entry in enumerate(entries):  # the body begins where the first entry comes again
        if (
            index
            and entry
            and (entry.startswith(_unpaged(entries[0])) or _unpaged(entries[0]).startswith(entry))
        ):
            last = first + index
            break
    if last == first or last >= len(lines):
        return []
    body = _letters(text[lines[last].start :])
    run = []
    for index, entry in zip(range(first, last), entries, strict=False):
        words = _unpaged(entry)
        if sum(map(str.isalpha, words)) < _FEWEST_LETTERS or (entry not in body and words not in body):
            break
        run.append(index)
    return run


def _unpaged(entry: str) -> str:
    return entry.rstrip("0123456789") or entry


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
