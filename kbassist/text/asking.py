"""What is asked: the kind of a query, and the sentences of a message that ask or state a problem."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from kbassist.text.analysis import words
from kbassist.text.letters import flat, is_closing, own_words, without_references
from kbassist.text.sentences import sentences
from kbassist.text.wording import ANAPHOR, ASKS, ASKS_FIRST, DEMANDS, EMPTY, PROBLEM, SENTENCE_WORD

QueryKind = Literal["keywords", "question", "address", "message"]

_LONG = 25  # words: whoever writes more tells a story
_SENTENCES = 3
_KEYWORDS = 6  # words
_FEW = 3  # words of a topic: a question with fewer says too little by itself

_ADDRESS = re.compile(
    r"(?:§|\b(?:art(?:yku\w*)?|ust(?:ep\w*)?|pkt|paragraf\w*|section|article|clause)\b\.?)\s*\d", re.I
)
# Who writes in a hurry begins no sentence with a capital.
_CHAT_STOP = re.compile(r"(?<=[?!])\s+|(?<=\w{3}\.)(?<!\b(?:art|ust|pkt|tel|lit|poz|itp|itd)\.)\s+")


@dataclass(frozen=True, slots=True)
class Focus:
    """`text` is what to search with; `rest` the story around it, which weighs less."""

    text: str
    rest: str = ""


def query_kind(text: str) -> QueryKind:
    """By its surface: `message` (an e-mail, a story), `address` (names a provision), `question`
    (or any sentence), `keywords`.
    """
    count = len(text.split())
    if count > _LONG or text.strip().count("\n") >= _SENTENCES:
        return "message"
    plain = flat(text)
    if _ADDRESS.search(plain):
        return "address"
    if count > _KEYWORDS or "?" in text or ASKS_FIRST.match(plain) or SENTENCE_WORD.search(plain):
        return "question"
    return "keywords"


def topic_words(text: str) -> list[str]:
    """The words that say what a text is about, in order, lower-case; without those that only ask or join."""
    return [word for word in words(text) if flat(word) not in EMPTY and (len(word) > 1 or word.isdigit())]


def asking(text: str, lang: str) -> list[str]:
    """The sentences of a message that ask; where none does, what it demands or complains of, as one text.

    All that its writer says when there is nothing of that kind; nothing for an empty text.
    """
    said = own_sentences(text, lang)
    asked = [sentence for sentence in said if _asks(sentence)]
    about = [sentence for sentence in asked if topic_words(sentence)]
    if about:
        return list(dict.fromkeys(about))
    stated = " ".join(sentence for sentence in said if _states(sentence))
    return [part for part in [stated or " ".join(asked or said)] if part]


def focus(text: str, lang: str) -> Focus:
    """What to search with for a message: what it asks, and what went wrong where that is little.

    A short query comes back as it is.
    """
    kind = query_kind(text)
    if kind != "message":
        own = own_words(text) if kind == "question" else text
        return Focus(text if own == text.strip() else own)
    said = own_sentences(text, lang)
    asked = {place for place, sentence in enumerate(said) if _asks(sentence) and topic_words(sentence)}
    stated = {place for place, sentence in enumerate(said) if _states(sentence)}
    about = len(topic_words(" ".join(said[place] for place in asked)))
    chosen = asked | stated if about < _FEW else asked
    if chosen == asked and about == 1:
        chosen = asked | {place - 1 for place in asked if place}
    if not chosen:
        return Focus(without_references(" ".join(said)) or text.strip())
    return Focus(
        without_references(" ".join(said[place] for place in sorted(chosen))),
        without_references(" ".join(each for place, each in enumerate(said) if place not in chosen)),
    )


def own_sentences(text: str, lang: str) -> list[str]:
    """What the writer of a message says in it, sentence by sentence, without formulas of courtesy."""
    own = own_words(text)
    found = (part.strip() for start, end in sentences(own, lang) for part in _CHAT_STOP.split(own[start:end]))
    return [sentence for sentence in found if any(map(str.isalnum, sentence)) and not is_closing(sentence)]


def leans(sentence: str) -> bool:
    """Whether it points at something that was said before it."""
    return ANAPHOR.search(flat(sentence)) is not None


def _asks(sentence: str) -> bool:
    plain = flat(sentence)
    if sentence.rstrip("\"'”’)»! ").endswith("?") or ASKS.search(plain):
        return True
    return bool(ASKS_FIRST.match(plain)) and "," not in sentence.rstrip(",; ")


def _states(sentence: str) -> bool:
    plain = flat(sentence)
    return bool(DEMANDS.search(plain) or PROBLEM.search(plain))
