"""One score out of two: a convex sum of the legs, each on a fixed scale.

Fixed, because scales taken from the candidates (min–max, ranks) make the score of a passage depend on
what else was found: the best of a bad lot would look as good as a sure hit, and no confidence could be
read from it. The sum and its bounds follow Bruch, Gai and Ingber, "An Analysis of Fusion Functions for
Hybrid Retrieval", ACM TOIS 2023.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def fuse(
    candidates: Sequence[Candidate], *, idf: Mapping[str, float], fusion: Fusion | None = None
) -> list[Hit]:
    """Hits with scores in 0..1, best first, equal scores by passage id.

    `idf` has each distinct term of the query; with it BM25 is scaled by the most that a passage could
    score, `(k1+1)·Σ idf`. A leg that had nothing to go on (no terms, no vectors) leaves the whole weight
    to the other. `Hit.parts` holds `bm25` and `dense` (the cosine) as they came, and `lexical` and
    `semantic` on the common scale; without vectors there is neither `dense` nor `semantic`.
    """
    parameters = fusion or Fusion()
    ceiling = (K1 + 1) * sum(idf.values())
    hits = [_hit(candidate, ceiling, parameters) for candidate in candidates]
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))


def _hit(candidate: Candidate, ceiling: float, fusion: Fusion) -> Hit:
    lexical = candidate.bm25 / ceiling if ceiling > 0 else 0.0
    if candidate.dense is None:
        return Hit(candidate.entry.passage, lexical, {"bm25": candidate.bm25, "lexical": lexical})
    semantic = min(max((candidate.dense - fusion.dense_floor) / fusion.dense_span, 0.0), 1.0)
    weight = fusion.weight if ceiling > 0 else 0.0
    parts = {
        "bm25": candidate.bm25,
        "lexical": lexical,
        "dense": candidate.dense,
        "semantic": semantic,
    }
    return Hit(candidate.entry.passage, weight * lexical + (1 - weight) * semantic, parts)
