"""Ready replies (macros, canned responses) from a CSV file, a JSON export or from rows."""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from kbassist.errors import SourceError
from kbassist.sources import helpdesk
from kbassist.sources.exports import looks_like_json, read_export
from kbassist.sources.html.charset import decode_html
from kbassist.sources.regulation.validity import parse_date
from kbassist.types import PUBLIC, Document, Failed, SourceItem

MAX_BYTES = 50 * 2**20

_COLUMNS = {
    "title": ("title", "tytuł", "tytul", "name", "nazwa", "temat wiadomości", "subject"),
    "text": ("text", "treść", "tresc", "tekst", "body", "content", "reply", "odpowiedź", "odpowiedz"),
    "id": ("id", "identyfikator"),
    "lang": ("lang", "language", "język", "jezyk"),
    "topic": ("topic", "temat", "kategoria", "category"),
    "audience": ("audience", "odbiorcy", "dla"),
    "valid_until": ("valid_until", "ważne do", "wazne do", "ważny do", "wazny do"),
    "shortcut": ("shortcut", "skrót", "skrot"),
}
_DELIMITERS = (";", ",", "\t", "|")
Row = Mapping[str, Any]


class ReplySource:
    """Ready replies, each a document of kind `reply` with the id `reply:<id, or the title in short>`."""

    def __init__(self, path_or_rows: str | os.PathLike[str] | Iterable[Row]) -> None:
        """`path_or_rows` is a CSV file, a JSON export or an iterable of mappings.

        JSON is what the APIs of Zendesk (macros) and Freshdesk (canned responses, folders of them) answer.
        Columns, in Polish or English: `title` (tytuł) and `text` (treść, tekst), and optionally `id`,
        `lang` (język), `topic` (temat), `audience` (odbiorcy), `valid_until` (ważne do) and
        `shortcut` (skrót). The separator (comma, semicolon, tab) and the encoding are found out.
        """
        self._given = path_or_rows

    def read(self) -> Iterator[SourceItem]:
        """Yield a document for every reply; one without text is an entry with its line number or title.

        Raises `SourceError` for a file that cannot be read or does not have the columns.
        """
        if isinstance(self._given, str | os.PathLike):
            path = Path(self._given)
            data = _read(path)
            if looks_like_json(data):
                yield from _exported(data, path.as_posix())
                return
            rows = list(_csv_rows(data, path))  # all of it: a file broken near its end is refused whole
            yield from _documents(f"{path.as_posix()}, line", rows)
        else:
            given = list(self._given)
            if given:
                _need_columns("replies", given[0])
            yield from _documents("replies, row", enumerate(given, start=1))


def _exported(data: bytes, where: str) -> Iterator[SourceItem]:
    export = read_export(data, where)
    if not export.macros and not export.responses:
        found = (
            "help-centre articles: add them with add_files" if export.articles else "no ready replies in it"
        )
        raise SourceError(f"{where}: {found}; needed: Zendesk macros or Freshdesk canned responses")
    yield from helpdesk.replies(export, where)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(f"{path}: larger than {MAX_BYTES >> 20} MB: split the file")
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}") from error


def _csv_rows(data: bytes, path: Path) -> Iterator[tuple[int, Row]]:
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"{path}: not a CSV file: export the replies as CSV")
    text = decode_html(data)
    header = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = list(reader.fieldnames or ())
        _need_columns(str(path), names)
        line = reader.line_num + 1
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise SourceError(f"{path}, after line {reader.line_num}: {error}: export the file again") from error


def _need_columns(where: str, names: Iterable[str]) -> None:
    found = [str(name).strip() for name in names if name]
    missing = [need for need in ("title", "text") if not any(_field(name) == need for name in found)]
    if missing:
        told = ", ".join(found) or "none"
        raise SourceError(
            f"{where}: no column {' and no column '.join(missing)}; found: {told}; "
            "needed: title (tytuł) and text (treść, tekst)"
        )


def _field(name: str) -> str:
    known = unicodedata.normalize("NFC", name).strip().strip("\ufeff").lower()
    return next((field for field, names in _COLUMNS.items() if known in names), "")


def _documents(where: str, rows: Iterable[tuple[int, Row]]) -> Iterator[SourceItem]:
    used: dict[str, int] = {}
    for number, row in rows:
        place = f"{where} {number}"
        values = {
            _field(str(name)): _text(value) for name, value in row.items() if name and _field(str(name))
        }
        if not any(values.values()):
            continue
        title, text = values.get("title", ""), values.get("text", "")
        identifier = f"reply:{values.get('id') or _slug(title or text)}"
        # Under its own id, so that what was known of the reply stays.
        name = identifier if title or values.get("id") else place
        until = values.get("valid_until", "")
        day: date | None = parse_date(until) if until else None
        if not text:
            yield Failed(name, f"{place}: the reply {title!r} has no text" if title else f"{place}: no text")
            continue
        if until and day is None:
            yield Failed(name, f"{place}: valid_until is {until!r}: write it as 2026-01-31")
            continue
        if identifier in used:
            yield Failed(
                place, f"the same id ({identifier}) as {where} {used[identifier]}: give each its own"
            )
            continue
        used[identifier] = number
        labels = [label.strip() for label in re.split(r"[,;|]", values.get("audience", "")) if label.strip()]
        yield Document(
            id=identifier,
            text=text,
            title=title or " ".join(text.split())[:60],
            kind="reply",
            lang=values.get("lang", "").lower()[:2] or None,
            valid_until=day,
            audience=frozenset(labels) or PUBLIC,
            topic=values.get("topic") or None,
            meta={"shortcut": values["shortcut"]} if values.get("shortcut") else {},
        )


def _text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(sorted(map(str, value)))
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower().replace("ł", "l"))
    ascii_only = plain.encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:80].rstrip("-")
    return slug or sha256(text.encode("utf-8", errors="replace")).hexdigest()[:16]
