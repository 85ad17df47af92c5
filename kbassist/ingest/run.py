"""Items from a source to a published generation.

Only what changed is cut, embedded and indexed, and all of it is shown in one step. The next documents are
read while texts are embedded, so that a crawl with pauses takes little longer than its pauses. With `later`,
what would have to be embedded is indexed by its words alone, and waits for `fill`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from kbassist.catalog import Catalog, DocumentRow, PassageRow, Publication, document_hash, passage_row
from kbassist.ingest.ahead import Ahead
from kbassist.ingest.vectors import TEXTS_A_CALL, Vectors
from kbassist.protocols import IndexReader, IndexWriter, PassageIndex, ProgressCallback, Vector
from kbassist.types import (
    Document,
    Failed,
    Gone,
    IndexEntry,
    IngestReport,
    Progress,
    Skipped,
    SourceItem,
    Unchanged,
)

Cut = Callable[[Document], list[IndexEntry]]
Part = list[tuple[IndexEntry, PassageRow]]

_DOCUMENTS_A_BATCH = 64
_AHEAD = 32
"""Parts that wait for their vectors, or have them, while the next documents are read and cut."""


@dataclass(slots=True)
class _Tally:
    """The report in the making."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)

    def report(self) -> IngestReport:
        return IngestReport(
            added=tuple(self.added),
            updated=tuple(self.updated),
            unchanged=tuple(self.unchanged),
            removed=tuple(self.removed),
            skipped=tuple(self.skipped),
            failed=tuple(self.failed),
        )


