"""A reply to a message that asks several things."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbassist.assist.messages import message
from kbassist.text.sentences import sentences
from kbassist.types import Citation, Draft, DraftPart

_ASKS = re.compile(
    r"\?\W*$|\b(?:proszę o (?:informacj\w+|odpowied\w+|wyjaśnienie)"
    r"|chciał\w+ (?:się )?(?:dowiedzieć|wiedzieć|zapytać)"
    r"|please (?:tell|let me know|advise)|i (?:would like|want) to know|i wonder)\b",
    re.IGNORECASE,
)


def questions_in(text: str, lang: str) -> list[str]:
    """The sentences that ask; the whole message when none does, and nothing for an empty one."""
    spans = sentences(text, lang)
    asking = [text[start:end].strip() for start, end in spans if _ASKS.search(text[start:end])]
    whole = [text.strip()] if spans else []
    return list(dict.fromkeys(asking)) or whole


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


def _source(citation: Citation) -> str:
    """Title, address and link, as far as there are any; the document's id otherwise."""
    link = f"({citation.uri})" if citation.uri else ""
    return " ".join(filter(None, (citation.title, citation.address, link))) or citation.document_id
