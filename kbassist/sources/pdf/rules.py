"""The ruled tables of a PDF page: straight lines drawn on it, and the cells that they enclose."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2.raw as pdfium

from kbassist.sources.pdf.page import Turn

_MOST_OBJECTS = 20_000
_MOST_RULES = 800
_DEEPEST = 4  # forms within forms
_NEAR = 3.0  # points: lines that nearly touch were meant to
_SHORTEST = 6.0
_MOST_COLUMNS = 40
_MOST_ROWS = 400

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: at `at`, from `start` to `end` along the other axis."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The horizontal lines (`at` is their y) and the vertical ones (`at` is their x) of a page."""

    horizontal: tuple[Rule, ...] = ()
    vertical: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """The lines of one table. `columns` are x from the left, `rows` y from the top.

    `owner[row][column]` is the number of the cell that covers that field; a cell that spans several
    fields owns them all.
    """

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    owner: tuple[tuple[int, ...], ...]

    def field(self, x: float, y: float) -> tuple[int, int] | None:
        """Row and column of the field in which a point lies."""
        if not (self.columns[0] <= x <= self.columns[-1] and self.rows[-1] <= y <= self.rows[0]):
            return None
        column = next(at for at, edge in enumerate(self.columns[1:]) if x <= edge)
        row = next(at for at, edge in enumerate(self.rows[1:]) if y >= edge)
        return row, column


def read_rules(page: pdfium.FPDF_PAGE, turn: Turn) -> Rules:
    """The straight lines and edges of boxes that are drawn on a loaded page, upright as its text is.

    Drawings of more than 20,000 parts are not looked through to the end.
    """
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    for path, matrix in _paths(page):
        for (x1, y1), (x2, y2) in _strokes(path, matrix):
            (x1, y1), (x2, y2) = turn.point(x1, y1), turn.point(x2, y2)
            if abs(y1 - y2) < 1 and abs(x1 - x2) > 1:
                horizontal.append(Rule((y1 + y2) / 2, min(x1, x2), max(x1, x2)))
            elif abs(x1 - x2) < 1 and abs(y1 - y2) > 1:
                vertical.append(Rule((x1 + x2) / 2, min(y1, y2), max(y1, y2)))
        if max(len(horizontal), len(vertical)) > _MOST_OBJECTS:
            break
    return Rules(_joined(horizontal), _joined(vertical))


def grids(rules: Rules) -> list[Grid]:
    """The tables that have at least two rows and two columns of fields."""
    if min(len(rules.horizontal), len(rules.vertical)) < 2:
        return []
    found: list[Grid] = []
    for horizontal, vertical in _connected(rules):
        columns = _places([rule.at for rule in vertical])
        rows = _places([rule.at for rule in horizontal])[::-1]
        if 3 <= len(columns) <= _MOST_COLUMNS and 3 <= len(rows) <= _MOST_ROWS:
            found.append(Grid(columns, rows, _owners(columns, rows, horizontal, vertical)))
    return found


# --- what is drawn -----------------------------------------------------------------------------


