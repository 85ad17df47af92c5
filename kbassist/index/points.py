"""The few things that a vector engine is asked to do, so that one reader and one writer serve them all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from kbassist.index.records import Condition
from kbassist.protocols import Vector

DENSE = "dense"
SPARSE = "bm25"


@dataclass(frozen=True, slots=True)
class Terms:
    """A sparse vector: term ids and what each weighs."""

    ids: Sequence[int]
    weights: Sequence[float]


@dataclass(frozen=True, slots=True)
class Point:
    """A passage as it goes in. Its terms follow when the weights are known."""

    id: int
    vector: Vector | None
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """What is kept of a passage for BM25. `length` counts terms."""

    id: int
    length: int
    terms: Terms


Scored = tuple[int, float]
"""The id of a point found, and its score."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The best `limit` points by dot product with `query` that meet all `conditions` and, when `only` is
    given, are named in it. Sparse queries find only what shares a term.
    """

    query: Terms | Vector
    limit: int
    conditions: Sequence[Condition] = field(default=())
    only: Collection[int] | None = None


class Points(Protocol):
    """One generation in an engine."""

    def upsert(self, points: Sequence[Point]) -> None:
        """Replaces a point of the same id as a whole, its terms too."""
        ...

    def set_terms(self, terms: Mapping[int, Terms]) -> None: ...

    def delete(self, ids: Sequence[int]) -> None: ...

    def nearest(self, requests: Sequence[Nearest]) -> list[list[Scored]]:
        """One list a request, best first, equal scores in any order."""
        ...

    def payloads(self, ids: Sequence[int]) -> list[tuple[int, Mapping[str, Any]]]:
        """Group and entry of those that exist, in any order."""
        ...

    def vectors(self, ids: Sequence[int]) -> dict[int, Vector]:
        """Of those that exist and have one."""
        ...

    def terms(self, ids: Sequence[int]) -> list[Stored]:
        """Of those that exist, in any order; empty where a passage has none, or none yet."""
        ...

    def scroll(self) -> Iterator[list[Stored]]:
        """All points, batch by batch. A batch may be written to while it is held."""
        ...

    def count(self, conditions: Sequence[Condition]) -> int: ...

    def groups(self) -> list[str]:
        """The different values of the payload's group."""
        ...

    def flush(self) -> None:
        """Everything written is durable afterwards."""
        ...

    def close(self) -> None: ...
