"""What the probability is computed from. Every feature lies in 0..1 or close to it."""

from __future__ import annotations

import math

from kbassist.protocols import Reading, Retrieval

FEATURES = (
    "lexical",
    "semantic",
    "score",
    "margin",
    "agreement",
    "length",
    "quote_coverage",
    "answer_coverage",
    "quote_semantic",
    "rarest_missing",
    "type_found",
    "quote_margin",
)
"""In the order of the calibrator's coefficients.

`lexical` and `semantic` are the best hit's parts on the fusion's fixed scales, `score` their sum;
`margin` is its lead over the best hit of another document; `agreement` is 1 when both legs put the
same passage first; `length` grows with the number of terms. The rest come from the reading.
"""


def features(retrieval: Retrieval, reading: Reading) -> dict[str, float]:
    """The features by name; all 0 when nothing was found."""
    if not retrieval.hits:
        return dict.fromkeys(FEATURES, 0.0)
    best = retrieval.hits[0]
    rival = next((hit for hit in retrieval.hits if hit.passage.document_id != best.passage.document_id), None)
    first = {
        leg: max(retrieval.hits, key=lambda hit: hit.parts.get(leg, 0.0)).passage.id
        for leg in ("lexical", "semantic")
    }
    found = {
        "lexical": best.parts.get("lexical", 0.0),
        "semantic": best.parts.get("semantic", 0.0),
        "score": best.score,
        "margin": best.score - rival.score if rival else best.score,
        "agreement": float(len(set(first.values())) == 1),
        "length": math.log1p(len(retrieval.terms)) / 4,
        **reading.features,
    }
    return {name: float(found.get(name, 0.0)) for name in FEATURES}
