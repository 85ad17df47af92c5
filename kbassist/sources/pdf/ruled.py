"""Ruled tables of a PDF page: what stands in the cells that are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kbassist.sources.pdf.cells import (
    SAME_LINE,
    CellText,
    Row,
    as_lines,
    filled,
    visual_rows,
    with_words,
    without_marks,
)
from kbassist.sources.pdf.line import Line, Word
from kbassist.sources.pdf.rules import Grid

_LONG_CELL = 240  # characters on average: prose in boxes, not a table
_FULL = 0.4  # share of the rows that have several cells; the others are titles between them
_FILLED = 0.4  # share of the cells: charts have grids too

_Placed = tuple[Line, Word]


def with_ruled_tables(lines: Sequence[Line], grids: Sequence[Grid], numbers: Iterator[int]) -> list[Line]:
    """The lines, with those inside each grid replaced by its rows, where its first one stood."""
    for grid in grids:
        inside: dict[int, list[_Placed]] = {}
        outside: list[Line] = []
        first: int | None = None
        for line in lines:
            left_over: list[Word] = []
            for word in line.words:
                at = grid.field((word.left + word.right) / 2, line.y + 0.3 * line.size)
                if at is None or line.table or line.is_aside:
                    left_over.append(word)
                    continue
                first = len(outside) if first is None else first
                inside.setdefault(grid.owner[at[0]][at[1]], []).append((line, word))
            if left_over:
                outside.append(with_words(line, left_over))
        if first is not None and (rows := _ruled_rows(grid, inside)):
            lines = outside[:first] + as_lines(rows, next(numbers)) + outside[first:]
    return list(lines)


def _ruled_rows(grid: Grid, inside: dict[int, list[_Placed]]) -> list[Row] | None:
    """The cells with what they hold, or None when the grid is not that of a table."""
    texts = {cell: _lines_of(placed) for cell, placed in inside.items()}
    owners = {cell for row in grid.owner for cell in row}
    rows: list[Row] = []
    before: tuple[int, ...] = ()
    for owner in grid.owner:
        if owner == before:  # a field that every cell spans
            continue
        before = owner
        first = {cell: at for at, cell in reversed(list(enumerate(owner)))}
        cells = [(texts.get(cell, []), first[cell] < at) for at, cell in enumerate(owner)]
        rows += _undrawn_rows(cells)
    rows = [row for row in rows if filled(row)]
    if not rows:
        return None
    kept = [at for at in range(len(grid.columns) - 1) if any(row[at].text for row in rows)]
    kept = [at for at in kept if not all(row[at].repeated or not row[at].text for row in rows)]
    rows = [[row[at] for at in kept] for row in rows]
    rows = without_marks(rows)
    full = sum(1 for row in rows if filled(row) > 1)
    length = sum(len(line.text) for lines in texts.values() for line in lines)
    if full < max(2, _FULL * len(rows)) or len(texts) < _FILLED * len(owners):
        return None
    return rows if length <= _LONG_CELL * len(texts) else None


def _lines_of(placed: Sequence[_Placed]) -> list[Line]:
    """Words that were in one line are one again."""
    found: dict[int, tuple[Line, list[Word]]] = {}
    for line, word in placed:
        found.setdefault(id(line), (line, []))[1].append(word)
    return [with_words(line, words) for line, words in found.values()]


def _undrawn_rows(cells: Sequence[tuple[list[Line], bool]]) -> list[Row]:
    """One row, or several where only the columns are ruled and the rows stand below each other."""
    whole = [CellText(lines, repeated=repeated) for lines, repeated in cells]
    used = [at for at, (lines, repeated) in enumerate(cells) if lines and not repeated]
    if len(used) < 2:
        lines = [line for at in used for line in cells[at][0]]
        apart = sum(line.is_row for line in lines) > 0.5 * len(lines)
        visual = list(visual_rows(sorted(lines, key=lambda line: -line.y))) if apart else []
        return [[CellText(row), *([CellText([])] * (len(cells) - 1))] for row in visual] or [whole]
    first = list(visual_rows(sorted(cells[used[0]][0], key=lambda line: -line.y)))
    others = [line for at in used[1:] for line in cells[at][0]]
    beside = [any(abs(line.y - row[0].y) < SAME_LINE * line.size for line in others) for row in first]
    lower = sum(1 for row in first if row[0].text[0].islower())
    if len(first) < 3 or not all(beside) or lower > 0.2 * len(first):
        return [whole]
    tops = [row[0].y + SAME_LINE * row[0].size for row in first[1:]]
    bounds = list(zip([float("inf"), *tops], [*tops, float("-inf")], strict=True))
    return [
        [
            CellText([line for line in lines if low < line.y <= high], repeated=repeated)
            for lines, repeated in cells
        ]
        for high, low in bounds
    ]
