"""A reply to a message that asks several things."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from kbassist.assist.handoffs import hand_over
from kbassist.assist.messages import message
from kbassist.protocols import Retrieval
from kbassist.text.asking import asking, own_sentences
from kbassist.types import Answer, Citation, Confidence, Draft, DraftPart

MOST_ANSWERED = 8
"""Questions of one message that are looked up."""
MOST_NAMED = 12
"""Further questions that are named one by one; what comes after them is one part."""
_LONGEST = 2_000
"""Characters of a part that is not looked up."""


def questions_in(text: str, lang: str) -> list[tuple[str, list[Mapping[str, str]]]]:
    """Each question of a message, with what its writer said before it, as the turns of a conversation.

    Where nothing is asked, what the message demands or complains of stands for a question.
    """
    said = own_sentences(text, lang)
    asked = asking(text, lang)
    return [
        (question, [{"role": "user", "content": each} for each in _before(question, said)])
        for question in asked
    ]


def compose(draft_id: str, parts: Sequence[DraftPart], lang: str, *, tone: str | None) -> Draft:
    """The answered parts with their sources; an open part is named, never blended into prose."""
    blocks: list[str] = [message("greeting", lang)] if tone != "plain" else []
    blocks += [_block(part, lang) for part in parts[: MOST_ANSWERED + MOST_NAMED]]
    if len(parts) > MOST_ANSWERED + MOST_NAMED:
        blocks.append(message("more_parts", lang))
    if tone != "plain":
        blocks.append(message("closing", lang))
    answered = sum(part.answer.status == "answered" for part in parts)
    return Draft(
        id=draft_id,
        parts=tuple(parts),
        text="\n\n".join(blocks),
        coverage=answered / len(parts) if parts else 0.0,
    )


def left_over(questions: Sequence[str], lang: str, threshold: float) -> list[DraftPart]:
    """Parts for what is more than one draft answers: handed over, and not looked up."""
    named = [*questions[:MOST_NAMED], *filter(None, ["\n".join(questions[MOST_NAMED:])[:_LONGEST]])]
    return [DraftPart(question, _not_looked_up(question, lang, threshold)) for question in named]


def _not_looked_up(question: str, lang: str, threshold: float) -> Answer:
    unsure = Confidence(0.0, "low", threshold)
    handoff = hand_over(
        question,
        "too_many_questions",
        history=(),
        retrieval=Retrieval(question, lang, {}, None, ()),
        confidence=unsure,
        conflict=None,
    )
    return Answer(
        id=f"a-{uuid.uuid4().hex}",
        question=question,
        status="handoff",
        reason=handoff.reason,
        text=handoff.message,
        citations=(),
        confidence=unsure,
        hits=(),
        handoff=handoff,
        lang=lang,
        disclosure=message("disclosure", lang),
    )


def _block(part: DraftPart, lang: str) -> str:
    """What a part gives: its answer with the sources, the question that asks back, or who will answer."""
    answer = part.answer
    if answer.status == "answered":
        sources = dict.fromkeys(map(_source, answer.citations))
        return answer.text + "\n" + "\n".join(f"— {source}" for source in sources)
    if answer.status == "clarify" and answer.options and answer.clarification:
        return message("ask_back_part", lang, question=part.question, clarification=answer.clarification)
    return message("open_part", lang, question=part.question)


def _before(question: str, said: Sequence[str]) -> Sequence[str]:
    return said[: said.index(question)] if question in said else ()


def _source(citation: Citation) -> str:
    """Title, address and link, as far as there are any; the document's id otherwise."""
    link = f"({citation.uri})" if citation.uri else ""
    return " ".join(filter(None, (citation.title, citation.address, link))) or citation.document_id
