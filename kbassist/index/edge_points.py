"""Qdrant Edge as `Points`: translation only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np
import qdrant_edge as edge

from kbassist.errors import KnowledgeBaseError
from kbassist.index.points import (
    DENSE,
    SPARSE,
    Nearest,
    Point,
    Scored,
    Stored,
    Terms,
)
from kbassist.index.records import ENTRY, GROUP, KEYWORDS, LENGTH, Condition
from kbassist.protocols import Vector

_PAGE = 1_000
_EVERYTHING = 2**31
_COMPACT_KB = 5_000
"""From this size on, what was added is rewritten into a compact, immutable segment.

50,000 passages take three seconds, and then open five times as fast and are filtered in half the time.
"""


class EdgePoints:
    """One open shard. The engine holds the interpreter lock, so threads take turns by themselves.

    Every method raises `KnowledgeBaseError` when the files turn out to be damaged.
    """

    def __init__(self, path: Path, shard: edge.EdgeShard) -> None:
        self._path = path
        self._shard = shard

    @classmethod
    def create(cls, path: Path, dimension: int | None) -> EdgePoints:
        path.mkdir()
        with _errors(path):
            shard = edge.EdgeShard.create(str(path), _config(dimension))
            for name in KEYWORDS:
                shard.update(edge.UpdateOperation.create_field_index(name, edge.KeywordIndexParams()))
        return cls(path, shard)

    @classmethod
    def open(cls, path: Path) -> EdgePoints:
        with _errors(path):
            return cls(path, edge.EdgeShard.load(str(path)))

    def upsert(self, points: Sequence[Point]) -> None:
        if points:
            self._update(edge.UpdateOperation.upsert_points([_point(point) for point in points]))

    def set_terms(self, terms: Mapping[int, Terms]) -> None:
        if terms:
            vectors = [edge.PointVectors(id_, {SPARSE: _sparse(each)}) for id_, each in terms.items()]
            self._update(edge.UpdateOperation.update_vectors(vectors))

    def delete(self, ids: Sequence[int]) -> None:
        if ids:
            self._update(edge.UpdateOperation.delete_points(list(ids)))

    def nearest(self, requests: Sequence[Nearest]) -> list[list[Scored]]:
        with _errors(self._path):
            lists = self._shard.query_batch(edge.QueryBatchRequest([_request(each) for each in requests]))
            return [[(cast("int", point.id), point.score) for point in found] for found in lists]

    def payloads(self, ids: Sequence[int]) -> list[tuple[int, Mapping[str, Any]]]:
        found = self._retrieve(ids, [ENTRY, GROUP], [])
        return [(cast("int", record.id), record.payload or {}) for record in found]

    def vectors(self, ids: Sequence[int]) -> dict[int, Vector]:
        found: list[Any] = self._retrieve(ids, [], [DENSE])
        vectors = {record.id: (record.vector or {}).get(DENSE) for record in found}
        return {id_: np.asarray(each, np.float32) for id_, each in vectors.items() if each is not None}

    def terms(self, ids: Sequence[int]) -> list[Stored]:
        return [_stored(record) for record in self._retrieve(ids, [LENGTH], [SPARSE])]

    def scroll(self) -> Iterator[list[Stored]]:
        offset: Any = None
        while True:
            request = edge.ScrollRequest(
                offset=offset, limit=_PAGE, with_payload=[LENGTH], with_vector=[SPARSE]
            )
            with _errors(self._path):
                found, offset = self._shard.scroll(request)
            yield [_stored(record) for record in found]
            if offset is None:
                return

    def count(self, conditions: Sequence[Condition]) -> int:
        with _errors(self._path):
            return self._shard.count(edge.CountRequest(exact=True, filter=_filter(conditions)))

    def groups(self) -> list[str]:
        with _errors(self._path):
            hits = self._shard.facet(edge.FacetRequest(GROUP, limit=_EVERYTHING, exact=True)).hits
            return [str(hit.value) for hit in hits]

    def flush(self) -> None:
        with _errors(self._path):
            # Does nothing until enough has been added or deleted since the last time.
            self._shard.optimize()
            self._shard.flush()

    def close(self) -> None:
        self._shard.close()

    def _retrieve(self, ids: Sequence[int], payload: list[str], vectors: list[str]) -> list[edge.Record]:
        if not ids:
            return []
        with _errors(self._path):
            return self._shard.retrieve(list(ids), payload, vectors)

    def _update(self, operation: edge.UpdateOperation) -> None:
        with _errors(self._path):
            self._shard.update(operation)


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        # The engine raises bare exceptions, and a panic in it is not even an Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise KnowledgeBaseError(
            f"the engine cannot work with {path}: {error}. If the disk is full, make room; otherwise go back "
            "to an earlier generation, or ingest again into a new folder."
        ) from error


def _config(dimension: int | None) -> edge.EdgeConfig:
    return edge.EdgeConfig(
        vectors=None if dimension is None else {DENSE: _dense_params(dimension)},
        sparse_vectors={SPARSE: edge.EdgeSparseVectorParams()},
        # No graph, and no vectors in 8 bits for a first look. The scan of 50,000 vectors takes four
        # milliseconds and is exact. Eight bits save half of that, but the engine throws their pages out of
        # the cache on closing, so that every opening waits for the disk.
        hnsw_config=edge.HnswIndexConfig(m=0, ef_construct=4, full_scan_threshold=_EVERYTHING),
        optimizers=edge.EdgeOptimizersConfig(indexing_threshold=_COMPACT_KB, default_segment_number=2),
        # One segment holds nearly everything, and more threads would only wake one another.
        max_search_threads=1,
        # Otherwise the engine empties the cache of payloads, and the first hundred queries wait for the disk.
        payload_memory=edge.Memory.Cached,
        wal_enabled=False,
    )


def _dense_params(dimension: int) -> edge.EdgeVectorParams:
    return edge.EdgeVectorParams(
        size=dimension, distance=edge.Distance.Cosine, datatype=edge.VectorStorageDatatype.Float16
    )


def _point(point: Point) -> edge.Point:
    vector: Any = {} if point.vector is None else {DENSE: point.vector.tolist()}
    return edge.Point(point.id, vector, dict(point.payload))


def _sparse(terms: Terms) -> edge.SparseVector:
    return edge.SparseVector(list(terms.ids), list(terms.weights))


def _request(request: Nearest) -> edge.QueryRequest:
    query = request.query
    leg = (
        edge.Query.Nearest(_sparse(query), using=SPARSE)
        if isinstance(query, Terms)
        else edge.Query.Nearest(query.tolist(), using=DENSE)
    )
    return edge.QueryRequest(
        limit=request.limit,
        query=leg,
        filter=_filter(request.conditions, request.only),
        with_payload=False,
    )


def _filter(conditions: Sequence[Condition], only: Collection[int] | None = None) -> edge.Filter | None:
    must: list[Any] = [_match(name, values) for name, values in conditions]
    if only is not None:
        must.append(edge.HasIdCondition(set(only)))
    return edge.Filter(must=must) if must else None


def _match(name: str, values: Sequence[str]) -> edge.FieldCondition:
    if len(values) == 1:  # twice as fast as a list of one
        return edge.FieldCondition(name, match=edge.MatchValue(values[0]))
    return edge.FieldCondition(name, match=edge.MatchAny(list(values)))


def _stored(record: edge.Record) -> Stored:
    sparse = cast("Any", record.vector or {}).get(SPARSE)
    payload = record.payload or {}
    return Stored(
        cast("int", record.id),
        payload[LENGTH],
        Terms(sparse.indices, sparse.values) if sparse else Terms((), ()),
    )
