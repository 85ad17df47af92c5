"""What is known, and which index generation shows it: documents, passages, interactions.

SQLite in the knowledge base's folder, or any database that SQLAlchemy reaches by URL. Publishing is
one transaction: it writes the documents and the name of the generation together, so nobody ever
sees documents without their passages or the other way round.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from kbassist.catalog import tables
from kbassist.catalog.crawl_log import CatalogCrawlLog, decisions_about, decisions_in_trouble
from kbassist.catalog.tables import Database, parts, read_state, write_state
from kbassist.protocols import Vector
from kbassist.types import Decision, Document, IndexEntry


@dataclass(frozen=True, slots=True)
class PassageRow:
    """What a passage was indexed from: `text_hash` decides its vector, `entry_hash` everything."""

    id: str
    entry_hash: str
    text_hash: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document with the passages it was cut into, and the source that brought it."""

    document: Document
    source: str
    passages: tuple[PassageRow, ...]


@dataclass(slots=True)
class Publication:
    """What changes when a generation is published."""

    generation: str
    documents: list[DocumentRow] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    """Passages that were indexed without the vector that they should have."""
    embedded: set[str] = field(default_factory=set)
    """Passages that were indexed with theirs."""


def document_hash(document: Document) -> str:
    """Of everything that matters to a reader; not of when and how it was fetched."""
    body = document.to_dict()
    for volatile in ("fetched_at", "meta"):
        body.pop(volatile)
    return _digest(json.dumps(body, ensure_ascii=False, sort_keys=True))


def passage_row(entry: IndexEntry) -> PassageRow:
    """The passage's id with the hashes that tell whether it has to be indexed or embedded again."""
    body = json.dumps(entry.to_dict(), ensure_ascii=False, sort_keys=True)
    return PassageRow(entry.passage.id, _digest(body), _digest(entry.search_text))


