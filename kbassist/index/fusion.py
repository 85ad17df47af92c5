"""One score out of two: a convex sum of the legs, each on a fixed scale.

Fixed, because scales taken from the candidates (min–max, ranks) make the score of a passage depend on
what else was found: the best of a bad lot would look as good as a sure hit, and no confidence could be
read from it. The sum and its bounds follow Bruch, Gai and Ingber, "An Analysis of Fusion Functions for
Hybrid Retrieval", ACM TOIS 2023. It chooses the candidates that are looked at closely (`rescoring`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kbassist.errors import InvalidArgumentError
from kbassist.index.bm25 import K1
from kbassist.protocols import Candidate
from kbassist.types import Hit


@dataclass(frozen=True, slots=True)
class Fusion:
    """`weight` is the share of BM25, 0..1. A cosine of `dense_floor` counts 0, `dense_span` above it 1.

    The cosines of E5 models lie close together and high, so floor and span belong to the model.
    """

    weight: float = 0.6
    dense_floor: float = 0.74
    dense_span: float = 0.26

    def __post_init__(self) -> None:
        if not 0 <= self.weight <= 1:
            raise InvalidArgumentError(f"fusion weight {self.weight}: must be in 0..1")
        if self.dense_span <= 0:
            raise InvalidArgumentError(f"dense span {self.dense_span}: must be above 0")

    def semantic(self, cosine: float) -> float:
        """The cosine on the common scale, 0..1."""
        return min(max((cosine - self.dense_floor) / self.dense_span, 0.0), 1.0)


USUAL_SEMANTIC, WITH_LEXICAL = 0.30, 0.20
"""What a passage without a vector is taken to have on the scale of `Fusion.semantic`: the first, and the
second times its `lexical`. The line through what BM25 finds (`benchmarks/rescoring.py`)."""


def fuse(
    candidates: Sequence[Candidate], *, weight: float, hybrid: bool, fusion: Fusion | None = None
) -> list[Hit]:
    """Hits with scores in 0..1, best first, equal scores by passage id.

    `weight` is Σ idf · weight of the query's terms; with it BM25 is scaled by the most that a passage could
    score, `(k1+1)·weight`. `hybrid` tells that the query has a vector: a passage without one then counts
    as if it had the cosine that passages like it have. A leg that had nothing to go on (no terms, no
    vector) leaves everything to the other. `Hit.parts` holds `bm25` and `dense` (the cosine) as they came,
    and `lexical` and `semantic` on the common scale; without a vector there is no `dense`.
    """
    parameters = fusion or Fusion()
    ceiling = (K1 + 1) * weight
    hits = [_hit(candidate, ceiling, hybrid, parameters) for candidate in candidates]
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))


def _hit(candidate: Candidate, ceiling: float, hybrid: bool, fusion: Fusion) -> Hit:
    lexical = min(candidate.bm25 / ceiling, 1.0) if ceiling > 0 else 0.0
    parts = {"bm25": candidate.bm25, "lexical": lexical}
    if not hybrid:
        return Hit(candidate.entry.passage, lexical, parts)
    if candidate.dense is None:
        parts["semantic"] = USUAL_SEMANTIC + WITH_LEXICAL * lexical
    else:
        parts |= {"dense": candidate.dense, "semantic": fusion.semantic(candidate.dense)}
    weight = fusion.weight if ceiling > 0 else 0.0
    return Hit(candidate.entry.passage, weight * lexical + (1 - weight) * parts["semantic"], parts)
