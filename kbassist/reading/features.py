"""What speaks for a unit of a passage as the answer to a question, in numbers.

Shares are of what the question's words weigh, by idf. None depends on other passages but `lead`, so that
units of different passages can be compared.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kbassist.protocols import Analyzer, Retrieval
from kbassist.reading.questions import AnswerType, expected_type, holds, topic
from kbassist.reading.units import Unit, units
from kbassist.text.analysis import fold
from kbassist.types import Hit

TYPES: tuple[AnswerType, ...] = (
    "contact",
    "money",
    "number",
    "time",
    "person",
    "place",
    "yes_no",
    "reason",
    "procedure",
)

BY_WORDS = (
    "own",
    "above",
    "before",
    "after",
    "pairs",
    "named",
    "missing",
    "new",
    "length",
    "opening",
    "lead",
    *(f"holds_{kind}" for kind in TYPES),
)
"""In the order of a row:

- `own`: the share in the unit; `above`: of the rest, in title, headings or the FAQ question above; `before`
  and `after`: of what is left then, in the neighbours
- `pairs`: the share of the question's neighbouring words that are neighbours here
- `named`: the share of its names and numbers in the unit or above; `missing`: the rarest term in neither
- `new`, `length`: logarithms of the words that the question does not have, and of all, a quarter each
- `opening`: 1 for the first unit of a passage, 1/2 for the second …
- `lead`: the hit's score less that of the best hit
- `holds_…`: 1 where the question asks for that type and the words that it does not have hold one
"""

_WORD = re.compile(r"\w+")
_NAMED = re.compile(r"[A-ZĄĆĘŁŃÓŚŹŻ]|\w*[0-9]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is read for: the terms of its topic with their idf, its words folded, its type."""

    terms: Mapping[str, float]
    total: float
    words: frozenset[str]
    neighbours: frozenset[tuple[str, str]]
    names: Mapping[str, frozenset[str]]
    kind: AnswerType

    @classmethod
    def of(cls, retrieval: Retrieval, analyzer: Analyzer) -> Asked:
        terms = topic(retrieval.terms, analyzer)
        words = _folded(retrieval.query)
        named = [
            match.group()
            for match in _WORD.finditer(retrieval.query)
            if match.start() and _NAMED.match(match.group())
        ]
        return cls(
            terms=terms,
            total=sum(terms.values()) or 1.0,
            words=frozenset(words),
            neighbours=frozenset(pairwise(words)),
            names={name: frozenset(analyzer(name)) for name in named},
            kind=expected_type(retrieval.query),
        )

    def share(self, terms: frozenset[str]) -> float:
        return sum(self.terms[term] for term in terms) / self.total


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit with the question's terms in it (`own`) and above it, and its features by name."""

    unit: Unit
    hit: Hit
    own: frozenset[str]
    above: frozenset[str]
    features: Mapping[str, float]


def candidates(asked: Asked, hits: Sequence[Hit], analyzer: Analyzer) -> list[Candidate]:
    """Every unit of the hits, in their order."""
    return [candidate for hit in hits for candidate in _of_hit(asked, hit, hits[0], analyzer)]


def _of_hit(asked: Asked, hit: Hit, best: Hit, analyzer: Analyzer) -> list[Candidate]:
    passage = hit.passage
    found = units(passage)
    headings = frozenset(analyzer(" ".join((passage.title, *passage.headings))))
    terms = [frozenset(analyzer(unit.text)) for unit in found]
    nothing: frozenset[str] = frozenset()
    made = []
    for place, unit in enumerate(found):
        over = headings | frozenset(analyzer(unit.asked)) if unit.asked else headings
        own = terms[place] & asked.terms.keys()
        above = (over & asked.terms.keys()) - own
        seen = own | above
        before = (terms[place - 1] if place else nothing) & asked.terms.keys() - seen
        after = (terms[place + 1] if place + 1 < len(found) else nothing) & asked.terms.keys() - seen - before
        made.append(
            Candidate(
                unit,
                hit,
                own,
                above,
                {
                    "own": asked.share(own),
                    "above": asked.share(above),
                    "before": asked.share(before),
                    "after": asked.share(after),
                    "named": _named(asked, terms[place] | over),
                    "missing": _missing(asked, seen),
                    "opening": 1 / (1 + unit.place),
                    "lead": hit.score - best.score,
                    **_by_form(asked, unit.text),
                },
            )
        )
    return made


def _named(asked: Asked, terms: frozenset[str]) -> float:
    if not asked.names:
        return 0.0
    return sum(not terms.isdisjoint(own) for own in asked.names.values()) / len(asked.names)


def _missing(asked: Asked, seen: frozenset[str]) -> float:
    rarest = max((idf for term, idf in asked.terms.items() if term not in seen), default=0.0)
    return rarest / max(asked.terms.values(), default=1.0) if rarest else 0.0


def _by_form(asked: Asked, text: str) -> dict[str, float]:
    words = _folded(text)
    new = sum(word not in asked.words for word in words)
    shared = len(asked.neighbours & set(pairwise(words)))
    found = {
        "pairs": shared / len(asked.neighbours) if asked.neighbours else 0.0,
        "new": math.log1p(new) / 4,
        "length": math.log1p(len(words)) / 4,
    }
    if asked.kind in TYPES and _answers(asked, text):
        found[f"holds_{asked.kind}"] = 1.0
    return found


def _answers(asked: Asked, text: str) -> bool:
    rest = _rest(asked, text)
    # "Co ile lat?" has the unit already, and "co pięć" is left of "co pięć lat".
    counted = asked.kind == "time" and holds(rest, "number") and holds(text, "time")
    return counted or holds(rest, asked.kind)


def _rest(asked: Asked, text: str) -> str:
    """The text without the question's words: what it says itself is no answer to it."""
    return _WORD.sub(lambda word: "" if fold(word[0].lower()) in asked.words else word[0], text)


def _folded(text: str) -> list[str]:
    return [fold(word.lower()) for word in _WORD.findall(text)]
