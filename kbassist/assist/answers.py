"""The answer policy: give the quotes, ask back, or hand over with everything that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kbassist.assist.asking_back import asking_back
from kbassist.assist.channels import rendered
from kbassist.assist.dialogue import Standing
from kbassist.assist.handoffs import hand_over
from kbassist.assist.messages import message
from kbassist.assist.persons import asks_whether_bot, wants_person
from kbassist.assist.speech import speakable
from kbassist.protocols import Reading, Retrieval
from kbassist.text.analysis import words
from kbassist.text.letters import is_closing, is_greeting
from kbassist.types import Answer, Channel, Confidence, Conflict, Handoff

LOWEST = 0.01
"""Confidence below which nothing is asked back: the best passages are about other things."""
MOST_ASKED_BACK = 2
"""Questions asked back in a row, after which a person takes over."""
_LONGEST_COURTESY = 8
"""Words of a turn that is nothing but thanks."""


_NOTHING_FOUND = Retrieval("", "pl", {}, None, ())
_NOTHING_READ = Reading("", ())
_UNSURE = Confidence(0.0, "low", 0.0)
_ALONE = Standing("", ())


@dataclass(frozen=True, slots=True)
class Turn:
    """One question on its way to an answer.

    `tried` are further queries that were searched with, `options` what may be asked back about.
    """

    question: str
    history: tuple[Mapping[str, str], ...] = ()
    retrieval: Retrieval = _NOTHING_FOUND
    reading: Reading = _NOTHING_READ
    confidence: Confidence = _UNSURE
    conflict: Conflict | None = None
    tried: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    standing: Standing = _ALONE
    channel: Channel = "chat"
    id: str = ""


def decide(turn: Turn) -> Answer:
    """`answered` when the confidence reaches its threshold and the sources agree; `clarify` when a detail is
    missing that the sources offer, and for a turn that only greets; else `handoff`.
    """
    courtesy = courtesy_of(turn.question)
    if courtesy is not None and not turn.standing.asked_back:
        return _ask(turn, courtesy, message(courtesy, turn.retrieval.lang))
    reason = stop_at_once(turn.question) or _reason_not_to_answer(turn)
    if reason is None:
        return _answered(replace(turn, reading=_by_the_rule(turn)))
    if reason in ("low_confidence", "conflict") and _may_ask_back(turn, reason):
        asked = asking_back(turn.options, turn.retrieval.lang, turn.channel)
        if turn.channel == "voice":
            asked = speakable(asked, turn.retrieval.lang)
        return replace(_ask(turn, "detail_missing", asked), options=turn.options)
    if reason == "low_confidence" and turn.standing.asked_back >= MOST_ASKED_BACK:
        reason = "not_clarified"
    return _handed_over(turn, reason)


def stop_at_once(question: str) -> str | None:
    """Why a turn is handed over without looking for an answer; None when it is not."""
    if not words(question):
        return "empty_question"
    return "person_requested" if wants_person(question) else None


def courtesy_of(question: str) -> str | None:
    """The kind of a turn that greets, thanks or asks whether a bot answers, and nothing else."""
    if not words(question):
        return None
    if is_greeting(question):
        return "greeting_only"
    if is_closing(question) and len(words(question)) <= _LONGEST_COURTESY and "?" not in question:
        return "thanks"
    return "whether_bot" if asks_whether_bot(question) else None


def _reason_not_to_answer(turn: Turn) -> str | None:
    if turn.standing.unhelpful:
        return "unhelpful"
    if turn.standing.unclear:
        return "not_clarified"
    if not turn.reading.citations:
        return "nothing_found"
    if turn.conflict is not None and turn.conflict.resolution is None:
        return "conflict"
    if turn.confidence.probability < turn.confidence.threshold:
        return "low_confidence"
    return None


def _may_ask_back(turn: Turn, reason: str) -> bool:
    """Whether there is something to ask that was not asked before, and somebody who would get an answer."""
    sure = reason == "conflict" or turn.confidence.probability >= LOWEST
    new = not set(turn.options) & set(turn.standing.offered)
    return bool(turn.options) and sure and new and turn.standing.asked_back < MOST_ASKED_BACK


def _by_the_rule(turn: Turn) -> Reading:
    """The reading, or the claim that won where a rule resolved a conflict against it."""
    if turn.conflict is None:
        return turn.reading
    winner = turn.conflict.claims[0].citation
    if turn.reading.citations[0].document_id == winner.document_id:
        return turn.reading
    return Reading(text=winner.quote, citations=(winner,), features=turn.reading.features)


def _answered(turn: Turn) -> Answer:
    text = rendered(turn.reading, turn.retrieval.hits, turn.retrieval.lang, turn.channel)
    return replace(
        _base(turn), status="answered", reason="confident", text=text, citations=turn.reading.citations
    )


def _ask(turn: Turn, reason: str, clarification: str) -> Answer:
    return replace(
        _base(turn), status="clarify", reason=reason, text=clarification, clarification=clarification
    )


def _handed_over(turn: Turn, reason: str) -> Answer:
    handoff = _handoff(turn, reason)
    return replace(_base(turn), reason=reason, text=handoff.message, handoff=handoff)


def _base(turn: Turn) -> Answer:
    return Answer(
        id=turn.id,
        question=turn.question,
        status="handoff",
        reason="",
        text="",
        citations=(),
        confidence=turn.confidence,
        hits=turn.retrieval.hits,
        conflict=turn.conflict,
        lang=turn.retrieval.lang,
        disclosure=message("disclosure", turn.retrieval.lang),
    )


def _handoff(turn: Turn, reason: str) -> Handoff:
    lang = turn.retrieval.lang
    new = turn.options and not set(turn.options) & set(turn.standing.offered)
    return hand_over(
        turn.question,
        reason,
        history=turn.history,
        retrieval=turn.retrieval,
        confidence=turn.confidence,
        conflict=turn.conflict,
        tried=turn.tried,
        ask_back=asking_back(turn.options, lang) if new else None,
        meant=turn.standing.question,
    )
