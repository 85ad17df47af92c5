"""Paragraphs, headings and rows in their order, to one text and its anchors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbassist.sources.html.text import clean
from kbassist.sources.table_rows import Cell, first_row_names, row_lines
from kbassist.types import Anchor

_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
_LONGEST_HEADING = 200  # characters; styles of headings are given to whole provisions too
_WIDEST = 60  # columns
_LONG_CELL = 300  # characters on average: prose laid out side by side

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(text: str) -> str:
    """Superscript, where that changes what a number says: `art. 22¹`, `m²`."""
    return text.translate(_RAISED) if text.isascii() and text.isdecimal() else text


class Flow:
    """Text in the making. Items of a list and rows of a table are a line apart, paragraphs two."""

    def __init__(self) -> None:
        self.anchors: list[Anchor] = []
        self._parts: list[str] = []
        self._size = 0
        self._group = ""

    @property
    def text(self) -> str:
        """What has been written."""
        return "".join(self._parts)

    @property
    def title(self) -> str:
        """The heading that stands above all of it; empty where there is none."""
        levels = [anchor.level for anchor in self.anchors]
        alone = bool(levels) and all(level > levels[0] for level in levels[1:])
        return self.anchors[0].label if alone else ""

    def paragraph(self, text: str, *, label: str = "", group: str = "") -> None:
        """`label` is the number or the bullet before it; equal groups stand together."""
        text = tidy(text)
        if text or label not in ("", "-"):
            self._write(f"{label} {text}".strip(), group)

    def heading(self, text: str, level: int, *, label: str = "") -> None:
        """A heading of level 1 to 6; one as long as a paragraph is written as one."""
        text = tidy(text)
        if not text or len(text) > _LONGEST_HEADING:
            self.paragraph(text, label=label)
            return
        text = text.replace("\n", " ")
        self._write(f"{label} {text}" if label not in ("", "-") else text, "")
        self.anchors.append(Anchor(self._size - len(text), text, min(level, 6)))

    def table(self, rows: Sequence[Sequence[Cell]], headers: int | None) -> None:
        """`headers` rows name the columns; None where the file does not say so."""
        full = [list(row[:_WIDEST]) for row in rows if any(cell.text for cell in row)]
        width = max(map(len, full), default=0)
        for row in full:
            row += [Cell("")] * (width - len(row))
        if headers is None:
            headers = int(first_row_names(full))
        for line in row_lines(full, max(min(headers, len(full) - 1), 0)):
            self._write(line, "table")
        self._group = ""

    def _write(self, text: str, group: str) -> None:
        if self._parts:
            separator = "\n" if group and group == self._group else "\n\n"
            self._parts.append(separator)
            self._size += len(separator)
        self._parts.append(text)
        self._size += len(text)
        self._group = group


def tidy(text: str) -> str:
    """Single spaces, no empty lines, nothing that shows nothing."""
    return _LINES.sub("\n", _SPACES.sub(" ", clean(text))).strip()


def is_data(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether cells hold data, rather than text that a table only puts in its place."""
    cells = [cell for row in rows for cell in row if cell.text and not cell.repeated]
    wide = max((sum(1 for cell in row if cell.text) for row in rows), default=0) > 1
    return wide and sum(len(cell.text) for cell in cells) <= _LONG_CELL * len(cells)
