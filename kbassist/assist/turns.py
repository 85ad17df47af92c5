"""What the person wants with this turn: a person, an urgent answer, a follow-up on the last one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kbassist.text.analysis import words
from kbassist.types import Urgency

_FOLLOW_UP_WORDS = 5

_PERSON = re.compile(
    r"\b(?:(?:po)?rozmawiać|pogadać|połącz\w*|polacz\w*|chc[ęe]|proszę|prosze|daj\w*|wolę|wole)\b[^.?!]{0,40}"
    r"\b(?:konsultant\w*|człowiek\w*|czlowiek\w*|pracownik\w*|doradc\w*|żyw\w+ osob\w+|kimś z obsługi)\b"
    r"|\b(?:talk|speak|chat|connect|transfer)\b[^.?!]{0,30}\b(?:human|person|agent|someone|representative)\b"
    r"|^\W*(?:human|agent|representative|konsultant|człowiek)\W*(?:please|proszę)?\W*$",
    re.IGNORECASE,
)
_URGENT = re.compile(
    r"\b(?:piln\w+|natychmiast|skandal\w*|oszu\w+|prawnik\w*|adwokat\w*|uokik|rzecznik\w*|policj\w*|sąd\w*"
    r"|urgent\w*|immediately|asap|scam\w*|lawyer|fraud|unacceptable|outrageous)\b|!{2,}",
    re.IGNORECASE,
)
_LEANING = re.compile(
    r"^\W*(?:a|i|oraz|to|ok|and|what about|how about|but|then)\b"
    r"|\b(?:tam|tym|tego|temu|nim|nią|niej|ten|ta|to|tak|it|that|this|there|them|those)\b",
    re.IGNORECASE,
)


def wants_person(text: str) -> bool:
    """Whether the turn asks for a human."""
    return _PERSON.search(text) is not None


def urgency(text: str) -> Urgency:
    """`"high"` where the words show anger, a threat or haste."""
    return "high" if _URGENT.search(text) else "normal"


def with_history(question: str, history: Sequence[Mapping[str, str]]) -> str:
    """The question with the user's last one before it, when it is short and leans on it.

    `"a za granicę?"` after `"Ile kosztuje dostawa?"` becomes both; any other question stays as it is.
    """
    if len(words(question)) > _FOLLOW_UP_WORDS or not _LEANING.search(question):
        return question
    before = next((turn["content"] for turn in reversed(history) if turn.get("role") == "user"), "")
    return f"{before.strip()} {question.strip()}" if before.strip() else question
