"""What kind of file it is, and HTML, Markdown and plain text to documents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeVar, get_args

from kbassist.errors import SourceError
from kbassist.sources.exports import looks_like_json
from kbassist.sources.html import parse_html
from kbassist.sources.html.charset import decode_html
from kbassist.sources.markdown import parse_markdown
from kbassist.sources.regulation.validity import parse_date
from kbassist.sources.titles import title_of
from kbassist.types import Document, Kind, Status

_T = TypeVar("_T")

Format = Literal["pdf", "html", "markdown", "text", "docx", "odt", "json"]

_SUFFIXES: Mapping[str, Format] = {
    ".pdf": "pdf",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
    ".docx": "docx",
    ".docm": "docx",
    ".dotx": "docx",
    ".odt": "odt",
    ".ott": "odt",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
}
_ZIPPED: tuple[Format, ...] = ("docx", "odt")
_CURES = {
    ".csv": "a table: add ready replies with add_replies",
    ".tsv": "a table: add ready replies with add_replies",
    ".doc": "an old Word file: save it as DOCX",
    ".rtf": "an RTF file: save it as DOCX",
    ".xls": "a spreadsheet: save it as PDF",
    ".xlsx": "a spreadsheet: save it as PDF",
    ".ppt": "a presentation: save it as PDF",
    ".pptx": "a presentation: save it as PDF",
    ".zip": "an archive: unpack it",
}
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff]")
_ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"


def format_of(suffix: str, data: bytes, *, named: bool) -> Format | None:
    """The format by content, then by suffix; None for what is not read.

    A file that the caller named may have any suffix as long as it is text.
    """
    if b"%PDF-" in data[:1024]:
        return "pdf"
    known = _SUFFIXES.get(suffix.lower())
    if known == "pdf":
        return known
    packed = known if known in _ZIPPED else None
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data) or packed
    if b"\x00" in data[:4096] and not data.startswith(_UTF16):
        return packed  # protected ones are no archives
    if _HTML.match(data[:4096].removeprefix(b"\xef\xbb\xbf")):
        return "html"
    if known == "json" and not looks_like_json(data):
        return None
    return known or ("text" if named and suffix.lower() not in _CURES else None)


def _zipped(data: bytes) -> Format | None:
    if _ODT in data[:120]:
        return "odt"
    return "docx" if b"word/document" in data else None


def reason_to_skip(suffix: str) -> str:
    """What to tell about a file without a format."""
    return _CURES.get(suffix.lower(), "not a PDF, DOCX, ODT, HTML, Markdown or text file")


def read_html(data: bytes, identifier: str) -> Document:
    """A saved page. It is of kind `faq` when most of it is questions with answers."""
    page = parse_html(data)
    return Document(
        id=identifier,
        text=page.text,
        title=page.title or title_of("", identifier),
        kind="faq" if page.faq else "page",
        lang=page.lang,
        anchors=page.anchors,
        modified_at=page.modified or page.published,
    )


def read_text(data: bytes, identifier: str) -> Document:
    """Plain text in UTF-8, UTF-16, Windows-1250 or ISO-8859-2; a short first line is the title."""
    text = _CONTROL.sub("", decode_html(data).replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFC", text)
    return Document(id=identifier, text=text, title=title_of(text, identifier))


def read_markdown(data: bytes, identifier: str, audience: frozenset[str]) -> Document:
    """Markdown with what its front matter says. Raises `SourceError` for a field with a wrong value."""
    parsed = parse_markdown(decode_html(data))
    fields = dict(parsed.fields)

    def one(name: str) -> str | None:
        return ", ".join(fields.pop(name, ())) or None

    title = one("title")
    headings = [anchor for anchor in parsed.anchors if anchor.kind == "heading"]
    labels = [
        label.strip() for item in fields.pop("audience", ()) for label in item.split(",") if label.strip()
    ]
    kind: Kind = _choice(identifier, "kind", one("kind") or ("faq" if parsed.faq else "page"), get_args(Kind))
    status: Status = _choice(identifier, "status", one("status") or "approved", get_args(Status))
    return Document(
        id=identifier,
        text=parsed.text,
        title=title or (headings[0].label if headings else title_of("", identifier)),
        kind=kind,
        lang=one("lang"),
        anchors=parsed.anchors,
        valid_from=_day(identifier, "valid_from", one("valid_from")),
        valid_until=_day(identifier, "valid_until", one("valid_until")),
        audience=frozenset(labels) or audience,
        status=status,
        topic=one("topic"),
        owner=one("owner"),
        meta={name: list(values) for name, values in fields.items()},
    )


def _choice(identifier: str, name: str, value: str, allowed: tuple[_T, ...]) -> _T:
    for option in allowed:
        if option == value:
            return option
    choices = ", ".join(map(str, allowed))
    raise SourceError(f"{identifier}: {name} is {value!r} in the front matter: use one of {choices}")


def _day(identifier: str, name: str, value: str | None) -> date | None:
    if value is None:
        return None
    day = parse_date(value)
    if day is None:
        raise SourceError(f"{identifier}: {name} is {value!r} in the front matter: write it as 2026-01-31")
    return day
