"""Do the sources disagree on what was asked, and which of them is right?

Statements of different documents are compared that bear on the question and give the kind of thing that it
asks for. Two that are about the same and cannot both be right are a conflict; `kbassist.reading.precedence`
may tell which of them to answer with. Where one of them speaks of a part only, and the question names that
part, the narrower one answers. What pages say in words of their own is weighed where rules see nothing
(`kbassist.reading.contradictions`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from kbassist.protocols import Analyzer, Reading, Retrieval
from kbassist.reading.contenders import GIVES, Contender, titled
from kbassist.reading.contradictions import Contradiction, Contradictions
from kbassist.reading.given import Given
from kbassist.reading.precedence import NARROWER_SCOPE, SOURCE_ORDER
from kbassist.reading.questions import expected_type
from kbassist.reading.sides import Documents, Side, Weighing, conflict
from kbassist.reading.topics import Sentence, Topic
from kbassist.text.disagreement import Comparison, compare, contradict
from kbassist.text.scope import Page, by_titles
from kbassist.text.statements import Statement, statements, worth_reading
from kbassist.text.subjects import Subjects, akin
from kbassist.text.validity import holds_on
from kbassist.types import Conflict, Hit

_TRIED = 48
_SENTENCES = 12  # looked into at most: those that cover most of the question by themselves
_YES_OR_NO = re.compile(
    r"^\W*(?:czy|is|are|do|does|can|could|may|will|would|should|must|have|has)\b", re.IGNORECASE
)
_DOUBTFUL = 0.015
"""Below it two values do not contradict each other, whatever rules make of their words: one in seven of their
false alarms in `benchmarks/companies.py`, and none of what they find in `benchmarks/conflicts.py`."""
_STANCES = frozenset({"permission", "requirement"})
_ANY = frozenset({"duration", "money", "percent", "date", "permission", "requirement"})


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement, its hit, and whether it is in what was read as the answer.

    `covers` is False for one that leaves out a part of the question which may be its scope.
    """

    hit: Hit
    statement: Statement
    quoted: bool
    holds: bool
    covers: bool
    page: Page

    @property
    def side(self) -> Side:
        statement = self.statement
        return Side(
            self.hit,
            statement.kind,
            statement.says,
            statement.given,
            statement.start,
            statement.end,
            self.holds,
        )


@dataclass(frozen=True, slots=True)
class _Pair:
    one: _Said
    other: _Said
    comparison: Comparison

    @property
    def is_stance(self) -> bool:
        return self.one.statement.stance is not None


