"""Where a conversation stands when a turn comes: what was asked back, what was answered, what is repeated."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from kbassist.assist.asking_back import options_of, picked, picks_nothing
from kbassist.assist.messages import is_ours
from kbassist.assist.persons import wants_person
from kbassist.text.analysis import words
from kbassist.text.asking import query_kind, topic_words
from kbassist.text.followups import leans_on_history
from kbassist.text.letters import flat, is_closing, is_greeting
from kbassist.text.wording import ASKS_FIRST

TURNS = 40
"""Turns that are looked at: an older one has nothing to do with what is asked now."""
_LONGEST = 2_000
"""Characters of a turn that are looked at."""
_LONGEST_DETAIL = 8
"""Words of a reply that adds a detail: a longer one says itself what it is about."""
_SAME = 0.75
"""Share of the topic words that two questions have in common when the same is asked."""

_UNHELPFUL = re.compile(
    r"\b(?:to (?:\w+ )?nie (?:jest )?(?:byla )?(?:\w+ )?odpowiedz\w*|nie (?:o to|to|o tym) (?:mi )?(?:pytam"
    r"|pytalem|pytalam"
    r"|chodzi\w*|pytal\w*)|nie odpowiada (?:to |pan |pani )?na (?:moje |to )?pytanie|nie (?:odpowiedzial\w*"
    r"|odpowiadasz|odpowiadacie)"
    r"|(?:nic|nadal|wciaz|dalej) (?:mi )?(?:to )?nie (?:pomaga|pomoglo|daje|wiem)|to (?:mi )?(?:w niczym "
    r"|nic )?nie (?:pomaga|pomoglo|pomogl\w*)"
    r"|nie pomog(?:les|las|liscie|lo)|(?:zla|bledna|bezsensowna) odpowiedz|nie na temat|to nie na temat"
    r"|bez sensu"
    r"|(?:not|isn't|wasn't|is not|was not) (?:what i asked|an answer|my question|helpful|the answer"
    r"|about that)"
    r"|(?:doesn't|does not|didn't|did not|do not|don't) (?:really )?(?:answer|help)|you (?:didn't|did not"
    r"|are not|aren't) answer\w*"
    r"|wrong answer|unhelpful|that's (?:no|not) help\w*|makes no sense|never answered)\b"
)
_SENTENCE = re.compile(r"[^.?!\n]+[.?!]*")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a turn asks within its conversation.

    `question` is the turn, or the question that it completes with the detail that was asked back for;
    `history` the turns before that question. `asked_back` counts the questions that were asked back in a
    row right before the turn, `offered` has all their options. `unhelpful` says that the last answer did
    not help, `unclear` that the reply to what was asked back picks nothing.
    """

    question: str
    history: tuple[Mapping[str, str], ...]
    asked_back: int = 0
    offered: tuple[str, ...] = ()
    unhelpful: bool = False
    unclear: bool = False


def standing(question: str, history: Sequence[Mapping[str, str]]) -> Standing:
    """Read the conversation. Only its last `TURNS` turns are looked at."""
    turns = [
        {"role": turn["role"], "content": turn["content"][:_LONGEST]}
        for turn in history[-TURNS:]
        if turn["content"].strip()
    ]
    row = _asked_back(turns)
    if row:
        return _completed(question, turns, row)
    complains = (
        bool(_said_by_others(turns)) and _UNHELPFUL.search(flat(question[:_LONGEST]).lower()) is not None
    )
    if complains:
        rest = _without_complaint(question)
        if rest is None or _asked_before(rest, turns):
            return Standing(question, _telling(turns), unhelpful=True)
        return Standing(rest, _telling(turns))
    return Standing(question, _telling(turns), unhelpful=_asked_before(question, turns))


def _telling(turns: Sequence[Mapping[str, str]]) -> tuple[Mapping[str, str], ...]:
    """Without what the bot says when it has nothing to say."""
    return tuple(turn for turn in turns if turn["role"] == "user" or not is_ours(turn["content"]))


def last_topic(history: Sequence[Mapping[str, str]]) -> str:
    """The last thing that the customer asked about; empty when there is none."""
    for turn in reversed(history[-TURNS:]):
        said = turn["content"][:_LONGEST]
        if turn["role"] == "user" and not is_greeting(said) and topic_words(said):
            return said
    return ""


