"""What a reading says about its own chances: numbers that the confidence is computed from."""

from __future__ import annotations

from collections.abc import Sequence

from kbassist.reading.choice import Scored
from kbassist.reading.features import TYPES, Asked


def evidence(asked: Asked, ranked: Sequence[Scored]) -> dict[str, float]:
    """Of the best unit, if not said otherwise:

    - `quote_coverage`: the share of the question in it; `answer_coverage`: in it or above it
    - `rarest_missing`: the rarest term in neither; `names_found`: the share of names and numbers in either
    - `neighbours_found`: the share of the question's neighbouring words that are neighbours in it
    - `type_found`: 1 where it holds the type asked for, 0 where not, .5 where none is asked for
    - `quote_match`: how near its tokens are to the question's; `weakest_match`: the fifth that is farthest;
      `best_match`: the nearest of all units that were compared
    - `met_anywhere`: how near the fifth of the question's tokens that is farthest is to any of them
    - `opening`: how early it stands in its passage; `asked_…`: 1 where that type is asked for and held
    - `quote_share`: its probability among them; `quote_margin`: its lead over the best of another passage
    """
    best = ranked[0]
    features = best.candidate.features
    elsewhere = next((each for each in ranked if each.candidate.hit is not best.candidate.hit), None)
    typed = asked.kind in TYPES and asked.kind != "yes_no"
    return {
        "quote_coverage": features["own"],
        "answer_coverage": features["own"] + features["above"],
        "rarest_missing": features["missing"],
        "names_found": features["named"] if asked.names else 0.5,
        "neighbours_found": features["pairs"],
        "type_found": features.get(f"holds_{asked.kind}", 0.0) if typed else 0.5,
        "quote_match": features.get("match", 0.0),
        "weakest_match": features.get("weakest", 0.0),
        "best_match": max(each.candidate.features.get("match", 0.0) for each in ranked),
        "met_anywhere": features.get("anywhere", 0.0),
        "opening": features["opening"],
        **{f"asked_{kind}": features.get(f"holds_{kind}", 0.0) for kind in TYPES},
        "quote_share": best.probability,
        "quote_margin": min(1.0, (best.score - elsewhere.score) / 4) if elsewhere else 1.0,
    }
