"""A collection of a Qdrant server as `Points`: translation only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, cast

import numpy as np
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ApiException

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

_BATCH = 250
_EVERYTHING = 1_000_000


class ServerPoints:
    """One collection. Every method raises `KnowledgeBaseError` when the server fails."""

    def __init__(self, client: QdrantClient, collection: str) -> None:
        self._client = client
        self._collection = collection

    @classmethod
    def create(cls, client: QdrantClient, collection: str, dimension: int | None) -> ServerPoints:
        with errors(collection):
            client.create_collection(
                collection,
                vectors_config={} if dimension is None else {DENSE: _dense_params(dimension)},
                sparse_vectors_config={SPARSE: models.SparseVectorParams()},
            )
            for name in KEYWORDS:
                client.create_payload_index(collection, name, models.PayloadSchemaType.KEYWORD, wait=True)
        return cls(client, collection)

    def copy_from(self, source: str) -> None:
        """Take over every point of another collection of the same shape."""
        offset: Any = None
        while True:
            with errors(source):
                found, offset = self._client.scroll(
                    source, limit=_BATCH, offset=offset, with_payload=True, with_vectors=True
                )
                points = [
                    models.PointStruct(id=each.id, vector=cast("Any", each.vector), payload=each.payload)
                    for each in found
                ]
                if points:
                    self._client.upsert(self._collection, points, wait=True)
            if offset is None:
                return

    def upsert(self, points: Sequence[Point]) -> None:
        for batch in _batches(points):
            with errors(self._collection):
                self._client.upsert(self._collection, [_point(point) for point in batch], wait=True)

    def set_terms(self, terms: Mapping[int, Terms]) -> None:
        for batch in _batches(terms.items()):
            vectors = [models.PointVectors(id=id_, vector={SPARSE: _sparse(each)}) for id_, each in batch]
            with errors(self._collection):
                self._client.update_vectors(self._collection, vectors, wait=True)

    def delete(self, ids: Sequence[int]) -> None:
        if ids:
            selector = models.PointIdsList(points=list(ids))
            with errors(self._collection):
                self._client.delete(self._collection, selector, wait=True)

    def nearest(self, requests: Sequence[Nearest]) -> list[list[Scored]]:
        with errors(self._collection):
            answers = self._client.query_batch_points(self._collection, [_request(each) for each in requests])
        return [[(cast("int", point.id), point.score) for point in answer.points] for answer in answers]

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
            with errors(self._collection):
                found, offset = self._client.scroll(
                    self._collection,
                    limit=_BATCH,
                    offset=offset,
                    with_payload=[LENGTH],
                    with_vectors=[SPARSE],
                )
            yield [_stored(record) for record in found]
            if offset is None:
                return

    def count(self, conditions: Sequence[Condition]) -> int:
        with errors(self._collection):
            return self._client.count(self._collection, count_filter=_filter(conditions), exact=True).count

    def groups(self) -> list[str]:
        with errors(self._collection):
            answer = self._client.facet(self._collection, GROUP, limit=_EVERYTHING, exact=True)
        return [str(hit.value) for hit in answer.hits]

    def flush(self) -> None:
        """Every write has waited for the server already."""

    def close(self) -> None:
        """The client belongs to the index."""

    def _retrieve(self, ids: Sequence[int], payload: list[str], vectors: list[str]) -> list[models.Record]:
        if not ids:
            return []
        with errors(self._collection):
            return self._client.retrieve(
                self._collection, list(ids), with_payload=payload, with_vectors=vectors
            )


@contextmanager
def errors(collection: str) -> Iterator[None]:
    """What the client raises, as `KnowledgeBaseError`."""
    try:
        yield
    except (ApiException, OSError, ValueError, RuntimeError) as error:
        raise KnowledgeBaseError(
            f"the Qdrant server failed on collection {collection!r}: {error}. See that it runs, that the URL "
            "and the key are right and, if the collection is gone, ingest again."
        ) from error


def _dense_params(dimension: int) -> models.VectorParams:
    return models.VectorParams(
        size=dimension, distance=models.Distance.COSINE, datatype=models.Datatype.FLOAT16
    )


def _point(point: Point) -> models.PointStruct:
    vector: Any = {} if point.vector is None else {DENSE: point.vector.tolist()}
    return models.PointStruct(id=point.id, vector=vector, payload=dict(point.payload))


def _sparse(terms: Terms) -> models.SparseVector:
    return models.SparseVector(indices=list(terms.ids), values=list(terms.weights))


def _request(request: Nearest) -> models.QueryRequest:
    query = request.query
    sparse = isinstance(query, Terms)
    return models.QueryRequest(
        query=_sparse(query) if isinstance(query, Terms) else query.tolist(),
        using=SPARSE if sparse else DENSE,
        limit=request.limit,
        filter=_filter(request.conditions, request.only),
        with_payload=False,
    )


def _filter(conditions: Sequence[Condition], only: Collection[int] | None = None) -> models.Filter | None:
    must: list[Any] = [
        models.FieldCondition(key=name, match=models.MatchAny(any=list(values)))
        for name, values in conditions
    ]
    if only is not None:
        must.append(models.HasIdCondition(has_id=list(only)))
    return models.Filter(must=must) if must else None


def _stored(record: models.Record) -> Stored:
    sparse = cast("Any", record.vector or {}).get(SPARSE)
    payload = record.payload or {}
    return Stored(
        cast("int", record.id),
        payload[LENGTH],
        Terms(sparse.indices, sparse.values) if sparse else Terms((), ()),
    )


def _batches(items: Collection[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch
