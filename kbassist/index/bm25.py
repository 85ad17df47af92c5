"""BM25 as sparse vectors: term ids, weights, and the statistics of one generation.

Score of a passage = Σ idf(t) · weight(t, passage) over the distinct terms of the query, with
Robertson's weight `tf·(k1+1) / (tf + k1·(1-b+b·length/average))` and Lucene's never negative
`idf = ln(1 + (N-n+0.5)/(n+0.5))` (Kamphuis et al., "Which BM25 Do You Mean?", ECIR 2020).
"""

from __future__ import annotations

import io
import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kbassist.protocols import QueryTerms

K1 = 0.9
B = 0.75
LENGTH_GRID = 1.05
"""Ratio of neighbouring points on the grid of average lengths. See `average_on_grid`."""


def term_id(term: str) -> int:
    """An unsigned 32-bit id. Two of 200,000 terms share one about five times in all."""
    return zlib.crc32(term.encode("utf-8", "surrogatepass"))


def term_frequencies(terms: Iterable[str]) -> dict[int, int]:
    """How often each term id occurs."""
    frequencies: dict[int, int] = {}
    for term, count in Counter(terms).items():
        key = term_id(term)
        frequencies[key] = frequencies.get(key, 0) + count
    return frequencies


def term_weights(terms: QueryTerms) -> dict[str, float]:
    """Each distinct term with its weight, 1 where none is given."""
    return dict(terms) if isinstance(terms, Mapping) else dict.fromkeys(terms, 1.0)


def weights(frequencies: Iterable[int], length: int, average: float) -> list[float]:
    """The part of BM25 that belongs to the passage, one weight a term. Lengths count terms."""
    norm = K1 * (1 - B + B * length / average)
    return [count * (K1 + 1) / (count + norm) for count in frequencies]


def frequencies_from_weights(values: Sequence[float], length: int, average: float) -> list[int]:
    """Undo `weights`. Single-precision weights give the whole numbers back up to some thousands."""
    norm = K1 * (1 - B + B * length / average)
    return [round(value * norm / (K1 + 1 - value)) for value in values]


def average_on_grid(passages: int, length: int) -> float:
    """The average length that the weights use: the true one, moved to the nearest point of a geometric grid.

    The weight of every term of every passage depends on the average length, so one new passage would
    change them all. On a grid they change only when the average has drifted by some per cent, and
    since the grid point depends on the corpus alone, an index that has grown has the same weights as
    one built at once.
    """
    if not passages or not length:
        return 1.0
    return float(LENGTH_GRID ** round(math.log(length / passages, LENGTH_GRID)))


def idf(passages: int, holding: int) -> float:
    """`ln(1 + (N - n + 0.5) / (n + 0.5))`."""
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


@dataclass(frozen=True, slots=True, eq=False)
class TermStatistics:
    """What BM25 knows of a generation: `ids` ascending, and in how many passages each occurs."""

    passages: int
    length: int
    ids: NDArray[np.uint32]
    counts: NDArray[np.uint32]

    @classmethod
    def empty(cls) -> TermStatistics:
        nothing = np.zeros(0, np.uint32)
        return cls(0, 0, nothing, nothing)

    @property
    def average_length(self) -> float:
        """Terms a passage, on the grid."""
        return average_on_grid(self.passages, self.length)

    def holding(self, ids: Sequence[int]) -> list[int]:
        """In how many passages each term occurs."""
        if not len(self.ids):
            return [0] * len(ids)
        wanted = np.asarray(ids, np.uint32)
        place = np.minimum(np.searchsorted(self.ids, wanted), len(self.ids) - 1)
        found: list[int] = np.where(self.ids[place] == wanted, self.counts[place], 0).tolist()
        return found

    def idf(self, ids: Sequence[int]) -> list[float]:
        counts = self.holding(ids)
        # Of the thousand terms that a typing error may stand for, nearly all are held nowhere.
        values = {count: idf(self.passages, count) for count in set(counts)}
        return [values[count] for count in counts]

    def to_bytes(self) -> bytes:
        """A NumPy `.npz`."""
        buffer = io.BytesIO()
        totals = np.array([self.passages, self.length], np.int64)
        np.savez(buffer, totals=totals, ids=self.ids, counts=self.counts)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> TermStatistics:
        """Raises `ValueError` for anything that `to_bytes` has not written."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                totals, ids, counts = arrays["totals"], arrays["ids"], arrays["counts"]
        except Exception as error:  # whatever NumPy and zipfile make of bytes that they have not written
            raise ValueError(f"not term statistics: {error}") from error
        if totals.shape != (2,) or ids.ndim != 1 or ids.shape != counts.shape:
            raise ValueError("not term statistics: arrays of another shape")
        return cls(int(totals[0]), int(totals[1]), ids.astype(np.uint32), counts.astype(np.uint32))


class TermChanges:
    """Passages added and removed since some `TermStatistics`."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._passages = 0
        self._length = 0

    def add(self, frequencies: Mapping[int, int]) -> None:
        self._counts.update(frequencies.keys())
        self._passages += 1
        self._length += sum(frequencies.values())

    def remove(self, ids: Iterable[int], length: int) -> None:
        self._counts.subtract(iter(ids))  # of a mapping it would take the values
        self._passages -= 1
        self._length -= length

    def applied_to(self, base: TermStatistics) -> TermStatistics:
        changed = len(self._counts)
        ids = np.concatenate([base.ids, np.fromiter(self._counts.keys(), np.uint32, changed)])
        counts = np.concatenate([base.counts, np.fromiter(self._counts.values(), np.int64, changed)])
        unique, place = np.unique(ids, return_inverse=True)
        totals = np.bincount(place, weights=counts, minlength=len(unique)).astype(np.int64)
        alive = totals > 0
        return TermStatistics(
            base.passages + self._passages,
            base.length + self._length,
            unique[alive],
            totals[alive].astype(np.uint32),
        )
