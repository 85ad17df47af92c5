"""Groups of words and phrases that mean the same to a company: `zwrot, oddanie, odesłanie`.

They widen the query alone, so that a change of them needs no new index.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from kbassist.errors import InvalidArgumentError
from kbassist.text.analysis import words

WEIGHT = 0.5
"""What a synonym counts next to the word that was asked with."""
MOST_WORDS = 6
"""Words of a phrase."""
MOST_GROUPS = 10_000
Groups = tuple[tuple[str, ...], ...]
_SEPARATORS = (";", "\t", ",")


def read_synonyms(source: str | Path | Iterable[Iterable[str]]) -> Groups:
    """The groups of a text or CSV file, one a line, or of a sequence of sequences.

    A line is parted at semicolons, else at tabs, else at commas; empty lines and those that begin with
    `#` are passed over. Raises `InvalidArgumentError` that names the line for a group of fewer than two,
    for a phrase of more than `MOST_WORDS` words, and for a file that cannot be read.
    """
    if isinstance(source, (str, Path)):
        rows = _lines(Path(source))
    else:
        rows = ((f"group {number}", tuple(row)) for number, row in enumerate(source, 1))
    groups = tuple(_checked(where, row) for where, row in rows)
    if len(groups) > MOST_GROUPS:
        raise InvalidArgumentError(f"{len(groups)} groups of synonyms: {MOST_GROUPS} are the most")
    return groups


def _lines(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidArgumentError(
            f"the synonyms {path} cannot be read ({error}): give a UTF-8 text file with one group a "
            "line, or a list of lists"
        ) from error
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            by = next((mark for mark in _SEPARATORS if mark in line), ",")
            yield (
                f"{path}, line {number}",
                tuple(next(csv.reader([line], delimiter=by, skipinitialspace=True))),
            )


def _checked(where: str, row: Sequence[object]) -> tuple[str, ...]:
    if strange := [each for each in row if not isinstance(each, str)]:
        raise InvalidArgumentError(f"{where}: {strange[0]!r} is not text: give words and phrases")
    members = tuple(dict.fromkeys(" ".join(str(each).split()) for each in row if str(each).strip()))
    if len(members) < 2:
        raise InvalidArgumentError(
            f"{where} has {len(members)} member: write at least two that mean the same, such as "
            "'zwrot, oddanie'"
        )
    if long := [member for member in members if len(member.split()) > MOST_WORDS]:
        raise InvalidArgumentError(f"{where}: {long[0]!r} has more than {MOST_WORDS} words: make it shorter")
    return members


class Synonyms:
    """Groups, found in queries whatever the form of their words."""

    def __init__(self, groups: Groups, analyzer: WordAnalyzer) -> None:
        self.groups = groups
        self._analyzer = analyzer
        self._phrases = [[phrase for member in group if (phrase := self._phrase(member))] for group in groups]
        self._by_first: dict[str, list[tuple[int, int]]] = {}
        for group, phrases in enumerate(self._phrases):
            for member, phrase in enumerate(phrases):
                for term in set(phrase[0]):
                    self._by_first.setdefault(term, []).append((group, member))

    def expand(self, query: str) -> dict[str, float]:
        """Terms to search with beside those of the query, and what each counts, above 0 and below 1.

        All other members of a group count together about what the one in the query does, if a passage holds
        them all: each `WEIGHT`, less the more there are, and a phrase no more than a word.
        """
        asked = self._phrase(query)
        own = {term for word in asked for term in word}
        found: dict[str, float] = {}
        for group, present in self._present(asked).items():
            others = [phrase for member, phrase in enumerate(self._phrases[group]) if member not in present]
            for phrase in others:
                weight = WEIGHT / (len(phrase) * math.sqrt(len(others)))
                for term in {term for word in phrase for term in word} - own:
                    found[term] = max(weight, found.get(term, 0.0))
        return found

    def words(self, query: str) -> dict[str, tuple[str, ...]]:
        """For each word of the query that is a member by itself: the other members that are one word."""
        found: dict[str, tuple[str, ...]] = {}
        for word in words(query):
            for group, present in self._present([self._analyzer.word_terms(word)]).items():
                others = (each for place, each in enumerate(self.groups[group]) if place not in present)
                single = tuple(each.lower() for each in others if len(words(each)) == 1)
                found[word] = (*found.get(word, ()), *single)
        return found

    def _present(self, asked: Sequence[tuple[str, ...]]) -> dict[int, set[int]]:
        """The groups of which a member stands in the query, and which of their members do."""
        present: dict[int, set[int]] = {}
        for place, word in enumerate(asked):
            for group, member in {each for term in word for each in self._by_first.get(term, ())}:
                phrase = self._phrases[group][member]
                window = asked[place : place + len(phrase)]
                if len(window) == len(phrase) and all(map(_alike, window, phrase)):
                    present.setdefault(group, set()).add(member)
        return present

    def _phrase(self, text: str) -> list[tuple[str, ...]]:
        return [self._analyzer.word_terms(word) for word in words(text)]


class WordAnalyzer(Protocol):
    """What is asked of a `TextAnalyzer`."""

    def word_terms(self, word: str) -> tuple[str, ...]:
        """The terms of one word, as `words` gives it."""
        ...


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not set(one).isdisjoint(other)
