"""Polish or English, or what else?"""

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


# What follows is measured on passages of this many words and more; shorter ones tell too little.
_FEWEST = 8
_CLEAR = 0.45  # of the words speak for the language …
_AHEAD = 2  # … and so many times as many as for the other
_FOREIGN = 0.3  # so few speak for Polish or English in a text of another language


def detect(text: str, lexicons: Lexicons, *, default: str = "pl") -> str:
    """`"pl"` or `"en"`, by the words: letters, function words, membership in the lexicons.

    `default` decides a tie, an empty text included.
    """
    score = _score(_WORD.findall(text.lower())[:_SAMPLE], lexicons)
    if score["pl"] == score["en"]:
        return default
    return "pl" if score["pl"] > score["en"] else "en"


def identify(text: str, lexicons: Lexicons) -> str | None:
    """The language as an ISO 639-1 code; None for a text that is too short or too mixed to tell.

    Polish and English are told by their words, others by the n-gram model of langid (Lui and Baldwin,
    "langid.py: An Off-the-shelf Language Identification Tool", 2012), which is loaded only for them.
    """
    words = [word for word in _WORD.findall(text.lower())[:_SAMPLE] if len(word) > 1]
    if len(words) < _FEWEST:
        return None
    score = _score(words, lexicons)
    (best, most), (_, second) = sorted({"pl": 0, "en": 0, **score}.items(), key=lambda item: -item[1])
    if most >= _CLEAR * len(words) and most >= _AHEAD * second:
        return best
    if most > _FOREIGN * len(words):
        return None
    from py3langid import classify

    code: str = classify(text[:5_000])[0]
    return code if code not in ("pl", "en") else None


def _score(words: list[str], lexicons: Lexicons) -> Counter[str]:
    """How much speaks for either language."""
    score: Counter[str] = Counter()
    for word in words:
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
    return score