class ConflictFinder:
    """Finds where the hits of a question contradict one another. Safe to use from several threads."""

    def __init__(
        self,
        analyzer: Analyzer,
        documents: Documents | None = None,
        source_order: Sequence[str] = SOURCE_ORDER,
    ) -> None:
        """`documents` tells dates and validity; without it only titles, addresses and texts of passages do.

        `source_order` names sorts of sources, highest first (`kbassist.reading.precedence.SOURCES`). Raises
        `InvalidArgumentError` for a sort unknown.
        """
        self._analyzer = analyzer
        self._subjects = Subjects(analyzer)
        self._weighing = Weighing(documents, source_order)
        self._contradictions = Contradictions(analyzer)

    def find(self, retrieval: Retrieval, reading: Reading, today: date | None = None) -> Conflict | None:
        """The conflict between the hits about what was asked, None where there is none.

        `today` is the day on which a source has to be in force. The claims begin with those of the winner
        where `resolution` names the rule that decided, and otherwise with what was read as the answer or is
        likelier to answer.
        """
        if not reading.citations:
            return None
        day = today or date.today()
        weighed = self._contradictions.weigh(retrieval, reading)
        ruled = self._by_rules(retrieval, reading, day)
        if ruled is not None and not _doubtful(ruled, weighed):
            return ruled
        found = self._contradictions.likeliest(weighed)
        if found is None:
            return None
        sides = zip(found.sides, found.values, strict=True)
        return self._weighing.weigh([_side(contender, value, day) for contender, value in sides], day)

    def _by_rules(self, retrieval: Retrieval, reading: Reading, day: date) -> Conflict | None:
        asked = self._weights(retrieval)
        kinds = (
            _ANY if _YES_OR_NO.search(retrieval.query) else GIVES.get(expected_type(retrieval.query), _ANY)
        )
        if not asked or not kinds:
            return None
        said = self._said(retrieval, reading, asked, kinds, day)
        if len({item.hit.passage.document_id for item in said}) < 2:
            return None
        pairs = self._pairs(said, frozenset(asked))
        if expected_type(retrieval.query) not in GIVES:
            # A value that was not asked for matters where it is in the answer.
            pairs = [pair for pair in pairs if pair.one.quoted or pair.other.quoted or pair.is_stance]
        if not pairs:
            return None
        same = [pair for pair in pairs if pair.comparison.relation == "same"]
        contested = {id(item) for pair in same for item in (pair.one, pair.other)}
        for pair in pairs:
            if pair.comparison.relation == "same":
                continue
            narrow, wide = _narrow_first(pair)
            if id(narrow) not in contested:
                return conflict([narrow.side, wide.side], NARROWER_SCOPE)
        return self._decided(same, said, day) if same else None

    def _weights(self, retrieval: Retrieval) -> dict[str, float]:
        """What each key of the question weighs: the idf of its rarest term. That one pays says nothing."""
        weights: dict[str, float] = {}
        for word in retrieval.query.split():
            terms = [retrieval.terms[term] for term in self._analyzer(word) if term in retrieval.terms]
            for key in self._subjects.keys(word):
                if not key.startswith("n:"):
                    weights[key] = max(weights.get(key, 0.0), *(terms or [1.0]), 0.1)
        return {key: weight for key, weight in weights.items() if key != "pay"} or weights

    def _said(
        self,
        retrieval: Retrieval,
        reading: Reading,
        asked: Mapping[str, float],
        kinds: frozenset[str],
        today: date,
    ) -> list[_Said]:
        quotes = frozenset(
            self._subjects.keys(" ".join(citation.quote for citation in reading.citations[:1]))
        )
        topic = Topic(asked, quotes, self._subjects)
        found = [
            (place, sentence)
            for place, hit in enumerate(retrieval.hits)
            for sentence in topic.sentences(hit.passage, titled(hit.passage))
        ]
        if len({retrieval.hits[place].passage.document_id for place, _ in found}) < 2:
            return []
        best = self._worth_reading(retrieval.hits, found, values_only=kinds.isdisjoint(_STANCES))
        quoted = [(citation.passage_id, citation.start, citation.end) for citation in reading.citations]
        return [
            item
            for place, hit in enumerate(retrieval.hits)
            if (chosen := [sentence for where, sentence in best if where == place])
            for item in self._stated(hit, chosen, quoted, today)
            if item.statement.kind in kinds
        ]

    @staticmethod
    def _worth_reading(
        hits: Sequence[Hit], found: Sequence[tuple[int, Sentence]], *, values_only: bool
    ) -> list[tuple[int, Sentence]]:
        best: list[tuple[int, Sentence]] = []
        for place, sentence in sorted(found, key=lambda item: -item[1].own)[:_TRIED]:
            text = hits[place].passage.text[slice(*sentence.spans[-1])]
            if worth_reading(text, values_only=values_only):
                best.append((place, sentence))
                if len(best) == _SENTENCES:
                    break
        return best

    def _stated(
        self,
        hit: Hit,
        chosen: Sequence[Sentence],
        quoted: Sequence[tuple[str, int, int]],
        today: date,
    ) -> Iterator[_Said]:
        passage, title = hit.passage, titled(hit.passage)
        page = Page(title, _keys_of(self._subjects, title, passage.text))
        above = frozenset(self._subjects.keys(title))
        spans = sorted({span for sentence in chosen for span in sentence.spans})
        covering = {sentence.spans[-1] for sentence in chosen if sentence.covers}
        for statement in statements(passage.text, passage.lang, self._subjects, above, spans):
            start, end = passage.start + statement.start, passage.start + statement.end
            is_quoted = any(
                passage.id == where and begin < end and start < stop for where, begin, stop in quoted
            )
            holds = statement.kind == "date" or holds_on(
                passage.text[statement.start : statement.end], passage.lang, today
            )
            covers = (statement.start, statement.end) in covering
            yield _Said(hit, statement if holds else _undated(statement), is_quoted, holds, covers, page)

    def _pairs(self, said: Sequence[_Said], asked: frozenset[str]) -> list[_Pair]:
        """Those that contradict each other, best first: what was quoted, then the order of the hits."""
        found: list[_Pair] = []
        wavering: set[str] = set()
        for one, other in combinations(said, 2):
            if not contradict(one.statement, other.statement) or _gives_both(one, other, said):
                continue
            comparison = compare(one.statement, other.statement, self._subjects)
            if comparison.relation == "different":
                continue
            pages = (one.page, other.page)
            comparison = by_titles(comparison, one.statement, other.statement, pages, self._subjects)
            if one.hit.passage.document_id == other.hit.passage.document_id:
                if comparison.relation == "same":
                    # Something that is not seen here tells its two values apart.
                    wavering.add(one.hit.passage.document_id)
                continue
            named = all(_among(key, asked) for key in comparison.extra)
            pair = _Pair(one, other, comparison)
            if comparison.relation == "same":
                if one.covers and other.covers:
                    found.append(pair)
            elif comparison.relation != "different" and named and _narrow_first(pair)[0].covers:
                found.append(pair)
        found = [
            pair
            for pair in found
            if not wavering & {pair.one.hit.passage.document_id, pair.other.hit.passage.document_id}
        ]
        return sorted(found, key=lambda pair: -(pair.one.quoted + pair.other.quoted))

    def _decided(self, pairs: Sequence[_Pair], said: Sequence[_Said], today: date) -> Conflict:
        seed = pairs[0]
        sides = [seed.one, seed.other] if seed.one.quoted or not seed.other.quoted else [seed.other, seed.one]
        for pair in pairs:
            for mine, against in ((pair.one, pair.other), (pair.other, pair.one)):
                if any(mine is side for side in sides):
                    sides.append(against)
        for item in said:
            agrees = any(
                item.statement.given == side.statement.given
                and compare(item.statement, side.statement, self._subjects).relation == "same"
                for side in sides[:2]
            )
            if agrees:
                sides.append(item)
        sides = _one_each(sides)
        return self._weighing.weigh([side.side for side in sides], today)


