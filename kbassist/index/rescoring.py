"""A closer look at the best candidates: a weighted sum of what speaks for each.

The weights are not negative and their sum is 1, so the score stays in 0..1 on a scale that depends on nothing
else that was found, and each part of it can be told (`explain`). They were found by coordinate ascent on nDCG
(Metzler and Croft, "Linear feature-based models for information retrieval", Information Retrieval 2007) by
`benchmarks/rescoring.py`, which prints what they gain on questions and collections they were not fitted to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

from kbassist.errors import InvalidArgumentError
from kbassist.index.features import WORD_FEATURES, QueryWords, word_features
from kbassist.types import Hit

FEATURES = ("lexical", "semantic", *WORD_FEATURES)
"""Names in `Hit.parts`, each in 0..1."""
RESCORED = 20
"""Candidates looked at. nDCG@10 with 20 / 30 / 50 / 100: PoQuAD .8845 / .8845 / .8856 / .8856, a
help centre .7151 / .7150 / .7160 / .7159, statutes and SQuAD the same with all."""


@dataclass(frozen=True, slots=True)
class Rescoring:
    """Weights by the name of the feature: with vectors, and without them."""

    hybrid: Mapping[str, float]
    lexical: Mapping[str, float]

    def __post_init__(self) -> None:
        for weights in (self.hybrid, self.lexical):
            if unknown := sorted(weights.keys() - set(FEATURES)):
                raise InvalidArgumentError(f"there is no feature {unknown[0]!r}: {', '.join(FEATURES)}")
            if min(weights.values(), default=0.0) < 0 or abs(sum(weights.values()) - 1) > 1e-6:
                raise InvalidArgumentError(f"weights {dict(weights)}: none may be negative, their sum is 1")

    @classmethod
    def bundled(cls) -> Rescoring:
        """What is shipped, in `rescoring.json`."""
        stored = json.loads(files("kbassist.index").joinpath("rescoring.json").read_text(encoding="utf-8"))
        return cls(stored["hybrid"], stored["lexical"])


def rescored(hits: Sequence[Hit], asked: QueryWords, weights: Mapping[str, float]) -> list[Hit]:
    """`hits` best first, with every feature in their parts, equal scores by passage id.

    A query without words is left to its vector.
    """
    if asked.total <= 0:
        return list(hits)
    found = []
    for hit in hits:
        parts = {**hit.parts, **word_features(asked, hit.passage)}
        score = sum(weight * parts[name] for name, weight in weights.items())
        found.append(replace(hit, score=score, parts=parts))
    return sorted(found, key=lambda hit: (-hit.score, hit.passage.id))
