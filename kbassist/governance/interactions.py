"""The interaction log: what was asked, what came of it, and what the person said about it.

No record here ever holds personal data that `redact` finds: the functions that make records apply it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from kbassist.errors import InvalidArgumentError
from kbassist.governance.personal_data import redact
from kbassist.types import Answer, AnswerStatus, Channel, Record

InteractionKind = Literal["answer", "search", "snippets", "draft"]
Signal = str | bool | int | float | None


@dataclass(frozen=True, slots=True)
class Interaction(Record):
    """One call that left the library. `id` is that of the record it gave out, which `feedback` names.

    `question` is redacted. `status`, `probability` and `threshold` are those of an answer, else None; so are
    its `reason`, the `topic` of the best source, and the `signals` that the probability was computed from,
    made with the model and the analysis that `configuration` names.
    """

    id: str
    at: datetime
    kind: InteractionKind
    question: str
    lang: str
    channel: Channel | None
    audience: frozenset[str]
    status: AnswerStatus | None = None
    probability: float | None = None
    threshold: float | None = None
    document_ids: tuple[str, ...] = ()
    feedback: Mapping[str, Signal] = field(default_factory=dict)
    reason: str = ""
    topic: str = ""
    signals: Mapping[str, float] = field(default_factory=dict)
    configuration: str = ""


def record_from_answer(
    answer: Answer,
    *,
    at: datetime,
    channel: Channel | None,
    audience: Iterable[str],
    configuration: str = "",
) -> Interaction:
    """The record of an answer: its cited documents once each, in the order cited."""
    cited = (citation.document_id for citation in answer.citations)
    record = record_query(
        "answer", answer.id, answer.question, at=at, lang=answer.lang, channel=channel, audience=audience,
        document_ids=cited,
    )  # fmt: skip
    return replace(
        record,
        status=answer.status,
        probability=answer.confidence.probability,
        threshold=answer.confidence.threshold,
        reason=answer.reason,
        topic=_topic(answer),
        signals=answer.confidence.signals,
        configuration=configuration,
    )


def _topic(answer: Answer) -> str:
    """The outermost heading over the best source, or its title."""
    if not answer.hits:
        return ""
    best = answer.hits[0].passage
    return best.headings[0] if best.headings else best.title


def record_query(
    kind: InteractionKind,
    record_id: str,
    question: str,
    *,
    at: datetime,
    lang: str,
    channel: Channel | None,
    audience: Iterable[str],
    document_ids: Iterable[str] = (),
) -> Interaction:
    """The record of a call that has no answer of its own: a search, snippets, a draft."""
    if at.tzinfo is None:
        raise InvalidArgumentError("at has no time zone: give datetime.now(timezone.utc) or the like")
    return Interaction(
        id=record_id,
        at=at,
        kind=kind,
        question=redact(question),
        lang=lang,
        channel=channel,
        audience=frozenset(audience),
        document_ids=tuple(dict.fromkeys(document_ids)),
    )


def with_feedback(interaction: Interaction, signals: Mapping[str, Signal]) -> Interaction:
    """The record with more feedback. A signal given again replaces the earlier one; text is redacted."""
    for name, value in signals.items():
        if value is not None and not isinstance(value, str | bool | int | float):
            raise InvalidArgumentError(
                f"feedback {name!r} is a {type(value).__name__}: give text, a number, True, False or None"
            )
    clean = {name: redact(value) if isinstance(value, str) else value for name, value in signals.items()}
    return replace(interaction, feedback={**interaction.feedback, **clean})


def interaction_from_dict(record: Mapping[str, Any]) -> Interaction:
    """The inverse of `Interaction.to_dict()`; of signals given one by one, later ones win."""
    given = record.get("feedback") or {}
    signals: dict[str, Signal] = {}
    for part in given if isinstance(given, list) else [given]:
        signals |= part
    return Interaction(
        **{
            **record,
            "at": datetime.fromisoformat(record["at"]),
            "audience": frozenset(record["audience"]),
            "document_ids": tuple(record["document_ids"]),
            "feedback": signals,
        }
    )