def _paths(page: pdfium.FPDF_PAGE) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, Matrix]]:
    def inside(
        count: int, get: Callable[[int], pdfium.FPDF_PAGEOBJECT], matrix: Matrix, depth: int
    ) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, Matrix]]:
        for index in range(min(count, _MOST_OBJECTS)):
            item = get(index)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                yield item, _times(_matrix(item), matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                yield from inside(
                    pdfium.FPDFFormObj_CountObjects(item),
                    lambda at, form=item: pdfium.FPDFFormObj_GetObject(form, at),  # type: ignore[misc]
                    _times(_matrix(item), matrix),
                    depth + 1,
                )

    top = pdfium.FPDFPage_CountObjects(page)
    for seen, found in enumerate(inside(top, lambda at: pdfium.FPDFPage_GetObject(page, at), _IDENTITY, 0)):
        if seen > _MOST_OBJECTS:
            return
        yield found


def _matrix(item: pdfium.FPDF_PAGEOBJECT) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _strokes(path: pdfium.FPDF_PAGEOBJECT, matrix: Matrix) -> Iterator[tuple[_Point, _Point]]:
    """The straight pieces of a path; a filled box as thin as a line is one."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    if not (stroke.value or (fill.value and not _is_white(path))):
        return
    points = list(_points(path, matrix))
    xs = [x for _, (x, _) in points]
    ys = [y for _, (_, y) in points]
    if len(points) >= 4 and not stroke.value:
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        if min(wide, high) < _NEAR:
            x, y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
            yield ((min(xs), y), (max(xs), y)) if wide > high else ((x, min(ys)), (x, max(ys)))
            return
    begun = before = (0.0, 0.0)
    for kind, point in points:
        if kind == "move":
            begun = point
        elif kind == "line":
            yield before, point
        elif kind == "close":
            yield before, point
            yield point, begun
        before = point


def _is_white(path: pdfium.FPDF_PAGEOBJECT) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFPageObj_GetFillColor(path, red, green, blue, alpha)
    return bool(known) and (min(red.value, green.value, blue.value) > 250 or alpha.value == 0)


def _points(path: pdfium.FPDF_PAGEOBJECT, matrix: Matrix) -> Iterator[tuple[str, _Point]]:
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(pdfium.FPDFPath_CountSegments(path), _MOST_OBJECTS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            yield "move", point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield ("close" if pdfium.FPDFPathSegment_GetClose(segment) else "line"), point
        else:
            yield "curve", point


# --- tables ------------------------------------------------------------------------------------


def _joined(rules: list[Rule]) -> tuple[Rule, ...]:
    """Pieces of one line as one, dashes included, without what is too short to divide anything."""
    found: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.at), rule.start)):
        last = found[-1] if found else None
        if last and abs(last.at - rule.at) < 1.5 and rule.start <= last.end + _NEAR:
            found[-1] = Rule(last.at, min(last.start, rule.start), max(last.end, rule.end))
        else:
            found.append(rule)
    return tuple(rule for rule in found if rule.end - rule.start >= _SHORTEST)[:_MOST_RULES]


def _connected(rules: Rules) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Sets of lines that touch each other."""
    group = list(range(len(rules.horizontal) + len(rules.vertical)))

    def root(item: int) -> int:
        while group[item] != item:
            group[item] = group[group[item]]
            item = group[item]
        return item

    for across, line in enumerate(rules.horizontal):
        for down, other in enumerate(rules.vertical, start=len(rules.horizontal)):
            if (
                line.start - _NEAR <= other.at <= line.end + _NEAR
                and other.start - _NEAR <= line.at <= other.end + _NEAR
            ):
                group[root(across)] = root(down)
    sets: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for at, rule in enumerate((*rules.horizontal, *rules.vertical)):
        sets.setdefault(root(at), ([], []))[at >= len(rules.horizontal)].append(rule)
    yield from sets.values()


def _places(values: list[float]) -> tuple[float, ...]:
    """Where lines stand, nearly equal places as one, in rising order."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return tuple(found)


def _owners(
    columns: tuple[float, ...], rows: tuple[float, ...], horizontal: list[Rule], vertical: list[Rule]
) -> tuple[tuple[int, ...], ...]:
    wide, high = len(columns) - 1, len(rows) - 1
    owner = [[row * wide + column for column in range(wide)] for row in range(high)]
    for row in range(high):
        middle = (rows[row] + rows[row + 1]) / 2
        for column in range(1, wide):
            if not _is_drawn(vertical, columns[column], middle):
                owner[row][column] = owner[row][column - 1]
    for row in range(1, high):
        for column in range(wide):
            middle = (columns[column] + columns[column + 1]) / 2
            same = owner[row - 1][column] == owner[row - 1][max(column - 1, 0)]
            first = column == 0 or owner[row][column] != owner[row][column - 1]
            if not _is_drawn(horizontal, rows[row], middle) and (first or same):
                owner[row][column] = owner[row - 1][column]
    return tuple(map(tuple, owner))


def _is_drawn(rules: list[Rule], at: float, across: float) -> bool:
    return any(abs(rule.at - at) <= _NEAR + 1 and rule.start <= across <= rule.end for rule in rules)
