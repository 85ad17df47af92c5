"""In memory: NumPy for the vectors, `rank-bm25` for the words. For notebooks, tests and small collections.

Nothing is written anywhere. It is also the reference that the other engines are checked against, so it is
written for plainness: every search scores everything that qualifies.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from kbassist.errors import KnowledgeBaseError
from kbassist.index.bm25 import K1, B, average_on_grid, idf, term_weights
from kbassist.index.provisions import entry_terms
from kbassist.index.recipe import Recipe
from kbassist.index.records import Group
from kbassist.index.writer import check_vectors
from kbassist.protocols import Analyzer, Candidate, Manifest, QueryTerms, Vector, Vectors
from kbassist.types import IndexEntry, PassageFilter


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    entry: IndexEntry
    terms: Sequence[str]
    vector: Vector | None


class MemoryIndex:
    """A `PassageIndex` that lives as long as the object."""

    def __init__(
        self, *, analyzer: Analyzer, analysis: str, model: str | None, dimension: int | None
    ) -> None:
        """`analysis` is the analyser's version. Without a model (and a dimension) it is lexical only."""
        self._analyzer = analyzer
        self._recipe = Recipe("memory", model, dimension, analysis)
        self._sealed: dict[str, MemoryReader] = {}
        self._names = _names()

    def open(self, generation: str) -> MemoryReader:
        return self._find(generation)

    def begin(self, base: str | None) -> MemoryWriter:
        rows = {} if base is None else self._find(base).rows()
        return MemoryWriter(next(self._names), rows, self._analyzer, self._recipe, self._publish)

    def prune(self, keep: Collection[str]) -> None:
        self._sealed = {name: reader for name, reader in self._sealed.items() if name in keep}

    def close(self) -> None:
        self._sealed = {}

    def _find(self, generation: str) -> MemoryReader:
        try:
            return self._sealed[generation]
        except KeyError:
            raise KnowledgeBaseError(
                f"there is no generation {generation!r} in memory: it was never sealed, or it was pruned. "
                "Ingest again."
            ) from None

    def _publish(self, reader: MemoryReader) -> None:
        self._sealed[reader.manifest.generation] = reader


class MemoryWriter:
    """An `IndexWriter` on a copy of the base's rows."""

    def __init__(
        self,
        generation: str,
        rows: dict[str, _Row],
        analyzer: Analyzer,
        recipe: Recipe,
        publish: Callable[[MemoryReader], None],
    ) -> None:
        self._generation = generation
        self._rows = rows
        self._analyzer = analyzer
        self._recipe = recipe
        self._publish = publish
        self._open = True

    @property
    def generation(self) -> str:
        return self._generation

    def upsert(self, entries: Sequence[IndexEntry], vectors: Vectors | None) -> None:
        self._check_open()
        check_vectors(len(entries), vectors, self._recipe.dimension)
        for row, entry in enumerate(entries):
            vector = None if vectors is None else vectors[row]
            kept = None if vector is None else np.array(vector, np.float32)
            self._rows[entry.passage.id] = _Row(entry, entry_terms(entry, self._analyzer), kept)

    def delete(self, passage_ids: Sequence[str]) -> None:
        self._check_open()
        for passage_id in passage_ids:
            self._rows.pop(passage_id, None)

    def seal(self) -> Manifest:
        self._check_open()
        self._open = False
        reader = MemoryReader(self._generation, self._rows, self._recipe)
        self._publish(reader)
        return reader.manifest

    def abort(self) -> None:
        self._open = False

    def _check_open(self) -> None:
        if not self._open:
            raise KnowledgeBaseError(
                f"generation {self._generation!r} is closed: it was sealed or aborted. Begin another one."
            )


