"""Search in one generation: two legs, one set of candidates, exact scores of both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from uuid import UUID

import numpy as np

from kbassist.index.bm25 import TermStatistics, term_id
from kbassist.index.points import Nearest, Points, Scored, Terms
from kbassist.index.records import Condition, conditions, from_payload, point_id
from kbassist.protocols import Candidate, Manifest, Vector
from kbassist.types import IndexEntry, PassageFilter

_FILTERS_KEPT = 64


class PointsReader:
    """An `IndexReader` over any `Points`."""

    def __init__(self, points: Points, statistics: TermStatistics, manifest: Manifest) -> None:
        self._points = points
        self._statistics = statistics
        self._manifest = manifest
        self._visibilities = points.visibilities()
        self._conditions = lru_cache(_FILTERS_KEPT)(self._conditions_of)

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    def search(
        self, terms: Sequence[str], vector: Vector | None, where: PassageFilter, k: int
    ) -> list[Candidate]:
        asked = self._conditions(where)
        legs = [leg for leg in (self._query(terms), self._dense(vector)) if leg is not None]
        if asked is None or k < 1 or not legs:
            return []
        # One more than asked for shows whether the last place is shared.
        requests = [Nearest(leg, k + 1, asked, payload=True) for leg in legs]
        best = [
            self._best(request, found, k)
            for request, found in zip(requests, self._points.nearest(requests), strict=True)
        ]
        entries = {id_: entry for leg in best for id_, (_, entry) in leg.items()}
        scores = [{id_: score for id_, (score, _) in leg.items()} for leg in best]
        self._complete(legs, scores, entries)
        return _candidates(legs, scores, entries, has_vectors=self._manifest.dimension is not None)

    def idf(self, terms: Sequence[str]) -> list[float]:
        return self._statistics.idf([term_id(term) for term in terms])

    def entries(self, passage_ids: Sequence[str]) -> list[IndexEntry]:
        ids = [point_id(passage_id) for passage_id in passage_ids]
        found = {point.id: from_payload(point.payload) for point in self._points.retrieve(ids)}
        return [found[id_] for id_ in ids if id_ in found]

    def vectors(self, passage_ids: Sequence[str]) -> dict[str, Vector]:
        names = {point_id(passage_id): passage_id for passage_id in passage_ids}
        found = self._points.retrieve(list(names), vector=True)
        return {names[point.id]: _unit(point.vector) for point in found if point.vector is not None}

    def count(self, where: PassageFilter) -> int:
        asked = self._conditions(where)
        if asked is None:
            return 0
        return self._points.count(asked) if asked else self._manifest.passages

    def close(self) -> None:
        self._points.close()

    def _conditions_of(self, where: PassageFilter) -> tuple[Condition, ...] | None:
        asked = conditions(where, self._visibilities)
        return None if asked is None else tuple(asked)

    def _query(self, terms: Sequence[str]) -> Terms | None:
        ids = sorted({term_id(term) for term in terms})
        known = [id_ for id_, holding in zip(ids, self._statistics.holding(ids), strict=True) if holding]
        # The engine's own IDF modifier would count the points of deleted passages too.
        return Terms(known, self._statistics.idf(known)) if known else None

    def _dense(self, vector: Vector | None) -> Vector | None:
        return None if self._manifest.dimension is None else vector

    def _best(self, request: Nearest, found: list[Scored], k: int) -> dict[UUID, tuple[float, IndexEntry]]:
        """The first `k`, equal scores by passage id."""
        limit = request.limit
        while len(found) == limit and found[-1].score == found[k - 1].score:
            limit *= 4
            wider = Nearest(request.query, limit, request.conditions, payload=True)
            found = self._points.nearest([wider])[0]
        rows = [(point.id, point.score, from_payload(point.payload or {})) for point in found]
        rows.sort(key=lambda row: (-row[1], row[2].passage.id))
        return {id_: (score, entry) for id_, score, entry in rows[:k]}

    def _complete(
        self, legs: Sequence[Terms | Vector], scores: Sequence[dict[UUID, float]], ids: Iterable[UUID]
    ) -> None:
        """Ask each leg for what only the other one has found."""
        everything = set(ids)
        missing = [everything - known.keys() for known in scores]
        requests = [Nearest(leg, len(ids), only=ids) for leg, ids in zip(legs, missing, strict=True) if ids]
        places = [place for place, ids in enumerate(missing) if ids]
        for place, found in zip(places, self._points.nearest(requests) if requests else [], strict=True):
            scores[place].update((point.id, point.score) for point in found)


def _candidates(
    legs: Sequence[Terms | Vector],
    scores: Sequence[dict[UUID, float]],
    entries: dict[UUID, IndexEntry],
    *,
    has_vectors: bool,
) -> list[Candidate]:
    bm25: dict[UUID, float] = {}
    dense: dict[UUID, float] = {}
    for leg, known in zip(legs, scores, strict=True):
        (bm25 if isinstance(leg, Terms) else dense).update(known)
    return [
        Candidate(entry, bm25.get(id_, 0.0), dense.get(id_) if has_vectors else None)
        for id_, entry in sorted(entries.items(), key=lambda item: item[1].passage.id)
    ]


def _unit(vector: Vector) -> Vector:
    """Stored in half precision, the norm is 1 only to three digits."""
    norm = np.linalg.norm(vector)
    return vector if norm == 0 else np.asarray(vector / norm, np.float32)
