"""PDF files to documents: text with page and heading anchors.

Everything is read by pdfium: it is an order of magnitude faster than the readers in Python and does
not hang on the files made to break those.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import pypdfium2 as pdfium
from pypdfium2 import raw

from kbassist.errors import SourceError
from kbassist.sources.pdf_layout import Flow, Page, flow, without_furniture
from kbassist.sources.pdf_page import page_lines
from kbassist.types import Anchor, Document

MAX_BYTES = 200 * 2**20
MAX_PAGES = 5_000
MAX_CHARACTERS = 20_000_000
MAX_CHARACTERS_A_PAGE = 200_000
_SECONDS = 15.0
_SECONDS_A_PAGE = 0.05

_HEADING_SIZE = 1.15
_LONGEST_HEADING = 150
_MOST_HEADINGS = 2_000
_NO_TITLE = re.compile(
    r"(?:untitled|bez tytułu|microsoft \w+\s*-.*|.*\.(?:docx?|odt|tex|dvi|pdf|indd|xlsx?|qxp))?\Z",
    re.IGNORECASE,
)

# pdfium keeps state for the whole process and must never be entered by two threads at once.
_PDFIUM = threading.Lock()


def read_pdf(data: bytes, *, uri: str, title: str | None = None, password: str | None = None) -> Document:
    """Read a PDF into a document of kind `pdf`, with `uri` as its id.

    Anchors of kind `page` are labelled with the page's number, counted from 1; headings come from
    the outline where its titles are found in the text, else from the size of the letters. Pages
    without text are listed in `meta["pages_without_text"]`.

    Raises `SourceError`, with the reason and the cure, for what is not a PDF, is encrypted, cut
    short or damaged, too large, or holds no text. Reading gives up after 15 seconds and 0.05 for
    each page.
    """
    _check(data, uri)
    with _PDFIUM, closing(_opened(data, uri, password)) as pdf:
        count = len(pdf)
        if count > MAX_PAGES:
            raise SourceError(f"{uri}: {count} pages, and at most {MAX_PAGES} are read: split the file")
        pages = list(_pages(pdf, uri))
        if not any(page.lines for page in pages):
            raise SourceError(_without_text(pdf, uri))
        outline = _outline(pdf)
        known_title = title or _title(pdf)
    content = flow(without_furniture(pages))
    if not content.text:  # every line was furniture: pages that are all alike
        content = flow(pages)
    anchors = [Anchor(start, str(number), kind="page") for start, number in content.pages]
    headings = _outline_headings(content, outline) or _printed_headings(content)
    empty = [page.number for page in pages if not page.lines]
    return Document(
        id=uri,
        text=content.text,
        title=known_title or _first_line(content) or unquote(PurePosixPath(urlsplit(uri).path).stem),
        uri=uri,
        kind="pdf",
        anchors=tuple(sorted((*anchors, *headings), key=lambda anchor: (anchor.start, anchor.kind))),
        meta={"pages": count, **({"pages_without_text": empty} if empty else {})},
    )


# --- opening -----------------------------------------------------------------------------------


def _check(data: bytes, uri: str) -> None:
    if not data:
        raise SourceError(f"{uri}: the file is empty")
    if len(data) > MAX_BYTES:
        raise SourceError(
            f"{uri}: {len(data) >> 20} MB, and at most {MAX_BYTES >> 20} are read: split the file"
        )
    if b"%PDF-" not in data[:1024]:
        raise SourceError(f"{uri}: not a PDF: it does not begin with %PDF-")


def _opened(data: bytes, uri: str, password: str | None) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            wrong = "the password given does not open it" if password else "it is encrypted: pass password=…"
            raise SourceError(f"{uri}: {wrong}") from error
        if error.err_code == raw.FPDF_ERR_SECURITY:
            reason = "it is encrypted in a way that is not supported: save a copy without encryption"
            raise SourceError(f"{uri}: {reason}") from error
        cut = b"%%EOF" not in data[-2048:]
        state = "the file is cut short" if cut else "the file is damaged"
        raise SourceError(f"{uri}: {state}: fetch or export it again") from error


def _pages(pdf: pdfium.PdfDocument, uri: str) -> Iterator[Page]:
    deadline = time.monotonic() + _SECONDS + _SECONDS_A_PAGE * len(pdf)
    left = MAX_CHARACTERS
    for index in range(len(pdf)):
        if time.monotonic() > deadline:
            raise SourceError(f"{uri}: reading takes too long at page {index + 1}: print it to a new PDF")
        try:
            with closing(pdf[index]) as page, closing(page.get_textpage()) as textpage:
                lines = tuple(page_lines(textpage.raw, min(left, MAX_CHARACTERS_A_PAGE)))
                yield Page(index + 1, page.get_height(), lines)
        except pdfium.PdfiumError:  # one broken page does not take the others with it
            yield Page(index + 1, 0.0, ())
            continue
        left -= sum(len(line.text) for line in lines)
        if left <= 0:
            raise SourceError(f"{uri}: more than {MAX_CHARACTERS} characters: split the file")


def _without_text(pdf: pdfium.PdfDocument, uri: str) -> str:
    if pdf.get_formtype() == raw.FORMTYPE_XFA_FULL:
        return f"{uri}: an XFA form, whose text only Adobe Reader can show: print it to a new PDF"
    if len(pdf) == 0:
        return f"{uri}: no pages: fetch or export it again"
    for index in range(min(len(pdf), 20)):
        try:
            with closing(pdf[index]) as page:
                if next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None:
                    return f"{uri}: no text, only pictures: run text recognition (OCR) on it first"
        except pdfium.PdfiumError:
            return f"{uri}: page {index + 1} cannot be read: export the file again"
    return f"{uri}: no text on any page"


def _title(pdf: pdfium.PdfDocument) -> str:
    title = " ".join(pdf.get_metadata_value("Title").replace("\0", "").split())
    return "" if _NO_TITLE.match(title) else title


# --- headings ----------------------------------------------------------------------------------


def _outline(pdf: pdfium.PdfDocument) -> list[tuple[int, str, int]]:
    """`(level, title, page)` of each entry, level and page counted from 1."""
    found: list[tuple[int, str, int]] = []
    for bookmark in pdf.get_toc(max_depth=8):
        destination = bookmark.get_dest()
        page = destination.get_index() if destination else None
        if page is not None:
            found.append((bookmark.level + 1, " ".join(bookmark.get_title().split()), page + 1))
        if len(found) == _MOST_HEADINGS:
            break
    return found


def _outline_headings(content: Flow, outline: list[tuple[int, str, int]]) -> list[Anchor]:
    """Entries of the outline whose words open a line of the page that they point to."""
    ends = [start for start, _ in content.pages[1:]] + [len(content.text)]
    spans = {number: (start, end) for (start, number), end in zip(content.pages, ends, strict=True)}
    found: list[Anchor] = []
    for level, title, number in outline:
        words = re.findall(r"\w+", title)
        if number not in spans or not words:
            continue
        pattern = r"^[\W\d]*" + r"\W*".join(map(re.escape, words)) + r"[^\w\n]*$"
        match = re.compile(pattern, re.IGNORECASE | re.MULTILINE).search(content.text, *spans[number])
        if match is not None:
            label = " ".join(match.group().split())
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            found.append(Anchor(start, label, level))
    return found


def _printed_headings(content: Flow) -> list[Anchor]:
    """Short lines in larger letters than most of the text."""
    sizes: Counter[float] = Counter()
    for paragraph in content.paragraphs:
        sizes[round(paragraph.size * 2) / 2] += paragraph.end - paragraph.start
    body = sizes.most_common(1)[0][0]
    large = [
        (paragraph.start, text, round(paragraph.size))
        for paragraph in content.paragraphs
        if paragraph.size > body * _HEADING_SIZE
        and len(text := content.text[paragraph.start : paragraph.end]) <= _LONGEST_HEADING
        and re.search(r"[^\W\d_]{2}", text)
        and not re.search(r"[.,;:]\Z", text)
    ]
    levels = {
        size: level for level, size in enumerate(sorted({size for _, _, size in large}, reverse=True), 1)
    }
    return [Anchor(start, text, min(levels[size], 6)) for start, text, size in large]


def _first_line(content: Flow) -> str:
    """The largest line of the beginning, which is usually the title."""
    opening = [paragraph for paragraph in content.paragraphs[:8] if paragraph.start < 600]
    largest = max(opening, key=lambda paragraph: paragraph.size, default=None)
    text = content.text[largest.start : largest.end] if largest else ""
    return text if 2 < len(text) <= _LONGEST_HEADING else ""
