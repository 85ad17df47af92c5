"""What can be quoted: sentences, list items, rows of tables, a lead-in together with its list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kbassist.text.sentences import MARKER, sentences
from kbassist.types import Passage

_LONGEST_LIST = 600  # characters of a list that is quoted together with the sentence it follows
_ROW = re.compile(r"[^:\n]{1,80}: [^\n]+")
_ABOUT_THE_PAGE = re.compile(
    r"(?:(?:data )?(?:ostatni\w+ )?(?:aktualizacj\w+|modyfikacj\w+|publikacj\w+)|opublikowano"
    r"|zaktualizowano|autor|author|(?:last |date )?(?:updated|modified|published|posted)(?: on)?)\s?[:–—-]",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Unit:
    """A span of `passage.text`. `place` counts the units of the passage from 0; `asked` is the question right
    above it, as in an FAQ.
    """

    passage: Passage
    start: int
    end: int
    place: int
    asked: str = ""

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]


def units(passage: Passage) -> list[Unit]:
    """All of the passage in the order of its text, but questions, the names of a table's columns, and who
    wrote the page when.
    """
    text = passage.text
    spans = _with_lists(text, sentences(text, passage.lang))
    found: list[Unit] = []
    asked = ""
    for place, (start, end) in enumerate(spans):
        if text[end - 1] == "?":
            asked = text[start:end]
        elif not _ABOUT_THE_PAGE.match(text, start) and not _names_columns(text, spans, place):
            found.append(Unit(passage, start, end, len(found), asked))
    return found


def _with_lists(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join a sentence that ends with a colon to the list items that follow it."""
    joined: list[tuple[int, int]] = []
    collecting = False
    for start, end in spans:
        if collecting and MARKER.match(text, start, end) and end - joined[-1][0] <= _LONGEST_LIST:
            joined[-1] = (joined[-1][0], end)
            continue
        joined.append((start, end))
        collecting = text[start:end].endswith(":")
    return joined


def _names_columns(text: str, spans: Sequence[tuple[int, int]], place: int) -> bool:
    """Whether it is the first of several rows, and the only one without a figure."""
    rows = [text[start:end] for start, end in spans[place : place + 3]]
    return (
        len(rows) == 3
        and all(map(_ROW.fullmatch, rows))
        and not _DIGIT.search(rows[0])
        and rows[0][-1] not in ".!"
        and all(map(_DIGIT.search, rows[1:]))
    )
