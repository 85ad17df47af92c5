"""Opening a PDF, and what it says of itself as a whole."""

from __future__ import annotations

import re

import pypdfium2 as pdfium
from pypdfium2 import raw

from kbassist.errors import SourceError

MAX_BYTES = 200 * 2**20
MAX_PAGES = 5_000
_MOST_ATTACHMENTS = 200
_NO_TITLE = re.compile(
    r"(?:untitled|bez tytułu|microsoft \w+\s*-.*|.*\.(?:docx?|odt|tex|dvi|pdf|indd|xlsx?|qxp))?\Z",
    re.IGNORECASE,
)


def check(data: bytes, uri: str) -> None:
    """Raise `SourceError` for what is no PDF or too large to read."""
    if not data:
        raise SourceError(f"{uri}: the file is empty")
    if len(data) > MAX_BYTES:
        raise SourceError(
            f"{uri}: {len(data) >> 20} MB, and at most {MAX_BYTES >> 20} are read: split the file"
        )
    if b"%PDF-" not in data[:1024]:
        raise SourceError(f"{uri}: not a PDF: it does not begin with %PDF-")


def opened(data: bytes, uri: str, password: str | None) -> pdfium.PdfDocument:
    """The document, its form fields ready to be read. Raises `SourceError` with the reason and the cure."""
    try:
        pdf = pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as error:
        raise SourceError(f"{uri}: {_reason(error, data, password)}") from error
    count = len(pdf)
    if count > MAX_PAGES:
        pdf.close()
        raise SourceError(f"{uri}: {count} pages, and at most {MAX_PAGES} are read: split the file")
    if pdf.get_formtype() in (raw.FORMTYPE_ACRO_FORM, raw.FORMTYPE_XFA_FOREGROUND):
        pdf.init_forms()
    return pdf


def _reason(error: pdfium.PdfiumError, data: bytes, password: str | None) -> str:
    if error.err_code == raw.FPDF_ERR_PASSWORD:
        return "the password given does not open it" if password else "it is encrypted: pass password=…"
    if error.err_code == raw.FPDF_ERR_SECURITY:
        return "it is encrypted in a way that is not supported: save a copy without encryption"
    state = "the file is damaged" if b"%%EOF" in data[-2048:] else "the file is cut short"
    return f"{state}: fetch or export it again"


def title_of(pdf: pdfium.PdfDocument) -> str:
    """From the metadata, unless it only names the file or the program that made it."""
    title = " ".join(pdf.get_metadata_value("Title").replace("\0", "").split())
    return "" if _NO_TITLE.match(title) else title


def attachments(pdf: pdfium.PdfDocument) -> list[str]:
    """The names of the files inside."""
    names: list[str] = []
    for index in range(min(pdf.count_attachments(), _MOST_ATTACHMENTS)):
        try:
            names.append(pdf.get_attachment(index).get_name() or f"attachment {index + 1}")
        except pdfium.PdfiumError:
            names.append(f"attachment {index + 1}")
    return names
