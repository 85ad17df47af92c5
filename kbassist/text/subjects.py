"""What a sentence is about, as a set of words that equal ones share.

Inflected forms have one key, words of one family too ("zwrot", "zwrócić"), and words that add nothing to
the subject of a support text have none.
"""

from __future__ import annotations

import re

from kbassist.protocols import Analyzer
from kbassist.text.analysis import fold
from kbassist.text.subject_words import (
    AUDIENCES,
    ENGLISH,
    FAMILIES,
    FORMS,
    HOME,
    PAGES,
    PLACES,
    POLISH,
    ROLES,
)

_WORD = re.compile(r"\w+")
# Lemmas come without diacritics. Participles have the verb's lemma too, and say which.
_VERB = re.compile(r"(?:[aiyu]c|dziec|[jrz]sc)\Z")
_NO_VERB = re.compile(r"(?:mies|tys|zaj|pl|pal)[ai]c\Z")
_OF_A_VERB = re.compile(
    r"(?:[nt](?:y|a|e|ą|ego|ej|emu|ych|ym|ymi)|[nc]i|ąc(?:y|a|e|ą|ego|ej|emu|ych|ym|ymi))\Z"
)
_SOFT = re.compile(r"[aeiouyw]")
# Two sides of a contract are named alike: "employer" and "employee", "zleceniodawca" and "zleceniobiorca".
_SIDES = re.compile(r"(?:[oe]r|ee|dawca|biorca)\Z")
_LONG, _WHOLE = 6, 4


class Subjects:
    """Keys of words, by one analyzer. Keeps the keys of words it has seen.

    A key of a verb or a verbal noun begins with `VERB`: it says little where another noun says what is meant.
    """

    VERB = "~"

    def __init__(self, analyze: Analyzer) -> None:
        self._analyze = analyze
        self._families = {
            term: name
            for line in FAMILIES.strip().splitlines()
            for name, members in [line.split(":")]
            for term in self._lemmas(members)
        }
        self._generic = (self._lemmas(POLISH) | self._lemmas(ENGLISH)) - self._families.keys()
        self._forms = frozenset((POLISH + ENGLISH + FORMS).split())
        self._pages = self._lemmas(PAGES)
        self._narrow = self._lemmas(AUDIENCES) | self._lemmas(PLACES)
        self._home = self._lemmas(HOME) | self._lemmas(ROLES)
        self._seen: dict[str, str | None] = {}

    def keys(self, text: str) -> list[str]:
        """The keys of the words that carry the subject, in order."""
        return [key for word in _WORD.findall(text.lower()) if (key := self.key(word)) is not None]

    def key(self, word: str) -> str | None:
        """The key of one word in lower case; None for one that adds nothing to a subject."""
        seen = self._seen
        return seen[word] if word in seen else self._remember(word)

    def scope(self, title: str) -> frozenset[str]:
        """The keys of a title that tell its page from pages of the same sort: a product, a country.

        Families and the usual names of support pages tell nothing.
        """
        families = frozenset(self._families.values())
        return frozenset(self.keys(title)) - families - self._pages

    def is_family(self, key: str) -> bool:
        """Whether it stands for an action or a thing that rules of support are about."""
        return not key.startswith((self.VERB, "l:", "n:", "s:"))

    def narrows(self, key: str) -> bool:
        """Whether it names whom or where a rule holds for: a country, companies, children."""
        return key in self._narrow

    def is_light(self, key: str) -> bool:
        """Whether it may be left out without another meaning: a verb, the home country, customers as such,
        that something is paid.
        """
        return key.startswith(self.VERB) or key in self._home or key == "pay"

    def _lemmas(self, words: str) -> frozenset[str]:
        """Of the words, and the words themselves: a verbal noun has another lemma in some of its forms."""
        listed = words.split()
        lemmas = {terms[-1] for word in listed if (terms := self._analyze(word))}
        return frozenset(lemmas | {f"l:{fold(word)}" for word in listed})

    def _remember(self, word: str) -> str | None:
        key = self._seen[word] = self._look_up(word)
        return key

    def _look_up(self, word: str) -> str | None:
        if word in self._forms or (len(word) == 1 and word.isalpha()):
            return None
        terms = self._analyze(word)
        if not terms:
            return None
        # The last term is the lemma where the analyzer gives a stem and a lemma.
        lemma = terms[-1]
        family = self._families.get(lemma)
        if family or lemma in self._generic:
            return family
        if _VERB.search(lemma) and not _NO_VERB.search(lemma) and not _OF_A_VERB.search(word):
            return f"{self.VERB}{lemma}"
        return lemma


def akin(one: str, other: str) -> bool:
    """Whether two keys are of one word family: the same beginning of six letters that is half of the longer,
    or the whole of one with four letters or more.
    """
    if one == other or " " in one + other:
        return one == other
    if one.startswith(Subjects.VERB) and other.startswith(Subjects.VERB) and _bones(one) == _bones(other):
        return True  # "umówić", "umawiać"
    first, second = (key.lstrip(Subjects.VERB).removeprefix("l:") for key in (one, other))
    shorter, longer = sorted((first, second), key=len)
    if _SIDES.search(shorter) and _SIDES.search(longer) and shorter[-3:] != longer[-3:]:
        return False
    if len(shorter) >= _LONG and len(longer) <= 2 * _LONG:
        return shorter[:_LONG] == longer[:_LONG]
    if len(shorter) >= _LONG:
        half = (len(longer) + 1) // 2
        return shorter[:half] == longer[:half]
    return len(shorter) >= _WHOLE and longer.startswith(shorter) and len(longer) <= len(shorter) + 4


def _bones(verb: str) -> str:
    """What stays of a Polish verb between its aspects."""
    return _SOFT.sub("", verb)


def beginning(key: str) -> str:
    """Equal for keys that are akin."""
    return key.lstrip(Subjects.VERB).removeprefix("l:")[:_WHOLE]


def unmatched(some: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """Those of `some` that are akin to none of `others`."""
    return frozenset(
        key
        for key in some
        if key not in others and not any(key[:3] == other[:3] and akin(key, other) for other in others)
    )
