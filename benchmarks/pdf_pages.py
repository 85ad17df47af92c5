"""PDF pages of known content, to tell how columns and tables come out."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path
from random import Random

from kbassist.sources.pdf import read_pdf

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from pdf_writer import Line, grid, paragraph, write_pdf

SENTENCES = (
    "Klient może odstąpić od umowy w terminie czternastu dni bez podania przyczyny.",
    "Termin biegnie od dnia, w którym klient odebrał ostatnią przesyłkę.",
    "Wystarczy wysłać oświadczenie przed jego upływem, najlepiej na naszym formularzu.",
    "Sklep potwierdza otrzymanie oświadczenia wiadomością elektroniczną.",
    "Pieniądze oddajemy tym samym sposobem, którym klient zapłacił za zamówienie.",
    "Możemy wstrzymać się ze zwrotem do chwili otrzymania rzeczy albo dowodu jej odesłania.",
    "Koszt odesłania ponosi klient, chyba że zgodziliśmy się go ponieść.",
    "Klient odpowiada za zmniejszenie wartości rzeczy, jeżeli używał jej inaczej, niż było to konieczne.",
    "Prawo odstąpienia nie przysługuje, gdy rzecz wykonano według wskazówek klienta.",
    "Reklamację rozpatrujemy w ciągu czternastu dni i odpowiadamy na piśmie albo w wiadomości.",
)
CELLS = (
    ("Kurier InPost", "14,99 zł", "1–2 dni"),
    ("Paczkomat InPost", "12,99 zł", "2 dni"),
    ("Poczta Polska", "9,99 zł", "od 3 do 5 dni"),
    ("Odbiór w sklepie", "0 zł", "tego samego dnia"),
    ("Przesyłka paletowa", "149 zł", "4 dni"),
)
NAMES = ("Sposób dostawy", "Cena", "Czas")
WRAPPED = {
    "Kurier InPost": ("Kurier InPost, także", "w soboty"),
    "Przesyłka paletowa": ("Przesyłka", "paletowa"),
}


@dataclass(frozen=True)
class Columns:
    """A page of columns and its words in the order of reading."""

    pdf: bytes
    words: tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """A page with a table, and its rows."""

    pdf: bytes
    rows: tuple[tuple[str, ...], ...]


def column_pages() -> Iterator[Columns]:
    orders: dict[str, Callable[[list[list[Line]]], list[Line]]] = {
        "columns": lambda columns: [line for column in columns for line in column],
        "backwards": lambda columns: [line for column in reversed(columns) for line in column],
        "rows": lambda columns: sorted(
            (line for column in columns for line in column), key=lambda line: -line[1]
        ),
        "shuffled": _shuffled,
    }
    for seed, (count, gutter, heading, write) in enumerate(
        product(
            (2, 3), (12, 30), ("", "Zwroty", "Zwroty towarów i pieniędzy w naszym sklepie"), orders.values()
        )
    ):
        chance = Random(seed)
        wide = (495 - gutter * (count - 1)) / count
        words: list[str] = []
        lines: list[Line] = []
        top = 780.0
        for part in range(2 if heading else 1):
            if part:
                lines.append((50, top - 30, 18, heading))
                words += heading.split()
                top -= 60
            texts = [" ".join(chance.sample(SENTENCES, 6 if count == 2 else 4)) for _ in range(count)]
            columns = [
                paragraph(text, 50 + at * (wide + gutter), top, size=8, width=int(wide / (0.6 * 8)))
                for at, text in enumerate(texts)
            ]
            lines += write(columns)
            words += " ".join(texts).split()
            top = min(line[1] for line in lines)
        yield Columns(write_pdf([lines]), tuple(words))


def _shuffled(columns: list[list[Line]]) -> list[Line]:
    lines = [line for column in columns for line in column]
    Random(len(lines)).shuffle(lines)
    return lines


def table_pages() -> Iterator[Rows]:
    for ruled, wrapped, high, by_columns in product((True, False), (True, False), (26, 40), (True, False)):
        edges, top = (50, 220, 320, 460), 640.0
        lines: list[Line] = []
        rows: list[tuple[str, ...]] = []
        for number, row in enumerate((NAMES, *CELLS)):
            y = top - 12 - high * number
            parts = WRAPPED.get(row[0], (row[0],)) if wrapped else (row[0],)
            lines += [(edges[0] + 4, y - 11 * at, 10, part) for at, part in enumerate(parts)]
            lines += [(edges[at] + 4, y, 10, cell) for at, cell in enumerate(row) if at]
            rows.append((" ".join(parts), *row[1:]))
        if by_columns:
            lines.sort(key=lambda line: (line[0], -line[1]))
        rules = grid(edges, [top - high * number for number in range(len(rows) + 1)]) if ruled else ()
        around = [paragraph(SENTENCES[0], 50, 700), paragraph(SENTENCES[1], 50, top - high * len(rows) - 40)]
        yield Rows(write_pdf([[*around[0], *lines, *around[1]]], rules=rules), tuple(rows))


def fixtures() -> dict[str, float]:
    """How pages of known content come out."""
    neighbours = found = told = expected = kept = there = 0
    for page in column_pages():
        read = read_pdf(page.pdf, uri="a.pdf").text.split()
        pairs = Counter(pairwise(page.words))
        neighbours += sum(pairs.values())
        found += (pairs & Counter(pairwise(read))).total()
        there += len(page.words)
        kept += (Counter(page.words) & Counter(read)).total()
    for table in table_pages():
        lines = read_pdf(table.pdf, uri="a.pdf").text.split("\n")
        told += len(table.rows)
        expected += sum(_is_told(row, table.rows, lines) for row in table.rows)
        cells = Counter(word for row in table.rows for cell in row for word in _bare(cell))
        there += cells.total()
        kept += (cells & Counter(_bare(" ".join(lines)))).total()
    return {"pdf columns": found / neighbours, "pdf rows": expected / told, "pdf words": kept / there}


def _bare(text: str) -> list[str]:
    return [word.strip(":,") for word in text.split()]


def _is_told(row: tuple[str, ...], rows: Sequence[tuple[str, ...]], lines: Sequence[str]) -> bool:
    others = {cell for other in rows if other is not row for cell in other} - set(NAMES) - set(row)
    for line in lines:
        places = [line.find(cell) for cell in row]
        if -1 not in places and places == sorted(places):
            return not any(other in line.replace(row[1], "").replace(row[2], "") for other in others)
    return False
