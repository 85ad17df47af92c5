"""Everything a person needs to take a conversation over, and what the customer is told meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kbassist.assist.messages import message, reason_in_words, signs_in_words
from kbassist.assist.mood import signs
from kbassist.assist.options import label
from kbassist.protocols import Retrieval
from kbassist.types import Confidence, Conflict, Handoff, Hit

_TURNS = 6
"""Last turns of the customer in which anger or urgency counts."""
_LONGEST = 300
"""Characters of a question in the summary."""
_FEW = 8
"""Words of a turn that is shown with what it is about."""


def hand_over(
    question: str,
    reason: str,
    *,
    history: Sequence[Mapping[str, str]],
    retrieval: Retrieval,
    confidence: Confidence,
    conflict: Conflict | None,
    tried: Sequence[str] = (),
    ask_back: str | None = None,
    meant: str = "",
) -> Handoff:
    """`tried` are the queries that were searched with; `ask_back` is what could be asked next; `meant` is the
    question in full where the turn only completes one.

    The summary has three lines: what is asked, why it is handed over and in which tone, the nearest source.
    """
    lang, hits = retrieval.lang, retrieval.hits
    rewritten = tuple(
        dict.fromkeys(query for query in (retrieval.query, *tried) if query and query != question)
    )
    shown = signs(" ".join([*_said_by_user(history), question]))
    why = reason_in_words(reason, lang, probability=confidence.probability, threshold=confidence.threshold)
    told = "; ".join(filter(None, (why, signs_in_words(shown, lang))))
    return Handoff(
        question=question,
        rewritten=rewritten,
        history=tuple(history),
        tried=tuple(dict.fromkeys((question, *rewritten))),
        hits=hits,
        confidence=confidence,
        reason=reason,
        topic=_topic(hits),
        urgency="high" if shown else "normal",
        lang=lang,
        summary=message(
            "summary",
            lang,
            question=_asked(question, meant, retrieval.query, lang),
            reason=told,
            source=_source(hits, lang),
        ),
        message=message(reason, lang),
        suggested=_suggested(reason, hits, lang, ask_back),
        conflict=conflict,
    )


def _suggested(reason: str, hits: Sequence[Hit], lang: str, ask_back: str | None) -> str:
    if ask_back:
        return ask_back
    if reason == "unhelpful":
        return message("suggest_unhelpful", lang)
    about = label(hits) if reason in ("low_confidence", "conflict") else None
    return message("suggest_topic", lang, topic=about) if about else message("suggest_detail", lang)


def _topic(hits: Sequence[Hit]) -> str | None:
    if not hits:
        return None
    source = hits[0].passage
    return source.headings[0] if source.headings else source.title or None


def _source(hits: Sequence[Hit], lang: str) -> str:
    source = hits[0].passage if hits else None
    named = " ".join(filter(None, (source.title, source.address))) if source else ""
    return " ".join(named.split()) or message("no_source", lang)


def _asked(question: str, meant: str, query: str, lang: str) -> str:
    """The turn, and what it is about where that was said before."""
    if meant and meant != question:
        return _short(meant) if question in meant else _about(question, meant, lang)
    around = query.removesuffix(question.strip()).strip()
    return _about(question, around, lang) if around and len(question.split()) <= _FEW else _short(question)


def _about(question: str, topic: str, lang: str) -> str:
    return message("about", lang, question=_short(question), topic=_short(topic))


def _short(question: str) -> str:
    """On one line, and not longer than a person reads at a glance."""
    line = " ".join(question[: 2 * _LONGEST].split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def _said_by_user(history: Sequence[Mapping[str, str]]) -> list[str]:
    return [turn["content"] for turn in history if turn.get("role") == "user"][-_TURNS:]
