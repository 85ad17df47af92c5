"""From the lines of PDF pages to running text: paragraphs whole, items and rows on lines of their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kbassist.sources.pdf_page import HYPHEN_BREAK, Line
from kbassist.text.sentences import MARKER

_FEWEST_PAGES = 3
_REPEATED = 0.6
_MARGIN = 0.12
_PAGE_NUMBER = re.compile(
    r"(?:\W*(?:strona|str\.|page|s\.|p\.))?\W*\d{1,4}\W*(?:(?:z|of|/)\W*\d{1,4}\W*)?\Z", re.IGNORECASE
)
_NEIGHBOURS = 40
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# Words have bounds, so that a line that is one endless word costs no more than others.
_BROKEN = re.compile(rf"(\S{{0,60}}){HYPHEN_BREAK}(\S{{0,60}})")
_ASIDE = re.compile(r"[–—-]\s+[^\W\d_A-Z]")  # a dash inside a sentence, or that of an item
_ENDS_SENTENCE = re.compile(r"[.!?:;][\"”’»)]*\Z")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds. `height` is in points."""

    number: int
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, an item, a row or a heading: where it stands in the text, and its font size."""

    start: int
    end: int
    size: float


@dataclass(frozen=True, slots=True)
class Flow:
    """The text of all pages. `pages` are `(start, number)` of those that have any."""

    text: str
    pages: tuple[tuple[int, int], ...]
    paragraphs: tuple[Paragraph, ...]


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """Drop headers, footers and page numbers: what stands in the margin of most pages."""
    keys = [[_margin_key(page, line, *_extremes(page)) for line in page.lines] for page in pages]
    seen = Counter(key for page_keys in keys for key in set(page_keys) if key)
    needed = max(_FEWEST_PAGES, _REPEATED * len(pages))
    numbers = sum(count for key, count in seen.items() if key.endswith("#page"))
    furniture = {
        key
        for key, count in seen.items()
        if count >= needed or (key.endswith("#page") and numbers >= max(2, len(pages) / 2))
    }
    return [
        Page(
            page.number,
            page.height,
            tuple(line for line, key in zip(page.lines, page_keys, strict=True) if key not in furniture),
        )
        for page, page_keys in zip(pages, keys, strict=True)
    ]


def flow(pages: Sequence[Page]) -> Flow:
    """Put the lines one after another, and those of one paragraph on one line.

    A word broken at the end of a line or page is whole again. A line break in the result means a new
    paragraph, item or row; an empty line, a gap on the page.
    """
    words = Counter(word for page in pages for line in page.lines for word in _WORD.findall(line.text))
    parts: list[str] = []
    length = 0
    starts: list[tuple[int, int]] = []
    paragraphs: list[Paragraph] = []
    opened, size = 0, 0.0
    before: _Placed | None = None
    for page in pages:
        for index, placed in enumerate(_placed(page.lines)):
            text = _BROKEN.sub(lambda match: _rejoined(match[1], match[2], words), placed.line.text)
            between = _between(before, placed, new_page=index == 0) if before else ""
            if between == " " and (broken := _ends_broken(parts[-1])) and text[0].isalpha():
                whole = _rejoined(broken, text.split(maxsplit=1)[0], words)
                parts[-1] = parts[-1][:-1] if "-" not in whole else parts[-1]
                length -= "-" not in whole
                between = ""
            if before is None or between.startswith("\n"):
                if before is not None:
                    paragraphs.append(Paragraph(opened, length, size))
                opened, size = length + len(between), placed.line.size
            if index == 0:
                starts.append((length + len(between), page.number))
            parts += [between, text]
            length += len(between) + len(text)
            before = placed
    if before is not None:
        paragraphs.append(Paragraph(opened, length, size))
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
    apart = abs(first.size - second.size) > 0.12 * max(first.size, second.size)
    ended = bool(_ENDS_SENTENCE.search(first.text))
    item = bool(MARKER.match(second.text)) and (ended or not _ASIDE.match(second.text))
    new = item or first.is_row or second.is_row or apart
    lower = second.text[0].islower()
    if new_page:
        return " " if not new and (lower or first.text.endswith(",")) and not ended else "\n\n"
    down = first.last_y - second.y
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


def _rejoined(first: str, second: str, words: Counter[str]) -> str:
    """Two halves of a word, with the hyphen only where it belongs to the word ("e-mail")."""
    if not (first and second) or not first[-1].isalpha() or not second[0].islower() or "/" in first:
        return f"{first}-{second}"
    heads, tails = _WORD.findall(first), _WORD.findall(second)
    head, tail = heads[-1], tails[0]
    keep = words[f"{head}-{tail}"] > words[head + tail] or (len(head) == 1 and not words[head + tail])
    return f"{first}-{second}" if keep else first + second


def _extremes(page: Page) -> tuple[float, float]:
    """The baselines of the lowest and of the highest line."""
    baselines = [line.y for line in page.lines] or [0.0]
    return min(baselines), max(baselines)


def _margin_key(page: Page, line: Line, lowest: float, highest: float) -> str:
    """What a line in the margin has in common with those of other pages; empty for the body's lines."""
    if line.y > page.height * (1 - _MARGIN) or line.y == highest:
        edge = "top"
    elif line.y < page.height * _MARGIN or line.y == lowest:
        edge = "bottom"
    else:
        return ""
    return edge + ("#page" if _PAGE_NUMBER.match(line.text) else re.sub(r"\d+", "#", line.text))
