"""Numbered lines that are no provisions: tables of contents, and rows of other tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from kbassist.sources.regulation.markers import Line, Marker

_LEADER = re.compile(r"(?:\.\s?){4,}\s*\d{1,4}\Z|…\s*\d{1,4}\Z|_{4,}\s*\d{1,4}\Z")
_TITLE = re.compile(r"\W*(?:spis treści|spis postanowień|table of contents|contents)\W*\Z", re.IGNORECASE)
# A row as tables are written out: "3. 5038061: Model HC3000, Seria Power-X".
_ROW = re.compile(r"\d{1,3}\.\s+[^:\n]{1,80}:\s+(?P<cells>[A-ZĄĆĘŁŃÓŚŹŻ].*)")
_LONGEST = 160
_MOST_LINES = 300
_MOST_TITLES = 3
_FEWEST = 3
_FEWEST_LETTERS = 3


def contents(text: str, lines: Sequence[Line], markers: Sequence[Marker]) -> frozenset[int]:
    """Indices of the lines whose numbers are those of a table.

    In a table of contents that is what leads with dots to a page number; what follows a title such as
    "Spis treści" and comes again further down; and a run of numbered lines at the very beginning, each of
    which comes again.
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
    return frozenset(found | set(_rows(text, lines)))


def _rows(text: str, lines: Sequence[Line]) -> Iterator[int]:
    """Runs of rows whose cells are named alike."""
    run: list[int] = []
    named: tuple[str, ...] = ()
    for index, line in enumerate(lines):
        match = _ROW.match(text, line.start, line.end)
        names = tuple(cell.split()[0] for cell in match["cells"].split(", ") if cell.split()) if match else ()
        if run and names[:2] != named:
            yield from run if len(run) >= _FEWEST + 2 * (len(named) < 2) else ()
            run = []
        if names:
            run, named = [*run, index], names[:2]
    yield from run if len(run) >= _FEWEST + 2 * (len(named) < 2) else ()


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
