"""Room for more than one document among the first hits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from kbassist.types import Hit

REPEAT = 0.9


def spread(hits: Iterable[Hit]) -> list[Hit]:
    """Rank hits, given best first, anew: each further passage of a document keeps `REPEAT` of its score.

    Several passages of one document stay on top where they are clearly better than what others say, and do
    not crowd the others out elsewhere. nDCG@10 on statutes, whose long articles are cut into many passages:
    .905 without, .907 with .95, .908 with .9, no more below.
    """
    seen: Counter[str] = Counter()
    spread_out: list[Hit] = []
    for hit in hits:
        before = seen[hit.passage.document_id]
        seen[hit.passage.document_id] += 1
        spread_out.append(replace(hit, score=hit.score * REPEAT**before) if before else hit)
    return sorted(spread_out, key=lambda hit: (-hit.score, hit.passage.id))
