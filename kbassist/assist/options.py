"""Does the question lack a detail that decides, and what do the sources offer for it?

Nothing is offered for a question about other things: every word that says what is asked about has to stand
in each passage that gives an option, and one of them in its title, its headings or the name of its row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kbassist.assist.asking_back import MOST_OPTIONS
from kbassist.reading.questions import AnswerType, expected_type, holds
from kbassist.text.analysis import words
from kbassist.text.asking import topic_words
from kbassist.text.letters import flat
from kbassist.text.values import find_values
from kbassist.types import Conflict, Hit, Passage

_HITS = 8
_MOST_WORDS = 4
"""Words of a topic: a question with more says itself what it is about."""
_LONGEST_LABEL = 60
_MEASURED: tuple[AnswerType, ...] = ("money", "time", "number")
# They say what is to be known, and not of what; matched without diacritics.
_ASPECT = re.compile(
    r"(?:koszt\w*|cen[aeyoi]\w*|plac\w*|zaplac\w*|oplat\w*|wynos\w*|dlug\w*|trwa\w*|czas\w*|czeka\w*|termin\w*"
    r"|dni|lat|lata|rok\w{0,2}|miesi[ae]c\w*|tygodni\w*|godzin\w*|dziala\w*|wazn\w*|kwot\w*|wysokos\w*|dostan\w*|informacj\w*|warunk\w*|zasad\w*"
    r"|cost\w*|price\w*|pay\w*|fees?|charge\w*|long|takes?|time|days?|hours?|weeks?|months?|years?|expensive|cheap|number|get"
    r"|conditions?|rules?|work)"
)
_ROW = re.compile(r"^(?P<label>[^\n:]{3,60}): (?P<rest>[^\n]*\S)", re.MULTILINE)
# Rows of one timetable, or of a page's own data, are no choice.
_NO_CHOICE = re.compile(
    r"(?:pon|wt|sr|czw|pt|sob|niedz|mon|tue|wed|thu|fri|sat|sun)[a-z]*\b.*|.*\b(?:aktualizac\w+|updated|date|data)\b.*"
)
_MARKER = re.compile(r"^(?:§ ?\d+\w*\.?|\d+[.)]|[-–•*])\s*")
_SITE = re.compile(r"\s[–—|-]\s")
_BRACKETED = re.compile(r"\s*\([^()]*\)")


class WordAnalyzer(Protocol):
    """What is asked of a `TextAnalyzer`."""

    def word_terms(self, word: str) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class _Place:
    """A passage that may give an option; its names, outermost first, and whether one is on the topic.

    `scope` is the outermost name that says more than the topic ("Dostawa za granicę"); empty where none does.
    """

    passage: Passage
    names: tuple[str, ...]
    is_on_topic: bool
    scope: str


def options(question: str, hits: Sequence[Hit], analyzer: WordAnalyzer) -> tuple[str, ...]:
    """Two to `MOST_OPTIONS` things that the question may be about, by their names in the sources; or none.

    They are rows of a table (or of a list with names), or sections whose headings are on the topic, which
    hold the kind of thing asked for with different values.
    """
    topic = _topic(question)
    if not 0 < len(topic) <= _MOST_WORDS:
        return ()
    asked = _Asked(topic, analyzer)
    kind = expected_type(question)
    if kind not in _MEASURED and (len(topic) > 2 or kind == "yes_no"):
        return ()
    passages = [hit.passage for hit in hits[:_HITS] if asked.all_in(_whole(hit.passage))]
    if len(topic) > 1 and len(_distinct([row for row in _labels(passages, kind) if asked.all_in(row)])) == 1:
        return ()  # the question names its row
    sites = _site_names(hits)
    places = [_place(passage, sites, asked, aspects=kind in _MEASURED) for passage in passages]
    for found in (
        _rows(passages, kind, asked, on_topic=True),
        _sections([place for place in places if place.is_on_topic], kind, asked),
        _rows([place.passage for place in places if place.is_on_topic], kind, asked, on_topic=False),
    ):
        if len(found) > 1:
            return tuple(found[:MOST_OPTIONS])
    return ()


def sides(question: str, conflict: Conflict, hits: Sequence[Hit], analyzer: WordAnalyzer) -> tuple[str, ...]:
    """Names of the sides of a conflict, when each names what it holds for ("Dostawa do Niemiec"); or none."""
    cited = {claim.citation.passage_id for claim in conflict.claims}
    asked = _Asked(_topic(question), analyzer)
    sites = _site_names(hits)
    places = [_place(hit.passage, sites, asked) for hit in hits if hit.passage.id in cited]
    distinct = _distinct([place.scope for place in places])
    return tuple(distinct) if len(distinct) == len(cited) and 1 < len(distinct) <= MOST_OPTIONS else ()


def label(hits: Sequence[Hit]) -> str | None:
    """What the best hit is about, in a few words; None when nothing was found."""
    if not hits:
        return None
    passage = hits[0].passage
    names = _names(passage, _site_names(hits))
    return names[-1] if names else None


class _Asked:
    """The words of a topic, to be found in whatever form."""

    def __init__(self, topic: Sequence[str], analyzer: WordAnalyzer) -> None:
        self._words = [(frozenset(analyzer.word_terms(word)), _beginning(word)) for word in topic]
        self._analyzer = analyzer

    def found_in(self, text: str) -> int:
        """How many of them stand there."""
        there = dict.fromkeys(words(text))
        terms = {term for word in there for term in self._analyzer.word_terms(word)}
        beginnings = {_beginning(word) for word in there} - {""}
        return sum(not own.isdisjoint(terms) or start in beginnings for own, start in self._words)

    def all_in(self, text: str) -> bool:
        return self.found_in(text) == len(self._words)

    def all_of(self, text: str, *, aspects: bool = True) -> bool:
        """Whether the text says nothing but these words, and, with `aspects`, what is to be known."""
        terms = {term for own, _ in self._words for term in own}
        starts = {start for _, start in self._words} - {""}
        return all(
            not terms.isdisjoint(self._analyzer.word_terms(word)) or _beginning(word) in starts
            for word in (_topic(text) if aspects else topic_words(text))
        )

    def nearest(self, labels: Sequence[str]) -> list[str]:
        """Those that hold the most of the words: one that holds more than all others was asked for."""
        found = {each: self.found_in(each) for each in labels}
        return [each for each in labels if found[each] == max(found.values())]

    def names_some(self, text: str) -> bool:
        return self.found_in(text) > 0


def _topic(question: str) -> list[str]:
    about = [word for word in topic_words(question[:1_000]) if not _ASPECT.fullmatch(flat(word))]
    return list(dict.fromkeys(about))


def _beginning(word: str) -> str:
    return flat(word)[:5] if len(word) > 5 and word.isalpha() else ""


def _whole(passage: Passage) -> str:
    return "\n".join((passage.title, *passage.headings, passage.text))


def _place(passage: Passage, sites: frozenset[str], asked: _Asked, *, aspects: bool = True) -> _Place:
    names = _names(passage, sites)
    on_topic = [name for name in names if asked.names_some(name)]
    scope = next((name for name in on_topic if not asked.all_of(name, aspects=aspects)), "")
    return _Place(passage, names, bool(on_topic), scope)


def _names(passage: Passage, sites: frozenset[str]) -> tuple[str, ...]:
    title = _without_site(passage.title, sites)
    found = (_clean(name) for name in (title, *passage.headings))
    return tuple(dict.fromkeys(name for name in found if name and len(name) <= _LONGEST_LABEL))


def _clean(name: str) -> str:
    return _MARKER.sub("", _BRACKETED.sub("", name)).strip(" ?:.,;\n\t").replace("\n", " ")


def _site_names(hits: Sequence[Hit]) -> frozenset[str]:
    """What the titles of several pages end with after a dash: the name of the site, and of none of them."""
    titles = {hit.passage.title for hit in hits}
    ends = Counter(parts[-1] for title in titles if len(parts := _SITE.split(title)) > 1)
    return frozenset(end for end, times in ends.items() if times > 1)


def _without_site(title: str, sites: frozenset[str]) -> str:
    parts = list(_SITE.finditer(title))
    return title[: parts[-1].start()] if parts and title[parts[-1].end() :] in sites else title


def _sections(places: Sequence[_Place], kind: AnswerType, asked: _Asked) -> list[str]:
    """Headings on the topic; where there is but one, those under it."""
    fitting = [place for place in places if kind not in _MEASURED or holds(place.passage.text, kind)]
    if kind in _MEASURED and not _differ([place.passage for place in fitting]):
        return []
    groups = asked.nearest(_distinct([place.scope for place in fitting]))
    if len(groups) > 1 or kind in _MEASURED:
        return groups
    return _distinct([place.names[-1] for place in fitting if place.names[-1] != place.scope])


def _differ(passages: Sequence[Passage]) -> bool:
    """Whether they do not all state the same values."""
    stated = {
        frozenset(
            (value.kind, value.unit, value.amount, value.upper)
            for value in find_values(passage.text, passage.lang)
        )
        for passage in passages
    }
    return len(stated) > 1


def _rows(passages: Sequence[Passage], kind: AnswerType, asked: _Asked, *, on_topic: bool) -> list[str]:
    """Names of the rows of one passage that hold the kind of thing asked for, each another value."""
    if kind not in _MEASURED:
        return []
    for passage in passages:
        rows: Mapping[str, str] = {
            _clean(row["label"]): row["rest"]
            for row in _ROW.finditer(passage.text)
            if holds(row["rest"], kind) and (asked.names_some(row["label"]) or not on_topic)
        }
        names = asked.nearest(
            _distinct([name for name in rows if name and not _NO_CHOICE.fullmatch(flat(name).lower())])
        )
        if len(names) > 1 and len(set(rows.values())) > 1:
            return names
    return []


def _labels(passages: Sequence[Passage], kind: AnswerType) -> list[str]:
    rows = (row for passage in passages for row in _ROW.finditer(passage.text))
    return [row["label"] for row in rows if holds(row["rest"], kind)]


def _distinct(labels: Sequence[str]) -> list[str]:
    """Each once, whatever its case and marks."""
    found: dict[str, str] = {}
    for each in labels:
        found.setdefault(" ".join(words(flat(each))), each)
    return [each for plain, each in found.items() if plain]
