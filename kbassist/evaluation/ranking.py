"""How good a ranking is: nDCG, recall, precision, reciprocal rank.

The conventions are those of trec_eval: the gain of a document is its grade (linear, not 2^grade - 1),
the discount at rank r is log2(r + 1), a document is relevant from grade 1 up, and the mean is over
the queries of the qrels. A query that the run leaves out scores 0; a query without a single relevant
document has no defined score and is left out.

In a run of scores, equal scores are ordered by document id, ascending.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from kbassist.errors import InvalidArgumentError

Qrels = Mapping[str, Mapping[str, int]]
"""Query id to document id to grade; 0 and absent are the same."""

Run = Mapping[str, Sequence[str] | Mapping[str, float]]
"""Query id to document ids, best first, or to the score of each document."""


def ndcg_per_query(qrels: Qrels, run: Run, k: int = 10) -> dict[str, float]:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002), 0..1, of each query."""

    def score(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
        best = sorted(grades.values(), reverse=True)
        return _dcg([grades.get(document, 0) for document in ranking[:k]]) / _dcg(best[:k])

    return _per_query(qrels, run, k, score)


def ndcg(qrels: Qrels, run: Run, k: int = 10) -> float:
    """Mean of `ndcg_per_query`."""
    return _mean(ndcg_per_query(qrels, run, k))


def recall_per_query(qrels: Qrels, run: Run, k: int) -> dict[str, float]:
    """Share of the relevant documents that stand among the first `k`."""
    return _per_query(
        qrels, run, k, lambda ranking, grades: sum(d in grades for d in ranking[:k]) / len(grades)
    )


def recall(qrels: Qrels, run: Run, k: int) -> float:
    """Mean of `recall_per_query`."""
    return _mean(recall_per_query(qrels, run, k))


def precision_per_query(qrels: Qrels, run: Run, k: int) -> dict[str, float]:
    """Share of the first `k` places that hold a relevant document; empty places count as misses."""
    return _per_query(qrels, run, k, lambda ranking, grades: sum(d in grades for d in ranking[:k]) / k)


def precision(qrels: Qrels, run: Run, k: int) -> float:
    """Mean of `precision_per_query`."""
    return _mean(precision_per_query(qrels, run, k))


def mrr_per_query(qrels: Qrels, run: Run, k: int = 10) -> dict[str, float]:
    """1 over the rank of the first relevant document; 0 where none is among the first `k`."""

    def score(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
        return next((1 / rank for rank, d in enumerate(ranking[:k], start=1) if d in grades), 0.0)

    return _per_query(qrels, run, k, score)


def mrr(qrels: Qrels, run: Run, k: int = 10) -> float:
    """Mean of `mrr_per_query`."""
    return _mean(mrr_per_query(qrels, run, k))


def _per_query(
    qrels: Qrels, run: Run, k: int, score: Callable[[Sequence[str], Mapping[str, int]], float]
) -> dict[str, float]:
    if k < 1:
        raise InvalidArgumentError(f"k is {k}: give the number of places to look at, 1 or more")
    scores = {}
    for query, judged in qrels.items():
        grades = {document: grade for document, grade in judged.items() if grade > 0}
        if grades:
            scores[query] = score(_ranking(query, run.get(query, ())), grades)
    if not scores:
        raise InvalidArgumentError(
            "the qrels name no relevant document, so nothing can be scored: "
            "give at least one query with a document of grade 1 or more"
        )
    return scores


def _ranking(query: str, ranked: Sequence[str] | Mapping[str, float]) -> Sequence[str]:
    if isinstance(ranked, Mapping):
        bad = [document for document, score in ranked.items() if math.isnan(score)]
        if bad:
            raise InvalidArgumentError(f"the score of {bad[0]!r} for query {query!r} is not a number")
        return sorted(ranked, key=lambda document: (-ranked[document], document))
    if isinstance(ranked, str):
        raise InvalidArgumentError(f"the run of query {query!r} is a string: give a list of document ids")
    if len(set(ranked)) != len(ranked):
        raise InvalidArgumentError(
            f"the run of query {query!r} names a document twice: keep only its best place"
        )
    return ranked


def _dcg(gains: Sequence[int]) -> float:
    return math.fsum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _mean(scores: Mapping[str, float]) -> float:
    return math.fsum(scores.values()) / len(scores)
