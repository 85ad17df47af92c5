"""Tables as lines that a reader understands: `Kurier InPost: 14,99 zł, 1–2 dni`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from kbassist.sources.html.tree import HEADINGS, Element

_LAYOUT_PARTS = HEADINGS | {"table", "form", "nav", "section", "article", "details"}
_WIDEST = 60  # columns; more are left out
_TALLEST = 3000  # rows of a cell that spans
_LITTLE_INSIDE = 0.5  # of a table's text stands in tables in its cells
_MOST_TABLES = 20
_LONG_CELL = 300  # characters on average: prose laid out side by side

# What these say is clear without the column's name, as long as only one column says it.
_CLEAR = {
    "price": re.compile(
        r"(?:od |do |ok\.? |from |ca\.? )?\d[\d\s.,–-]*(?:zł|zl|pln|eur|€|usd|\$|£|gbp|gr)(?!\w).*"
        r"|[€$£]\s*\d.*",
        re.IGNORECASE,
    ),
    "time": re.compile(
        r".*\d\s*(?:dni|dnia|dzień|day|days|h|godz\w*|hours?|min\w*|tyg\w*|weeks?|mies\w*|months?|lat|rok\w*|years?)\b.*",
        re.IGNORECASE,
    ),
    "share": re.compile(r"[\d.,–-]+\s*%"),
}
_FREE = re.compile(r"gratis|za darmo|bezpłatn\w*|darmow\w*|free", re.IGNORECASE)

Inline = Callable[[Element], str]


@dataclass(frozen=True, slots=True)
class _Cell:
    """`repeated` marks the second and further columns that a cell spans."""

    text: str
    repeated: bool = False


_EMPTY = _Cell("")
_Row = list[_Cell]


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
    names = [_joined(column) for column in zip(*rows[:headers], strict=True)]
    body = rows[headers:]
    labelled = _labelled(names, body)
    captions = [inline(caption) for caption in table.findall("caption")]
    lines = [*captions, _line(names[0], names[1:])] if names else captions
    for row in body:
        own = [cell.text for cell in row if cell.text and not cell.repeated]
        if len(own) == 1:
            lines.extend(own)
            continue
        values = [
            f"{names[at].rstrip(':')} {cell.text}" if labelled[at] and names[at] else cell.text
            for at, cell in enumerate(row)
            if at and cell.text and (labelled[at] or not cell.repeated)
        ]
        lines.append(_line(row[0].text, values))
    return [line for line in lines if line]


def _line(head: str, values: Sequence[str]) -> str:
    rest = ", ".join(filter(None, values))
    if not head or not rest:
        return head or rest
    return f"{head} {rest}" if head.endswith((":", "?")) else f"{head}: {rest}"


def _joined(column: Sequence[_Cell]) -> str:
    return " ".join(dict.fromkeys(cell.text for cell in column if cell.text))


def _grid(table: Element, inline: Inline) -> tuple[list[_Row], int]:
    """The rows that are not empty, all of one width, and how many of them name the columns."""
    rows: list[_Row] = []
    headers = 0
    carried: dict[int, tuple[int, _Cell]] = {}  # column -> rows still to fill, with what
    for cells in _rows(table):
        row: _Row = []
        for cell in cells:
            _fill(row, carried)
            deep = min(_span(cell, "rowspan"), _TALLEST)
            for at in range(min(_span(cell, "colspan"), max(_WIDEST - len(row), 1))):
                spanned = _Cell(inline(cell), repeated=True) if at else _Cell(inline(cell))
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


def _fill(row: _Row, carried: dict[int, tuple[int, _Cell]]) -> None:
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


def _has_digit(cell: _Cell) -> bool:
    return any(map(str.isdigit, cell.text))


def _labelled(names: list[str], body: list[_Row]) -> list[bool]:
    """For each column whether its name is needed to understand its cells."""
    width = len(body[0]) if body else 0
    if len(names) <= 2:
        return [False] * width
    kinds = [_kind([row[at].text for row in body]) for at in range(width)]
    return [not kind or kinds[1:].count(kind) > 1 for kind in kinds]


def _kind(cells: list[str]) -> str:
    filled = [cell for cell in cells if cell and not _FREE.search(cell)]
    for kind, pattern in _CLEAR.items():
        if sum(1 for cell in filled if pattern.fullmatch(cell)) * 2 > len(filled):
            return kind
    return ""


def _rows(table: Element) -> list[list[Element]]:
    """The cells, row by row. Cells outside any row, as old pages have them, make a row together."""
    rows: list[list[Element]] = []
    stray: list[Element] | None = None
    for element in table.iterdescendants("tr", "td", "th"):
        if next(element.iterancestors("table"), None) is not table:
            continue
        if element.tag == "tr":
            stray = None
            rows.append([cell for cell in element if cell.tag in ("td", "th")])
        elif element.getparent().tag != "tr":
            if stray is None:
                stray = []
                rows.append(stray)
            stray.append(element)
    return [row for row in rows if row]


def _span(cell: Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return max(int(value[:6]), 1) if value.isdecimal() else 1
