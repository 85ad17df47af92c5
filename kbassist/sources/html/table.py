"""Tables as lines that a reader understands: `Kurier InPost: 14,99 zł, 1–2 dni`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from lxml import etree

from kbassist.sources.html.tree import HEADINGS, Element
from kbassist.sources.table_rows import Cell, row_lines

_LAYOUT_PARTS = HEADINGS | {"table", "form", "nav", "section", "article", "details"}
_WIDEST = 60  # columns; more are left out
_TALLEST = 3000  # rows of a cell that spans
_LITTLE_INSIDE = 0.5  # of a table's text stands in tables in its cells
_MOST_TABLES = 20
_LONG_CELL = 300  # characters on average: prose laid out side by side

Inline = Callable[[Element], str]


_EMPTY = Cell("")
_Row = list[Cell]


_ROLES = {
    "row": "tr",
    "cell": "td",
    "gridcell": "td",
    "columnheader": "th",
    "rowheader": "th",
    "rowgroup": "tbody",
}
_ARIA_TABLES = etree.XPath(".//*[(@role='table' or @role='grid') and not(self::table)]")


def spell_out_tables(root: Element) -> None:
    """Turn tables that are made of other elements with ARIA roles into `table`, `tr`, `th` and `td`."""
    for table in _ARIA_TABLES(root):
        table.tag = "table"
        for element in table.iterdescendants():
            element.tag = _ROLES.get(element.get("role") or "", element.tag)


def is_data(table: Element) -> bool:
    """Whether a table holds data rather than the layout of a page."""
    if table.get("role") in ("presentation", "none"):
        return False
    rows = _rows(table)
    if max(map(len, rows), default=0) < 2:
        return False
    if any(inner.tag in _LAYOUT_PARTS for inner in table.iterdescendants()):
        return _holds_small_tables(table, rows[0])
    if next(table.iterdescendants("th", "caption", "thead"), None) is not None:
        return True
    cells = sum(map(len, rows))
    length = sum(len(piece) for piece in table.itertext() if not piece.isspace())
    blocks = sum(1 for inner in table.iterdescendants("p", "ul", "ol", "dl", "br", "hr", "div"))
    return len(rows) > 1 and length / cells <= _LONG_CELL and blocks <= 2 * cells


def _holds_small_tables(table: Element, first: list[Element]) -> bool:
    """Whether the columns have names, and what else would speak of a layout is little tables in the cells."""
    named = len(first) > 1 and all(cell.tag == "th" for cell in first)
    if not named or any(inner.tag in _LAYOUT_PARTS - {"table"} for inner in table.iterdescendants()):
        return False
    inside = sum(_length(inner) for inner in islice(table.iterdescendants("table"), _MOST_TABLES))
    return inside <= _LITTLE_INSIDE * _length(table)


def _length(element: Element) -> int:
    return sum(len(piece.strip()) for piece in element.itertext())


def table_lines(table: Element, inline: Inline) -> list[str]:
    """One line a row, the first cell as its name; the caption and the columns' names come first.

    A column's name is repeated in each row unless its cells speak for themselves (the only price, the
    only time). Cells that span rows or columns count in each of them. `inline` gives a cell's text.
    """
    rows, headers = _grid(table, inline)
    captions = [inline(caption) for caption in table.findall("caption")]
    return [line for line in [*captions, *row_lines(rows, headers)] if line]


def _grid(table: Element, inline: Inline) -> tuple[list[_Row], int]:
    """The rows that are not empty, all of one width, and how many of them name the columns."""
    rows: list[_Row] = []
    headers = 0
    carried: dict[int, tuple[int, Cell]] = {}  # column -> rows still to fill, with what
    for cells in _rows(table):
        row: _Row = []
        for cell in cells:
            _fill(row, carried)
            deep = min(_span(cell, "rowspan"), _TALLEST)
            for at in range(min(_span(cell, "colspan"), max(_WIDEST - len(row), 1))):
                spanned = Cell(inline(cell), repeated=True) if at else Cell(inline(cell))
                if deep > 1:
                    carried[len(row)] = (deep - 1, spanned)
                row.append(spanned)
        _fill(row, carried)
        if not any(cell.text for cell in row):
            continue
        headers += headers == len(rows) and _names_columns(cells)
        rows.append(row[:_WIDEST])
    if not headers and _first_row_differs(rows):
        headers = 1
    width = max((len(row) for row in rows), default=0)
    padded = [row + [_EMPTY] * (width - len(row)) for row in rows]
    return padded, max(min(headers, len(rows) - 1), 0)


def _fill(row: _Row, carried: dict[int, tuple[int, Cell]]) -> None:
    """Put in what cells of earlier rows reach down to here."""
    while len(row) in carried:
        left, cell = carried.pop(len(row))
        if left > 1:
            carried[len(row)] = (left - 1, cell)
        row.append(cell)


def _names_columns(cells: list[Element]) -> bool:
    if next(cells[0].iterancestors("thead", "table")).tag == "thead":
        return True
    bold = all(cell.tag == "th" or _is_bold(cell) for cell in cells)
    return bold and len(cells) > 1


def _is_bold(cell: Element) -> bool:
    inner = next(iter(cell), None)
    return (
        inner is not None
        and inner.tag in ("b", "strong")
        and not (cell.text or "").strip()
        and not (inner.tail or "").strip()
        and len(cell) == 1
    )


def _first_row_differs(rows: list[_Row]) -> bool:
    """No figures in the first row, figures in the same columns of all others."""
    if len(rows) < 3 or len(rows[0]) < 3 or not all(cell.text for cell in rows[0]):
        return False
    return not any(map(_has_digit, rows[0])) and all(any(map(_has_digit, row[1:])) for row in rows[1:])


def _has_digit(cell: Cell) -> bool:
    return any(map(str.isdigit, cell.text))


def _rows(table: Element) -> list[list[Element]]:
    """The cells, row by row. Cells outside any row, as old pages have them, make a row together."""
    rows: list[list[Element]] = []
    stray: list[Element] | None = None
    for element in _own_parts(table):
        if element.tag == "tr":
            stray = None
            rows.append([cell for cell in element if cell.tag in ("td", "th")])
        elif element.getparent().tag != "tr":
            if stray is None:
                stray = []
                rows.append(stray)
            stray.append(element)
    return [row for row in rows if row]


def _own_parts(table: Element) -> Iterator[Element]:
    """Rows and cells of the table itself, not of those in its cells."""
    waiting = list(reversed(table))
    while waiting:
        element = waiting.pop()
        if element.tag in ("tr", "td", "th"):
            yield element
        if element.tag not in ("td", "th", "table"):
            waiting.extend(reversed(element))


def _span(cell: Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return max(int(value[:6]), 1) if value.isdecimal() else 1
