"""Can the text of a PDF page be trusted? Words that nobody knows are a sign that its letters are wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kbassist.text.lexicon import Lexicons

# Chosen on 793 real pages, 401 of which have a score, and on pages spoilt on purpose, as
# `benchmarks/pdf_quality.py` shows.
# No good page scores less than .36 (a program); .40 is the lowest of the others (a list of company names).
# Pages whose letters are shifted or jumbled score .00 at the median and 99 % of them are found; with every
# third character wrong .24 and 90 %; with every fifth .42 and 18 %: to find more would cost pages of names.
WORST_SCORE = 0.35
_FEWEST_WORDS = 30  # fewer tell nothing
_SHORTEST = 4  # letters: short words are known by chance
_FOREIGN = 0.045  # share of function words: other languages have .06 and more, spoilt pages .03 at most
_CODE = 0.04  # share of the characters that programs are full of
_UNMAPPED = 0.2

# Splits "DeclareTextComposite" as programs are written.
_WORD = re.compile(r"[^\W\d_a-zà-ž]?[a-zà-ž]+|[^\W\d_]+")
_PROGRAM = re.compile(r"[\\{}\[\]_=<>;#^@|~$]")
_PREFIXES = ("nie", "naj")

# Of languages that share the Latin letters: their presence shows that a page is whole, only foreign.
_FUNCTION_WORDS = frozenset(
    "der die das und ist von mit den für auf ein eine einer dem des sich nicht auch werden wird oder als "
    "bei nach aus dass sind sei gilt les est dans pour une que qui par sur pas plus avec sont aux cette "
    "leur ses être nous vous los las una del por con para como más pero este está sus che per non della "
    "dei sono gli nel alla più anche come het een van niet zijn voor met ook aan door worden não uma com "
    "dos mais pela sit amet sed vel quis nec eget cum enim quam nunc není jsou který podle jako také bylo "
    "nebo pro jeho för att och det som inte till har kan være ikke med ir yra kad és hogy nem egy".split()
)


class Vocabulary:
    """The words of Polish and English, and those asked for once."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._lexicons = lexicons
        self._known: dict[str, bool] = {}

    def knows(self, word: str) -> bool:
        """Whether it is a word of either language, in any inflected form and case."""
        lowered = word.lower()
        known = self._known.get(lowered)
        if known is None:
            known = self._known[lowered] = self._look_up(lowered)
        return known

    def _look_up(self, word: str) -> bool:
        if self._lexicons.polish(word) or self._lexicons.english(word):
            return True
        # "niezwłocznie", "najważniejszy": listed without what they begin with.
        return len(word) > 6 and word.startswith(_PREFIXES) and self._lexicons.polish(word[3:]) is not None


@dataclass(frozen=True, slots=True)
class Quality:
    """`score` is the share of known words, None where it says nothing; `reason` why a page is bad."""

    score: float | None
    reason: str = ""


def is_foreign(text: str) -> bool:
    """Whether the text is in a language other than Polish and English, as far as its words tell."""
    return _is_another_script(text) or _has_foreign_words(_WORD.findall(text))


def judge(text: str, unmapped: int, vocabulary: Vocabulary) -> Quality:
    """Judge the text of a page; `unmapped` of its characters have no meaning in the font.

    The score is the share of the words of four letters and more that are known in Polish or English,
    of those that begin in lower case where there are thirty, since names are seldom known. It is None
    for pages of few words (figures, tables, formulas), of programs, in another script, or in another
    language, which its function words show.
    """
    characters = sum(1 for character in text if not character.isspace())
    if unmapped > _UNMAPPED * max(characters, 1):
        return Quality(None, f"its fonts do not say which letters {unmapped} of its characters are")
    words = _WORD.findall(text)
    long = [word for word in words if len(word) >= _SHORTEST]
    lower = [word for word in long if word[0].islower()]
    counted = lower if len(lower) >= _FEWEST_WORDS else long
    if len(counted) < _FEWEST_WORDS or is_foreign(text):
        return Quality(None)
    score = sum(map(vocabulary.knows, counted)) / len(counted)
    if score >= WORST_SCORE or (score > 0.1 and len(_PROGRAM.findall(text)) > _CODE * characters):
        return Quality(score)
    return Quality(score, f"only {score:.0%} of its words are known in Polish or English")


def _is_another_script(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return sum(character < "\u0250" for character in letters) < 0.5 * len(letters)


def _has_foreign_words(words: list[str]) -> bool:
    counted = [word.lower() for word in words if len(word) > 2]
    return sum(word in _FUNCTION_WORDS for word in counted) >= max(_FOREIGN * len(counted), 2)
