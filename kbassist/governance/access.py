"""Who may see what, and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import get_args

from kbassist.errors import InvalidArgumentError
from kbassist.types import PUBLIC, Document, IndexEntry, Kind, Passage, PassageFilter, Status


def make_filter(
    audience: Iterable[str] | None = None,
    as_of: date | None = None,
    *,
    statuses: Iterable[str] | None = None,
    langs: Iterable[str] | None = None,
    kinds: Iterable[str] | None = None,
    document_ids: Iterable[str] | None = None,
) -> PassageFilter:
    """The filter that a caller's arguments mean.

    No audience means the public, no date means today. Raises `InvalidArgumentError` for what could only
    be a slip: one string where labels are expected (its letters would be the labels), an empty
    audience (nobody), an unknown status or kind.
    """
    labels = PUBLIC if audience is None else _labels("audience", audience)
    if not labels:
        raise InvalidArgumentError(
            "audience is empty, so nothing could be seen: give labels such as {'public'}, or leave it out"
        )
    return PassageFilter(
        audience=labels,
        as_of=_day(as_of),
        statuses=frozenset({"approved"})
        if statuses is None
        else _known("statuses", statuses, get_args(Status)),
        langs=None if langs is None else _labels("langs", langs),
        kinds=None if kinds is None else _known("kinds", kinds, get_args(Kind)),
        document_ids=None if document_ids is None else _labels("document_ids", document_ids),
    )


def may_see(subject: Document | IndexEntry, where: PassageFilter) -> bool:
    """What `PassageFilter` means, in plain Python: the oracle of every index.

    Validity counts both its first and its last day. A filter without a date looks at no validity.
    """
    if isinstance(subject, IndexEntry):
        source: Document | Passage = subject.passage
        document_id = subject.passage.document_id
    else:
        source, document_id = subject, subject.id
    return (
        not where.audience.isdisjoint(subject.audience)
        and subject.status in where.statuses
        and (where.as_of is None or _in_force(where.as_of, subject.valid_from, subject.valid_until))
        and (where.langs is None or source.lang in where.langs)
        and (where.kinds is None or source.kind in where.kinds)
        and (where.document_ids is None or document_id in where.document_ids)
    )


def _in_force(day: date, valid_from: date | None, valid_until: date | None) -> bool:
    return (valid_from is None or valid_from <= day) and (valid_until is None or day <= valid_until)


def _labels(name: str, values: Iterable[str]) -> frozenset[str]:
    if isinstance(values, str | bytes):
        raise InvalidArgumentError(
            f"{name} is the single text {values!r}: give a set of them, {{{values!r}}}"
        )
    labels = list(values)
    for label in labels:
        if not isinstance(label, str) or not label.strip():
            raise InvalidArgumentError(f"{name} holds {label!r}: every item has to be text that is not empty")
    return frozenset(labels)


def _known(name: str, values: Iterable[str], allowed: tuple[str, ...]) -> frozenset[str]:
    labels = _labels(name, values)
    unknown = sorted(labels.difference(allowed))
    if unknown:
        raise InvalidArgumentError(f"{name} holds {unknown[0]!r}: choose from {', '.join(allowed)}")
    return labels


def _day(as_of: date | None) -> date:
    if as_of is None:
        return date.today()
    if isinstance(as_of, datetime):
        return as_of.date()
    if not isinstance(as_of, date):
        raise InvalidArgumentError(f"as_of is {as_of!r}: give a datetime.date, or date.fromisoformat(...)")
    return as_of
