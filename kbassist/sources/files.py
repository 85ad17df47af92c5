"""Files and folders as a source: PDF, DOCX, ODT, HTML, Markdown, plain text, exports of help centres."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from kbassist.errors import SourceError
from kbassist.sources import helpdesk
from kbassist.sources.exports import read_export
from kbassist.sources.formats import Format, format_of, read_html, read_markdown, read_text, reason_to_skip
from kbassist.sources.ocr import Ocr
from kbassist.sources.regulation import structure
from kbassist.text.lexicon import Lexicons
from kbassist.types import PUBLIC, Document, Failed, Kind, Skipped, SourceItem, Unchanged

MAX_BYTES = 200 * 2**20
MAX_TEXT_BYTES = 25 * 2**20  # of a file that is text: HTML, Markdown, plain text

# Part of every content hash: raise it when files have to be read again though they did not change.
_READING = 3

PathLike = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class _File:
    """`id` is the path as given; for what was found in a folder, the folder as given joined with the rest."""

    id: str
    path: Path
    named: bool


class FileSource:
    """Files named one by one, and everything readable in the folders named.

    A document's id is its path as given, its `uri` a `file:` address. Front matter in Markdown may
    set `title, lang, kind, audience, valid_from, valid_until, status, topic` and `owner`. An export of
    a help centre holds many documents: each has the id `<path>#<locale>/<its number>` and the `uri` of
    the article.
    """

    def __init__(
        self,
        paths: PathLike | Iterable[PathLike],
        *,
        kind: Kind | None = None,
        audience: Collection[str] = PUBLIC,
        password: str | None = None,
        ocr: Ocr | None = None,
        lexicons: Lexicons | None = None,
        known: Mapping[str, str] | None = None,
    ) -> None:
        """Take `paths` in the order given; folders are read with all that is in them, sorted.

        `kind` overrides what the file looks like: with `"regulation"`, provisions are looked for
        without asking whether it is one. `audience` goes for files that name none. `password` opens
        encrypted PDFs, `ocr` reads their pages that are pictures, `lexicons` tell how well a page was
        read. `known` maps document ids to the `meta["content_hash"]` of the last reading;
        a file that has the same hash still is reported as unchanged without being parsed.
        """
        self._paths = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
        self._kind = kind
        self._audience = frozenset(audience)
        self._password = password
        self._ocr = ocr
        self._lexicons = lexicons
        self._known = dict(known or {})

    def read(self) -> Iterator[SourceItem]:
        """Yield a document for every file that is read, and a reason for every other.

        Raises `SourceError` when not one file can be read.
        """
        held_back: list[Skipped | Failed] = []
        useful = False
        for item in self._items():
            if useful:
                yield item
            elif isinstance(item, Skipped | Failed):
                held_back.append(item)
            else:
                useful = True
                yield from held_back
                yield item
        if not useful:
            raise SourceError(_nothing_read(self._paths, held_back))

    def _items(self) -> Iterator[SourceItem]:
        seen: dict[Path, str] = {}
        for found in self._files():
            if not isinstance(found, _File):
                yield found
                continue
            where = found.path.resolve()
            if where in seen:
                yield Skipped(found.id, f"the same file as {seen[where]}")
                continue
            seen[where] = found.id
            yield from self._read(found)

    def _files(self) -> Iterator[_File | Skipped | Failed]:
        for given in self._paths:
            path = Path(given)
            identifier = path.as_posix()
            if path.is_dir():
                yield from _in_folder(path)
            elif path.is_file():
                yield _File(identifier, path, named=True)
            else:
                yield Failed(identifier, "no such file or folder: check the path")

    def _read(self, file: _File) -> Iterator[SourceItem]:
        try:
            stat = file.path.stat()
            if stat.st_size > MAX_BYTES:
                reason = f"{stat.st_size >> 20} MB, and at most {MAX_BYTES >> 20} are read: split it"
                yield from self._failed(file, reason)
                return
            data = file.path.read_bytes()
        except OSError as error:
            yield from self._failed(file, f"cannot be read: {error.strerror}")
            return
        form = format_of(file.path.suffix, data, named=file.named)
        if form is None:
            yield Skipped(file.id, reason_to_skip(file.path.suffix))
            return
        if form in ("html", "markdown", "text") and len(data) > MAX_TEXT_BYTES:
            most = MAX_TEXT_BYTES >> 20
            yield Failed(file.id, f"{len(data) >> 20} MB of text, and at most {most} are read: split it")
            return
        digest = self._content_hash(data)
        if self._known.get(file.id) == digest:
            yield Unchanged(file.id)
            return
        modified = datetime.fromtimestamp(stat.st_mtime, tz=UTC)
        try:
            for item in self._in_file(file, form, data):
                yield _finished(item, file, modified, digest) if isinstance(item, Document) else item
        except SourceError as error:
            yield from self._failed(file, str(error).removeprefix(f"{file.id}: "))

    def _failed(self, file: _File, reason: str) -> Iterator[SourceItem]:
        """What was read from an export before stays."""
        yield Failed(file.id, reason)
        yield from (Unchanged(name) for name in self._known if name.startswith(f"{file.id}#"))

    def _in_file(self, file: _File, form: Format, data: bytes) -> Iterator[SourceItem]:
        if form == "json":
            yield from self._articles(file, data)
            return
        document = self._document(file, form, data)
        if document.text.strip():
            yield document
        else:
            yield Failed(file.id, "the file holds no text")

    def _articles(self, file: _File, data: bytes) -> Iterator[SourceItem]:
        export = read_export(data, file.id)
        for item in helpdesk.articles(export, file.id, self._audience, self._known, self._content_hash):
            yield self._structured(item) if isinstance(item, Document) else item
        if not export.articles:
            is_replies = export.macros or export.responses
            known = "ready replies: add them with add_replies"
            yield Skipped(
                file.id, known if is_replies else "JSON, but no articles exported from Zendesk Guide"
            )

    def _document(self, file: _File, form: Format, data: bytes) -> Document:
        readers: Mapping[Format, Callable[[], Document]] = {
            "pdf": lambda: self._pdf(data, file.id),
            "html": lambda: read_html(data, file.id),
            "markdown": lambda: read_markdown(data, file.id, self._audience),
            "text": lambda: read_text(data, file.id),
            "docx": lambda: _read_office(data, file.id, form),
            "odt": lambda: _read_office(data, file.id, form),
        }
        document = readers[form]()
        if form != "markdown":
            document = replace(document, audience=self._audience)
        return self._structured(document)

    def _pdf(self, data: bytes, identifier: str) -> Document:
        from kbassist.sources.pdf import read_pdf  # starts pdfium

        return read_pdf(data, uri=identifier, password=self._password, ocr=self._ocr, lexicons=self._lexicons)

    def _structured(self, document: Document) -> Document:
        if self._kind is not None:
            document = replace(document, kind=self._kind)
        return structure(document) if self._kind in (None, "regulation") else document

    def _content_hash(self, data: bytes) -> str:
        settings = f"{_READING}|{self._kind}|{sorted(self._audience)}|{self._ocr is not None}|"
        return blake2b(settings.encode() + data, digest_size=16).hexdigest()


def _read_office(data: bytes, identifier: str, form: Format) -> Document:
    from kbassist.sources.office import read_docx, read_odt

    return read_docx(data, identifier) if form == "docx" else read_odt(data, identifier)


def _finished(document: Document, file: _File, modified: datetime, digest: str) -> Document:
    return replace(
        document,
        uri=(document.id != file.id and document.uri) or file.path.absolute().as_uri(),
        modified_at=document.modified_at or modified,
        meta={"content_hash": digest, **document.meta},
    )


def _in_folder(folder: Path) -> Iterator[_File | Skipped | Failed]:
    problems: list[Failed] = []

    def unreadable(error: OSError) -> None:
        problems.append(Failed(Path(error.filename).as_posix(), f"cannot be listed: {error.strerror}"))

    for current, folders, names in os.walk(folder, onerror=unreadable):
        here = Path(current)
        for name in [name for name in folders if name.startswith(".")]:
            yield Skipped((here / name).as_posix(), "a hidden folder")
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = here / name
            if name.startswith((".", "~$")):
                yield Skipped(path.as_posix(), "a hidden file")
            elif path.is_file():
                yield _File(path.as_posix(), path, named=False)
            else:
                yield Skipped(path.as_posix(), "neither a file nor a folder, or a link that leads nowhere")
    yield from problems


def _nothing_read(paths: list[PathLike], items: list[Skipped | Failed]) -> str:
    if len(items) == 1:
        return f"{items[0].ref}: {items[0].reason}"
    given = ", ".join(str(path) for path in paths) or "no paths"
    if not items:
        return f"nothing to read in {given}: name PDF, DOCX, ODT, HTML, Markdown or text files, or a folder"
    told = "; ".join(f"{item.ref}: {item.reason}" for item in items[:3])
    more = f"; and {len(items) - 3} more" if len(items) > 3 else ""
    return f"nothing could be read in {given}: {told}{more}"
