"""Gutters: places where no word stands in many lines of a PDF page, one below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

import numpy as np
from numpy.typing import NDArray

from kbassist.sources.pdf.line import Line

_BIN = 1.0  # points
_FINE_BIN = 0.25
_WIDEST = 20_000  # bins
_NARROWEST = 0.6  # of the font's height
_NARROW = 1.2
_WIDER = 1.5  # than a space
_FEWEST_ROWS = 3
_FEWEST_ROWS_NARROW = 5
_CROSSED = 0.1  # share of a table's rows that may have a cell across two columns

Gutter = tuple[float, float]
"""From where to where no word stands."""


@dataclass(frozen=True, slots=True)
class Band:
    """Rows `start` to `end` of a region that have nothing in `gutter`."""

    start: int
    end: int
    gutter: Gutter


def best_band(rows: Sequence[Sequence[Line]], blocked: Sequence[Gutter]) -> Band | None:
    """The band with the most rows that have words on both sides of a gutter, `blocked` ones apart.

    It begins and ends with such a row. Three are enough for a wide gutter, a narrow one takes five.
    """
    lines = [line for row in rows for line in row]
    size = median(line.size for line in lines)
    origin = min(line.left for line in lines)
    stretches = [[stretch for line in row for stretch in _stretches(line)] for row in rows]
    covered = _covered(stretches, origin, max(line.right for line in lines), _BIN)
    need = max(int(_narrowest(lines, size) / _BIN), 2)
    if covered.shape[1] <= 2 * need:
        return None
    total = np.cumsum(np.pad(covered, ((0, 0), (1, 0))), axis=1)
    places = covered.shape[1] - need + 1
    clear = np.asarray(
        total[:, need:] == total[:, :places], dtype=np.bool_
    )  # nothing in the next `need` bins
    for start, end in blocked:
        clear[:, max(int((start - origin) / _BIN) - need, 0) : int((end - origin) / _BIN) + 1] = False
    both = clear & (total[:, :places] > 0) & (total[:, -1:] > total[:, need:])
    most, spans = _longest_runs(clear, both)
    for place in _candidates(most):
        start, end = (int(value) for value in spans[place])
        free: NDArray[np.bool_] = np.logical_not(covered[start:end].any(axis=0))
        first, last = place, place + 1
        while first > 0 and free[first - 1]:
            first -= 1
        while last < len(free) and free[last]:
            last += 1
        narrow = (last - first) * _BIN < _NARROW * size
        if most[place] >= (_FEWEST_ROWS_NARROW if narrow else _FEWEST_ROWS):
            return Band(start, end, (origin + first * _BIN, origin + last * _BIN))
    return None


def table_gutters(rows: Sequence[Sequence[Line]]) -> list[Gutter]:
    """The gutters of nearly all rows that have words on both sides in at least two."""
    lines = [line for row in rows for line in row]
    narrowest = _narrowest(lines, median(line.size for line in lines))
    origin = min(line.left for line in lines)
    stretches = [[(word.left, word.right) for line in row for word in line.words] for row in rows]
    covered = _covered(stretches, origin, max(line.right for line in lines), _FINE_BIN)
    free = covered.sum(axis=0) <= _CROSSED * len(rows)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int8)))
    found: list[Gutter] = []
    for start, end in edges.reshape(-1, 2) * _FINE_BIN + origin:
        both = sum(
            any(right <= start + _FINE_BIN for _, right in row)
            and any(left >= end - _FINE_BIN for left, _ in row)
            for row in stretches
        )
        if end - start >= narrowest - 2 * _FINE_BIN and both >= 2:
            found.append((float(start), float(end)))
    return found


def _covered(
    rows: Sequence[Sequence[tuple[float, float]]], origin: float, right: float, size: float
) -> NDArray[np.bool_]:
    """For each row, which bins of this size its stretches cover."""
    covered = np.zeros((len(rows), int(min((right - origin) / size, _WIDEST)) + 2), dtype=bool)
    for at, row in enumerate(rows):
        for first, last in row:
            start = int((first - origin) / size)
            covered[at, start : max(ceil((last - origin) / size), start + 1)] = True
    return covered


def _stretches(line: Line) -> list[tuple[float, float]]:
    """From where to where a line has words with nothing but spaces between them."""
    limit = max(line.widest_space, _NARROWEST * line.size)
    found: list[tuple[float, float]] = []
    for word, gap in zip(line.words, [float("inf"), *line.gaps], strict=True):
        if gap <= limit:
            found[-1] = (found[-1][0], word.right)
        else:
            found.append((word.left, word.right))
    return found


def _longest_runs(
    clear: NDArray[np.bool_], both: NDArray[np.bool_]
) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """For each place the run of clear rows with the most that have words on both sides: how many, which."""
    places = clear.shape[1]
    count = np.zeros(places, dtype=np.int_)
    opened = np.zeros(places, dtype=np.int_)
    most = np.zeros(places, dtype=np.int_)
    spans = np.zeros((places, 2), dtype=np.int_)
    for at in range(len(clear)):
        count[~clear[at]] = 0
        opened[both[at] & (count == 0)] = at
        count += both[at]
        better = count > most
        most[better] = count[better]
        spans[better, 0] = opened[better]
        spans[better, 1] = at + 1
    return most, spans


def _candidates(most: NDArray[np.int_]) -> Iterator[int]:
    """The middle of the widest stretch with the highest count, then with lower ones."""
    for value in sorted({int(value) for value in most}, reverse=True)[:4]:
        if value < _FEWEST_ROWS:
            return
        at = np.flatnonzero(most == value)
        stretches = np.split(at, np.flatnonzero(np.diff(at) > 1) + 1)
        longest = max(stretches, key=len)
        yield int(longest[len(longest) // 2])


def _narrowest(lines: Sequence[Line], size: float) -> float:
    """How wide a gutter has to be not to be a space, which is wide itself in some fonts."""
    spaces = [gap for line in lines for gap in line.gaps if gap < line.size]
    return max(_NARROWEST * size, _WIDER * median(spaces) if spaces else 0.0)
