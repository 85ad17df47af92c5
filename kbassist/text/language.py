"""Polish or English?"""

from __future__ import annotations

import re
from collections import Counter

from kbassist.text.lexicon import Lexicons

_WORD = re.compile(r"[^\W\d_]+")
_POLISH_LETTERS = frozenset("ąćęłńóśźż")
_SAMPLE = 300  # words; more do not change the answer

# Words that carry no topic and stand in nearly every sentence of one language only; so neither "a" nor "i".
_POLISH = frozenset(
    "się nie jest czy jak gdzie kiedy ile dla lub oraz przez jeśli jeżeli po od przy ze który która "
    "które tego tej tym są być można mogę moge chcę chce mam ma co czym już tylko także ktoś kto mi moje "
    "mój moja nas nam pan pani proszę prosze dlaczego jaki jaka jakie w z na".split()
)
_ENGLISH = frozenset(
    "the is are was were how what when where which who why can could would should will my your our their "
    "of and or for from with without this that these those it its have has had does did not be been if "
    "there any you we they he she an in at by as me us about after before".split()
)


def detect(text: str, lexicons: Lexicons, *, default: str = "pl") -> str:
    """`"pl"` or `"en"`, by the words: letters, function words, membership in the lexicons.

    `default` decides a tie, an empty text included.
    """
    score: Counter[str] = Counter()
    for word in _WORD.findall(text.lower())[:_SAMPLE]:
        if not _POLISH_LETTERS.isdisjoint(word):
            score["pl"] += 2
        elif word in _POLISH:
            score["pl"] += 1
        elif word in _ENGLISH:
            score["en"] += 1
        elif len(word) > 2:
            polish, english = lexicons.polish(word), lexicons.english(word)
            if polish and not english:
                score["pl"] += 1
            elif english and not polish:
                score["en"] += 1
    if score["pl"] == score["en"]:
        return default
    return "pl" if score["pl"] > score["en"] else "en"
