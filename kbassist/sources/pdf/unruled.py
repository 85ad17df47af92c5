"""Tables without rules on a PDF page: words that stand below each other in several lines are a column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from kbassist.sources.pdf.cells import CellText, Row, as_lines, filled, with_words, without_marks
from kbassist.sources.pdf.gutters import Gutter
from kbassist.sources.pdf.line import Line, Word

_LONG_CELL = 240  # characters on average: prose side by side, not a table
_FULL = 0.4  # share of the rows that have several cells; the others are titles between them
_GOING_ON = 0.6  # share of the rows that begin in lower case …
_WORDY = 50  # … in prose, whose rows are so many characters long
_TELLING = re.compile(r"[^\W\d_]{3}|\d\d|\d[.,]\d")
_PAGE_NUMBER = re.compile(r"(?:\d{1,4}|[ivxlc]{1,6})\Z")
_WRAPPED = 0.8  # of the usual distance between rows
_WIDEST_WRAP = 1.6  # in font heights
_APART = 0.35  # of the font's height: room between rows that lines of one cell do not have
_TALLEST = 8  # lines of a row

_Cells = list[list[Line]]


def unruled_rows(
    rows: Sequence[Sequence[Line]], gutters: Sequence[Gutter], number: Iterator[int]
) -> list[Line] | None:
    """The rows of a table, from its lines row by row and the gaps between its columns.

    None where it reads better line by line: a table of contents, prose, too little to tell.
    """
    split = [_split(row, gutters) for row in rows]
    records = _records(split)
    table = without_marks([[CellText(pieces) for pieces in record] for record in records])
    full = [row for row in table if filled(row) > 1]
    texts = [cell.text for row in full for cell in row if cell.text]
    if len(full) < max(2, _FULL * len(table)) or not _says_something(texts) or _is_contents(full):
        return None
    starts = sum(filled(row) > 0 and _first(row)[0].islower() for row in table)
    if starts > _GOING_ON * len(table) and sum(map(len, texts)) > _WORDY * len(table):
        return None
    return as_lines(table, next(number))


def _says_something(texts: Sequence[str]) -> bool:
    """Words or figures, neither single letters, as formulas have, nor whole paragraphs."""
    told = sum(bool(_TELLING.search(text)) for text in texts)
    return told >= 0.5 * len(texts) and sum(map(len, texts)) <= _LONG_CELL * len(texts)


def _first(row: Row) -> str:
    return next(cell.text for cell in row if cell.text)


def row_pieces(line: Line, gutters: Sequence[Gutter]) -> Iterator[tuple[int, Line]]:
    """The parts of a line between the gutters, with the number of the column that each is in."""
    middles = [(start + end) / 2 for start, end in gutters]
    parts: dict[int, list[Word]] = {}
    for word in line.words:
        column = sum(1 for middle in middles if (word.left + word.right) / 2 > middle)
        parts.setdefault(column, []).append(word)
    for column, words in sorted(parts.items()):
        yield column, with_words(line, words)


def _split(row: Sequence[Line], gutters: Sequence[Gutter]) -> _Cells:
    cells: _Cells = [[] for _ in range(len(gutters) + 1)]
    for line in row:
        for column, piece in row_pieces(line, gutters):
            cells[column].append(piece)
    return cells


def _records(rows: Sequence[_Cells]) -> list[_Cells]:
    """The rows of the table, each of one line or several."""
    groups: list[list[_Cells]] = [[rows[0]]]
    for before, after in pairwise(rows):
        room = _bottom(before) - _top(after)
        size = max(piece.size for cell in after for piece in cell)
        if room > _APART * size:
            groups.append([])
        groups[-1].append(after)
    if len(groups) == 1:
        return _continued(rows)
    return [
        record for group in groups for record in (_joined(group) if _is_one(group) else _continued(group))
    ]


def _top(row: _Cells) -> float:
    return max(piece.y + 0.75 * piece.size for cell in row for piece in cell)


def _bottom(row: _Cells) -> float:
    return min(piece.y - 0.25 * piece.size for cell in row for piece in cell)


def _is_one(group: Sequence[_Cells]) -> bool:
    """Whether lines that stand together are one row: at most one of them has all cells that any has."""
    columns = {column for row in group for column, cell in enumerate(row) if cell}
    whole = sum(all(row[column] for column in columns) for row in group)
    return whole <= 1 < len(columns) and len(group) <= _TALLEST


def _joined(group: Sequence[_Cells]) -> list[_Cells]:
    return [[[piece for cell in cells for piece in cell] for cells in zip(*group, strict=True)]]


def _continued(rows: Sequence[_Cells]) -> list[_Cells]:
    """Lines that continue the cells above go with them."""
    tops = [max(piece.y for cell in row for piece in cell) for row in rows]
    apart = [before - after for before, after in pairwise(tops)]
    usual = median(apart) if apart else 0.0
    found: list[_Cells] = []
    for at, row in enumerate(rows):
        size = max(piece.size for cell in row for piece in cell)
        gap = apart[at - 1] if at else float("inf")
        columns = [column for column, cell in enumerate(row) if cell]
        close = gap < _WIDEST_WRAP * size
        lower = all(row[column][0].text[0].islower() for column in columns)
        tight = gap < _WRAPPED * usual
        goes_on = close and (
            tight or (0 not in columns and len(row) > len(columns)) or (lower and len(columns) < len(row))
        )
        if found and goes_on and all(found[-1][column] for column in columns):
            found[-1] = [above + cell for above, cell in zip(found[-1], row, strict=True)]
        else:
            found.append(row)
    return found


def _is_contents(rows: Sequence[Row]) -> bool:
    """Whether the last column only numbers pages, in rising order."""
    last = [row[-1].text for row in rows if row[-1].text]
    numbers = [int(text) for text in last if text.isdecimal()]
    return (
        len(rows[0]) <= 3
        and len(last) > 2
        and sum(1 for text in last if _PAGE_NUMBER.match(text)) >= 0.8 * len(last)
        and numbers == sorted(numbers)
    )
