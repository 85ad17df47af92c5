"""Rows of cells as lines that a reader understands: `Kurier InPost: 14,99 zł, 1–2 dni`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

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
_LONGEST_NAME = 60  # characters; longer ones are told once, in the line of names
_ORDINAL = re.compile(r"\d{1,3}[.)]?\Z")


@dataclass(frozen=True, slots=True)
class Cell:
    """`repeated` marks the second and further columns that a cell spans."""

    text: str
    repeated: bool = False


def row_lines(rows: Sequence[Sequence[Cell]], headers: int) -> list[str]:
    """One line a row, the first cell as its name; the first `headers` rows name the columns.

    All rows have one width. A column's name is repeated in each row unless its cells speak for
    themselves (the only price, the only time). A cell that is alone in its row stays alone, and a
    column of ordinal numbers goes with the name after it. Every row has to have text and gives one line.
    """
    rows = _without_ordinals(rows, headers)
    names = [_joined(column) for column in zip(*rows[:headers], strict=True)]
    body = rows[headers:]
    labelled = _labelled(names, body)
    own = [
        name for name, column in zip(names, zip(*rows[:headers], strict=True), strict=True) if _is_own(column)
    ]
    lines = [_line(own[0], own[1:])] if own else []
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
    return lines


def first_row_names(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first row names the columns: no figures in it, figures below it in every row."""
    if len(rows) < 3 or len(rows[0]) < 2 or not all(cell.text for cell in rows[0]):
        return False
    below = [row for row in rows[1:] if sum(1 for cell in row if cell.text and not cell.repeated) > 1]
    return (
        len(below) > 1
        and not any(map(_has_digit, rows[0]))
        and all(any(map(_has_digit, row[1:])) for row in below)
    )


def _line(head: str, values: Sequence[str]) -> str:
    rest = ", ".join(filter(None, values))
    if not head or not rest:
        return head or rest
    return f"{head} {rest}" if head.endswith((":", "?")) else f"{head}: {rest}"


def _joined(column: Sequence[Cell]) -> str:
    return " ".join(dict.fromkeys(cell.text for cell in column if cell.text))


def _is_own(column: Sequence[Cell]) -> bool:
    return not all(cell.repeated for cell in column)


def _without_ordinals(rows: Sequence[Sequence[Cell]], headers: int) -> list[list[Cell]]:
    numbers = [row[0].text for row in rows[headers:] if row[0].text]
    if not rows or len(rows[0]) < 3 or not numbers or not all(map(_ORDINAL.match, numbers)):
        return [list(row) for row in rows]
    found: list[list[Cell]] = []
    for at, row in enumerate(rows):
        number = row[0].text.rstrip(".)")
        joined = " ".join(filter(None, (f"{number}." if number and at >= headers else "", row[1].text)))
        found.append([Cell(joined), *row[2:]])
    return found


def _has_digit(cell: Cell) -> bool:
    return any(map(str.isdigit, cell.text))


def _labelled(names: Sequence[str], body: Sequence[Sequence[Cell]]) -> list[bool]:
    """For each column whether its name is needed to understand its cells."""
    width = len(body[0]) if body else 0
    if len(names) <= 2:
        return [False] * width
    # A cell that spans the whole row is a heading of those below it, and no value of any column.
    valued = [row for row in body if sum(1 for cell in row if cell.text and not cell.repeated) > 1]
    kinds = [_kind([row[at].text for row in valued]) for at in range(width)]
    return [
        len(name) <= _LONGEST_NAME and (not kind or kinds[1:].count(kind) > 1)
        for name, kind in zip(names, kinds, strict=True)
    ]


def _kind(cells: Sequence[str]) -> str:
    filled = [cell for cell in cells if cell and not _FREE.search(cell)]
    for kind, pattern in _CLEAR.items():
        if sum(1 for cell in filled if pattern.fullmatch(cell)) * 2 > len(filled):
            return kind
    return ""
