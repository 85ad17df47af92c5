"""Which sentences of a passage bear on a question, by the keys that they share with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kbassist.text.sentences import sentences
from kbassist.text.subjects import Subjects, akin, beginning
from kbassist.types import Passage

_COVERAGE = 0.5  # of the weight of a question, by a sentence together with what stands above it
_WORD = re.compile(r"\w+")
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's span, after those of a question or a table's first row that it belongs to; `own` is what
    it covers of the question without what stands above it. `covers` is False for one that covers too little,
    but all that is usually ruled on ("zwrot" of "zwrot mebli").
    """

    spans: tuple[tuple[int, int], ...]
    own: float
    covers: bool


class Topic:
    """The keys of a question with their weights, and the sentences that cover them."""

    def __init__(self, asked: Mapping[str, float], quoted: frozenset[str], subjects: Subjects) -> None:
        """`quoted` are the keys of what was read as the answer: what speaks of the same is looked into."""
        self._asked = asked
        self._quoted = frozenset(
            key for key in quoted if not (key.startswith("n:") or subjects.is_light(key))
        )
        self._subjects = subjects
        self._enough = _COVERAGE * sum(asked.values())
        self._core = frozenset(key for key in asked if subjects.is_family(key))
        self._of_word: dict[str, frozenset[str]] = {}
        self._by_beginning: dict[str, list[str]] = {}
        for key in asked.keys() | self._quoted:
            self._by_beginning.setdefault(beginning(key), []).append(key)

    def sentences(self, passage: Passage, title: str) -> list[Sentence]:
        """Those that cover enough of the question together with what stands above them."""
        above = {key for _, keys in self._places(title) for key in keys}
        text = passage.text
        places = self._places(text)
        if self._covers(above.union(*(keys for _, keys in places))) is None:
            return []
        kept: list[Sentence] = []
        lead: list[tuple[int, int]] = []
        led: set[str] = set()
        at = 0
        for start, end in sentences(text, passage.lang):
            own: set[str] = set()
            while at < len(places) and places[at][0] < end:
                own |= places[at][1]
                at += 1
            is_row = "|" in text[start:end]
            if text[end - 1] == "?" or (is_row and not any(map(str.isdigit, text[start:end]))):
                lead, led = [(start, end)], own
                continue
            covers = self._covers(above | led | own)
            if covers is not None:
                kept.append(Sentence((*lead, (start, end)), self._weight(led | own), covers))
            if not is_row:
                lead, led = [], set()
        return kept

    def _covers(self, keys: set[str]) -> bool | None:
        """Whether they cover enough of the question; None when not even what it is about."""
        if self._weight(keys) >= self._enough or (self._quoted and self._quoted <= keys):
            return True
        return False if self._core and self._core <= keys else None

    def _weight(self, keys: Iterable[str]) -> float:
        return sum(self._asked.get(key, 0.0) for key in keys)

    def _places(self, text: str) -> list[tuple[int, frozenset[str]]]:
        """Where words stand that are of the question, each with the keys of it."""
        known = self._of_word
        found: list[tuple[int, frozenset[str]]] = []
        for match in _WORD.finditer(text):
            word = match.group()
            keys = known.get(word)
            if keys is None:
                keys = known[word] = self._keys(word)
            if keys:
                found.append((match.start(), keys))
        return found

    def _keys(self, word: str) -> frozenset[str]:
        key = self._subjects.key(word.lower())
        if key is None:
            return _NOTHING
        like = self._by_beginning.get(beginning(key))
        return frozenset(own for own in like if akin(own, key)) if like else _NOTHING
