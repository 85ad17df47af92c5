"""An `IndexEntry` as a point: its id, its payload, and the group that filters know it by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kbassist.errors import KnowledgeBaseError
from kbassist.types import IndexEntry, Kind, Passage, PassageFilter, Status

GROUP = "group"
DOCUMENT = "document_id"
ENTRY = "entry"
LENGTH = "length"
KEYWORDS = (GROUP, DOCUMENT)
"""Payload fields that are filtered by."""

_ROW = (
    "id",
    "document_id",
    "text",
    "start",
    "end",
    "title",
    "uri",
    "headings",
    "address",
    "page",
    "provisions",
)
LAYOUT = 3
"""Of the payload and its row: counted up with every change that makes what was stored before unreadable."""
_DECODER = json.JSONDecoder()

Condition = tuple[str, tuple[str, ...]]
"""A payload field and the values that qualify, one or more."""


def point_id(passage_id: str) -> int:
    """Engines take 64-bit numbers or UUIDs as ids; numbers are much quicker to carry.

    Two of a million passages share one with a probability of 3 in 100 million.
    """
    digest = hashlib.blake2b(passage_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest)


@dataclass(frozen=True, slots=True)
class Group:
    """The entries that every filter treats alike, documents apart.

    A knowledge base has few different ones (thousands at most, where every document has dates of its
    own), so a filter by audience, status, validity, language and kind becomes the list of the groups it
    admits: one condition on one keyword instead of six, and none at all when all of them are admitted.
    At 50,000 passages that halves the time of a filtered dense query.
    """

    status: Status
    valid_from: date | None
    valid_until: date | None
    lang: str
    kind: Kind
    audience: frozenset[str]

    @classmethod
    def of(cls, entry: IndexEntry) -> Group:
        passage = entry.passage
        return cls(
            entry.status, entry.valid_from, entry.valid_until, passage.lang, passage.kind, entry.audience
        )

    def admitted_by(self, where: PassageFilter) -> bool:
        return (
            self.status in where.statuses
            and not self.audience.isdisjoint(where.audience)
            and (where.langs is None or self.lang in where.langs)
            and (where.kinds is None or self.kind in where.kinds)
            and (where.as_of is None or self._holds_on(where.as_of))
        )

    def _holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def key(self) -> str:
        """Readable, and equal for equal groups."""
        dates = [day and day.isoformat() for day in (self.valid_from, self.valid_until)]
        return _json([self.status, *dates, self.lang, self.kind, sorted(self.audience)])

    @classmethod
    def from_key(cls, key: str) -> Group:
        status, first, last, lang, kind, audience = json.loads(key)
        return cls(
            status,
            first and date.fromisoformat(first),
            last and date.fromisoformat(last),
            lang,
            kind,
            frozenset(audience),
        )


def to_payload(entry: IndexEntry, length: int) -> dict[str, Any]:
    """`length` is the number of terms.

    What the group does not tell is one string, a row of values: twice as quick to read as a tree with names.
    """
    passage = entry.passage
    row = [entry.context, *(getattr(passage, name) for name in _ROW)]
    return {
        GROUP: Group.of(entry).key(),
        DOCUMENT: passage.document_id,
        LENGTH: length,
        ENTRY: _json(row),
    }


def from_payload(payload: Mapping[str, Any], group_of: Callable[[str], Group] = Group.from_key) -> IndexEntry:
    """The entry in a payload that `to_payload` made. `group_of` may remember the groups it has read.

    Raises `KnowledgeBaseError` for a payload that it has not made.
    """
    try:
        group = group_of(payload[GROUP])
        (context, id_, document, text, start, end, title, uri, headings, address, page, provisions), _ = (
            _DECODER.raw_decode(payload[ENTRY])
        )
        passage = Passage(
            id_,
            document,
            text,
            start,
            end,
            title,
            uri,
            tuple(headings),
            address,
            page,
            group.lang,
            group.kind,
            tuple(map(tuple, provisions)),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise KnowledgeBaseError(
            f"a passage in the index is damaged ({error!r}): go back to an earlier generation, or ingest "
            "again into a new folder"
        ) from error
    return IndexEntry(passage, context, group.audience, group.status, group.valid_from, group.valid_until)


def conditions(where: PassageFilter, groups: Iterable[str]) -> tuple[Condition, ...] | None:
    """What `where` asks of an index that holds the keys `groups`; None when nothing can qualify."""
    known = list(groups)
    admitted = tuple(key for key in known if Group.from_key(key).admitted_by(where))
    if not admitted or where.document_ids == frozenset():
        return None
    by_group = () if len(admitted) == len(known) else ((GROUP, admitted),)
    by_document = () if where.document_ids is None else ((DOCUMENT, tuple(sorted(where.document_ids))),)
    return by_group + by_document


def _json(value: Any) -> str:
    # A lone surrogate, which UTF-8 cannot hold, becomes its JSON escape.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