class Ingest:
    """One run, from the first item to the publication. The caller holds the writer's lock."""

    def __init__(
        self,
        catalog: Catalog,
        index: PassageIndex,
        vectors: Vectors | None,
        cut: Cut,
        *,
        reader: IndexReader | None,
        progress: ProgressCallback,
        later: bool = False,
    ) -> None:
        """`reader` shows the generation published so far. Without `vectors` the index is lexical."""
        self._catalog = catalog
        self._index = index
        self._vectors = vectors
        self._later = later
        self._cut = cut
        self._reader = reader
        self._progress = progress
        self._writer: IndexWriter | None = None
        self._publication = Publication(generation="")
        self._tally = _Tally()
        self._ahead = Ahead(self._vectors_of)
        self._found = self._indexed = 0
        self._told: Progress | None = None

    def run(self, items: Iterable[SourceItem], source: str, *, whole: bool) -> IngestReport:
        """Take in all items and publish.

        With `whole`, `source` names everything it has, so known documents that it names no longer
        are removed; those that failed stay. When anything is raised, interruption included, nothing
        is published, and vectors made so far are kept for the next run.
        """
        with self._whole_or_nothing():
            known = self._catalog.hashes(source=source) if whole else {}
            named = self._take(items, source)
            if whole:
                self._remove(sorted(known.keys() - named))
            self._publish()
        return self._tally.report()

    def remove(self, document_ids: Iterable[str]) -> IngestReport:
        """Remove documents and publish. Unknown ids are passed over."""
        with self._whole_or_nothing():
            self._remove(list(document_ids))
            self._publish()
        return self._tally.report()

    @contextmanager
    def _whole_or_nothing(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._ahead.close()
            if self._writer is not None:
                self._writer.abort()
            raise
        self._ahead.close()

    def _take(self, items: Iterable[SourceItem], source: str) -> set[str]:
        """Returns what the source named: documents read, unchanged, or failed."""
        named: set[str] = set()
        for batch in _batches(self._documents(items, named)):
            hashes = self._catalog.hashes(ids=[document.id for document in batch])
            changed: list[Document] = []
            for document in batch:
                before = hashes.get(document.id)
                if before == document_hash(document):
                    self._tally.unchanged.append(document.id)
                else:
                    changed.append(document)
            if changed:
                self._index_documents(changed, source, known=hashes.keys())
        self._index_what_is_ready()
        return named

    def _documents(self, items: Iterable[SourceItem], named: set[str]) -> Iterator[Document]:
        gone: list[str] = []
        for number, item in enumerate(items, start=1):
            match item:
                case Document() if item.id in named:
                    self._tally.skipped.append((item.id, "another document of this run has the same id"))
                case Document():
                    named.add(item.id)
                    pages = item.meta.get("pages_skipped", {})
                    self._tally.skipped += [(f"{item.id}#page={page}", why) for page, why in pages.items()]
                    yield item
                case Unchanged():
                    named.add(item.document_id)
                    self._tally.unchanged.append(item.document_id)
                case Gone():
                    gone.append(item.document_id)
                case Skipped():
                    self._tally.skipped.append((item.ref, item.reason))
                case Failed():
                    named.add(item.ref)
                    self._tally.failed.append((item.ref, item.reason))
            self._progress(Progress("read", number, None, _label(item)))
        self._remove([document_id for document_id in gone if document_id not in named])

    def _index_documents(self, documents: list[Document], source: str, known: Iterable[str]) -> None:
        before = self._catalog.passages([document.id for document in documents])
        cut = [(document, self._cut(document)) for document in documents]
        changed: list[tuple[IndexEntry, PassageRow]] = []
        obsolete = set(before)
        for document, entries in cut:
            if not entries:
                self._tally.skipped.append((document.id, "no text to search"))
                if document.id in known:
                    self._publication.removed.add(document.id)
                    self._tally.removed.append(document.id)
                continue
            rows = [passage_row(entry) for entry in entries]
            obsolete -= {row.id for row in rows}
            changed += [
                (entry, row) for entry, row in zip(entries, rows, strict=True) if before.get(row.id) != row
            ]
            self._publication.documents.append(DocumentRow(document, source, tuple(rows)))
            (self._tally.updated if document.id in known else self._tally.added).append(document.id)
        if obsolete:
            self._writing().delete(sorted(obsolete))
        for start in range(0, len(changed), TEXTS_A_CALL):
            self._ahead.put(changed[start : start + TEXTS_A_CALL])
        self._found += len(changed)
        self._index_what_is_ready(leave=_AHEAD)

    def _index_what_is_ready(self, *, leave: int = 0) -> None:
        self._tell_embedding()
        for part, vectors in self._ahead.take(leave=leave):
            self._writing().upsert([entry for entry, _ in part], vectors)
            if self._vectors is not None:
                for (_, row), vector in zip(part, vectors, strict=True):
                    kind = self._publication.waiting if vector is None else self._publication.embedded
                    kind.add(row.id)
            self._indexed += len(part)
            self._tell_embedding()

    def _tell_embedding(self) -> None:
        step = Progress("embed", self._indexed, self._found)
        if not self._later and self._found and step != self._told:
            self._told = step
            self._progress(step)

    def _vectors_of(self, part: Part) -> list[Vector | None]:
        texts = {row.text_hash: entry.search_text for entry, row in part}
        found: Mapping[str, Vector] = {}
        if self._vectors is not None:
            found = self._vectors.known(list(texts)) if self._later else self._vectors.of(texts)
        return [found.get(row.text_hash) for _, row in part]

    def _remove(self, document_ids: list[str]) -> None:
        known = self._catalog.hashes(ids=document_ids).keys() - self._publication.removed
        ids = [document_id for document_id in dict.fromkeys(document_ids) if document_id in known]
        if ids:
            self._writing().delete(sorted(self._catalog.passages(ids)))
            self._publication.removed.update(ids)
            self._tally.removed.extend(ids)

    def _writing(self) -> IndexWriter:
        """The writer, begun at the first change: an ingest that changes nothing copies nothing."""
        if self._writer is None:
            base = self._reader.manifest.generation if self._reader else None
            self._writer = self._index.begin(base)
        return self._writer

    def _publish(self) -> None:
        if self._writer is None and not (self._publication.documents or self._publication.removed):
            return
        self._progress(Progress("publish", 0, 1))
        if self._writer is None and self._reader is not None:
            # Documents changed in ways that no passage shows: the generation stands.
            self._publication.generation = self._reader.manifest.generation
        else:
            self._publication.generation = self._writing().seal().generation
        self._catalog.publish(self._publication)
        self._index.prune(self._catalog.generations())
        self._progress(Progress("publish", 1, 1, self._publication.generation))


def _batches(documents: Iterator[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for document in documents:
        batch.append(document)
        if len(batch) == _DOCUMENTS_A_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _label(item: SourceItem) -> str:
    match item:
        case Document():
            return item.id
        case Unchanged() | Gone():
            return item.document_id
        case Skipped() | Failed():
            return item.ref
