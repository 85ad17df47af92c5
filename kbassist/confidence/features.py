"""What the probability is computed from. Every feature lies in 0..1 or close to it."""

from __future__ import annotations

import math

from kbassist.protocols import Reading, Retrieval

_OF_RETRIEVAL = (
    "lexical",
    "semantic",
    "score",
    "margin",
    "agreement",
    "length",
    "coverage",
    "together",
    "names",
    "best_lexical",
    "best_semantic",
    "best_names",
)
_OF_READING = (
    "quote_coverage",
    "answer_coverage",
    "rarest_missing",
    "names_found",
    "neighbours_found",
    "type_found",
    "quote_match",
    "weakest_match",
    "best_match",
    "met_anywhere",
    "quote_share",
    "quote_margin",
    "opening",
    "asked_contact",
    "asked_money",
    "asked_number",
    "asked_time",
    "asked_person",
    "asked_place",
    "asked_yes_no",
    "asked_reason",
    "asked_procedure",
)
FEATURES = _OF_RETRIEVAL + _OF_READING
"""In the order of the calibrator's coefficients.

`lexical`, `semantic`, `coverage`, `together` and `names` are parts of the best hit, `score` is its score;
`best_lexical`, `best_semantic` and `best_names` are the highest of any hit; `margin` is its lead over the
best hit of another document; `agreement` is 1 when both legs put the same passage first; `length` grows with
the number of terms. The rest come from the reading (`kbassist.reading.evidence`).
"""


def features(retrieval: Retrieval, reading: Reading) -> dict[str, float]:
    """The features by name; all 0 when nothing was found."""
    if not retrieval.hits:
        return dict.fromkeys(FEATURES, 0.0)
    hits = retrieval.hits
    best = hits[0]
    rival = next((hit for hit in hits if hit.passage.document_id != best.passage.document_id), None)
    first = {leg: max(hits, key=lambda hit: hit.parts.get(leg, 0.0)) for leg in ("lexical", "semantic")}
    found = {
        **{name: best.parts.get(name, 0.0) for name in _OF_RETRIEVAL},
        "score": best.score,
        "margin": best.score - rival.score if rival else best.score,
        "agreement": float(first["lexical"].passage.id == first["semantic"].passage.id),
        "length": math.log1p(len(retrieval.terms)) / 4,
        "best_lexical": first["lexical"].parts.get("lexical", 0.0),
        "best_semantic": first["semantic"].parts.get("semantic", 0.0),
        "best_names": max(hit.parts.get("names", 0.0) for hit in hits),
        **reading.features,
    }
    return {name: float(found.get(name, 0.0)) for name in FEATURES}
