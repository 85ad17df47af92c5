"""Sources that disagree: the same subject, different values, or yes and no.

Precision before recall. Two statements are compared by `kbassist.text.disagreement`, as in answering,
when their documents hold today for the same people. What the words do not tell apart, the titles may: two
product pages differ in their warranty without disagreeing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kbassist.audit.material import AuditInput, Citations, finding, name_of
from kbassist.text.disagreement import compare, contradict
from kbassist.text.scope import Page, by_titles
from kbassist.text.statements import Statement, statements
from kbassist.text.subjects import Subjects, beginning, unmatched
from kbassist.types import Document, Finding

CHECK = "contradictions"

# One word is enough of a subject for these: a shop has one rule for them.
_RULES = frozenset({"return", "withdraw", "refund", "terminate", "ship", "repair", "complain", "cod"})
_MOST_VALUES = 3  # a subject with more is an attribute of many things, such as a price
_PER_VALUE = 20


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement and where it stands; its `start` and `end` are offsets in the document."""

    document: Document
    statement: Statement
    page: Page

    @property
    def told(self) -> str:
        """The value in a form that stays when the text around it is worded anew."""
        statement = self.statement
        if statement.value is None:
            return f"{statement.kind} {statement.stance or statement.aspect}"
        return f"{statement.kind} {statement.low} {statement.high} {statement.value.unit}"


def contradictions(material: AuditInput) -> list[Finding]:
    """One finding for each group of statements that contradict one another. Documents in force only."""
    subjects = Subjects(material.analyze)
    said = [
        item
        for document in material.in_force()
        for item in _said(document, subjects)
        if _has_a_subject(item.statement)
    ]
    groups = _connected(_pairs(said, subjects))
    citations = Citations.of(material.entries)
    return [
        _finding(material, group, citations)
        for group in groups
        if len({item.statement.given for item in group}) <= _MOST_VALUES
    ]


def _said(document: Document, subjects: Subjects) -> Iterator[_Said]:
    lang = document.lang or "pl"
    everything = _keys_of(document, subjects)
    for start, end, title in _sections(document):
        above = frozenset(subjects.keys(title))
        page = Page(title, everything)
        for found in statements(document.text[start:end], lang, subjects, above):
            yield _Said(document, _moved(found, start), page)


def _sections(document: Document) -> Iterator[tuple[int, int, str]]:
    """The parts of a document under one heading, each with the title and that heading."""
    headings = [anchor for anchor in document.anchors if anchor.kind == "heading"]
    cuts = sorted({0, *(anchor.start for anchor in headings)})
    labels = {anchor.start: anchor.label for anchor in headings}
    for start, end in zip(cuts, [*cuts[1:], len(document.text)], strict=True):
        yield start, end, " – ".join(dict.fromkeys(filter(None, (document.title, labels.get(start, "")))))


def _moved(statement: Statement, by: int) -> Statement:
    return replace(statement, start=statement.start + by, end=statement.end + by)


def _keys_of(document: Document, subjects: Subjects) -> Callable[[], frozenset[str]]:
    known: list[frozenset[str]] = []

    def keys() -> frozenset[str]:
        if not known:
            known.append(frozenset(subjects.keys(f"{document.title} {document.text}")))
        return known[0]

    return keys


def _has_a_subject(statement: Statement) -> bool:
    if not statement.subject:
        return False
    return len(statement.subject | statement.above) >= 2 or bool(_RULES & statement.subject)


def _pairs(said: Sequence[_Said], subjects: Subjects) -> Iterator[tuple[_Said, _Said]]:
    """Those that contradict each other, of different documents that do not contradict themselves."""
    by_content: dict[tuple[object, ...], list[_Said]] = defaultdict(list)
    for item in said:
        by_content[_content(item)].append(item)
    contents = list(by_content.values())
    found: list[tuple[_Said, _Said]] = []
    wavering: set[int] = set()
    for one, other in _candidates(contents, subjects):
        mine, theirs = contents[one], contents[other]
        first, second = mine[0].statement, theirs[0].statement
        if not contradict(first, second) or compare(first, second, subjects).relation == "different":
            continue
        for left in mine[:_PER_VALUE]:
            for right in theirs[:_PER_VALUE]:
                if not _comparable(left.document, right.document) or not _same(left, right, subjects):
                    continue
                if left.document.id == right.document.id:
                    wavering |= {id(left), id(right)}
                else:
                    found.append((left, right))
    # A document that gives both values has something that is not seen here to tell them apart.
    return ((left, right) for left, right in found if not wavering & {id(left), id(right)})


