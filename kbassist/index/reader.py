"""Search in one generation: two legs, one set of candidates, exact scores of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from kbassist.index.bm25 import TermStatistics, term_id, term_weights
from kbassist.index.points import Nearest, Points, Scored, Terms
from kbassist.index.records import Group, conditions, from_payload, point_id
from kbassist.protocols import Candidate, Manifest, QueryTerms, Vector
from kbassist.types import IndexEntry, PassageFilter

_FILTERS_KEPT = 64
_ENTRIES_KEPT = 10_000
"""Some 20 MB. Who searches while typing meets the same passages again and again."""
_EQUAL = 1e-6
"""Scores closer than this, relative to a score above 1, are equal."""


class PointsReader:
    """An `IndexReader` over any `Points`."""

    def __init__(self, points: Points, statistics: TermStatistics, manifest: Manifest) -> None:
        self._points = points
        self._statistics = statistics
        self._manifest = manifest
        self._kept: dict[int, IndexEntry] = {}
        groups = points.groups()
        self._group = {key: Group.from_key(key) for key in groups}.__getitem__
        self._conditions = lru_cache(_FILTERS_KEPT)(lambda where: conditions(where, groups))

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    def search(
        self, terms: QueryTerms, vector: Vector | None, where: PassageFilter, k: int
    ) -> list[Candidate]:
        asked = self._conditions(where)
        legs = [leg for leg in (self._query(terms), self._dense(vector)) if leg is not None]
        if asked is None or k < 1 or not legs:
            return []
        # One more than asked for shows whether the last place is shared.
        requests = [Nearest(leg, k + 1, asked) for leg in legs]
        best = [
            self._best(request, found, k)
            for request, found in zip(requests, self._points.nearest(requests), strict=True)
        ]
        self._complete(legs, best)
        entries = self._entries({id_ for known in best for id_ in known})
        return _candidates(legs, best, entries)

    def idf(self, terms: Sequence[str]) -> list[float]:
        return self._statistics.idf([term_id(term) for term in terms])

    def entries(self, passage_ids: Sequence[str]) -> list[IndexEntry]:
        ids = [point_id(passage_id) for passage_id in passage_ids]
        found = self._entries(ids)
        return [found[id_] for id_ in ids if id_ in found]

    def vectors(self, passage_ids: Sequence[str]) -> dict[str, Vector]:
        if self._manifest.dimension is None:
            return {}
        names = {point_id(passage_id): passage_id for passage_id in passage_ids}
        found = self._points.vectors(list(names))
        return {names[id_]: _unit(vector) for id_, vector in found.items()}

    def count(self, where: PassageFilter) -> int:
        asked = self._conditions(where)
        if asked is None:
            return 0
        return self._points.count(asked) if asked else self._manifest.passages

    def close(self) -> None:
        self._points.close()

    def _query(self, terms: QueryTerms) -> Terms | None:
        weighed = {term_id(term): weight for term, weight in term_weights(terms).items()}
        ids = sorted(weighed)
        known = [id_ for id_, holding in zip(ids, self._statistics.holding(ids), strict=True) if holding]
        # The engine's own IDF modifier would count the points of deleted passages too.
        rarity = self._statistics.idf(known)
        weights = [weighed[id_] * idf for id_, idf in zip(known, rarity, strict=True)]
        return Terms(known, weights) if known else None

    def _dense(self, vector: Vector | None) -> Vector | None:
        return None if self._manifest.dimension is None else vector

    def _entries(self, ids: Iterable[int]) -> dict[int, IndexEntry]:
        kept = self._kept
        found = {id_: kept.get(id_) for id_ in ids}
        for id_, payload in self._points.payloads([id_ for id_, entry in found.items() if entry is None]):
            found[id_] = kept[id_] = from_payload(payload, self._group)
        if len(kept) > _ENTRIES_KEPT:
            self._kept = {}
        return {id_: entry for id_, entry in found.items() if entry is not None}

    def _best(self, request: Nearest, found: list[Scored], k: int) -> dict[int, float]:
        """The first `k`; where equal scores share the last place, those with the lowest passage ids."""
        if len(found) <= k:
            return dict(found)
        last = found[k - 1][1]
        # The same passage twice may differ in the last bit, by where it stood in the engine's sums.
        margin = _EQUAL * max(1.0, abs(last))
        while len(found) == request.limit and found[-1][1] >= last - margin:
            request = replace(request, limit=request.limit * 4)
            found = self._points.nearest([request])[0]
        if found[k][1] < last - margin:
            return dict(found[:k])
        better = {id_: score for id_, score in found if score > last + margin}
        shared = {id_: score for id_, score in found if abs(score - last) <= margin}
        entries = self._entries(shared)
        order = sorted(shared, key=lambda id_: entries[id_].passage.id)
        return better | {id_: shared[id_] for id_ in order[: k - len(better)]}

    def _complete(self, legs: Sequence[Terms | Vector], best: Sequence[dict[int, float]]) -> None:
        """Ask each leg for what only the other one has found."""
        union = set().union(*best)
        missing = [union - known.keys() for known in best]
        asked = [
            (known, Nearest(leg, len(ids), only=ids))
            for leg, known, ids in zip(legs, best, missing, strict=True)
            if ids
        ]
        found = self._points.nearest([request for _, request in asked]) if asked else []
        for (known, _), points in zip(asked, found, strict=True):
            known.update(points)


def _candidates(
    legs: Sequence[Terms | Vector], scores: Sequence[Mapping[int, float]], entries: Mapping[int, IndexEntry]
) -> list[Candidate]:
    bm25: dict[int, float] = {}
    dense: dict[int, float] = {}
    for leg, known in zip(legs, scores, strict=True):
        (bm25 if isinstance(leg, Terms) else dense).update(known)
    return [
        Candidate(entry, bm25.get(id_, 0.0), dense.get(id_))
        for id_, entry in sorted(entries.items(), key=lambda item: item[1].passage.id)
    ]


def _unit(vector: Vector) -> Vector:
    """Stored in half precision, the norm is 1 only to three digits."""
    norm = np.linalg.norm(vector)
    return vector if norm == 0 else np.asarray(vector / norm, np.float32)
