"""Tables as lines that a reader understands: `Kurier InPost: 14,99 zł, 1–2 dni`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from kbassist.sources.html.tree import HEADINGS

_LAYOUT_PARTS = HEADINGS | {"table", "form", "nav", "section", "article", "details"}
_WIDEST = 60  # columns; more are left out
_TALLEST = 3000  # rows of a cell that spans
_LONG_CELL = 300  # characters on average: prose laid out side by side

# What these say is clear without the column's name, as long as only one column says it.
_CLEAR = {
    "price": re.compile(r"\d[\d\s.,]*(?:zł|zl|pln|eur|€|usd|\$|£|gbp|gr)\b.*|(?:€|\$|£)\s*\d.*", re.IGNORECASE),
    "time": re.compile(
        r".*\d\s*(?:dni|dnia|dzień|day|days|h|godz\w*|hours?|min\w*|tyg\w*|weeks?|mies\w*|months?|lat|rok\w*|years?)\b.*",
        re.IGNORECASE,
    ),
    "share": re.compile(r"[\d.,–-]+\s*%"),
}
_FREE = re.compile(r"gratis|za darmo|bezpłatn\w*|darmow\w*|free", re.IGNORECASE)

Row = list[str]
Inline = Callable[[HtmlElement], str]


@dataclass(frozen=True, slots=True)
class _Grid:
    rows: list[Row]
    headers: int  # rows at the top that name the columns
    caption: str


def is_data(table: HtmlElement) -> bool:
    """Whether a table holds data rather than the layout of a page."""
    if table.get("role") in ("presentation", "none"):
        return False
    rows = _rows(table)
    widest = max((len(_cells(row)) for row in rows), default=0)
    if not rows or any(inner.tag in _LAYOUT_PARTS for inner in table.iterdescendants()):
        return False
    if widest < 2:
        return False
    if next(table.iterdescendants("th", "caption", "thead"), None) is not None:
        return True
    cells = [cell for row in rows for cell in _cells(row)]
    length = sum(len(piece) for piece in table.itertext() if not piece.isspace())
    blocks = sum(1 for inner in table.iterdescendants("p", "ul", "ol", "dl", "br", "hr", "div"))
    return len(rows) > 1 and length / len(cells) <= _LONG_CELL and blocks <= 2 * len(cells)


def table_lines(table: HtmlElement, inline: Inline) -> list[str]:
    """One line a row, the first cell as its name; the caption and the columns' names come first.

    A column's name is repeated in each row unless its cells speak for themselves (the only price, the
    only time). Cells that span rows or columns count in each of them. `inline` gives a cell's text.
    """
    grid = _grid(table, inline)
    names, body = _column_names(grid)
    labelled = _labelled(names, body)
    lines = [grid.caption] if grid.caption else []
    if names:
        lines.append(_line(names, ["" for _ in names]))
    for row in body:
        distinct = _without_repeats(row)
        if sum(map(bool, distinct)) == 1:
            lines.append(next(filter(None, distinct)))
        else:
            labels = [names[at] if names and labelled[at] else "" for at in range(len(row))]
            lines.append(_line(distinct, labels))
    return [line for line in lines if line]


def _line(cells: Sequence[str], labels: Sequence[str]) -> str:
    named = [
        f"{label.rstrip(':')} {cell}" if label and cell else cell
        for cell, label in zip(cells[1:], labels[1:], strict=True)
    ]
    rest = ", ".join(filter(None, named))
    head = cells[0]
    if not head or not rest:
        return head or rest
    return f"{head} {rest}" if head.endswith((":", "?")) else f"{head}: {rest}"


def _grid(table: HtmlElement, inline: Inline) -> _Grid:
    rows: list[Row] = []
    headers = 0
    carried: dict[int, tuple[int, str]] = {}  # column -> rows still to fill, text
    for number, element in enumerate(_rows(table)):
        row: Row = []
        cells = _cells(element)
        for cell in cells:
            _fill(row, carried)
            text = inline(cell)
            span = min(_span(cell, "colspan"), max(_WIDEST - len(row), 1))
            deep = min(_span(cell, "rowspan"), _TALLEST)
            for _ in range(span):
                if deep > 1:
                    carried[len(row)] = (deep - 1, text)
                row.append(text)
        _fill(row, carried)
        if number == headers and cells and _names_columns(element, cells):
            headers += 1
        rows.append(row[:_WIDEST])
    if not headers and _first_row_differs(rows):
        headers = 1
    width = max((len(row) for row in rows), default=0)
    caption = next(iter(table.findall("caption")), None)
    return _Grid(
        [row + [""] * (width - len(row)) for row in rows if any(row)],
        min(headers, len(rows) - 1),
        inline(caption) if caption is not None else "",
    )


def _fill(row: Row, carried: dict[int, tuple[int, str]]) -> None:
    """Put in what cells of earlier rows reach down to here."""
    while len(row) in carried:
        left, text = carried.pop(len(row))
        if left > 1:
            carried[len(row)] = (left - 1, text)
            row.append(text)
            if len(row) >= _WIDEST:
                return
        else:
            row.append(text)


def _names_columns(row: HtmlElement, cells: list[HtmlElement]) -> bool:
    if row.getparent().tag == "thead":
        return True
    bold = all(cell.tag == "th" or _is_bold(cell) for cell in cells)
    return bold and len(cells) > 1


def _is_bold(cell: HtmlElement) -> bool:
    inner = next(iter(cell), None)
    return (
        inner is not None
        and inner.tag in ("b", "strong")
        and not (cell.text or "").strip()
        and not (inner.tail or "").strip()
        and len(cell) == 1
    )


def _first_row_differs(rows: list[Row]) -> bool:
    """No figures in the first row, figures in the same columns of the others."""
    if len(rows) < 3 or len(rows[0]) < 3 or not all(rows[0]):
        return False
    if any(any(map(str.isdigit, cell)) for cell in rows[0]):
        return False
    return all(any(any(map(str.isdigit, cell)) for cell in row[1:]) for row in rows[1:])


def _column_names(grid: _Grid) -> tuple[Row, list[Row]]:
    top, body = grid.rows[: grid.headers], grid.rows[grid.headers :]
    if not top:
        return [], body
    return [" ".join(dict.fromkeys(filter(None, names))) for names in zip(*top, strict=True)], body


def _labelled(names: Row, body: list[Row]) -> list[bool]:
    """For each column whether its name is needed to understand its cells."""
    kinds = [_kind([row[at] for row in body]) for at in range(len(names))]
    if len(names) <= 2:
        return [False] * len(names)
    return [not kind or kinds[1:].count(kind) > 1 for kind in kinds]


def _kind(cells: list[str]) -> str:
    filled = [cell for cell in cells if cell and not _FREE.search(cell)]
    for kind, pattern in _CLEAR.items():
        if filled and sum(1 for cell in filled if pattern.fullmatch(cell)) * 2 > len(filled):
            return kind
    return ""


def _without_repeats(row: Row) -> Row:
    """A cell that spans columns is said once."""
    return [cell if at == 0 or cell != row[at - 1] else "" for at, cell in enumerate(row)]


def _rows(table: HtmlElement) -> list[HtmlElement]:
    return [
        row
        for row in table.iterdescendants("tr")
        if next(row.iterancestors("table"), None) is table and len(row)
    ]


def _cells(row: HtmlElement) -> list[HtmlElement]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _span(cell: HtmlElement, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return max(int(value[:6]), 1) if value.isdecimal() else 1
