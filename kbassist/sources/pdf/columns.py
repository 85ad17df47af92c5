"""The order in which the lines of a PDF page are read: columns one after another, tables row by row.

A band of the page that no word crosses at some place has a gutter there. Whether it parts columns or
the cells of a table is told by the words (running text begins most lines in lower case) and by the
order in which the file writes them. Where there is no gutter, the file's own order is kept unless it
goes back up the page (after the XY-cut of Nagy and Seth, 1984, with the file's order as a witness).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from kbassist.sources.pdf.cells import visual_rows
from kbassist.sources.pdf.gutters import Band, Gutter, best_band, table_gutters
from kbassist.sources.pdf.line import Line
from kbassist.sources.pdf.unruled import row_pieces, unruled_rows
from kbassist.text.sentences import MARKER

_FEWEST_ROWS = 3
_DEEPEST = 8
_ATTEMPTS = 6
_WORDY = 4  # words a line
_MOST_LINES = 2_000
_MARK = re.compile(r"\W*\w{0,3}\W{0,2}\Z|\d+(?:\.\d+)+\.?\Z|\[[^\]]{1,12}\]\Z")

_Placed = tuple[int, Line]  # with the place in the file's order
_Row = list[_Placed]


def in_reading_order(lines: Sequence[Line], numbers: Iterator[int]) -> list[Line]:
    """All that the lines say, in the order of reading; tables without rules become rows.

    `numbers` gives the next table its number. Pages of more than 2,000 lines keep the file's order.
    """
    if len(lines) > _MOST_LINES:
        return list(lines)
    upright = [placed for placed in enumerate(lines) if not placed[1].is_aside]
    ordered = _rows_whole([line for _, line in _region(upright, numbers, 0)])
    return ordered + [line for line in lines if line.is_aside]


def _region(placed: list[_Placed], numbers: Iterator[int], depth: int) -> list[_Placed]:
    if len(placed) < 2 or depth > _DEEPEST:
        return placed
    rows = _rows(placed)
    blocked: list[Gutter] = []
    for _ in range(_ATTEMPTS):
        band = _best_band(rows, blocked)
        if band is None:
            break
        inside = rows[band.start : band.end]
        left, right = _sides(inside, band.gutter)
        kind = _kind(left, right)
        if kind == "none":
            blocked.append(band.gutter)
            continue
        above = _region(_flat(rows[: band.start]), numbers, depth + 1)
        below = _region(_flat(rows[band.end :]), numbers, depth + 1)
        if kind == "columns":
            middle = _region(left, numbers, depth + 1) + _region(right, numbers, depth + 1)
        else:
            middle = _table(inside, numbers)
        return above + middle + below
    return _in_order(placed, rows)


def _rows_whole(lines: Sequence[Line]) -> list[Line]:
    """Words far apart on one line, as in a row of a small table, are one line."""
    found: list[Line] = []
    for line in lines:
        last = found[-1] if found else None
        if (
            last
            and not (last.table or line.table)
            and abs(last.y - line.y) < 0.3 * min(last.size, line.size)
            and line.left - last.right > min(last.size, line.size)
        ):
            found[-1] = replace(last, words=(*last.words, *line.words))
        else:
            found.append(line)
    return found


def _rows(placed: Sequence[_Placed]) -> list[_Row]:
    order = {id(line): at for at, line in placed}
    lines = sorted((line for _, line in placed), key=lambda line: (-line.y, line.left))
    return [[(order[id(line)], line) for line in row] for row in visual_rows(lines)]


def _flat(rows: Sequence[_Row]) -> list[_Placed]:
    return sorted((item for row in rows for item in row), key=lambda item: (item[0], item[1].left))


def _in_order(placed: list[_Placed], rows: Sequence[_Row]) -> list[_Placed]:
    """As the file has it, or by rows where that goes back up the page."""
    ordered = sorted(placed, key=lambda item: (item[0], item[1].left))
    if any(
        after.y - before.y > max(before.size, after.size) for (_, before), (_, after) in pairwise(ordered)
    ):
        return [item for row in rows for item in sorted(row, key=lambda item: item[1].left)]
    return ordered


# --- bands ---------------------------------------------------------------------------------------


def _best_band(rows: Sequence[_Row], blocked: Sequence[Gutter]) -> Band | None:
    band = best_band([[line for _, line in row] for row in rows], blocked)
    return _extended(rows, band) if band else None


def _extended(rows: Sequence[_Row], band: Band) -> Band:
    """With the rows above and below that have words on one side only and go on without a gap."""
    middle = (band.gutter[0] + band.gutter[1]) / 2
    size = median(line.size for row in rows[band.start : band.end] for _, line in row)

    def belongs(row: _Row, beside: _Row) -> bool:
        lines = [line for _, line in row]
        if any(line.table and line.table == other.table for line in lines for _, other in beside):
            return True
        crosses = any(line.left < middle < line.right for line in lines)
        near = abs(lines[0].y - beside[0][1].y) < 1.7 * size
        alike = all(abs(line.size - size) < 0.12 * size for line in lines)
        return near and alike and not crosses

    start, end = band.start, band.end
    while start > 0 and belongs(rows[start - 1], rows[start]):
        start -= 1
    while end < len(rows) and belongs(rows[end], rows[end - 1]):
        end += 1
    for at in range(band.start + 1, end):
        if _stands_alone(rows, at, middle, size):
            return Band(start, at, band.gutter)
    return Band(start, end, band.gutter)


def _stands_alone(rows: Sequence[_Row], at: int, middle: float, size: float) -> bool:
    """Whether a row is a heading over both columns, though it is too short to reach into the second."""
    lines = [line for _, line in rows[at]]
    if min(line.size for line in lines) < 1.15 * size or max(line.right for line in lines) > middle:
        return False
    near = [
        line
        for row in rows[max(at - 4, 0) : at + 5]
        for _, line in row
        if line.right > middle and abs(line.y - lines[0].y) < lines[0].size
    ]
    return not near


# --- columns or table --------------------------------------------------------------------------


def _sides(rows: Sequence[_Row], gutter: Gutter) -> tuple[list[_Placed], list[_Placed]]:
    sides: tuple[list[_Placed], list[_Placed]] = ([], [])
    for at, line in _flat(rows):
        for side, piece in row_pieces(line, [gutter]):
            sides[side].append((at, piece))
    return sides


def _kind(left: Sequence[_Placed], right: Sequence[_Placed]) -> str:
    """`"columns"`, `"table"`, or `"none"` for a list whose marks stand apart from its items."""
    if any(line.table for _, line in (*left, *right)):
        return "columns"
    marks = sum(1 for _, line in left if _MARK.match(line.text))
    words = sum(len(line.words) for _, line in right)
    bullets = sum(1 for _, line in left if MARKER.match(f"{line.text} x"))
    if bullets >= 0.8 * len(left) or (marks >= 0.8 * len(left) and words >= 2.5 * len(right)):
        return "none"
    sides = sorted([(at, line.left, 0) for at, line in left] + [(at, line.left, 1) for at, line in right])
    turns = sum(1 for before, after in pairwise(sides) if before[2] != after[2])
    prose = _is_prose(left) and _is_prose(right)
    if turns <= 1:
        aligned = max(_beside(left, right), _beside(right, left)) >= 0.9
        cells = aligned and not (_is_prose(left) or _is_prose(right))
        short = median(len(line.words) for _, line in (*left, *right)) <= 4
        return "table" if cells and short and len(left) >= _FEWEST_ROWS else "columns"
    if not prose:
        return "table"
    # Cells that hold several lines of text are written one after another, and apart from the next row's.
    rows = (turns + 1) / 2
    return "table" if len(sides) / (turns + 1) < 5 and _gaps(left, right) + 1 >= 0.6 * rows else "columns"


def _beside(side: Sequence[_Placed], other: Sequence[_Placed]) -> float:
    """The share of the lines that have one of the other side next to them."""
    return sum(any(abs(line.y - beside.y) < 1 for _, beside in other) for _, line in side) / len(side)


def _gaps(left: Sequence[_Placed], right: Sequence[_Placed]) -> int:
    """How often there is more room than usual between lines, in both columns at once."""
    heights = sorted((line.y for _, line in (*left, *right)), reverse=True)
    apart = [before - after for before, after in pairwise(heights)]
    size = median(line.size for _, line in (*left, *right))
    usual = median([gap for gap in apart if gap > 0.5 * size] or [size])
    return sum(gap > 1.25 * usual for gap in apart)


def _is_prose(side: Sequence[_Placed]) -> bool:
    """Whether lines go on one in the next: most of them begin in lower case and are about as long."""
    lines = [line for _, line in side if not line.table]
    if len(lines) < _FEWEST_ROWS:
        return False
    lower = sum(1 for line in lines if line.text[0].islower())
    words = sum(len(line.words) for line in lines)
    lengths = sorted(line.right - line.left for line in lines)
    long = lengths[int(0.75 * len(lengths))]  # not the longest: headings, or lines of two columns
    return lower >= 0.35 * len(lines) and words >= 3 * len(lines) and median(lengths) >= 0.65 * long


def _table(rows: Sequence[_Row], numbers: Iterator[int]) -> list[_Placed]:
    first = min(at for row in rows for at, _ in row)
    lines = [[line for _, line in row] for row in rows]
    if not any(line.table for row in lines for line in row):
        found = unruled_rows(lines, table_gutters(lines), numbers)
        if found is not None:
            return [(first, line) for line in found]
    flat = _flat(rows)
    if median(len(line.words) for _, line in flat) >= _WORDY:
        return flat  # prose that is hard to tell from a table: the file's own order is the best guess
    return _in_order(flat, rows)
