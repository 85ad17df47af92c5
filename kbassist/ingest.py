"""Items from a source to a published generation.

Only what changed is cut, embedded and indexed, and all of it is shown in one step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from kbassist.catalog import Catalog, DocumentRow, PassageRow, Publication, document_hash, passage_row
from kbassist.protocols import (
    Embedder,
    IndexReader,
    IndexWriter,
    Matrix,
    PassageIndex,
    ProgressCallback,
    Vector,
)
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

_DOCUMENTS_A_BATCH = 256
_TEXTS_A_CALL = 128  # embedded, then saved: what an interruption can cost


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
        embedder: Embedder | None,
        cut: Cut,
        *,
        reader: IndexReader | None,
        progress: ProgressCallback,
    ) -> None:
        """`reader` shows the generation published so far; its vectors serve unchanged text again."""
        self._catalog = catalog
        self._index = index
        self._embedder = embedder
        self._cut = cut
        self._reader = reader
        self._progress = progress
        self._writer: IndexWriter | None = None
        self._publication = Publication(generation="")
        self._tally = _Tally()
        self._embedded = 0

    def run(self, items: Iterable[SourceItem], source: str, *, whole: bool) -> IngestReport:
        """Take in all items and publish.

        With `whole`, `source` names everything it has, so known documents that it names no longer
        are removed; those that failed stay. When anything is raised, interruption included, nothing
        is published, and vectors made so far are kept for the next run.
        """
        try:
            known = self._catalog.hashes(source=source) if whole else {}
            named = self._take(items, source)
            if whole:
                self._remove(sorted(known.keys() - named))
            self._publish()
        except BaseException:
            if self._writer is not None:
                self._writer.abort()
            raise
        return self._tally.report()

    def remove(self, document_ids: Iterable[str]) -> IngestReport:
        """Remove documents and publish. Unknown ids are passed over."""
        try:
            self._remove(list(document_ids))
            self._publish()
        except BaseException:
            if self._writer is not None:
                self._writer.abort()
            raise
        return self._tally.report()

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
        if changed or obsolete:
            writer = self._writing()
            writer.delete(sorted(obsolete))
            self._upsert(writer, changed)

    def _upsert(self, writer: IndexWriter, changed: list[tuple[IndexEntry, PassageRow]]) -> None:
        total = self._embedded + len(changed)
        self._progress(Progress("embed", self._embedded, total))
        for start in range(0, len(changed), _TEXTS_A_CALL):
            part = changed[start : start + _TEXTS_A_CALL]
            writer.upsert([entry for entry, _ in part], self._vectors(part))
            self._embedded += len(part)
            self._progress(Progress("embed", self._embedded, total))

    def _vectors(self, part: list[tuple[IndexEntry, PassageRow]]) -> Matrix | None:
        """From an interrupted run, from the published generation, or from the model, in that order."""
        if self._embedder is None:
            return None
        hashes = [row.text_hash for _, row in part]
        vectors = self._catalog.load_vectors(self._embedder.name, hashes)
        vectors |= self._published_vectors([key for key in hashes if key not in vectors])
        texts = {row.text_hash: entry.search_text for entry, row in part if row.text_hash not in vectors}
        if texts:
            made = dict(zip(texts, self._embedder.embed_passages(list(texts.values())), strict=True))
            self._catalog.save_vectors(self._embedder.name, made)
            vectors |= made
        return np.stack([vectors[key] for key in hashes])

    def _published_vectors(self, hashes: list[str]) -> dict[str, Vector]:
        if self._reader is None or not hashes:
            return {}
        sources = self._catalog.passages_with_text(hashes)
        found = self._reader.vectors(list(sources.values()))
        return {key: found[passage_id] for key, passage_id in sources.items() if passage_id in found}

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
