"""A reply to a message that asks several things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kbassist.assist.messages import message
from kbassist.text.asking import asking, own_sentences
from kbassist.types import Citation, Draft, DraftPart


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
    for part in parts:
        if part.answer.status == "answered":
            sources = dict.fromkeys(map(_source, part.answer.citations))
            blocks.append(part.answer.text + "\n" + "\n".join(f"— {source}" for source in sources))
        else:
            blocks.append(message("open_part", lang, question=part.question))
    if tone != "plain":
        blocks.append(message("closing", lang))
    answered = sum(part.answer.status == "answered" for part in parts)
    return Draft(
        id=draft_id,
        parts=tuple(parts),
        text="\n\n".join(blocks),
        coverage=answered / len(parts) if parts else 0.0,
    )


def _before(question: str, said: Sequence[str]) -> Sequence[str]:
    return said[: said.index(question)] if question in said else ()


def _source(citation: Citation) -> str:
    """Title, address and link, as far as there are any; the document's id otherwise."""
    link = f"({citation.uri})" if citation.uri else ""
    return " ".join(filter(None, (citation.title, citation.address, link))) or citation.document_id
