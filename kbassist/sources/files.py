"""Files and folders as a source: PDF, HTML, Markdown and plain text."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from kbassist.errors import SourceError
from kbassist.sources.formats import Format, format_of, read_html, read_markdown, read_text, reason_to_skip
from kbassist.sources.regulation import structure
from kbassist.types import PUBLIC, Document, Failed, Kind, Skipped, SourceItem, Unchanged

MAX_BYTES = 200 * 2**20

# Part of every content hash: raise it when files have to be read again though they did not change.
_READING = 1

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
    set `title, lang, kind, audience, valid_from, valid_until, status, topic` and `owner`.
    """

    def __init__(
        self,
        paths: PathLike | Iterable[PathLike],
        *,
        kind: Kind | None = None,
        audience: Collection[str] = PUBLIC,
        password: str | None = None,
        known: Mapping[str, str] | None = None,
    ) -> None:
        """Take `paths` in the order given; folders are read with all that is in them, sorted.

        `kind` overrides what the file looks like: with `"regulation"`, provisions are looked for
        without asking whether it is one. `audience` goes for files that name none. `password` opens
        encrypted PDFs. `known` maps document ids to the `meta["content_hash"]` of the last reading;
        a file that has the same hash still is reported as unchanged without being parsed.
        """
        self._paths = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
        self._kind = kind
        self._audience = frozenset(audience)
        self._password = password
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
            yield self._item(found)

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

    def _item(self, file: _File) -> SourceItem:
        try:
            stat = file.path.stat()
            if stat.st_size > MAX_BYTES:
                return Failed(
                    file.id, f"{stat.st_size >> 20} MB, and at most {MAX_BYTES >> 20} are read: split it"
                )
            data = file.path.read_bytes()
        except OSError as error:
            return Failed(file.id, f"cannot be read: {error.strerror}")
        form = format_of(file.path.suffix, data, named=file.named)
        if form is None:
            return Skipped(file.id, reason_to_skip(file.path.suffix))
        digest = self._content_hash(data)
        if self._known.get(file.id) == digest:
            return Unchanged(file.id)
        try:
            document = self._document(file, form, data)
        except SourceError as error:
            return Failed(file.id, str(error).removeprefix(f"{file.id}: "))
        if not document.text.strip():
            return Failed(file.id, "the file holds no text")
        modified = datetime.fromtimestamp(stat.st_mtime, tz=UTC)
        return replace(
            document,
            uri=file.path.absolute().as_uri(),
            modified_at=document.modified_at or modified,
            meta={**document.meta, "content_hash": digest},
        )

    def _document(self, file: _File, form: Format, data: bytes) -> Document:
        readers: Mapping[Format, Callable[[], Document]] = {
            "pdf": lambda: _read_pdf(data, file.id, self._password),
            "html": lambda: read_html(data, file.id),
            "markdown": lambda: read_markdown(data, file.id, self._audience),
            "text": lambda: read_text(data, file.id),
        }
        document = readers[form]()
        if form != "markdown":
            document = replace(document, audience=self._audience)
        if self._kind is not None:
            document = replace(document, kind=self._kind)
        return structure(document) if self._kind in (None, "regulation") else document

    def _content_hash(self, data: bytes) -> str:
        settings = f"{_READING}|{self._kind}|{sorted(self._audience)}|"
        return blake2b(settings.encode() + data, digest_size=16).hexdigest()


def _read_pdf(data: bytes, identifier: str, password: str | None) -> Document:
    from kbassist.sources.pdf import read_pdf  # starts pdfium

    return read_pdf(data, uri=identifier, password=password)


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
        return f"nothing to read in {given}: name PDF, HTML, Markdown or text files, or a folder of them"
    told = "; ".join(f"{item.ref}: {item.reason}" for item in items[:3])
    more = f"; and {len(items) - 3} more" if len(items) > 3 else ""
    return f"nothing could be read in {given}: {told}{more}"
