"""From the lines of PDF pages to running text: paragraphs whole, items and rows on lines of their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kbassist.sources.pdf.line import Line
from kbassist.text.sentences import MARKER

_NEIGHBOURS = 40
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ASIDE = re.compile(r"[–—-]\s+[^\W\d_A-Z]")  # a dash inside a sentence, or that of an item
_PREFIXES = frozenset({"nie", "naj"})
_ENDS_SENTENCE = re.compile(r"[.!?:;][\"”’»)]*\Z")

Knows = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds. `bottom` and `top` are those of the sheet, in points, as the text stands."""

    number: int
    bottom: float
    top: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, an item, a row or a heading: where it stands in the text, and how it is set."""

    start: int
    end: int
    size: float
    is_bold: bool
    is_row: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """The text of all pages. `pages` are `(start, number)` of those that have any."""

    text: str
    pages: tuple[tuple[int, int], ...]
    paragraphs: tuple[Paragraph, ...]


def flow(pages: Sequence[Page], knows: Knows) -> Flow:
    """Put the lines one after another, and those of one paragraph on one line.

    A word broken at the end of a line or page is whole again; `knows` tells a word of the language. A
    line break in the result means a new paragraph, item or row; an empty line, a gap on the page.
    """
    words = Counter(word for page in pages for line in page.lines for word in _WORD.findall(line.text))
    parts: list[str] = []
    length = 0
    starts: list[tuple[int, int]] = []
    paragraphs: list[Paragraph] = []
    opened = 0
    first: Line | None = None
    before: _Placed | None = None
    for page in pages:
        for index, placed in enumerate(_placed(page.lines)):
            text = placed.line.text
            between = _between(before, placed, new_page=index == 0) if before else ""
            if between == " " and (broken := _ends_broken(parts[-1])) and text[0].isalpha():
                whole = _rejoined(broken, text.split(maxsplit=1)[0], words, knows)
                parts[-1] = parts[-1][:-1] if "-" not in whole else parts[-1]
                length -= "-" not in whole
                between = ""
            if before is None or between.startswith("\n"):
                if first is not None:
                    paragraphs.append(Paragraph(opened, length, first.size, first.is_bold, first.is_row))
                opened, first = length + len(between), placed.line
            if index == 0:
                starts.append((length + len(between), page.number))
            parts += [between, text]
            length += len(between) + len(text)
            before = placed
    if first is not None:
        paragraphs.append(Paragraph(opened, length, first.size, first.is_bold, first.is_row))
    return Flow("".join(parts), tuple(starts), tuple(paragraphs))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line with the right edge of the column that it stands in."""

    line: Line
    edge: float


def _placed(lines: Sequence[Line]) -> Iterator[_Placed]:
    for index, line in enumerate(lines):
        around = lines[max(0, index - _NEIGHBOURS) : index + _NEIGHBOURS + 1]
        limit = min(
            (
                other.left
                for other in around
                if other.left > line.right and abs(other.y - line.y) < 3 * line.size
            ),
            default=float("inf"),
        )
        edge = max(
            (
                other.right
                for other in around
                if abs(other.left - line.left) < 4 * line.size and other.right < limit
            ),
            default=line.right,
        )
        yield _Placed(line, max(edge, line.right))


def _between(before: _Placed, after: _Placed, *, new_page: bool) -> str:
    """What separates two lines: nothing or a space inside a paragraph, else a line break or two."""
    first, second = before.line, after.line
    ended = bool(_ENDS_SENTENCE.search(first.text))
    lower = second.text[0].islower()
    # A sentence that goes on may change its font with a line, a new one that does is a heading or the like.
    alike = 0.3 if lower and not ended else 0.12
    apart = abs(first.size - second.size) > alike * max(first.size, second.size)
    item = bool(MARKER.match(second.text)) and (ended or not _ASIDE.match(second.text))
    new = item or first.is_row or second.is_row or apart
    down = first.y - second.y
    if first.table or second.table:
        return "\n" if first.table == second.table and not new_page else "\n\n"
    new_column = down < -0.5 * first.size and second.left > before.edge - first.size
    if new_page or new_column:
        return " " if not new and (lower or first.text.endswith(",")) and not ended else "\n\n"
    if abs(down) < 0.5 * first.size and second.left >= first.right - 0.1 * first.size:
        return "" if second.left - first.right < 0.17 * first.size else " "
    widest = 2.6 if lower and not ended and not new else 1.75
    if down > widest * max(first.size, second.size) or down < -0.5 * first.size:
        return "\n\n"
    if new:
        return "\n"
    if not ended and (lower or _ASIDE.match(second.text)):
        return " "
    if second.left > first.left + 0.8 * first.size and ended and not MARKER.match(first.text):
        return "\n"
    return "\n" if _would_fit(before, second, ended) else " "


def _would_fit(before: _Placed, after: Line, ended: bool) -> bool:
    """Whether the next word had room on the line, so that the break was meant.

    The estimate is rough and margins may be ragged, so a line that is nearly full and does not end a
    sentence gets the benefit of the doubt.
    """
    line = before.line
    word = after.text.split(maxsplit=1)[0]
    width = len(word) * (after.right - after.left) / len(after.text)
    full = line.right - line.left > 0.7 * (before.edge - min(line.left, after.left))
    slack = 3 if full and not ended else 0.3
    return line.right + 0.25 * line.size + width < before.edge - slack * line.size


def _ends_broken(text: str) -> str:
    """The first half of a word at the end of `text`, or nothing."""
    found = re.search(r"(\S{0,60}[^\W\d_])-\Z", text[-64:])
    return found[1] if found else ""


def _rejoined(first: str, second: str, words: Counter[str], knows: Knows) -> str:
    """Two halves of a word, with the hyphen only where it belongs to the word ("e-mail")."""
    if not second[0].islower() or "/" in first:
        return f"{first}-{second}"
    head, tail = _WORD.findall(first)[-1], _WORD.findall(second)[0]
    whole, hyphened = words[head + tail], words[f"{head}-{tail}"]
    if whole == hyphened:  # as a rule the document has neither
        two_words = head.lower() not in _PREFIXES and knows(head) and knows(tail)
        hyphened += len(head) == 1 or (two_words and not knows(head + tail))
    return f"{first}-{second}" if hyphened > whole else first + second
