"""The headings of a PDF: its outline where that is found in the text, else the size of the letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium

from kbassist.sources.pdf_layout import Flow
from kbassist.types import Anchor

_HEADING_SIZE = 1.15
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
    """Short lines in larger letters than most of the text."""
    sizes: Counter[float] = Counter()
    for paragraph in content.paragraphs:
        sizes[round(paragraph.size * 2) / 2] += paragraph.end - paragraph.start
    if not sizes:
        return []
    body = sizes.most_common(1)[0][0]
    large = [
        (paragraph.start, text, round(paragraph.size))
        for paragraph in content.paragraphs
        if paragraph.size > body * _HEADING_SIZE
        and not paragraph.is_row
        and len(text := content.text[paragraph.start : paragraph.end]) <= _LONGEST_HEADING
        and re.search(r"[^\W\d_]{2}", text)
        and not re.search(r"[.,;:]\Z", text)
    ]
    levels = {
        size: level for level, size in enumerate(sorted({size for _, _, size in large}, reverse=True), 1)
    }
    return [Anchor(start, text, min(levels[size], 6)) for start, text, size in large]


def largest_line(content: Flow) -> str:
    """The largest line of the beginning, which is usually the title."""
    opening = [paragraph for paragraph in content.paragraphs[:8] if paragraph.start < 600]
    largest = max(opening, key=lambda paragraph: paragraph.size, default=None)
    text = content.text[largest.start : largest.end] if largest else ""
    return text if 2 < len(text) <= _LONGEST_HEADING else ""
