"""The short question that asks back: its words, and what a reply to it picks.

A conversation comes back as plain turns, so a question that was asked back is known by its words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbassist.text.analysis import words
from kbassist.text.asking import topic_words
from kbassist.text.letters import flat
from kbassist.types import Channel

MOST_OPTIONS = 5
_STEMS = {"pl": "Czego dokładnie dotyczy pytanie", "en": "What exactly is this about"}
_SPOKEN = {
    "pl": ("po pierwsze", "po drugie", "po trzecie", "po czwarte", "po piąte"),
    "en": ("first", "second", "third", "fourth", "fifth"),
}
_LAST = {"pl": "czy", "en": "or"}
_ASKED_BACK = re.compile(f"(?:{'|'.join(_STEMS.values())}): ?(?P<options>[^\n]+)\\?", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:\A|, )[1-9]\) ")
_COUNTED = re.compile(
    rf"(?:\A|, )(?:czy |or )?(?:{'|'.join((*_SPOKEN['pl'], *_SPOKEN['en']))}),? ", re.IGNORECASE
)
# Matched on text without diacritics.
_NUMBER = re.compile(
    r"\W*(?:opcj\w+|numer|nr|punkt|odpowiedz|wariant|option|number|no\.?|the)?\W*([1-9])\W*(?:please|prosze"
    r"|opcj\w+)?\W*"
)
_ORDINALS = (
    re.compile(r"\b(?:pierwsz\w{1,4}|jeden|jedynk\w|first)\b"),
    re.compile(r"\b(?:drug\w{1,4}|dwa|dwojk\w|second|two)\b"),
    re.compile(r"\b(?:trzeci\w{0,4}|trzy|trojk\w|third|three)\b"),
    re.compile(r"\b(?:czwart\w{1,4}|cztery|czworka|fourth|four)\b"),
    re.compile(r"\b(?:piat\w{1,4}|piec|fifth|five)\b"),
)
_LAST_ONE = re.compile(r"\b(?:ostatni\w*|last(?: one)?|latter)\b")
_NONE = re.compile(
    r"\W*(?:(?:a |no |to )?(?:zadn\w+|nic z tego|nie wiem|nie mam pojecia|(?:co|cos|o co) innego"
    r"|wszystko jedno|obojetnie"
    r"|nie rozumiem|none|neither|nothing|(?:i )?do ?n[o']?t know|dunno|not sure|no idea|something else|other"
    r"|whatever|i do ?n[o']?t care|hm+|nie|no)\b)\W*(?:z (?:tych|nich|powyzszych)\w*|of (?:them|these|those"
    r"|the above))?\W*"
)


def asking_back(options: Sequence[str], lang: str, channel: Channel = "chat") -> str:
    """One question with the options: numbered to be written, counted to be spoken."""
    known = "pl" if lang == "pl" else "en"
    if channel == "voice":
        named = [f"{order} {option}" for order, option in zip(_SPOKEN[known], options, strict=False)]
        listed = ", ".join([*named[:-1], f"{_LAST[known]} {named[-1]}"])
    else:
        listed = ", ".join(f"{number}) {option}" for number, option in enumerate(options, 1))
    return f"{_STEMS[known]}: {listed}?"


def options_of(turn: str) -> tuple[str, ...] | None:
    """The options that a turn offers; None for one that does not ask back."""
    asked = _ASKED_BACK.search(turn)
    if asked is None:
        return None
    listed = asked["options"]
    by = _NUMBERED if _NUMBERED.match(listed) else _COUNTED
    return tuple(part.strip(" ,") for part in by.split(listed) if part and part.strip(" ,"))


def picked(reply: str, options: Sequence[str]) -> str | None:
    """The option that a reply picks, by its number, its place or its words; None when it picks none."""
    plain = flat(reply).lower()
    if number := _NUMBER.fullmatch(plain):
        place = int(number[1]) - 1
        return options[place] if place < len(options) else None
    own = set(words(plain))
    shared = [_shared(own, option, options) for option in options]
    best = max(shared, default=0)
    if best > 0 and shared.count(best) == 1:
        return options[shared.index(best)]
    if len(own) <= 5:
        if options and _LAST_ONE.search(plain):
            return options[-1]
        places = [place for place, ordinal in enumerate(_ORDINALS[: len(options)]) if ordinal.search(plain)]
        if len(places) == 1:
            return options[places[0]]
    return None


def picks_nothing(reply: str) -> bool:
    """Whether a reply says that none of the options is meant, or that the customer does not know."""
    return _NONE.fullmatch(flat(reply).lower()) is not None


def _shared(own: set[str], option: str, options: Sequence[str]) -> int:
    """How many words of the reply are forms of words that this option has and another has not."""
    mine = {flat(word) for word in words(option)}
    common = (
        set.intersection(*({flat(word) for word in words(each)} for each in options))
        if options[1:]
        else set()
    )
    telling = {flat(word) for word in topic_words(option)} & mine or mine
    return sum(any(_alike(word, other) for other in telling - common) for word in own)


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    shortest = min(len(one), len(other))
    return shortest >= 4 and one[: max(4, shortest - 3)] == other[: max(4, shortest - 3)]
