"""Give passages the vectors that an ingest has left for later."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kbassist.catalog import Catalog, Publication, passage_row
from kbassist.ingest.vectors import TEXTS_A_CALL, Vectors
from kbassist.protocols import IndexReader, IndexWriter, PassageIndex, ProgressCallback
from kbassist.types import Progress

_STEPS = 10
_LEAST_A_STEP = 2_048
"""Publishing copies the generation, which takes seconds where it is large: worth it, but not too often."""


def fill(
    catalog: Catalog,
    index: PassageIndex,
    published: Callable[[], IndexReader | None],
    vectors: Callable[[IndexReader], Vectors | None],
    progress: ProgressCallback,
) -> int:
    """Embed what waits, and publish step by step; returns how many passages it was.

    The caller holds the writer's lock. When anything is raised, interruption included, what was published
    stays, and vectors made since are kept for the next call.
    """
    waiting = catalog.waiting()
    filled = 0
    for step in _parts(waiting, max(_LEAST_A_STEP, -(-len(waiting) // _STEPS))):
        reader = published()
        source = None if reader is None else vectors(reader)
        if reader is None or source is None:
            break
        writer = index.begin(reader.manifest.generation)
        try:
            for part in _parts(step, TEXTS_A_CALL):
                progress(Progress("embed", filled, len(waiting)))
                _fill_part(part, reader, writer, source)
                filled += len(part)
            progress(Progress("embed", filled, len(waiting)))
            progress(Progress("publish", 0, 1))
            generation = writer.seal().generation
        except BaseException:
            writer.abort()
            raise
        catalog.publish(Publication(generation, embedded=set(step)))
        index.prune(catalog.generations())
        progress(Progress("publish", 1, 1, generation))
    return filled


def _fill_part(part: list[str], reader: IndexReader, writer: IndexWriter, vectors: Vectors) -> None:
    entries = reader.entries(part)
    hashes = [passage_row(entry).text_hash for entry in entries]
    found = vectors.of({key: entry.search_text for key, entry in zip(hashes, entries, strict=True)})
    writer.upsert(entries, [found[key] for key in hashes])


def _parts(ids: list[str], size: int) -> Iterator[list[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