class MemoryReader:
    """An `IndexReader` over rows that nobody changes any more."""

    def __init__(self, generation: str, rows: Mapping[str, _Row], recipe: Recipe) -> None:
        self._rows = [rows[passage_id] for passage_id in sorted(rows)]
        self._places = {row.entry.passage.id: place for place, row in enumerate(self._rows)}
        self._groups = [Group.of(row.entry) for row in self._rows]
        self._matrix = _matrix([row.vector for row in self._rows], recipe.dimension)
        length = sum(len(row.terms) for row in self._rows)
        self._bm25 = _bm25([row.terms for row in self._rows], average_on_grid(len(self._rows), length))
        self._manifest = recipe.manifest(
            generation, len(self._rows), average_on_grid(len(self._rows), length)
        )

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    def search(
        self, terms: QueryTerms, vector: Vector | None, where: PassageFilter, k: int
    ) -> list[Candidate]:
        places = self._inside(where)
        if not len(places) or k < 1:
            return []
        lexical = self._lexical(terms, places)
        dense = self._dense(vector, places)
        best = set(_best(np.where(lexical > 0, lexical, -np.inf), k))
        best.update(() if dense is None else _best(np.nan_to_num(dense, nan=-np.inf), k))
        return [
            Candidate(
                self._rows[places[place]].entry,
                float(lexical[place]),
                None if dense is None or np.isnan(dense[place]) else float(dense[place]),
            )
            for place in sorted(best)
        ]

    def idf(self, terms: Sequence[str]) -> list[float]:
        if self._bm25 is None:
            return [idf(0, 0)] * len(terms)
        nothing = idf(len(self._rows), 0)
        return [self._bm25.idf.get(term, nothing) for term in terms]

    def entries(self, passage_ids: Sequence[str]) -> list[IndexEntry]:
        return [self._rows[self._places[id_]].entry for id_ in passage_ids if id_ in self._places]

    def vectors(self, passage_ids: Sequence[str]) -> dict[str, Vector]:
        found = {id_: self._rows[self._places[id_]].vector for id_ in passage_ids if id_ in self._places}
        return {id_: vector for id_, vector in found.items() if vector is not None}

    def count(self, where: PassageFilter) -> int:
        return len(self._inside(where))

    def close(self) -> None:
        """The generation stays in the index."""

    def rows(self) -> dict[str, _Row]:
        """A copy, by passage id."""
        return {row.entry.passage.id: row for row in self._rows}

    def _inside(self, where: PassageFilter) -> list[int]:
        """Places of what qualifies, in the order of passage ids."""
        documents = where.document_ids
        return [
            place
            for place, (row, group) in enumerate(zip(self._rows, self._groups, strict=True))
            if group.admitted_by(where) and (documents is None or row.entry.passage.document_id in documents)
        ]

    def _lexical(self, terms: QueryTerms, places: list[int]) -> NDArray[np.float64]:
        scores = np.zeros(len(places))
        for term, weight in term_weights(terms).items():
            if self._bm25 is not None and term in self._bm25.idf:
                scores += weight * np.array(self._bm25.get_batch_scores([term], places), float)
        return scores

    def _dense(self, vector: Vector | None, places: list[int]) -> NDArray[np.float64] | None:
        """Cosines; not a number where a passage has no vector."""
        if self._matrix is None or vector is None:
            return None
        # Rounded, because the same row twice may differ in the last bit.
        scores: NDArray[np.float64] = np.round(self._matrix[places].astype(float) @ vector.astype(float), 9)
        return scores


def _matrix(vectors: Sequence[Vector | None], dimension: int | None) -> NDArray[np.float32] | None:
    if dimension is None:
        return None
    nothing = np.full(dimension, np.nan, np.float32)
    rows = [nothing if vector is None else vector for vector in vectors]
    return np.array(rows, np.float32).reshape(len(rows), dimension)


def _bm25(corpus: list[Sequence[str]], average: float) -> BM25Okapi | None:
    """`rank-bm25` as it scores, with our average length and an idf that is never negative."""
    if not any(corpus):  # it divides by the number of terms
        return None
    scorer = BM25Okapi(corpus, k1=K1, b=B)
    scorer.avgdl = average
    holding: dict[str, int] = {}
    for frequencies in scorer.doc_freqs:
        for term in frequencies:
            holding[term] = holding.get(term, 0) + 1
    scorer.idf = {term: idf(len(corpus), passages) for term, passages in holding.items()}
    return scorer


def _best(scores: NDArray[np.floating], k: int) -> list[int]:
    """Places of the first `k` above minus infinity; of equal ones the earlier."""
    order = np.argsort(-scores, kind="stable")[:k]
    return [int(place) for place in order if scores[place] > -np.inf]


def _names() -> Iterator[str]:
    return (f"gen-{number:06d}" for number in count(1))
