"""Qdrant Edge as `Points`: translation only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import qdrant_edge as edge

from kbassist.errors import KnowledgeBaseError
from kbassist.index.points import DENSE, SPARSE, Nearest, Point, Scored, Stored, Terms
from kbassist.index.records import ENTRY, GROUP, KEYWORDS, LENGTH, Condition

_PAGE = 1_000
_EVERYTHING = 2**31
_CURE = "Go back to an earlier generation, or ingest again into a new folder."


class EdgePoints:
    """One open shard. The engine holds the interpreter lock, so threads take turns by themselves."""

    def __init__(self, shard: edge.EdgeShard) -> None:
        self._shard = shard

    @classmethod
    def create(cls, path: Path, dimension: int | None) -> EdgePoints:
        path.mkdir()
        dense = None if dimension is None else {DENSE: _dense_params(dimension)}
        config = edge.EdgeConfig(
            vectors=dense, sparse_vectors={SPARSE: edge.EdgeSparseVectorParams()}, wal_enabled=False
        )
        shard = edge.EdgeShard.create(str(path), config)
        for name in KEYWORDS:
            shard.update(edge.UpdateOperation.create_field_index(name, edge.KeywordIndexParams()))
        return cls(shard)

    @classmethod
    def open(cls, path: Path) -> EdgePoints:
        try:
            return cls(edge.EdgeShard.load(str(path)))
        except BaseException as error:
            # A panic in the engine arrives as a BaseException that is not an Exception.
            if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
                raise
            raise KnowledgeBaseError(f"{path} cannot be opened: {error}. {_CURE}") from error

    def upsert(self, points: Sequence[Point]) -> None:
        if points:
            self._shard.update(edge.UpdateOperation.upsert_points([_point(point) for point in points]))

    def set_terms(self, terms: Mapping[int, Terms]) -> None:
        if terms:
            vectors = [edge.PointVectors(id_, {SPARSE: _sparse(each)}) for id_, each in terms.items()]
            self._shard.update(edge.UpdateOperation.update_vectors(vectors))

    def delete(self, ids: Sequence[int]) -> None:
        if ids:
            self._shard.update(edge.UpdateOperation.delete_points(list(ids)))

    def nearest(self, requests: Sequence[Nearest]) -> list[list[Scored]]:
        batch = edge.QueryBatchRequest([_request(request) for request in requests])
        return [
            [(cast(int, point.id), point.score) for point in found]
            for found in self._shard.query_batch(batch)
        ]

    def retrieve(self, ids: Sequence[int], *, vector: bool = False, terms: bool = False) -> list[Stored]:
        if not ids:
            return []
        found = self._shard.retrieve(
            list(ids), with_payload=_fields(vector, terms), with_vector=_vectors(vector, terms)
        )
        return [_stored(record) for record in found]

    def scroll(self, *, vector: bool = False, terms: bool = False) -> Iterator[list[Stored]]:
        offset: Any = None
        while True:
            request = edge.ScrollRequest(
                offset=offset,
                limit=_PAGE,
                with_payload=_fields(vector, terms),
                with_vector=_vectors(vector, terms),
            )
            found, offset = self._shard.scroll(request)
            yield [_stored(record) for record in found]
            if offset is None:
                return

    def count(self, conditions: Sequence[Condition]) -> int:
        return self._shard.count(edge.CountRequest(exact=True, filter=_filter(conditions)))

    def groups(self) -> list[str]:
        hits = self._shard.facet(edge.FacetRequest(GROUP, limit=_EVERYTHING, exact=True)).hits
        return [str(hit.value) for hit in hits]

    def flush(self) -> None:
        self._shard.flush()

    def close(self) -> None:
        self._shard.close()


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
    if len(values) == 1:
        return edge.FieldCondition(name, match=edge.MatchValue(values[0]))
    return edge.FieldCondition(name, match=edge.MatchAny(list(values)))


def _fields(vector: bool, terms: bool) -> list[str] | bool:
    """Whoever wants the terms wants their number; whoever wants neither wants the entry."""
    return [LENGTH] if terms else False if vector else [ENTRY, GROUP]


def _vectors(vector: bool, terms: bool) -> list[str]:
    return [name for name, wanted in ((DENSE, vector), (SPARSE, terms)) if wanted]


def _stored(record: edge.Record) -> Stored:
    vectors: Any = record.vector or {}
    dense, sparse = vectors.get(DENSE), vectors.get(SPARSE)
    return Stored(
        cast(int, record.id),
        record.payload or {},
        None if dense is None else np.asarray(dense, np.float32),
        None if sparse is None else Terms(sparse.indices, sparse.values),
    )