def _content(item: _Said) -> tuple[object, ...]:
    statement = item.statement
    return (
        statement.given,
        statement.subject,
        statement.conditions,
        statement.bound,
        statement.aspect,
        statement.per,
        statement.net,
        statement.statutory,
        statement.lists,
    )


def _candidates(contents: Sequence[Sequence[_Said]], subjects: Subjects) -> Iterator[tuple[int, int]]:
    """Places of contents that may be about the same: the rarest word of one is in the other."""
    with_word: dict[tuple[str, str], list[int]] = defaultdict(list)
    words: list[list[tuple[str, str]]] = []
    for place, items in enumerate(contents):
        statement = items[0].statement
        for key in statement.subject:
            with_word[statement.kind, beginning(key)].append(place)
        told = sorted(key for key in statement.subject if not subjects.is_light(key)) or sorted(
            statement.subject
        )
        words.append([(statement.kind, beginning(key)) for key in told])
    seen: set[tuple[int, int]] = set()
    for place, own in enumerate(words):
        rarest = min(own, key=lambda word: len(with_word[word]))
        for other in with_word[rarest]:
            pair = (min(place, other), max(place, other))
            if place != other and pair not in seen:
                seen.add(pair)
                yield pair


def _same(one: _Said, other: _Said, subjects: Subjects) -> bool:
    first, second = one.statement, other.statement
    comparison = compare(first, second, subjects)
    if by_titles(comparison, first, second, (one.page, other.page), subjects).relation != "same":
        return False
    only_first, only_second = (
        unmatched(mine.subject, theirs.subject) for mine, theirs in ((first, second), (second, first))
    )
    if first.stance is not None and not _flatly_opposed(first, second, only_first | only_second, subjects):
        return False
    told = (first.subject | first.above) & (second.subject | second.above) & (first.subject | second.subject)
    told |= first.subject - only_first
    return len(told) >= 2 or bool(told & _RULES and first.stance is None)


def _flatly_opposed(first: Statement, second: Statement, extra: frozenset[str], subjects: Subjects) -> bool:
    """Nobody asked, so every word may tell apart what is allowed and what is not."""
    if first.conditions and second.conditions:
        return False
    if {first.stance, second.stance} & {"is", "is not"}:
        return not (extra or first.conditions or second.conditions)
    listed = frozenset(key for statement in (first, second) for keys in statement.lists for key in keys)
    return all(subjects.is_light(key) for key in extra - listed)


def _comparable(one: Document, other: Document) -> bool:
    return not one.audience.isdisjoint(other.audience) and (one.lang or "pl") == (other.lang or "pl")


def _connected(pairs: Iterable[tuple[_Said, _Said]]) -> list[list[_Said]]:
    """Groups of statements that are linked by a contradiction; one of a document and value in each."""
    groups: list[dict[int, _Said]] = []
    for one, other in pairs:
        joined = {id(one): one, id(other): other}
        apart = []
        for group in groups:
            if joined.keys() & group.keys():
                joined = group | joined
            else:
                apart.append(group)
        groups = [*apart, joined]
    return [
        list({(item.document.id, item.statement.given): item for item in reversed(group.values())}.values())[
            ::-1
        ]
        for group in groups
    ]


def _finding(material: AuditInput, group: list[_Said], citations: Citations) -> Finding:
    values: dict[str, list[str]] = defaultdict(list)
    for item in group:
        values[item.statement.says].append(name_of(item.document))
    told = "; ".join(f"„{value}” ({', '.join(sorted(set(names)))})" for value, names in values.items())
    return finding(
        CHECK,
        "error",
        (item.document.id for item in group),
        material.say(f"Źródła podają różne wartości: {told}.", f"Sources give different values: {told}.")
        if group[0].statement.stance is None
        else material.say(f"Źródła przeczą sobie: {told}.", f"Sources contradict each other: {told}."),
        material.say(
            "Ustal, która wartość obowiązuje, i popraw albo wycofaj pozostałe.",
            "Decide which value holds, and correct or retire the others.",
        ),
        values=(item.told for item in group),
        citations=(citations.at(item.document, item.statement.start, item.statement.end) for item in group),
    )
