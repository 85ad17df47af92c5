"""What the person wants with this turn: a person, an urgent answer, a follow-up on the last one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kbassist.index.understanding import CARRIED, STORY, Query
from kbassist.text.asking import QueryKind, focus, query_kind, topic_words
from kbassist.text.followups import carried_over
from kbassist.types import Urgency

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


def wants_person(text: str) -> bool:
    """Whether the turn asks for a human."""
    return _PERSON.search(text) is not None


def urgency(text: str) -> Urgency:
    """`"high"` where the words show anger, a threat or haste."""
    return "high" if _URGENT.search(text) else "normal"


@dataclass(frozen=True, slots=True)
class Understood:
    """What to look for. `text` is what is asked now, `carried` words from around it, which weigh less.

    For a follow-up they come from earlier turns, for a message from the story around its questions.
    """

    text: str
    carried: str
    kind: QueryKind

    @property
    def query(self) -> Query:
        """What to search with.

        nDCG@10 of vectors alone on messages: whole .81, `text` .77, both .82; on follow-ups: the turn .34,
        with the last question before it .81, with what it carries .84.
        """
        is_message = self.kind == "message"
        return Query(self.text, self.carried, STORY if is_message else CARRIED, around_first=not is_message)

    @property
    def asked(self) -> str:
        """What to read the passages for, and to show to a person."""
        return self.text if self.kind == "message" else self.query.whole


def understand(question: str, history: Sequence[Mapping[str, str]], lang: str) -> Understood:
    """The question with what it takes over from the turns before it, where it leans on them.

    `"a za granicę?"` after `"Ile kosztuje dostawa?"` carries the delivery; a question that says itself what
    it is about carries nothing.
    """
    kind = query_kind(question)
    asked = focus(question, lang)
    if kind == "message":
        return Understood(asked.text, " ".join(dict.fromkeys(topic_words(asked.rest))), kind)
    return Understood(asked.text, carried_over(question, history), kind)
