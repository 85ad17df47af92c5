"""Fill one generation of any `Points`, and keep its term statistics right."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from kbassist.errors import InvalidArgumentError, KnowledgeBaseError
from kbassist.index.bm25 import (
    TermChanges,
    TermStatistics,
    frequencies_from_weights,
    term_frequencies,
    weights,
)
from kbassist.index.points import Point, Points, Terms
from kbassist.index.provisions import entry_terms
from kbassist.index.records import point_id, to_payload
from kbassist.protocols import Analyzer, Manifest, Vectors
from kbassist.types import IndexEntry

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class _Counts:
    """Terms of one passage, kept small: those of a whole first ingest wait in memory."""

    ids: array[int]
    frequencies: array[int]

    @classmethod
    def of(cls, frequencies: Mapping[int, int]) -> _Counts:
        return cls(array("I", frequencies.keys()), array("I", frequencies.values()))

    def weighed(self, average: float) -> Terms:
        return Terms(self.ids, weights(self.frequencies, sum(self.frequencies), average))


class PointsWriter:
    """An `IndexWriter` over any `Points`.

    Weights depend on the average length, which is known at the end. So terms wait until `seal`, and
    the terms of the base are written again only when the average has moved to another grid point;
    their frequencies come back out of the stored weights, so no text is analysed twice.
    """

    def __init__(
        self,
        generation: str,
        points: Points,
        base: TermStatistics,
        *,
        analyzer: Analyzer,
        dimension: int | None,
        publish: Callable[[TermStatistics], Manifest],
        discard: Callable[[], None],
    ) -> None:
        self._generation = generation
        self._points = points
        self._base = base
        self._analyzer = analyzer
        self._dimension = dimension
        self._publish = publish
        self._discard = discard
        self._changes = TermChanges()
        self._waiting: dict[int, _Counts] = {}
        self._open = True

    @property
    def generation(self) -> str:
        return self._generation

    def upsert(self, entries: Sequence[IndexEntry], vectors: Vectors | None) -> None:
        self._check_open()
        check_vectors(len(entries), vectors, self._dimension)
        for start in range(0, len(entries), _BATCH):
            # Of two entries with one id the last counts.
            batch = {
                point_id(entry.passage.id): row
                for row, entry in enumerate(entries[start : start + _BATCH], start)
            }
            frequencies = {id_: self._analyse(entries[row]) for id_, row in batch.items()}
            self._forget(list(batch))
            self._points.upsert(
                [
                    Point(
                        id_,
                        None if vectors is None else vectors[row],
                        to_payload(entries[row], sum(frequencies[id_].values())),
                    )
                    for id_, row in batch.items()
                ]
            )
            self._remember(frequencies)

    def delete(self, passage_ids: Sequence[str]) -> None:
        self._check_open()
        ids = list({point_id(passage_id): None for passage_id in passage_ids})
        for start in range(0, len(ids), _BATCH):
            self._forget(ids[start : start + _BATCH])
            self._points.delete(ids[start : start + _BATCH])

    def seal(self) -> Manifest:
        self._check_open()
        statistics = self._changes.applied_to(self._base)
        average = statistics.average_length
        if self._base.passages and self._base.average_length != average:
            self._rewrite(average)
        for batch in _batches(self._waiting):
            self._points.set_terms({id_: counts.weighed(average) for id_, counts in batch.items()})
        self._points.flush()
        self._points.close()
        self._open = False
        try:
            return self._publish(statistics)
        except BaseException:
            self._discard()
            raise

    def abort(self) -> None:
        if self._open:
            self._open = False
            self._points.close()
            self._discard()

    def _analyse(self, entry: IndexEntry) -> dict[int, int]:
        return term_frequencies(entry_terms(entry, self._analyzer))

    def _remember(self, batch: Mapping[int, dict[int, int]]) -> None:
        for id_, frequencies in batch.items():
            self._changes.add(frequencies)
            if frequencies:
                self._waiting[id_] = _Counts.of(frequencies)

    def _forget(self, ids: Sequence[int]) -> None:
        """Take those that exist out of the statistics."""
        for stored in self._points.terms(ids):
            waiting = self._waiting.pop(stored.id, None)
            self._changes.remove(waiting.ids if waiting else stored.terms.ids, stored.length)

    def _rewrite(self, average: float) -> None:
        before = self._base.average_length
        for batch in self._points.scroll():
            changed = {}
            for stored in batch:
                if stored.id not in self._waiting:
                    frequencies = frequencies_from_weights(stored.terms.weights, stored.length, before)
                    changed[stored.id] = Terms(stored.terms.ids, weights(frequencies, stored.length, average))
            self._points.set_terms(changed)

    def _check_open(self) -> None:
        if not self._open:
            raise KnowledgeBaseError(
                f"generation {self._generation!r} is closed: it was sealed or aborted. Begin another one."
            )


def check_vectors(entries: int, vectors: Vectors | None, dimension: int | None) -> None:
    """Raises `InvalidArgumentError` unless each entry has a vector of the right width, or None."""
    if vectors is None:
        return
    if len(vectors) != entries:
        raise InvalidArgumentError(
            f"{entries} entries got {len(vectors)} vectors: give one, or None, for each"
        )
    for vector in vectors:
        if vector is not None and dimension is None:
            raise InvalidArgumentError("this index has no vectors (model None): pass vectors=None")
        if vector is not None and vector.shape != (dimension,):
            raise InvalidArgumentError(f"a vector has shape {vector.shape}: this index takes ({dimension},)")


def _batches(waiting: Mapping[int, _Counts]) -> Iterator[dict[int, _Counts]]:
    items = iter(waiting.items())
    while batch := dict(islice(items, _BATCH)):
        yield batch
