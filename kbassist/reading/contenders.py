"""The sentences that give a value and may answer, each with what speaks for its doing so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kbassist.protocols import Analyzer, Reading, Retrieval
from kbassist.reading.choice import scored
from kbassist.reading.features import Asked, Candidate, candidates
from kbassist.reading.given import Given, given
from kbassist.reading.units import Unit
from kbassist.text.clauses import NO_STATEMENT, ORDER
from kbassist.types import Passage

_PASSAGES = 5  # read, as by the reader
_LIKELIEST = 40  # sentences whose values are read, by words
_OWN = ("own", "above", "before", "after", "new", "length")
GIVES: Mapping[str, frozenset[str]] = {
    "time": frozenset({"duration", "date", "hour"}),
    "money": frozenset({"money", "percent"}),
    "number": frozenset({"number", "percent", "money", "duration"}),
    "person": frozenset(),
    "place": frozenset(),
    "reason": frozenset(),
}
"""What a question of each type asks for; nothing where no value answers. Others may ask for any."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A sentence that gives values and may answer. `features` say how likely it does; `terms` are its own but
    for the values.
    """

    candidate: Candidate
    values: Sequence[Given]
    features: Mapping[str, float]
    terms: frozenset[str]

    @property
    def passage(self) -> Passage:
        return self.candidate.unit.passage

    @property
    def covers(self) -> frozenset[str]:
        """The terms of the question in it or above it."""
        return self.candidate.own | self.candidate.above


def titled(passage: Passage) -> str:
    """What stands over all of the passage."""
    return " – ".join(dict.fromkeys((passage.title, *passage.headings)))


def contenders(
    asked: Asked,
    retrieval: Retrieval,
    reading: Reading,
    analyzer: Analyzer,
    words: Mapping[str, float],
) -> list[Contender]:
    """The sentences of the best passages that give a value, the likeliest first. `words` are the weights that
    reading gives to words alone.
    """
    hits = [hit for hit in retrieval.hits if hit.passage.text.strip()][:_PASSAGES]
    ranked = scored(candidates(asked, hits, analyzer), words)
    places = {hit.passage.id: place for place, hit in enumerate(hits)}
    inside: dict[str, frozenset[str]] = defaultdict(frozenset)
    for each in ranked:
        inside[each.candidate.hit.passage.id] |= each.candidate.own | each.candidate.above
    found = []
    for each in ranked[:_LIKELIEST]:
        unit = each.candidate.unit
        passage = unit.passage
        values = given(unit.text, passage.lang)
        if not values or NO_STATEMENT.search(unit.text) or ORDER.search(unit.text):
            continue
        features = {
            **{name: each.candidate.features[name] for name in _OWN},
            "behind": each.score - ranked[0].score,
            "passage": asked.share(inside[passage.id]),
            "hit": each.candidate.hit.score,
            "place": places[passage.id],
            "gives": any(value.kind in GIVES.get(asked.kind, ()) for value in values),
            "quoted": _is_quoted(unit, reading),
        }
        terms = frozenset(analyzer(_without(values, unit.text)))
        found.append(Contender(each.candidate, values, features, terms))
    return found


def _without(values: Sequence[Given], text: str) -> str:
    """The text with blanks for what it gives."""
    left = list(text)
    for value in values:
        left[value.start : value.end] = " " * (value.end - value.start)
    return "".join(left)


def _is_quoted(unit: Unit, reading: Reading) -> bool:
    quote = reading.citations[0] if reading.citations else None
    return quote is not None and quote.passage_id == unit.passage.id and unit.text in quote.quote
