"""An `IndexEntry` as a point: its id, its payload, and the key that says who may see it when."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from kbassist.types import IndexEntry, Passage, PassageFilter

VISIBILITY = "visibility"
DOCUMENT = "document_id"
LANG = "lang"
KIND = "kind"
ENTRY = "entry"
LENGTH = "length"
KEYWORDS = (VISIBILITY, DOCUMENT, LANG, KIND)
"""Payload fields that are filtered by, all of them plain words."""

Condition = tuple[str, tuple[str, ...]]
"""A payload field and the values that qualify, one or more."""


def point_id(passage_id: str) -> UUID:
    """Engines take numbers or UUIDs as ids; a hash of the passage's own id is as unique."""
    return UUID(bytes=hashlib.blake2b(passage_id.encode("utf-8", "surrogatepass"), digest_size=16).digest())


@dataclass(frozen=True, slots=True)
class Visibility:
    """Who may see an entry, and when.

    A knowledge base has few different ones (thousands at most, where every document has dates of its
    own), so a filter by audience, status and validity becomes the list of those it admits: one
    condition on one keyword instead of four, and none at all when all of them are admitted. At
    50,000 passages that halves the time of a filtered dense query.
    """

    status: str
    valid_from: date | None
    valid_until: date | None
    audience: frozenset[str]

    @classmethod
    def of(cls, entry: IndexEntry) -> Visibility:
        return cls(entry.status, entry.valid_from, entry.valid_until, entry.audience)

    def admitted_by(self, where: PassageFilter) -> bool:
        if self.status not in where.statuses or self.audience.isdisjoint(where.audience):
            return False
        if where.as_of is None:
            return True
        return (self.valid_from is None or self.valid_from <= where.as_of) and (
            self.valid_until is None or where.as_of <= self.valid_until
        )

    def key(self) -> str:
        """Readable, and equal for equal visibilities."""
        dates = [day and day.isoformat() for day in (self.valid_from, self.valid_until)]
        return _json([self.status, *dates, sorted(self.audience)])

    @classmethod
    def from_key(cls, key: str) -> Visibility:
        status, *dates, audience = json.loads(key)
        first, last = (day and date.fromisoformat(day) for day in dates)
        return cls(status, first, last, frozenset(audience))


def to_payload(entry: IndexEntry, length: int) -> dict[str, Any]:
    """`length` is the number of terms. The entry itself is one string: quicker to carry than a tree."""
    passage = entry.passage
    return {
        VISIBILITY: Visibility.of(entry).key(),
        DOCUMENT: passage.document_id,
        LANG: passage.lang,
        KIND: passage.kind,
        LENGTH: length,
        ENTRY: _json(entry.to_dict()),
    }


def from_payload(payload: Mapping[str, Any]) -> IndexEntry:
    """The entry in a payload that `to_payload` made."""
    fields = json.loads(payload[ENTRY])
    passage = fields.pop("passage")
    passage["headings"] = tuple(passage["headings"])
    for name in ("valid_from", "valid_until"):
        if fields[name] is not None:
            fields[name] = date.fromisoformat(fields[name])
    fields["audience"] = frozenset(fields["audience"])
    return IndexEntry(passage=Passage(**passage), **fields)


def conditions(where: PassageFilter, keys: Iterable[str]) -> list[Condition] | None:
    """What `where` asks of an index that holds the visibility `keys`; None when nothing can qualify."""
    known = list(keys)
    admitted = tuple(key for key in known if Visibility.from_key(key).admitted_by(where))
    asked: list[Condition] = [] if len(admitted) == len(known) else [(VISIBILITY, admitted)]
    for field, values in ((LANG, where.langs), (KIND, where.kinds), (DOCUMENT, where.document_ids)):
        if values is not None:
            asked.append((field, tuple(sorted(values))))
    return asked if admitted and all(values for _, values in asked) else None


def _json(value: Any) -> str:
    # A lone surrogate, which UTF-8 cannot hold, becomes its JSON escape.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
