"""Signs of anger and of urgency in what a customer writes. They are shown to the person who takes over."""

from __future__ import annotations

import re
from typing import Literal

from kbassist.text.letters import flat
from kbassist.types import Urgency

Sign = Literal["anger", "urgent", "legal"]

_LONGEST = 5_000
"""Characters of a text that are looked at."""
_SHOUTED = 3
"""Words in capitals that make a shout, when they are most of the text."""

# Matched on text without diacritics; "pilnik" is a file, and "sad" an orchard.
_ANGER = re.compile(
    r"\b(?:skandal\w*|zenad\w*|masakr\w*|kpin\w*|kpicie|zart(?:y|ujecie)|kurw\w*|cholern?\w{1,2}|do diabla"
    r"|oszu(?:st|k|sci)\w*|zlodziej\w*|naciaga\w*|klamie\w*|klamc\w*|wkurz\w*|wsciek\w*|zdenerwowan\w*"
    r"|niepowazn\w*|niedopuszczaln\w*|karygodn\w*|tragedia|porazka|beznadziej\w*|mam (?:juz )?(?:was )?dosc"
    r"|(?:ile|jak dlugo) (?:jeszcze )?(?:mozna|mam) czekac|(?:trzeci|czwarty|piaty|kolejny|setny"
    r"|dziesiaty) raz (?:juz )?"
    r"(?:pisze|pytam|dzwonie|prosze)|lekcewaz\w*|olewa\w*|nigdy wiecej"
    r"|scam\w*|fraud\w*|thie(?:f|ves)|liars?|lying|ridiculous|unacceptable|outrageous|disgrac\w*|disgust\w*"
    r"|furious|angry|fed up|sick of|pathetic|useless|worst|terrible|horrible|bullshit|damn|wtf|fuck\w*"
    r"|(?:third|fourth|fifth|hundredth) time|never again|joke of a|what a joke)\b"
)
_URGENT = re.compile(
    r"\b(?:piln(?:e|y|a|ie|ych|ego|ej)|natychmiast\w*|jak najszybciej|jak najpredzej|na wczoraj|od zaraz"
    r"|(?:jeszcze )?dzis (?:musze|potrzebuje)|(?:musze"
    r"|potrzebuje) (?:miec )?(?:to )?(?:jeszcze )?dzis(?:iaj)?"
    r"|urgent\w*|asap|immediately|right away|right now|emergency|as soon as possible)\b"
)
_LEGAL = re.compile(
    r"\b(?:prawnik\w*|adwokat\w*|uokik\w*|rzecznik\w* (?:praw|konsument)\w*|policj\w*|prokuratur\w*|pozew"
    r"|pozw[ae]\w*"
    r"|na droge sadow\w*|inspekcj\w* handlow\w*|chargeback"
    r"|lawyers?|attorney|sue|suing|legal action|small claims|trading standards|police)\b"
)
_COURT = re.compile(r"\bsąd(?:u|em|owi|zie|y|ów|ow\w+)?\b", re.IGNORECASE)
_SHOUT_MARKS = re.compile(r"!{2,}|\?!|!\?|\?{3,}")
_WORD = re.compile(r"[^\W\d_]{2,}")


def signs(text: str) -> tuple[Sign, ...]:
    """What shows in the words, each once: `anger`, `urgent`, `legal` (a threat with the law)."""
    text = text[:_LONGEST]
    plain = flat(text).lower()
    found: list[Sign] = []
    if _ANGER.search(plain) or _SHOUT_MARKS.search(text) or _is_shouted(text):
        found.append("anger")
    if _URGENT.search(plain):
        found.append("urgent")
    if _LEGAL.search(plain) or _COURT.search(text):
        found.append("legal")
    return tuple(found)


def urgency(text: str) -> Urgency:
    """`"high"` where the words show anger, a threat or haste."""
    return "high" if signs(text) else "normal"


def _is_shouted(text: str) -> bool:
    words = _WORD.findall(text)
    loud = [word for word in words if word.isupper()]
    return len(loud) >= _SHOUTED and len(loud) > 0.6 * len(words)
