"""Words that a PDF spells wrongly though its letters are readable: a wrong code page, lost spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from kbassist.sources.pdf.line import Line, Word
from kbassist.sources.pdf.quality import Vocabulary

_LETTERS = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
_FEWEST_STRANGE = 5
_GAINED = 0.05  # of the known words
_LETTERS_ONLY = re.compile(r"\W*([^\W\d_]{7,60})\W*\Z")
_LONG = 10  # letters: shorter words are only split where many are
_SHORTEST_PART = 4  # letters, function words apart
_LONG_PART = 8
_MOST_PARTS = 6
_MOST_WAYS = 400
_FEWEST_RUN_TOGETHER = 3
_RUN_TOGETHER = 0.05  # of the words of four letters and more
# No word of Polish or English is made with these inside, nor begins with those and is two words.
_JOINTS = frozenset("do od oraz lub dla przez jest są się nie będzie może the of and for from with".split())
_FUNCTION_WORDS = _JOINTS | frozenset(
    "a i o u w z na po za ze we przy nad pod jak to in is on at by or be as".split()
)
_NOT_APART = re.compile(
    r"(?:przeciw|wewnątrz|zewnątrz|między|ponad|wszech|kilku|trans|inter|super|anty|kontr|współ|samo|pięć|sześć"
    r"|siedem|osiem|dziewięć)\Z|.*o\Z"
)
_NOT_ALONE = re.compile(r"(?:styczn|riusz|owych|owego|owym|nych|nego|kiego|biorc|wierze)")


def _misread(written: str, read: str) -> dict[str, str]:
    """What Polish letters of one code page look like in another."""
    pairs = {letter.encode(written).decode(read, "ignore"): letter for letter in _LETTERS}
    return {wrong: letter for wrong, letter in pairs.items() if wrong and wrong not in _LETTERS}


# Fonts from before Unicode, and text that has gone through UTF-8 once too often.
_TABLES = (
    _misread("cp1250", "cp1252"),
    _misread("iso8859-2", "cp1252"),
    _misread("utf-8", "cp1252"),
    _misread("iso8859-2", "cp1250"),
)


def repaired(lines: Sequence[Line], vocabulary: Vocabulary) -> list[Line]:
    """The lines of a page with their Polish letters and lost spaces put right.

    Letters are only changed when that makes known words of at least a twentieth of the page. A word
    is only split where it is not known itself, all its parts are, and there is one way to do it. Since
    no lexicon knows all words, the parts must be long as well, or the page full of such words.
    """
    texts = [word.text for line in lines for word in line.words]
    table = _best_table(texts, vocabulary)
    seen = None if _runs_together(texts, vocabulary) else frozenset(_bare(text).lower() for text in texts)

    def right(word: Word) -> list[Word]:
        text = _translated(word.text, table) if table else word.text
        parts = _split(text, vocabulary, seen)
        if parts == [word.text]:
            return [word]
        wide = (word.right - word.left) / max(len(text), 1)
        ends = [sum(map(len, parts[: at + 1])) for at in range(len(parts))]
        places = [word.left + wide * end for end in (0, *ends)]
        return [Word(part, left, right) for part, (left, right) in zip(parts, pairwise(places), strict=True)]

    return [replace(line, words=tuple(part for word in line.words for part in right(word))) for line in lines]


def _best_table(texts: Sequence[str], vocabulary: Vocabulary) -> dict[str, str] | None:
    whole = " ".join(texts)
    words = [word for word in texts if len(word) > 2]
    best: dict[str, str] | None = None
    most = 0.0
    for table in _TABLES:
        if sum(whole.count(wrong) for wrong in table) < _FEWEST_STRANGE:
            continue
        most = most or sum(vocabulary.knows(_bare(word)) for word in words) + _GAINED * len(words)
        known = sum(vocabulary.knows(_bare(_translated(word, table))) for word in words)
        if known > most:
            best, most = table, known
    return best


def _bare(word: str) -> str:
    return word.strip(".,;:!?()[]„”\"'–-")


def _translated(word: str, table: dict[str, str]) -> str:
    """Only inside a word: "m³" and "1¹" are what they seem."""
    if sum(character.isalpha() for character in word) < 2:
        return word
    for wrong, letter in table.items():
        word = word.replace(wrong, letter)
    return word


def _runs_together(texts: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether so many words are several that the page has lost its spaces."""
    counted = [text for text in texts if len(text) >= _SHORTEST_PART and text[0].isalpha()]
    long = [text for text in counted if len(text) >= _LONG]
    several = sum(len(_split(text, vocabulary, None)) > 1 for text in long)
    return several >= _FEWEST_RUN_TOGETHER and several >= _RUN_TOGETHER * len(counted)


def _split(word: str, vocabulary: Vocabulary, seen: frozenset[str] | None) -> list[str]:
    """`seen` are the other words of the page; None where words have run together everywhere."""
    match = _LETTERS_ONLY.match(word)
    if match is None or (seen is not None and len(match[1]) < _LONG) or vocabulary.knows(match[1]):
        return [word]
    if not (match[1][1:].islower() or match[1].isupper()):
        return [word]
    parts = _only_way(match[1], vocabulary)
    if len(parts) < 2 or not (seen is None or _is_certain([part.lower() for part in parts], seen)):
        return [word]
    return [word[: match.start(1)] + parts[0], *parts[1:-1], parts[-1] + word[match.end(1) :]]


def _only_way(word: str, vocabulary: Vocabulary) -> list[str]:
    """The parts of the one division into the fewest known words; empty when there is none or a choice."""
    lowered = word.lower()
    ways: list[list[int]] = [[0]]  # the places cut so far
    for _ in range(_MOST_PARTS):
        ways = [
            [*cuts, end]
            for cuts in ways
            for end in range(cuts[-1] + 1, len(word) + 1)
            if _is_part(lowered[cuts[-1] : end], vocabulary)
        ]
        whole = [cuts for cuts in ways if cuts[-1] == len(word)]
        if len(whole) > 1 or len(ways) > _MOST_WAYS:
            return []
        if whole:
            return [word[start:end] for start, end in pairwise(whole[0])]
    return []


def _is_part(part: str, vocabulary: Vocabulary) -> bool:
    return part in _FUNCTION_WORDS or (len(part) >= _SHORTEST_PART and vocabulary.knows(part))


def _is_certain(parts: Sequence[str], seen: frozenset[str]) -> bool:
    """Two words that are no compound, long or seen elsewhere, or more with one between that makes none."""
    if _NOT_APART.match(parts[0]) or any(_NOT_ALONE.match(part) for part in parts[1:]):
        return False
    if len(parts) == 2:
        enough = _SHORTEST_PART + 1 if seen.issuperset(parts) else _LONG_PART
        return min(map(len, parts)) >= enough and parts[0] != parts[1]
    return all(
        part in _JOINTS if at % 2 else len(part) >= _SHORTEST_PART + 2 for at, part in enumerate(parts)
    )