def _gives_both(one: _Said, other: _Said, said: Sequence[_Said]) -> bool:
    """Whether the sentence of either gives the value of the other as well: "25 zł, dla klubowiczów 15 zł"."""
    return any(
        each.hit is mine.hit
        and each.statement.start == mine.statement.start
        and each.statement.given == theirs.statement.given
        for mine, theirs in ((one, other), (other, one))
        for each in said
        if each.statement.value is not None
    )


def _doubtful(ruled: Conflict, weighed: Sequence[Contradiction]) -> bool:
    """Whether its claims look nothing like a contradiction, whatever rules see in their words."""
    if ruled.kind in _STANCES or ruled.resolution == NARROWER_SCOPE:
        return False
    documents = {claim.citation.document_id for claim in ruled.claims}
    likely = (
        pair.probability for pair in weighed if {side.passage.document_id for side in pair.sides} <= documents
    )
    return max(likely, default=1.0) < _DOUBTFUL


def _side(contender: Contender, value: Given, today: date) -> Side:
    unit, hit = contender.candidate.unit, contender.candidate.hit
    holds = holds_on(unit.text, unit.passage.lang, today)
    gives = (value.kind, value.low, value.high)
    return Side(hit, value.kind, unit.text[value.start : value.end], gives, unit.start, unit.end, holds)


def _keys_of(subjects: Subjects, title: str, text: str) -> Callable[[], frozenset[str]]:
    return lambda: frozenset(subjects.keys(f"{title} {text}"))


def _among(key: str, keys: frozenset[str]) -> bool:
    return key in keys or any(akin(key, other) for other in keys)


def _undated(statement: Statement) -> Statement:
    """Without the dates that it held on: it is compared with what holds now."""
    kept = frozenset(condition for condition in statement.conditions if not condition.startswith("date "))
    return replace(statement, conditions=kept)


def _narrow_first(pair: _Pair) -> tuple[_Said, _Said]:
    if pair.comparison.relation == "first narrower":
        return pair.one, pair.other
    return pair.other, pair.one


def _one_each(sides: Sequence[_Said]) -> list[_Said]:
    """The first of every document."""
    return list({side.hit.passage.document_id: side for side in reversed(sides)}.values())[::-1]
