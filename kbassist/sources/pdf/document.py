"""PDF files to documents: text in the order of reading, with page and heading anchors.

Everything is read by pdfium: it is an order of magnitude faster than the readers in Python and does
not hang on the files made to break those. The modules `pdf_*` are the steps, in this order: `open`,
`page` (lines of words), `quality` and `repair` (of the words), `rules` and `ruled` (tables with lines),
`furniture` (running headers), `gutters`, `columns` and `unruled` (the order of reading, tables without
lines), `layout` (paragraphs), `headings`. `forms` and `picture` are for what is no text.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import pypdfium2 as pdfium
from pypdfium2 import raw

from kbassist.errors import SourceError
from kbassist.sources.ocr import CURE, Ocr
from kbassist.sources.pdf.columns import in_reading_order
from kbassist.sources.pdf.forms import field_lines, xfa_text
from kbassist.sources.pdf.furniture import without_furniture
from kbassist.sources.pdf.headings import OutlineEntry, headings, largest_line, read_outline
from kbassist.sources.pdf.layout import Flow, Page, flow
from kbassist.sources.pdf.line import Line
from kbassist.sources.pdf.open import attachments, check, opened, title_of
from kbassist.sources.pdf.page import read_lines
from kbassist.sources.pdf.picture import page_picture, picture_reason, recognised_lines
from kbassist.sources.pdf.quality import Vocabulary, is_foreign, judge
from kbassist.sources.pdf.repair import repaired
from kbassist.sources.pdf.ruled import with_ruled_tables
from kbassist.sources.pdf.rules import Grid, grids, read_rules
from kbassist.text.lexicon import Lexicons
from kbassist.types import Anchor, Document

MAX_CHARACTERS = 20_000_000
MAX_CHARACTERS_A_PAGE = 200_000
_SECONDS = 15.0
_SECONDS_A_PAGE = 0.05
_OCR_SECONDS = 900.0

# pdfium keeps state for the whole process and must never be entered by two threads at once.
_PDFIUM = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page as read. `reason` says why its lines are not, or cannot be, what stands on it."""

    number: int
    bottom: float
    top: float
    lines: tuple[Line, ...]
    grids: tuple[Grid, ...] = ()
    unmapped: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    sheets: tuple[_Sheet, ...]
    outline: tuple[OutlineEntry, ...]
    title: str
    attachments: tuple[str, ...]
    xfa: str
    is_dynamic: bool


def read_pdf(
    data: bytes,
    *,
    uri: str,
    title: str | None = None,
    password: str | None = None,
    ocr: Ocr | None = None,
    lexicons: Lexicons | None = None,
) -> Document:
    """Read a PDF into a document of kind `pdf`, with `uri` as its id.

    Anchors of kind `page` are labelled with the page's number, counted from 1; headings come from
    the outline where its titles are found in the text, else from the size of the letters. A row of a
    table is one line. `meta["pages"]` is their number; `meta["pages_skipped"]` maps the numbers of pages
    that are left out to the reason: a picture, a broken page, or text that is not made of words (see
    `pdf_quality`). `ocr` reads those from a picture of the page. Blank pages are no loss and not named.
    `meta["attachments"]` names files inside. Fields of a form are read with what is filled in.

    Raises `SourceError`, with the reason and the cure, for what is not a PDF, is encrypted, cut
    short or damaged, too large, or holds no text. Reading gives up after 15 seconds and 0.05 for
    each page, recognition after 15 minutes. Safe to call from several threads.
    """
    check(data, uri)
    with _PDFIUM, closing(opened(data, uri, password)) as pdf:
        file = _read(pdf, uri)
    vocabulary = Vocabulary(lexicons or Lexicons())
    if file.is_dynamic:  # its pages only say that Adobe Reader is needed
        content, skipped = _plain(file.xfa), dict[str, str]()
    else:
        render = _Renderer(data, uri, password)
        sheets = list(_trusted(file.sheets, vocabulary, ocr, render))
        skipped = {str(sheet.number): sheet.reason for sheet in sheets if sheet.reason}
        content = _content([sheet for sheet in sheets if not sheet.reason], vocabulary)
    if not content.text:
        raise SourceError(f"{uri}: {_nothing(file, skipped)}")
    anchors = [Anchor(start, str(number), kind="page") for start, number in content.pages]
    anchors += headings(content, file.outline)
    meta: dict[str, Any] = {"pages": len(file.sheets)}
    if skipped:
        meta["pages_skipped"] = skipped
    if file.attachments:
        meta["attachments"] = list(file.attachments)
    return Document(
        id=uri,
        text=content.text,
        title=title or file.title or largest_line(content) or unquote(PurePosixPath(urlsplit(uri).path).stem),
        uri=uri,
        kind="pdf",
        anchors=tuple(sorted(anchors, key=lambda anchor: (anchor.start, anchor.kind))),
        meta=meta,
    )


# --- reading, one thread at a time -------------------------------------------------------------


def _read(pdf: pdfium.PdfDocument, uri: str) -> _File:
    form = pdf.get_formtype()
    return _File(
        sheets=tuple(_sheets(pdf, uri)),
        outline=tuple(read_outline(pdf)),
        title=title_of(pdf),
        attachments=tuple(attachments(pdf)),
        xfa=xfa_text(pdf) if form == raw.FORMTYPE_XFA_FULL else "",
        is_dynamic=form == raw.FORMTYPE_XFA_FULL,
    )