def _asked_back(turns: Sequence[Mapping[str, str]]) -> list[tuple[int, tuple[str, ...]]]:
    """Places and options of the questions asked back in a row at the end, the first one first."""
    found: list[tuple[int, tuple[str, ...]]] = []
    for place in range(len(turns) - 1, -1, -1):
        if turns[place]["role"] == "user":
            continue
        options = options_of(turns[place]["content"])
        if options is not None:
            found.append((place, options))
        elif place + 1 == len(turns) or turns[place + 1]["role"] == "user":
            break
    return found[::-1]


def _completed(
    question: str, turns: Sequence[Mapping[str, str]], row: Sequence[tuple[int, tuple[str, ...]]]
) -> Standing:
    """A reply to what was asked back: the first question goes on with the details given since."""
    places = [place for place, _ in row]
    offered = tuple(dict.fromkeys(option for _, options in row for option in options))
    first = max((place for place in range(places[0]) if turns[place]["role"] == "user"), default=None)
    if first is None or _is_of_its_own(question, row[-1][1]):
        repeated = first is not None and _same(question, turns[first]["content"])
        return Standing(question, _telling(turns), len(row), offered, unclear=repeated)
    replies = [
        " ".join(turn["content"] for turn in turns[one + 1 : other] if turn["role"] == "user")
        for one, other in zip(places, [*places[1:], len(turns)], strict=True)
    ]
    replies[-1] = f"{replies[-1]} {question}".strip()
    details = [
        picked(reply, options) or ("" if picks_nothing(reply) else reply)
        for reply, (_, options) in zip(replies, row, strict=True)
    ]
    return Standing(
        question=reduce(_with_detail, filter(None, details), turns[first]["content"].strip()),
        history=_telling(turns[:first]),
        asked_back=len(row),
        offered=offered,
        unclear=not details[-1] or not words(details[-1]),
    )


def _with_detail(question: str, detail: str) -> str:
    """`"Ile kosztuje dostawa?"` with `"Dostawa za granicę"` gives `"Ile kosztuje dostawa za granicę?"`."""
    said = {flat(word)[:5] for word in words(question) if len(word) > 3}
    new = [word for word in detail.strip(" .?!").split() if flat(word).lower()[:5] not in said]
    body, mark = (question[:-1].rstrip(), "?") if question.endswith("?") else (question, "")
    return f"{body} {' '.join(new)}{mark}" if new else question


def _is_of_its_own(reply: str, options: Sequence[str]) -> bool:
    """Whether a reply is a new question (or asks for a person) rather than a detail of the last one."""
    if wants_person(reply):
        return True
    if picked(reply, options) or picks_nothing(reply):
        return len(words(reply)) > 2 * _LONGEST_DETAIL
    if len(words(reply)) > _LONGEST_DETAIL:
        return True
    asks = "?" in reply or ASKS_FIRST.match(flat(reply)) is not None
    return asks and query_kind(reply) != "keywords" and not leans_on_history(reply)


def _without_complaint(question: str) -> str | None:
    """What is asked beside the complaint; None when there is nothing."""
    rest = [part for part in _SENTENCE.findall(question) if not _UNHELPFUL.search(flat(part).lower())]
    text = "".join(rest).strip()
    return text if len(topic_words(text)) > 1 or "?" in text else None


def _asked_before(question: str, turns: Sequence[Mapping[str, str]]) -> bool:
    """Whether the customer's last question was the same, and was answered."""
    for place in range(len(turns) - 1, -1, -1):
        if turns[place]["role"] == "user":
            said = turns[place]["content"]
            if is_greeting(said) or is_closing(said) or _UNHELPFUL.search(flat(said).lower()):
                continue
            return place + 1 < len(turns) and _same(question, said)
    return False


def _same(one: str, other: str) -> bool:
    if words(one) == words(other):
        return bool(words(one))
    mine, theirs = ({flat(word)[:6] for word in topic_words(text)} for text in (one, other))
    if min(len(mine), len(theirs)) < 2:
        return False
    return len(mine & theirs) >= _SAME * len(mine | theirs) and not _values(one) ^ _values(other)


def _values(text: str) -> set[str]:
    return {word for word in words(text) if any(map(str.isdigit, word))}


def _said_by_others(turns: Sequence[Mapping[str, str]]) -> bool:
    return any(turn["role"] != "user" for turn in turns)
