"""Which units answer: a learned weighted sum, then as few of the best as are needed.

The weights were found by maximising the log-probability that a softmax over the units of the best passages
gives to those that hold the answer (ListNet's top-one loss; Cao et al., "Learning to rank: from pairwise
approach to listwise approach", ICML 2007), by `benchmarks/reading.py`, which prints what they gain on
questions that they were not fitted to. So a score is a logit, and a difference of scores a ratio of
probabilities.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from kbassist.reading.features import Asked, Candidate
from kbassist.reading.units import Unit, units

_HOPELESS = 0.05  # of the odds of the likeliest: half the sentences, and no question is answered worse
_LIKELY = 0.6
_POSSIBLE = 0.1
_ADDS = 0.25  # of what the question's words weigh
_LONGEST_STEPS = 800  # characters of steps that are quoted together
_EXCEPTION = re.compile(
    r"(?:(?:powyższ\w+|ten|ta|to|zwrot|zasada|prawo)?\s?(?:\w+\s){0,3}nie (?:dotyczy|obowiązuje|obejmuje"
    r"|podlega)|wyj[ąa]t(?:ek|k)\w*|z wyj[ąa]tkiem|chyba [żz]e|jednak\w*|natomiast"
    r"|(?:this|that|the above|it)?\s?(?:does|do) not apply|except\w*|unless|however|with the exception)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\(?\d{1,2}[.)]\s|(?:krok|step)\s\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadingWeights:
    """Weights by feature: by words alone, and with what a model makes of the sentences."""

    words: Mapping[str, float]
    vectors: Mapping[str, float]
    tokens: Mapping[str, float]

    @classmethod
    def bundled(cls) -> ReadingWeights:
        """What is shipped, in `weights.json`."""
        stored = json.loads(files("kbassist.reading").joinpath("weights.json").read_text(encoding="utf-8"))
        return cls(stored["words"], stored["vectors"], stored["tokens"])


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its score and its share of the probability among those it was compared with."""

    candidate: Candidate
    score: float
    probability: float


def scored(candidates: Sequence[Candidate], weights: Mapping[str, float]) -> list[Scored]:
    """Best first; equal ones in the order given."""
    scores = [
        sum(weight * candidate.features.get(name, 0.0) for name, weight in weights.items())
        for candidate in candidates
    ]
    highest = max(scores, default=0.0)
    odds = [math.exp(score - highest) for score in scores]
    total = sum(odds)
    ranked = sorted(range(len(scores)), key=lambda place: -scores[place])
    return [Scored(candidates[place], scores[place], odds[place] / total) for place in ranked]


def promising(ranked: Sequence[Scored], most: int) -> list[Candidate]:
    """The first `most`, without those that words make so unlikely that a model need not look at them."""
    return [each.candidate for each in ranked[:most] if each.probability >= _HOPELESS * ranked[0].probability]


def choose(asked: Asked, ranked: Sequence[Scored], *, quotes: int) -> list[Unit]:
    """The best unit, and what belongs to it: at most `quotes`, those of one passage in its order.

    A numbered step brings the other steps when a way to do something is asked for, a rule the exception right
    after it. Another unit joins where it adds to what is covered, or is nearly as likely.
    """
    best = ranked[0].candidate
    chosen = [_steps(best.unit) if asked.kind == "procedure" else best.unit]
    covered = best.own | best.above
    exception = _exception(best.unit)
    if exception is not None and quotes > 1:
        chosen.append(exception)
    for rival in ranked[1:]:
        if len(chosen) >= quotes:
            break
        candidate = rival.candidate
        odds = rival.probability / ranked[0].probability
        seen = candidate.own | candidate.above
        adds = asked.share(seen - covered)
        if odds < _LIKELY and (odds < _POSSIBLE or adds < _ADDS):
            continue
        if any(_repeats(candidate.unit, other) for other in chosen):
            continue
        chosen.append(candidate.unit)
        covered |= seen
    rank = {unit.passage.id: place for place, unit in reversed(list(enumerate(chosen)))}
    return sorted(chosen, key=lambda unit: (rank[unit.passage.id], unit.start))


def _steps(unit: Unit) -> Unit:
    """From the first numbered step around the unit to the last, where it is a step of a short list."""
    if not _NUMBERED.match(unit.text):
        return unit
    around = units(unit.passage)
    first = last = around.index(unit)
    while first > 0 and _NUMBERED.match(around[first - 1].text):
        first -= 1
    while last + 1 < len(around) and _NUMBERED.match(around[last + 1].text):
        last += 1
    start, end = around[first].start, around[last].end
    return unit if end - start > _LONGEST_STEPS else Unit(unit.passage, start, end, around[first].place)


def _exception(unit: Unit) -> Unit | None:
    following = next((other for other in units(unit.passage) if other.place == unit.place + 1), None)
    return following if following and _EXCEPTION.match(following.text) else None


def _repeats(one: Unit, other: Unit) -> bool:
    """Whether both give the same words, or overlap where they stand."""
    return one.text.split() == other.text.split() or (
        one.passage.document_id == other.passage.document_id
        and one.passage.start + one.start < other.passage.start + other.end
        and other.passage.start + other.start < one.passage.start + one.end
    )
