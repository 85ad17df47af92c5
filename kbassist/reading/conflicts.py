"""Do the sources disagree on what was asked?

A conflict needs two sentences from different documents that both cover the question, that each state one
value of the same kind, and whose values differ. Sentences that list several values (a price table, a rule
with its exception) are left alone: what they disagree on cannot be told from their surface.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kbassist.protocols import Analyzer, Reading, Retrieval
from kbassist.reading.questions import topic
from kbassist.text.quotes import cite
from kbassist.text.sentences import sentences
from kbassist.text.values import Value, find_values
from kbassist.types import Claim, Conflict, Hit

REGULATION_FIRST = "regulation_before_page"

_KINDS = frozenset({"duration", "money", "percent"})
_COVERAGE = 0.6  # of the question's idf, by each sentence together with its headings
_PASSAGES = 5


@dataclass(frozen=True, slots=True)
class _Statement:
    hit: Hit
    span: tuple[int, int]
    value: Value

    @property
    def key(self) -> tuple[float, float]:
        return (self.value.amount, self.value.upper)


def find_conflict(retrieval: Retrieval, reading: Reading, analyzer: Analyzer) -> Conflict | None:
    """The conflict between the reading's first quote and other documents among the best hits.

    A regulation is above any other kind of document; where exactly one side is a regulation, its claim stands
    first and `resolution` is `REGULATION_FIRST`. Otherwise the conflict is unresolved.
    """
    if not reading.citations:
        return None
    quoted = reading.citations[0]
    own = next((hit for hit in retrieval.hits if hit.passage.id == quoted.passage_id), None)
    value = _single(quoted.quote, own.passage.lang) if own else None
    if own is None or value is None:
        return None
    span = (quoted.start - own.passage.start, quoted.end - own.passage.start)
    terms = topic(retrieval.terms, analyzer)
    mine = _Statement(own, span, value)
    others = [
        statement
        for hit in retrieval.hits[:_PASSAGES]
        if hit.passage.document_id != quoted.document_id
        for statement in _statements(hit, terms, analyzer)
        if (statement.value.kind, statement.value.unit) == (value.kind, value.unit)
    ]
    against = [statement for statement in others if statement.key != mine.key]
    if not against or not _covers(mine, terms, analyzer):
        return None
    return _conflict(value.kind, [mine, *_one_each(against)])


def _statements(hit: Hit, terms: Mapping[str, float], analyzer: Analyzer) -> list[_Statement]:
    passage = hit.passage
    found: list[_Statement] = []
    for start, end in sentences(passage.text, passage.lang):
        value = _single(passage.text[start:end], passage.lang)
        if value is None:
            continue
        statement = _Statement(hit, (start, end), value)
        if _covers(statement, terms, analyzer):
            found.append(statement)
    return found


def _single(text: str, lang: str) -> Value | None:
    """The value, when the sentence states exactly one of a kind that can conflict."""
    values = [value for value in find_values(text, lang) if value.kind in _KINDS]
    return values[0] if len(values) == 1 else None


def _covers(statement: _Statement, terms: Mapping[str, float], analyzer: Analyzer) -> bool:
    passage = statement.hit.passage
    start, end = statement.span
    seen = frozenset(analyzer(" ".join((passage.title, *passage.headings, passage.text[start:end]))))
    total = sum(terms.values())
    return total > 0 and sum(idf for term, idf in terms.items() if term in seen) >= _COVERAGE * total


def _one_each(statements: Sequence[_Statement]) -> list[_Statement]:
    """The first of every document."""
    return list({item.hit.passage.document_id: item for item in reversed(statements)}.values())[::-1]


def _conflict(kind: str, sides: list[_Statement]) -> Conflict:
    ranked = sorted(sides, key=lambda side: side.hit.passage.kind != "regulation")
    above = [side for side in ranked if side.hit.passage.kind == "regulation"]
    resolved = len({side.key for side in above}) == 1 and len(above) < len(ranked)
    return Conflict(
        kind=kind,
        claims=tuple(Claim(side.value.text, cite(side.hit.passage, *side.span)) for side in ranked),
        resolution=REGULATION_FIRST if resolved else None,
    )
