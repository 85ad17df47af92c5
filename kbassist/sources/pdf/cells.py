"""Cells of a table on a PDF page, and its rows as lines: each cell joined to what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median

from kbassist.sources.pdf.line import Line, Word
from kbassist.sources.table_rows import Cell, first_row_names, row_lines

SAME_LINE = 0.5
"""Of the font's height: baselines no further apart belong to one line."""

_BULLET = re.compile(r"\W{1,2}\Z|[a-z]\)\Z")


class CellText:
    """What a cell says, and where it begins."""

    def __init__(self, pieces: Sequence[Line], *, repeated: bool = False) -> None:
        ordered = sorted(pieces, key=lambda line: -line.y)
        visual = list(visual_rows(ordered))
        self.text = ""
        self.pieces = ordered
        self.repeated = repeated
        self.is_bold = bool(pieces) and all(piece.is_bold for piece in pieces)
        for row in visual:
            text = " ".join(line.text for line in sorted(row, key=lambda line: line.left))
            broken = re.search(r"[^\W\d_]-\Z", self.text) and text[:1].islower()
            self.text = self.text[:-1] + text if broken else f"{self.text} {text}".strip()


Row = list[CellText]


def visual_rows(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines sorted from the top, those side by side together."""
    row: list[Line] = []
    for line in lines:
        if row and row[0].y - line.y > SAME_LINE * min(line.size, row[0].size):
            yield row
            row = []
        row.append(line)
    if row:
        yield row


def with_words(line: Line, words: Sequence[Word]) -> Line:
    """The line with these words only."""
    return replace(line, words=tuple(words))


def filled(row: Row) -> int:
    """How many cells of the row say something."""
    return sum(1 for cell in row if cell.text and not cell.repeated)


def without_marks(table: Sequence[Row]) -> list[Row]:
    """Bullets in a column of their own belong to the cells after them."""
    marks = [row[0].text for row in table if row[0].text]
    if len(table[0]) < 2 or not marks or not all(map(_BULLET.match, marks)):
        return list(table)
    return [
        [CellText([*row[0].pieces, *row[1].pieces]), *row[2:]] if row[0].text else row[1:] for row in table
    ]


def as_lines(table: Sequence[Row], number: int) -> list[Line]:
    """A line for each row of the table with this number. Every row has to say something."""
    pieces = [piece for row in table for cell in row for piece in cell.pieces]
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    size = median(piece.size for piece in pieces)
    cells = [[Cell(cell.text, cell.repeated) for cell in row] for row in table]
    titles = next((at for at, row in enumerate(table) if filled(row) > 1), 0)
    headers = int(first_row_names(cells[titles:]) or _first_row_is_bold(table[titles:]))
    texts = row_lines(cells[:titles], 0) + row_lines(cells[titles:], headers)
    tops = [max((piece.y for cell in row for piece in cell.pieces), default=pieces[0].y) for row in table]
    return [
        Line((Word(text, left, right),), top, size, table=number)
        for text, top in zip(texts, tops, strict=True)
    ]


def _first_row_is_bold(table: Sequence[Row]) -> bool:
    if len(table) < 2 or filled(table[0]) < 2:
        return False
    first, *rest = ([cell.is_bold for cell in row if cell.text] for row in table)
    below = [is_bold for row in rest for is_bold in row]
    return all(first) and sum(below) < 0.5 * len(below)