def _sheets(pdf: pdfium.PdfDocument, uri: str) -> Iterator[_Sheet]:
    deadline = time.monotonic() + _SECONDS + _SECONDS_A_PAGE * len(pdf)
    left = MAX_CHARACTERS
    for index in range(len(pdf)):
        if time.monotonic() > deadline:
            raise SourceError(f"{uri}: reading takes too long at page {index + 1}: print it to a new PDF")
        try:
            with closing(pdf[index]) as page:
                sheet = _sheet(page, index + 1, min(left, MAX_CHARACTERS_A_PAGE))
        except pdfium.PdfiumError:  # one broken page does not take the others with it
            yield _Sheet(index + 1, 0.0, 0.0, (), reason="the page is damaged: export the file again")
            continue
        yield sheet
        left -= sum(len(line.text) for line in sheet.lines)
        if left <= 0:
            raise SourceError(f"{uri}: more than {MAX_CHARACTERS} characters: split the file")


def _sheet(page: pdfium.PdfPage, number: int, limit: int) -> _Sheet:
    with closing(page.get_textpage()) as textpage:
        reading = read_lines(textpage.raw, limit)
    lines = (*reading.lines, *field_lines(page, reading.turn))
    _, bottom, _, top = reading.turn.box(*page.get_bbox())
    found = grids(read_rules(page.raw, reading.turn)) if lines else []
    return _Sheet(
        number, bottom, top, lines, tuple(found), reading.unmapped, reason=picture_reason(page, lines)
    )


class _Renderer:
    """Makes pictures of pages. The file is opened anew so that recognition holds nobody up."""

    def __init__(self, data: bytes, uri: str, password: str | None) -> None:
        self._data = data
        self._uri = uri
        self._password = password

    def __call__(self, number: int) -> tuple[bytes, float]:
        """The picture of a page, and its height in points. Raises `SourceError`."""
        with _PDFIUM, closing(opened(self._data, self._uri, self._password)) as pdf:
            try:
                with closing(pdf[number - 1]) as page:
                    return page_picture(page), page.get_height()
            except pdfium.PdfiumError as error:
                raise SourceError("the page cannot be shown") from error


# --- which pages can be trusted ----------------------------------------------------------------


def _trusted(
    sheets: Sequence[_Sheet],
    vocabulary: Vocabulary,
    ocr: Ocr | None,
    render: Callable[[int], tuple[bytes, float]],
) -> Iterator[_Sheet]:
    """The pages with their words put right, and a reason for each whose text is not to be used."""
    deadline = time.monotonic() + _OCR_SECONDS
    foreign = [is_foreign(_text(sheet.lines)) for sheet in sheets]
    mostly_foreign = sum(foreign) > 0.5 * len(foreign)  # then what has no function words, as an index, is too
    for sheet, own in zip(sheets, foreign, strict=True):
        if not sheet.reason and not own:
            sheet = _judged(sheet, vocabulary, foreign=mostly_foreign)
        if not sheet.reason or sheet.top == sheet.bottom:
            yield sheet
        elif ocr is None:
            yield replace(sheet, reason=f"{sheet.reason}: for text recognition (OCR), {CURE}")
        elif time.monotonic() > deadline:
            yield replace(sheet, reason=f"{sheet.reason}, and the pages before took all the time there is")
        else:
            yield _recognised(sheet, vocabulary, ocr, render)


def _judged(sheet: _Sheet, vocabulary: Vocabulary, *, foreign: bool = False) -> _Sheet:
    text = _text(sheet.lines)
    quality = judge(text, sheet.unmapped, vocabulary)
    if foreign:
        return sheet if quality.score is not None else replace(sheet, reason=quality.reason)
    lines = tuple(repaired(sheet.lines, vocabulary))
    if quality.reason and _text(lines) != text:
        quality = judge(_text(lines), sheet.unmapped, vocabulary)
    return replace(sheet, lines=lines, reason=quality.reason)


def _recognised(
    sheet: _Sheet, vocabulary: Vocabulary, ocr: Ocr, render: Callable[[int], tuple[bytes, float]]
) -> _Sheet:
    try:
        picture, height = render(sheet.number)
        lines = recognised_lines(ocr(picture), picture, height)
    except SourceError as error:
        return replace(sheet, reason=f"{sheet.reason}, and {error}")
    if not lines:
        return replace(sheet, reason=f"{sheet.reason}, and text recognition (OCR) finds no words in it")
    found = _judged(_Sheet(sheet.number, 0.0, height, lines), vocabulary)
    return replace(found, reason=f"{found.reason} after text recognition (OCR)") if found.reason else found


def _text(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines)


# --- the text ----------------------------------------------------------------------------------


def _content(sheets: Sequence[_Sheet], vocabulary: Vocabulary) -> Flow:
    numbers = count(1)
    pages = [
        Page(
            sheet.number, sheet.bottom, sheet.top, tuple(with_ruled_tables(sheet.lines, sheet.grids, numbers))
        )
        for sheet in sheets
    ]
    body = without_furniture(pages)
    if not any(page.lines for page in body):  # every line was furniture: pages that are all alike
        body = pages
    ordered = [replace(page, lines=tuple(in_reading_order(page.lines, numbers))) for page in body]
    return flow(ordered, vocabulary.knows)


def _plain(text: str) -> Flow:
    return Flow(text, ((0, 1),), ()) if text else Flow("", (), ())


def _nothing(file: _File, skipped: dict[str, str]) -> str:
    """Why there is no text in the whole file."""
    if file.is_dynamic:
        return "an XFA form without text, which only Adobe Reader can show: print it to a new PDF"
    if not file.sheets:
        return "no pages: fetch or export it again"
    if not skipped:
        return "no text on any page"
    page, reason = next(iter(skipped.items()))
    return f"no text: {reason}" if len(file.sheets) == 1 else f"no text: page {page}: {reason}"
