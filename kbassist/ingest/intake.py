"""What a caller brings in or takes out, wherever it comes from: one thing at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from kbassist.catalog import Catalog
from kbassist.ingest.filling import fill
from kbassist.ingest.run import Ingest
from kbassist.ingest.vectors import Vectors
from kbassist.passages import passages
from kbassist.protocols import Embedder, IndexReader, PassageIndex, ProgressCallback
from kbassist.sources.opening import Delivery, Site
from kbassist.text.analysis import words
from kbassist.types import Document, IndexEntry, IngestReport, Progress, SourceItem
from kbassist.vector_cache import VectorCache


class Intake:
    """Ingests into one catalog and one index. Without an embedder they are lexical."""

    def __init__(
        self,
        catalog: Catalog,
        index: PassageIndex,
        embedder: Embedder | None,
        cache: VectorCache | None,
        *,
        published: Callable[[], IndexReader | None],
        holding: Callable[[], AbstractContextManager[None]],
        detect: Callable[[str], str],
        identify: Callable[[str], str | None],
    ) -> None:
        """`holding` is the writer's lock. `detect` always names a language, `identify` only a clear one."""
        self._catalog = catalog
        self._index = index
        self._embedder = embedder
        self._cache = cache
        self._published = published
        self._holding = holding
        self._detect = detect
        self._identify = identify

    def known(self, key: str) -> Iterator[Document]:
        """The documents that the source brought before."""
        return self._catalog.documents(list(self._catalog.hashes(source=key)))

    def take(self, given: Delivery, *, later: bool, progress: ProgressCallback | None) -> IngestReport:
        """Add and update, and where it is whole, remove. Vectors may be left for `later`."""
        with self._holding():
            ingest = self._ingest(progress, later=later)
            return ingest.run(map(self._in_a_language, given.items), given.key, whole=given.whole)

    def crawl(self, site: Site, *, later: bool, progress: ProgressCallback | None) -> IngestReport:
        """Add and update, remove what has gone; the report has the decision about every URL."""
        log = self._catalog.crawl_log(site.key)
        with self._holding():
            source = site.open(self.known(site.key), log)
            # The source tells how far it has read, which is more than the documents that come out.
            ingest = self._ingest(_without_reading(progress or _ignore), later=later)
            report = ingest.run(source.read(), site.key, whole=False)
            return replace(report, decisions=log.finish())

    def embed_missing(self, progress: ProgressCallback | None) -> int:
        """Make the vectors that were left for later; returns how many it were."""
        with self._holding():
            return fill(self._catalog, self._index, self._published, self._vectors, progress or _ignore)

    def remove(self, document_ids: Iterable[str]) -> int:
        """Returns how many there were."""
        with self._holding():
            return len(self._ingest(None, later=False).remove(document_ids).removed)

    def _ingest(self, progress: ProgressCallback | None, *, later: bool) -> Ingest:
        reader = self._published()
        return Ingest(
            self._catalog,
            self._index,
            self._vectors(reader),
            self._cut,
            reader=reader,
            progress=progress or _ignore,
            later=later,
        )

    def _vectors(self, reader: IndexReader | None) -> Vectors | None:
        if self._embedder is None:
            return None
        return Vectors(self._catalog, self._embedder, reader=reader, cache=self._cache)

    def _cut(self, document: Document) -> list[IndexEntry]:
        count_tokens = self._embedder.count_tokens if self._embedder else _count_words
        return passages(document, count_tokens=count_tokens, detect=self._detect, identify=self._identify)

    def _in_a_language(self, item: SourceItem) -> SourceItem:
        if isinstance(item, Document) and item.lang is None:
            return replace(item, lang=self._identify(item.text))
        return item


def _count_words(texts: Sequence[str]) -> list[int]:
    """Roughly the tokens of a Polish text, for a knowledge base without a model."""
    return [round(1.6 * len(words(text))) for text in texts]


def _without_reading(progress: ProgressCallback) -> ProgressCallback:
    def told(step: Progress) -> None:
        if step.stage != "read":
            progress(step)

    return told


def _ignore(_: Progress) -> None:
    """For callers who do not watch."""
