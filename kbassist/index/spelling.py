"""What was probably meant by a word of a query that no passage holds.

No list of words is kept: the statistics of the terms tell which words the index has. Every word that is one
typing error away is analysed, and those whose terms some passage holds may be meant. So a correction also
finds a form that stands in no passage, of a word that does; any engine can make it; and it is as right after
updates and removals as the statistics are.

Corrections are searched with and never shown. That a word is held may be owed to passages which the caller
may not see; like idf, which counts those too, it changes at most the order of what the caller does see.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Protocol

from kbassist.protocols import IndexReader
from kbassist.text.analysis import ASKING, fold
from kbassist.text.typing_errors import typing_errors

MOST = 3
"""Corrections a word."""
SHORTEST, LONGEST = 4, 24
"""Letters of a word that is corrected: shorter ones have too many neighbours."""
MOST_WORDS = 5
"""Words of a query that are corrected: more unknown ones are another language, not errors."""

_ERROR, _RARITY, _NO_WORD, _HALF_HELD = 3.0, 0.5, 3.0, 1.5
"""What counts against a correction: the error's cost, its idf, that no lexicon has it, that only one of its
two terms is held."""


class Speller(Protocol):
    """What is asked of a `TextAnalyzer`."""

    def spelled(self, query: str) -> list[str]:
        """The words of a query as they are written."""
        ...

    def word_terms(self, word: str) -> tuple[str, ...]: ...

    def stem_terms(self, folded: Sequence[str]) -> list[tuple[str, ...]]:
        """The terms by which each word may be held, quick and too many."""
        ...

    def is_word(self, word: str) -> bool:
        """Whether a lexicon has it."""
        ...


def corrections(query: str, reader: IndexReader, analyzer: Speller) -> dict[str, tuple[str, ...]]:
    """For each word of the query that is unknown to index and lexicons: what was probably meant, best first.

    Codes (digits, capitals inside) are left as they are.
    """
    asked = {written: written.lower() for written in analyzer.spelled(query) if _may_be_wrong(written)}
    if not asked:
        return {}
    terms = {written: analyzer.word_terms(word) for written, word in asked.items()}
    flat = list(dict.fromkeys(term for each in terms.values() for term in each))
    nothing, *found = reader.idf(["", *flat])  # no passage holds the empty term
    held = {term for term, idf in zip(flat, found, strict=True) if idf < nothing}
    meant: dict[str, tuple[str, ...]] = {}
    unknown = [word for written, word in asked.items() if held.isdisjoint(terms[written])]
    for word in unknown[:MOST_WORDS]:
        if not analyzer.is_word(word) and (best := _best(word, reader, analyzer, nothing)):
            meant[word] = best
    return meant


def _may_be_wrong(written: str) -> bool:
    return (
        SHORTEST <= len(written) <= LONGEST
        and written.isalpha()
        and (written[1:].islower() or written.isupper())
        and written.lower() not in ASKING
    )


def _best(word: str, reader: IndexReader, analyzer: Speller, nothing: float) -> tuple[str, ...]:
    errors = typing_errors(word)
    candidates = [candidate for candidate, _ in errors]
    # No error brings a mark in, so those of a plain word are folded already.
    folded = candidates if word.isascii() else [fold(candidate) for candidate in candidates]
    held = _held(folded, reader, analyzer, nothing)
    likely = [error for error, is_held in zip(errors, held, strict=True) if is_held]
    terms = [analyzer.word_terms(candidate) for candidate, _ in likely]
    rarity = iter(reader.idf([term for each in terms for term in each]))
    ranked: list[tuple[float, str, str]] = []
    for (candidate, cost), each in zip(likely, terms, strict=True):
        known = [idf for idf in islice(rarity, len(each)) if idf < nothing]
        if known:
            against = cost * _ERROR + min(known) * _RARITY + _HALF_HELD * (len(known) < len(each))
            against += _NO_WORD * (not analyzer.is_word(candidate))
            ranked.append((against, candidate, each[0]))
    best: dict[str, str] = {}
    for _, candidate, stem in sorted(ranked):
        best.setdefault(stem, candidate)
    return tuple(best.values())[:MOST]


def _held(folded: list[str], reader: IndexReader, analyzer: Speller, nothing: float) -> list[bool]:
    """Whether some passage may hold a form of each word."""
    stems = analyzer.stem_terms(folded)
    distinct = list(dict.fromkeys(term for each in stems for term in each))
    held = {term for term, idf in zip(distinct, reader.idf(distinct), strict=True) if idf < nothing}
    return [not held.isdisjoint(each) for each in stems]
