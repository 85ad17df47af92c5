"""What a user would pick instead, on the passages of a knowledge base: BM25 over plain words, vectors, and
reciprocal rank fusion of both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from kbassist.protocols import Matrix, Vector

_WORD = re.compile(r"\w+")

Floats = NDArray[np.float64]


def plain_words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


class PlainBm25:
    """`BM25Okapi` of rank-bm25 with its defaults, over lower-cased words.

    The weights are rank-bm25's own; they are kept by term, because its own scan of all passages for each
    term of a query would make a run ten times longer. Scores are equal to its `get_scores`.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        okapi = BM25Okapi([plain_words(text) for text in texts])
        lengths = okapi.k1 * (1 - okapi.b + okapi.b * np.array(okapi.doc_len) / okapi.avgdl)
        places: dict[str, list[int]] = {}
        counts: dict[str, list[int]] = {}
        for place, frequencies in enumerate(okapi.doc_freqs):
            for word, count in frequencies.items():
                places.setdefault(word, []).append(place)
                counts.setdefault(word, []).append(count)
        self._size = len(texts)
        self._postings: dict[str, tuple[NDArray[np.int64], Floats]] = {}
        for word, found in places.items():
            rows, times = np.array(found), np.array(counts[word], dtype=np.float64)
            weights = okapi.idf[word] * times * (okapi.k1 + 1) / (times + lengths[rows])
            self._postings[word] = rows, weights

    def scores(self, query: str) -> Floats:
        """Of every passage, in their order. A word that the query repeats counts each time."""
        total = np.zeros(self._size)
        for word in plain_words(query):
            if word in self._postings:
                rows, weights = self._postings[word]
                total[rows] += weights
        return total

    def search(self, query: str, k: int) -> list[int]:
        """Places of the best `k` passages, best first; none that shares no word with the query."""
        scores = self.scores(query)
        return [place for place in best(scores, k) if scores[place] > 0]


def nearest(vectors: Matrix, query: Vector, k: int) -> list[int]:
    """Places of the `k` vectors of highest cosine, best first."""
    return best(vectors @ query, k)


def best(scores: NDArray[np.floating], k: int) -> list[int]:
    """Places of the `k` highest scores, best first, equal ones in their order."""
    return [int(place) for place in np.argsort(-scores, kind="stable")[:k]]


def reciprocal_rank_fusion(rankings: Sequence[Sequence[int]], constant: int = 60) -> list[int]:
    """By the sum of 1 / (`constant` + rank), Cormack, Clarke and Büttcher 2009; equal ones in their order."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, place in enumerate(ranking, start=1):
            scores[place] = scores.get(place, 0.0) + 1 / (constant + rank)
    return sorted(scores, key=lambda place: (-scores[place], place))
