"""Is a text that somebody else wrote supported by what was found?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kbassist.confidence.calibrator import level_of
from kbassist.protocols import Analyzer
from kbassist.text.sentences import sentences
from kbassist.text.values import find_values
from kbassist.types import Confidence, Hit

_CONTRADICTED = 0.1


def support(
    asked: Confidence,
    answer: str,
    hits: Sequence[Hit],
    idf: Mapping[str, float],
    analyzer: Analyzer,
) -> Confidence:
    """`asked`, the confidence in the question, lowered to what the best passages say of `answer`.

    Each sentence takes the share of its idf that the passage nearest to it covers, and the answer takes its
    weakest sentence (`support`). A duration, an amount, a percentage or a date that this passage does not
    state makes it `_CONTRADICTED` at most (`values_supported` is 0). The product is a bound, not a
    calibrated probability: `calibration` says so.
    """
    shares = [
        _sentence(answer[start:end], hits, idf, analyzer) for start, end in sentences(answer, "pl")
    ] or [(0.0, True)]
    covered = min(share for share, _ in shares)
    values = all(stated for _, stated in shares)
    probability = asked.probability * covered
    if not values:
        probability = min(probability, _CONTRADICTED)
    return replace(
        asked,
        probability=probability,
        level=level_of(probability),
        signals={**asked.signals, "support": covered, "values_supported": float(values)},
        calibration=f"{asked.calibration}, times support",
    )


def _sentence(
    text: str, hits: Sequence[Hit], idf: Mapping[str, float], analyzer: Analyzer
) -> tuple[float, bool]:
    """The share covered by the passage nearest to the sentence, and whether it states the same values."""
    terms = frozenset(analyzer(text))
    total = sum(idf.get(term, 0.0) for term in terms)
    if not hits or total == 0:
        return 0.0, True
    share, nearest = max(
        ((_mass(terms & frozenset(analyzer(_seen(hit))), idf) / total, hit) for hit in hits),
        key=lambda pair: pair[0],
    )
    lang = nearest.passage.lang
    stated = {
        (value.kind, value.unit, value.amount, value.upper) for value in find_values(_seen(nearest), lang)
    }
    claimed = {(value.kind, value.unit, value.amount, value.upper) for value in find_values(text, lang)}
    return share, claimed <= stated


def _seen(hit: Hit) -> str:
    return "\n".join((hit.passage.title, *hit.passage.headings, hit.passage.text))


def _mass(terms: frozenset[str], idf: Mapping[str, float]) -> float:
    return sum(idf.get(term, 0.0) for term in terms)
