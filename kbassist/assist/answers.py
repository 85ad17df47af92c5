"""The answer policy: give the quotes, or hand over with everything that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kbassist.assist.messages import message, reason_in_words
from kbassist.assist.turns import urgency, wants_person
from kbassist.protocols import Reading, Retrieval
from kbassist.types import Answer, AnswerStatus, Confidence, Conflict, Handoff


@dataclass(frozen=True, slots=True)
class Turn:
    """One question on its way to an answer."""

    id: str
    question: str
    history: tuple[Mapping[str, str], ...]
    retrieval: Retrieval
    reading: Reading
    confidence: Confidence
    conflict: Conflict | None


def decide(turn: Turn) -> Answer:
    """`answered` when the confidence reaches its threshold and the sources agree, else `handoff`."""
    reason = _reason_to_hand_over(turn)
    if reason is None:
        return _answer(replace(turn, reading=_by_the_rule(turn)), "answered", "confident")
    handoff = _handoff(turn, reason)
    return _answer(turn, "handoff", reason, handoff)


def _by_the_rule(turn: Turn) -> Reading:
    """The reading, or the claim that won where a rule resolved a conflict against it."""
    if turn.conflict is None:
        return turn.reading
    winner = turn.conflict.claims[0].citation
    if turn.reading.citations[0].document_id == winner.document_id:
        return turn.reading
    return Reading(text=winner.quote, citations=(winner,), features=turn.reading.features)


def _reason_to_hand_over(turn: Turn) -> str | None:
    if not turn.question.strip():
        return "empty_question"
    if wants_person(turn.question):
        return "person_requested"
    if not turn.reading.citations:
        return "nothing_found"
    if turn.conflict is not None and turn.conflict.resolution is None:
        return "conflict"
    if turn.confidence.probability < turn.confidence.threshold:
        return "low_confidence"
    return None


def _answer(turn: Turn, status: AnswerStatus, reason: str, handoff: Handoff | None = None) -> Answer:
    answered = status == "answered"
    return Answer(
        id=turn.id,
        question=turn.question,
        status=status,
        reason=reason,
        text=turn.reading.text if answered else message(reason, turn.retrieval.lang),
        citations=turn.reading.citations if answered else (),
        confidence=turn.confidence,
        hits=turn.retrieval.hits,
        conflict=turn.conflict,
        handoff=handoff,
        lang=turn.retrieval.lang,
        disclosure=message("disclosure", turn.retrieval.lang),
    )


def _handoff(turn: Turn, reason: str) -> Handoff:
    lang, confidence = turn.retrieval.lang, turn.confidence
    words = reason_in_words(reason, lang, probability=confidence.probability, threshold=confidence.threshold)
    source = turn.retrieval.hits[0].passage if turn.retrieval.hits else None
    named = " ".join(filter(None, (source.title, source.address))) if source else message("no_source", lang)
    rewritten = () if turn.retrieval.query == turn.question else (turn.retrieval.query,)
    return Handoff(
        question=turn.question,
        rewritten=rewritten,
        history=turn.history,
        tried=(turn.question, *rewritten),
        hits=turn.retrieval.hits,
        confidence=confidence,
        reason=reason,
        topic=source.headings[0] if source and source.headings else (source.title if source else None),
        urgency=urgency(" ".join([*_said_by_user(turn.history), turn.question])),
        lang=lang,
        summary=message("summary", lang, question=turn.question.strip(), reason=words, source=named),
    )


def _said_by_user(history: Sequence[Mapping[str, str]]) -> list[str]:
    return [turn["content"] for turn in history if turn.get("role") == "user"]
