"""Turns that lean on what was said before ("a za granicę?"), and what they take over from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from kbassist.text.analysis import words
from kbassist.text.asking import focus, leans, topic_words
from kbassist.text.letters import flat, is_greeting

_TURNS_BACK = 40
_MOST_CARRIED = 14  # words
_MOST_HINTED = 6  # words of somebody else's
_LONGEST = 300  # characters
_SHORT = 14  # words: what is longer says itself what it is about
_FEW = 2  # words of a topic
_FRAGMENT = 5  # words of a turn without a verb

# All patterns are matched on text without diacritics.
_FILLER = re.compile(
    r"\W*(?:(?:ok(?:ej|ay)?|dobra|dobrze|rozumiem|jasne|super|swietnie|aha|hmm?|no|dzieki|dziekuje"
    r"|w takim razie"
    r"|to(?! samo)|wiec|czyli|(?:mam )?(?:jeszcze )?(?:jedno |inne )?pytanie|sure|great|fine|right|alright"
    r"|well|thanks"
    r"|thank you|i see|got it|(?:i have )?(?:one more|another|a) question)\b[\s,.!:]*)+",
    re.IGNORECASE,
)
_JOINING = re.compile(
    r"\W*(?:(?:a |i |and )?(?P<condition>co jesli|co gdy|jesli|jezeli|what if|if)|to samo(?: (?:z|ze|dla|w))?"
    r"|a (?:co|jak) (?:z|ze|w przypadku)|a|oraz|ani|albo|lub|tylko|what about|how about|and|or|but|also|even"
    r"|i(?! (?:want|need|have|am|was|would|can|did|do|don|just|bought|ordered|paid|got|like|never|still)\b"
    r"|'))\b\W*",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:tez|rowniez|takze|jeszcze|wszystkie|wszystko|oba|obie|naraz|too|also|as well|either|both"
    r"|instead)\b",
    re.I,
)
_PREPOSITION = re.compile(
    r"(?:do|za|na|w|we|z|ze|bez|dla|od|po|przy|przez|pod|u|o|spoza|poza|to|for|with|without|from|in|on|at"
    r"|by|after"
    r"|before|outside)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\b(?:ile|ilu|kiedy|gdzie|skad|dokad|kto|kogo|komu|czyj\w*|co|czego|czemu|czym|czy|jak|jaki\w*|jaka"
    r"|ktor\w+|dlaczego"
    r"|what|when|where|who|which|why|how|do(?= (?:you|i|we|they)\b)|does|did|is|are|can|could|may|will"
    r"|would|should)\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(r"\W*(?:a |i )?co (?:to|znaczy|oznacza|to znaczy) (?:jest |sa |znaczy )?\w+", re.I)
# They say what is to be known, and not of what.
_ASPECT = re.compile(
    r"(?:koszt\w*|cen[aeyoi]\w*|plac\w*|zaplac\w*|oplat\w*|drog\w*|dro[zg]\w*|dlug\w*|trwa\w*|czas\w*"
    r"|czeka\w*|termin\w*"
    r"|dni|godzin\w*|dziala\w*|zrobic|robi\w*|dostan\w*|potrzeb\w*|potrzebn\w*|moz\w*|wysla\w*|oddac\w*"
    r"|odda\w*|zmien\w*"
    r"|wazn\w*|dotycz\w*|obejm\w*|adres\w*|numer\w*|sposob\w*|mozliw\w*|darmo|kwot\w*|sztuk\w*|procent\w*"
    r"|cost\w*|price\w*"
    r"|pay\w*|fee\w*|charge\w*|long|take\w*|time|work\w*|days?|hours?|open|cheap\w*|expensive|free|number"
    r"|address|happen\w*"
    r"|wait\w*|possible|appl\w*|includ\w*|cover\w*|valid|keep|kept)"
)
_VERB = re.compile(
    r"\b(?:chc\w+|chcial\w+|potrzebuj\w+|musz\w+|mam|want|need|\w{2,}(?:ac|ic|yc|uc)(?: sie)?)\b",
    re.IGNORECASE,
)
# Subject or object stands in an earlier turn.
_ELLIPTIC = re.compile(
    r"\W*(?:czy )?(?:obejmuje|dotyczy|dziala|przysluguje|podlega|wystarczy|nalezy sie)\b"
    r"|\W*(?:w|na|za|do|od|po|pod|przez|z|o|at|in|on|for|to|from|by)\s(?:ile|ilu|jak\w+|ktor\w+|what|which"
    r"|how)\b\W*"
    r"(?:\w+\W*){0,2}$"
    r"|\W*(?:ile|jak dlugo|how much|how many|how long) (?:za|dla|przy|na|do|for|to|with"
    r"|in)\b\W*(?:\w+\W*){0,3}$",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:go|je|ich|im|nim|nia|niej|nich|jej|jego|mu|tam|it|its|they|them|their"
    r"|(?<!is )(?<!are )(?<!was )there(?! (?:is|are|was)\b))\b",
    re.IGNORECASE,
)
_HER = re.compile(r"\bją\b")  # without its tail it is "I"
_THIS = re.compile(r"\b(?:moge|mozna|da sie|jak|gdzie|kiedy|ile|czemu|dlaczego) to\b", re.IGNORECASE)


def carried_over(question: str, history: Sequence[Mapping[str, str]]) -> str:
    """The words of earlier turns that belong to a turn which leans on them; empty where none do.

    They come from the user's own turns, the last one that names a topic first; from the last answer only
    where the user named none. What the turn itself says anew ("do Austrii?" after "do Niemiec?") is
    not taken over.
    """
    if not history or not leans_on_history(question):
        return ""
    turns = [turn for turn in history[-_TURNS_BACK:] if turn.get("content", "").strip()]
    found = list(_from_user(question, turns))
    if not found:
        found = list(_from_others(turns))[:_MOST_HINTED]
    own = set(words(question))
    return " ".join(list(dict.fromkeys(word for word in found if word not in own))[:_MOST_CARRIED])


def leans_on_history(text: str) -> bool:
    """Whether a turn can only be understood with those before it."""
    if len(text) > _LONGEST:
        return False
    rest = flat(_HER.sub("jej", _without_filler(text)))
    if not words(rest):
        return False
    joining = _JOINING.match(rest)
    body = rest[joining.end() :] if joining else rest
    count = len(words(rest))
    if count > _SHORT or _DEFINES.match(rest):
        return False
    topic = _topic(body)
    if not topic:
        return True
    asks = _QUESTION.search(body) is not None
    if not asks and count <= _FRAGMENT and (joining or _PREPOSITION.match(body)):
        return bool(joining and joining["condition"]) or _VERB.search(body) is None
    if len(topic) <= _FEW and (leans(body) or _MORE.search(body) or _THIS.search(body)):
        return True
    if asks and joining and len(topic) == 1:
        return True
    return _ELLIPTIC.match(body) is not None or _points_back(body, topic)


def _without_filler(text: str) -> str:
    filler = _FILLER.match(flat(text))
    return text[filler.end() :] if filler else text


def _topic(text: str) -> list[str]:
    return [word for word in topic_words(text) if not _ASPECT.fullmatch(flat(word))]


def _points_back(text: str, topic: Sequence[str]) -> bool:
    """Whether a pronoun comes before there is anything in the turn that it could stand for."""
    pronoun = _PRONOUN.search(text)
    if pronoun is None or len(topic) > 2 * _FEW:
        return False
    return len(_topic(text[: pronoun.start()])) == 0


def _from_user(question: str, turns: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """The newest turn first, back to the one that named the topic."""
    taken = {} if _QUESTION.search(flat(question)) else _slots(question)
    asks = bool(_QUESTION.search(flat(question))) or bool(set(topic_words(question)) - set(_topic(question)))
    for turn in reversed(turns):
        if turn.get("role") != "user" or is_greeting(turn["content"]):
            continue
        said = _without_filler(focus(turn["content"], "pl").text)
        topic = _topic(said)
        if not topic:
            continue
        slots = _slots(said)
        replaced = {word for preposition, word in slots.items() if preposition in taken}
        wanted = topic if asks else topic_words(said)
        yield from (word for word in wanted if word not in replaced)
        taken |= {} if _QUESTION.search(flat(said)) else slots
        if not leans_on_history(turn["content"]):
            return


def _from_others(turns: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for turn in reversed(turns):
        if turn.get("role") != "user":
            yield from _topic(turn["content"][:_LONGEST])
            return


def _slots(text: str) -> dict[str, str]:
    """Each preposition with the word right after it: what a later turn may put in its place."""
    found = words(text)
    return {flat(one): other for one, other in pairwise(found) if _PREPOSITION.fullmatch(flat(one))}
