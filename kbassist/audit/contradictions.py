"""Sources that disagree: the same subject, different values.

Precision before recall. Two sentences are compared only when all their words that carry meaning are the
same, up to inflection and word families, under the same conditions, in documents that hold today for the
same people. What the words do not tell apart, the titles may: two product pages differ in their warranty
without disagreeing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations, product

from kbassist.audit.claims import Claim, claims
from kbassist.audit.material import AuditInput, Citations, finding, name_of
from kbassist.audit.subjects import Subjects
from kbassist.text.values import Value
from kbassist.types import Document, Finding

CHECK = "contradictions"

# One word is enough of a subject for these: a shop has one rule for them.
_RULES = frozenset({"return", "withdraw", "refund", "terminate"})
_MOST_VALUES = 3  # a subject with more is an attribute of many things, such as a price
_PER_VALUE = 20
_DAY = 24 * 60


def contradictions(material: AuditInput) -> list[Finding]:
    """One finding for each subject, with every claim that takes part. Documents in force only."""
    subjects = Subjects(material.analyze)
    documents = material.in_force()
    groups: dict[object, list[Claim]] = defaultdict(list)
    for document in documents:
        for claim in claims(document, subjects):
            single = len(claim.subject) == 1
            if not single or claim.subject <= _RULES:
                key = (claim.value.kind, claim.subject, claim.conditions, single and claim.takes_time)
                groups[key].append(claim)

    scopes = _Scopes(documents, subjects)
    citations = Citations.of(material.entries)
    found = []
    for group in groups.values():
        taking_part = _taking_part(group, scopes)
        if taking_part:
            found.append(_finding(material, taking_part, citations))
    return found


def _taking_part(group: list[Claim], scopes: _Scopes) -> list[Claim]:
    # One claim for each document and value.
    distinct = list({(claim.document.id, _stated(claim)): claim for claim in reversed(group)}.values())[::-1]
    if len(distinct) > len({claim.document.id for claim in distinct}):
        return []  # a document gives both values, so something that is not seen here tells them apart
    by_value: dict[object, list[Claim]] = defaultdict(list)
    for claim in distinct:
        by_value[_stated(claim)].append(claim)
    if len(by_value) > _MOST_VALUES:
        return []
    guilty: set[str] = set()
    for some, others in combinations(by_value.values(), 2):
        for first, second in product(some[:_PER_VALUE], others[:_PER_VALUE]):
            comparable = _comparable(first.document, second.document) and not scopes.differ(first, second)
            if comparable and _disagree(first, second):
                guilty |= {first.document.id, second.document.id}
    return [claim for claim in distinct if claim.document.id in guilty]


def _stated(claim: Claim) -> tuple[float, float, str]:
    return claim.value.amount, claim.value.upper, claim.value.unit


def _comparable(one: Document, other: Document) -> bool:
    return not one.audience.isdisjoint(other.audience) and (one.lang or "pl") == (other.lang or "pl")


class _Scopes:
    """What titles say about whom or what their pages hold for."""

    def __init__(self, documents: Iterable[Document], subjects: Subjects) -> None:
        self._subjects = subjects
        self._titles = {document.id: subjects.scope(document.title) for document in documents}
        seen = Counter(key for scope in self._titles.values() for key in scope)
        # A word in most titles is the company's name.
        self._common = {key for key, n in seen.items() if n > 2 and 2 * n > len(self._titles)}
        self._words: dict[str, frozenset[str]] = {}

    def differ(self, first: Claim, second: Claim) -> bool:
        """Whether each title names something that the other page does not know of, or one of them
        narrows the subject itself down ("Dostawa do Niemiec").
        """
        of_first = self._own(first.document, second.document) - first.subject
        of_second = self._own(second.document, first.document) - second.subject
        if of_first and of_second:
            return True
        return self._narrows(first, of_first) or self._narrows(second, of_second)

    def _own(self, document: Document, other: Document) -> frozenset[str]:
        scope = self._titles[document.id] - self._common
        return scope - self._known(other) if scope else scope

    def _narrows(self, claim: Claim, scope: frozenset[str]) -> bool:
        return bool(scope) and not claim.subject.isdisjoint(self._subjects.keys(claim.document.title))

    def _known(self, document: Document) -> frozenset[str]:
        if document.id not in self._words:
            self._words[document.id] = frozenset(self._subjects.keys(f"{document.title} {document.text}"))
        return self._words[document.id]


def _disagree(first: Claim, second: Claim) -> bool:
    if first.value.kind == "money" and first.value.unit != second.value.unit:
        return False
    one, other = _interval(first.value, second.value), _interval(second.value, first.value)
    if first.bound != second.bound:
        return _bound_broken(first, one, other) or _bound_broken(second, other, one)
    # A range agrees with whatever lies inside it.
    return not (_inside(one, other) or _inside(other, one))


def _bound_broken(claim: Claim, own: tuple[float, float], other: tuple[float, float]) -> bool:
    if claim.bound == "at least":
        return other[1] < own[0]
    return claim.bound == "at most" and other[0] > own[1]


def _inside(inner: tuple[float, float], outer: tuple[float, float]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _interval(value: Value, against: Value) -> tuple[float, float]:
    """Lowest and highest; in minutes where the units differ, because a month has 28 to 31 days."""
    if value.unit == against.unit:
        return value.amount, value.upper
    low, high = value.amount, value.upper
    if value.unit == "minute":
        return low, high
    if value.unit == "workday":
        # Weekends, and a few days off.
        return low * _DAY, (high * 7 / 5 + 4) * _DAY
    if value.unit == "month":
        return low * 28 * _DAY, high * 31 * _DAY
    return low * _DAY, high * _DAY


def _finding(material: AuditInput, group: list[Claim], citations: Citations) -> Finding:
    values: dict[str, list[str]] = defaultdict(list)
    for claim in group:
        values[claim.value.text].append(name_of(claim.document))
    told = "; ".join(f"„{value}” ({', '.join(sorted(set(names)))})" for value, names in values.items())
    return finding(
        CHECK,
        "error",
        (claim.document.id for claim in group),
        material.say(f"Źródła podają różne wartości: {told}.", f"Sources give different values: {told}."),
        material.say(
            "Ustal, która wartość obowiązuje, i popraw albo wycofaj pozostałe.",
            "Decide which value holds, and correct or retire the others.",
        ),
        values=(f"{c.value.kind} {c.value.amount} {c.value.upper} {c.value.unit}" for c in group),
        citations=(citations.at(claim.document, claim.start, claim.end) for claim in group),
    )
