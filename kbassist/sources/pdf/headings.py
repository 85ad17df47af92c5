"""The headings of a PDF: its outline where that is found in the text, else the size of the letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium

from kbassist.sources.pdf.layout import Flow, Paragraph
from kbassist.types import Anchor

_HEADING_SIZE = 1.15
_BOLD = 0.2  # of the letters
_LONGEST_HEADING = 150
_MOST_HEADINGS = 2_000


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """Level and page are counted from 1."""

    level: int
    title: str
    page: int


def read_outline(pdf: pdfium.PdfDocument) -> list[OutlineEntry]:
    """The entries of the outline that point to a page, at most 2,000."""
    found: list[OutlineEntry] = []
    for bookmark in pdf.get_toc(max_depth=8):
        destination = bookmark.get_dest()
        page = destination.get_index() if destination else None
        if page is not None:
            found.append(OutlineEntry(bookmark.level + 1, " ".join(bookmark.get_title().split()), page + 1))
        if len(found) == _MOST_HEADINGS:
            break
    return found


def headings(content: Flow, outline: Sequence[OutlineEntry]) -> list[Anchor]:
    """Anchors at the headings of the text."""
    return _outlined(content, outline) or _printed(content)


def _outlined(content: Flow, outline: Sequence[OutlineEntry]) -> list[Anchor]:
    """Entries of the outline whose words open a line of the page that they point to."""
    ends = [start for start, _ in content.pages[1:]] + [len(content.text)]
    spans = {number: (start, end) for (start, number), end in zip(content.pages, ends, strict=True)}
    found: list[Anchor] = []
    for entry in outline:
        words = re.findall(r"\w+", entry.title)
        if entry.page not in spans or not words:
            continue
        pattern = r"^[\W\d]*" + r"\W*".join(map(re.escape, words)) + r"[^\w\n]*$"
        match = re.compile(pattern, re.IGNORECASE | re.MULTILINE).search(content.text, *spans[entry.page])
        if match is not None:
            label = " ".join(match.group().split())
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            found.append(Anchor(start, label, entry.level))
    return found


def _printed(content: Flow) -> list[Anchor]:
    """Short lines in larger letters than most of the text, and bold ones where little else is bold."""
    sizes: Counter[float] = Counter()
    bold: Counter[bool] = Counter()
    for paragraph in content.paragraphs:
        length = paragraph.end - paragraph.start
        sizes[round(paragraph.size * 2) / 2] += length
        bold[paragraph.is_bold] += length
    if not sizes:
        return []
    body = sizes.most_common(1)[0][0]
    bold_tells = bold[True] < _BOLD * bold.total()
    found: list[tuple[Paragraph, str, int]] = []
    for paragraph in content.paragraphs:
        text = content.text[paragraph.start : paragraph.end]
        large = paragraph.size > body * _HEADING_SIZE
        stands_out = large or (bold_tells and paragraph.is_bold and paragraph.size > 0.9 * body)
        if stands_out and not paragraph.is_row and _is_title(text):
            found.append((paragraph, text, round(paragraph.size) if large else 0))
    ranks = sorted({rank for *_, rank in found}, reverse=True)
    return [Anchor(paragraph.start, text, min(ranks.index(rank) + 1, 6)) for paragraph, text, rank in found]


def _is_title(text: str) -> bool:
    return (
        len(text) <= _LONGEST_HEADING
        and bool(re.search(r"[^\W\d_]{2}", text))
        and not re.search(r"[.,;:]\Z", text)
        and not text[0].islower()
    )


def largest_line(content: Flow) -> str:
    """The largest line of the beginning, which is usually the title."""
    opening = [
        paragraph for paragraph in content.paragraphs[:8] if paragraph.start < 600 and not paragraph.is_row
    ]
    largest = max(opening, key=lambda paragraph: paragraph.size, default=None)
    text = content.text[largest.start : largest.end] if largest else ""
    return text if 2 < len(text) <= _LONGEST_HEADING else ""