class Catalog:
    """The knowledge base's tables. Safe to use from several threads."""

    def __init__(self, url: str) -> None:
        """`url` as SQLAlchemy takes it; `sqlite://` keeps everything in memory.

        Raises `KnowledgeBaseError` when the database cannot be opened or is of another format.
        """
        self._database = Database(url)
        self._reading = self._database.reading
        self._writing = self._database.writing

    def close(self) -> None:
        self._database.close()

    def crawl_log(self, source: str) -> CatalogCrawlLog:
        """Of the site that the documents of `source` come from."""
        return CatalogCrawlLog(self._database, source)

    def decisions(self, urls: Sequence[str]) -> list[Decision]:
        """About those URLs, by a crawl in progress or else by the last one, of whatever source."""
        return decisions_about(self._database, urls)

    def decisions_in_trouble(self) -> list[Decision]:
        """About pages that are kept although they could not be read when last visited."""
        return decisions_in_trouble(self._database)

    # --- synonyms ------------------------------------------------------------------------------

    def synonyms(self) -> tuple[tuple[str, ...], ...]:
        """The groups that were set last."""
        with self._reading() as connection:
            stored = read_state(connection, "synonyms")
        return tuple(map(tuple, json.loads(stored))) if stored else ()

    def set_synonyms(self, groups: Sequence[Sequence[str]]) -> None:
        """Take the place of those before."""
        with self._writing() as connection:
            write_state(connection, "synonyms", json.dumps(groups))

    # --- publication -------------------------------------------------------------------------

    def published(self) -> str | None:
        """The name of the generation that readers show; None before the first publication."""
        with self._reading() as connection:
            return read_state(connection, "published")

    def generations(self) -> list[str]:
        """The published generation and the one before it, where there are any."""
        with self._reading() as connection:
            names = [read_state(connection, key) for key in ("published", "previous")]
        return [name for name in names if name is not None]

    def publish(self, publication: Publication) -> None:
        """Apply the changes and name the generation, in one transaction."""
        gone = sorted(publication.removed | {row.document.id for row in publication.documents})
        with self._writing() as connection:
            for ids in parts(gone):
                connection.execute(tables.documents.delete().where(tables.documents.c.id.in_(ids)))
                connection.execute(tables.passages.delete().where(tables.passages.c.document_id.in_(ids)))
            for rows in parts(publication.documents):
                connection.execute(tables.documents.insert(), [_document_values(row) for row in rows])
            for values in parts([value for row in publication.documents for value in _passage_values(row)]):
                connection.execute(tables.passages.insert(), values)
            _update_waiting(connection, publication)
            current = read_state(connection, "published")
            if current not in (None, publication.generation):
                write_state(connection, "previous", current)
            write_state(connection, "published", publication.generation)
            connection.execute(tables.vectors.delete())

    # --- documents ---------------------------------------------------------------------------

    def document(self, document_id: str) -> Document | None:
        found = list(self.documents([document_id]))
        return found[0] if found else None

    def documents(self, ids: Sequence[str] | None = None) -> Iterator[Document]:
        """Those named, or all; in the order of their ids."""
        for part in parts(sorted(self.hashes() if ids is None else set(ids))):
            query = (
                sa.select(tables.documents.c.body)
                .where(tables.documents.c.id.in_(part))
                .order_by(tables.documents.c.id)
            )
            with self._reading() as connection:
                bodies = connection.execute(query).scalars().all()
            yield from (Document.from_dict(json.loads(body)) for body in bodies)

    def document_count(self) -> int:
        with self._reading() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(tables.documents)).scalar_one()

    def hashes(self, *, source: str | None = None, ids: Sequence[str] | None = None) -> dict[str, str]:
        """Document id to `document_hash`, of one source or of those named."""
        query = sa.select(tables.documents.c.id, tables.documents.c.hash)
        with self._reading() as connection:
            if ids is None:
                if source is not None:
                    query = query.where(tables.documents.c.source == source)
                return {row.id: row.hash for row in connection.execute(query)}
            found: dict[str, str] = {}
            for part in parts(list(ids)):
                found |= {
                    row.id: row.hash
                    for row in connection.execute(query.where(tables.documents.c.id.in_(part)))
                }
            return found

    def passages(self, document_ids: Sequence[str]) -> dict[str, PassageRow]:
        """Passage id to row, of the documents named."""
        found: dict[str, PassageRow] = {}
        columns = (tables.passages.c.id, tables.passages.c.entry_hash, tables.passages.c.text_hash)
        with self._reading() as connection:
            for part in parts(list(document_ids)):
                query = sa.select(*columns).where(tables.passages.c.document_id.in_(part))
                found |= {row.id: PassageRow(*row) for row in connection.execute(query)}
        return found

    def passages_with_text(self, text_hashes: Sequence[str]) -> dict[str, str]:
        """Text hash to the id of a published passage that was embedded from the same text."""
        found: dict[str, str] = {}
        with self._reading() as connection:
            for part in parts(list(text_hashes)):
                query = sa.select(tables.passages.c.text_hash, tables.passages.c.id).where(
                    tables.passages.c.text_hash.in_(part),
                    tables.passages.c.id.not_in(sa.select(tables.waiting.c.passage_id)),
                )
                found |= {row.text_hash: row.id for row in connection.execute(query)}
        return found

    def waiting(self) -> list[str]:
        """Published passages that have no vector yet, in the order of their ids."""
        query = sa.select(tables.waiting.c.passage_id).order_by(tables.waiting.c.passage_id)
        with self._reading() as connection:
            return list(connection.execute(query).scalars())

    def waiting_count(self) -> int:
        with self._reading() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(tables.waiting)).scalar_one()

    # --- vectors of an ingest that is not published yet -----------------------------------------

    def save_vectors(self, model: str, vectors: Mapping[str, Vector]) -> None:
        """Keep what an ingest has embedded, so that an interrupted one goes on from there."""
        known = self.load_vectors(model, list(vectors))
        values = [
            {"text_hash": key, "model": model, "vector": np.asarray(vector, np.float32).tobytes()}
            for key, vector in vectors.items()
            if key not in known
        ]
        if values:
            with self._writing() as connection:
                connection.execute(tables.vectors.insert(), values)

    def load_vectors(self, model: str, text_hashes: Sequence[str]) -> dict[str, Vector]:
        found: dict[str, Vector] = {}
        with self._reading() as connection:
            for part in parts(list(text_hashes)):
                query = sa.select(tables.vectors.c.text_hash, tables.vectors.c.vector).where(
                    tables.vectors.c.model == model, tables.vectors.c.text_hash.in_(part)
                )
                found |= {
                    row.text_hash: np.frombuffer(row.vector, np.float32) for row in connection.execute(query)
                }
        return found

    # --- interactions ------------------------------------------------------------------------

    def log(self, record_id: str, at: datetime, body: Mapping[str, Any]) -> None:
        values = {"id": record_id, "at": at.astimezone(UTC).isoformat(), "body": _dump(body)}
        with self._writing() as connection:
            connection.execute(tables.interactions.insert().values(values))

    def add_feedback(self, record_id: str, at: datetime, signals: Mapping[str, Any]) -> bool:
        """False when no interaction has that id."""
        with self._writing() as connection:
            exists = sa.select(tables.interactions.c.id).where(tables.interactions.c.id == record_id)
            if connection.execute(exists).first() is None:
                return False
            values = {"record_id": record_id, "at": at.astimezone(UTC).isoformat(), "signals": _dump(signals)}
            connection.execute(tables.feedback.insert().values(values))
        return True

    def interactions(self, since: datetime | None = None) -> list[dict[str, Any]]:
        """Oldest first, each with a `feedback` list of the signals given to it."""
        query = sa.select(tables.interactions.c.id, tables.interactions.c.body).order_by(
            tables.interactions.c.at
        )
        if since is not None:
            query = query.where(tables.interactions.c.at >= since.astimezone(UTC).isoformat())
        with self._reading() as connection:
            records = {row.id: json.loads(row.body) | {"feedback": []} for row in connection.execute(query)}
            signals = sa.select(tables.feedback.c.record_id, tables.feedback.c.signals).order_by(
                tables.feedback.c.number
            )
            for row in connection.execute(signals):
                if row.record_id in records:
                    records[row.record_id]["feedback"].append(json.loads(row.signals))
        return list(records.values())


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _dump(value: Mapping[str, Any]) -> str:
    # A lone surrogate, which no database takes, becomes its JSON escape.
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _update_waiting(connection: sa.Connection, publication: Publication) -> None:
    waiting = tables.waiting
    for ids in parts(sorted(publication.waiting | publication.embedded)):
        connection.execute(waiting.delete().where(waiting.c.passage_id.in_(ids)))
    for ids in parts(sorted(publication.waiting - publication.embedded)):
        connection.execute(waiting.insert(), [{"passage_id": passage_id} for passage_id in ids])
    known = sa.select(tables.passages.c.id)
    connection.execute(waiting.delete().where(waiting.c.passage_id.not_in(known)))


def _document_values(row: DocumentRow) -> dict[str, str]:
    return {
        "id": row.document.id,
        "source": row.source,
        "hash": document_hash(row.document),
        "body": _dump(row.document.to_dict()),
    }


def _passage_values(row: DocumentRow) -> list[dict[str, str]]:
    return [
        {
            "id": passage.id,
            "document_id": row.document.id,
            "entry_hash": passage.entry_hash,
            "text_hash": passage.text_hash,
        }
        for passage in row.passages
    ]
