"""What is known, and which index generation shows it: documents, passages, interactions.

SQLite in the knowledge base's folder, or any database that SQLAlchemy reaches by URL. Publishing is
one transaction: it writes the documents and the name of the generation together, so nobody ever
sees documents without their passages or the other way round.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from kbassist.errors import KnowledgeBaseError
from kbassist.protocols import Vector
from kbassist.types import Anchor, Document, IndexEntry

FORMAT = "1"
_IN_LIMIT = 500  # SQLite takes 999 parameters in older builds

_tables = sa.MetaData()
_state = sa.Table(
    "state",
    _tables,
    sa.Column("key", sa.String(32), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
_documents = sa.Table(
    "documents",
    _tables,
    sa.Column("id", sa.String(2048), primary_key=True),
    sa.Column("source", sa.String(2048), nullable=False, index=True),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
_passages = sa.Table(
    "passages",
    _tables,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("document_id", sa.String(2048), nullable=False, index=True),
    sa.Column("entry_hash", sa.String(64), nullable=False),
    sa.Column("text_hash", sa.String(64), nullable=False, index=True),
)
_vectors = sa.Table(
    "pending_vectors",
    _tables,
    sa.Column("text_hash", sa.String(64), primary_key=True),
    sa.Column("model", sa.String(128), primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)
_interactions = sa.Table(
    "interactions",
    _tables,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("at", sa.String(32), nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),
)
_feedback = sa.Table(
    "feedback",
    _tables,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("record_id", sa.String(64), nullable=False, index=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("signals", sa.Text, nullable=False),
)


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
        in_memory = url == "sqlite://"
        options: dict[str, Any] = (
            {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}} if in_memory else {}
        )
        # In memory there is one connection, hence one transaction for all threads.
        self._turn: AbstractContextManager[object] = threading.RLock() if in_memory else nullcontext()
        self._engine = sa.create_engine(url, **options)
        if url.startswith("sqlite") and not in_memory:
            sa.event.listen(self._engine, "connect", _configure_sqlite)
        try:
            _tables.create_all(self._engine)
            with self._engine.begin() as connection:
                found = _read_state(connection, "format")
                if found is None:
                    connection.execute(_state.insert().values(key="format", value=FORMAT))
        except sa.exc.SQLAlchemyError as error:
            self._engine.dispose()
            raise KnowledgeBaseError(
                f"The catalog {self._engine.url!r} cannot be opened ({_cause(error)}): "
                "check the path, the permissions and the disk, or start again in a new folder"
            ) from error
        if found is not None and found != FORMAT:
            self._engine.dispose()
            raise KnowledgeBaseError(
                f"The catalog has format {found}, this version of kbassist reads {FORMAT}: "
                "ingest again into a new folder"
            )

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._turn, self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._turn, self._engine.begin() as connection:
            yield connection

    # --- publication -------------------------------------------------------------------------

    def published(self) -> str | None:
        """The name of the generation that readers show; None before the first publication."""
        with self._reading() as connection:
            return _read_state(connection, "published")

    def generations(self) -> list[str]:
        """The published generation and the one before it, where there are any."""
        with self._reading() as connection:
            names = [_read_state(connection, key) for key in ("published", "previous")]
        return [name for name in names if name is not None]

    def publish(self, publication: Publication) -> None:
        """Apply the changes and name the generation, in one transaction."""
        gone = sorted(publication.removed | {row.document.id for row in publication.documents})
        with self._writing() as connection:
            for ids in _parts(gone):
                connection.execute(_documents.delete().where(_documents.c.id.in_(ids)))
                connection.execute(_passages.delete().where(_passages.c.document_id.in_(ids)))
            for rows in _parts(publication.documents):
                connection.execute(_documents.insert(), [_document_values(row) for row in rows])
            for values in _parts([value for row in publication.documents for value in _passage_values(row)]):
                connection.execute(_passages.insert(), values)
            current = _read_state(connection, "published")
            if current not in (None, publication.generation):
                _write_state(connection, "previous", current)
            _write_state(connection, "published", publication.generation)
            connection.execute(_vectors.delete())

    # --- documents ---------------------------------------------------------------------------

    def document(self, document_id: str) -> Document | None:
        found = list(self.documents([document_id]))
        return found[0] if found else None

    def documents(self, ids: Sequence[str] | None = None) -> Iterator[Document]:
        """Those named, or all; in the order of their ids."""
        for part in _parts(sorted(self.hashes() if ids is None else set(ids))):
            query = sa.select(_documents.c.body).where(_documents.c.id.in_(part)).order_by(_documents.c.id)
            with self._reading() as connection:
                bodies = connection.execute(query).scalars().all()
            yield from map(document_from_json, bodies)

    def document_count(self) -> int:
        with self._reading() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(_documents)).scalar_one()

    def hashes(self, *, source: str | None = None, ids: Sequence[str] | None = None) -> dict[str, str]:
        """Document id to `document_hash`, of one source or of those named."""
        query = sa.select(_documents.c.id, _documents.c.hash)
        with self._reading() as connection:
            if ids is None:
                if source is not None:
                    query = query.where(_documents.c.source == source)
                return {row.id: row.hash for row in connection.execute(query)}
            found: dict[str, str] = {}
            for part in _parts(list(ids)):
                found |= {
                    row.id: row.hash for row in connection.execute(query.where(_documents.c.id.in_(part)))
                }
            return found

    def passages(self, document_ids: Sequence[str]) -> dict[str, PassageRow]:
        """Passage id to row, of the documents named."""
        found: dict[str, PassageRow] = {}
        columns = (_passages.c.id, _passages.c.entry_hash, _passages.c.text_hash)
        with self._reading() as connection:
            for part in _parts(list(document_ids)):
                query = sa.select(*columns).where(_passages.c.document_id.in_(part))
                found |= {row.id: PassageRow(*row) for row in connection.execute(query)}
        return found

    def passages_with_text(self, text_hashes: Sequence[str]) -> dict[str, str]:
        """Text hash to the id of a published passage that was embedded from the same text."""
        found: dict[str, str] = {}
        with self._reading() as connection:
            for part in _parts(list(text_hashes)):
                query = sa.select(_passages.c.text_hash, _passages.c.id).where(
                    _passages.c.text_hash.in_(part)
                )
                found |= {row.text_hash: row.id for row in connection.execute(query)}
        return found

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
                connection.execute(_vectors.insert(), values)

    def load_vectors(self, model: str, text_hashes: Sequence[str]) -> dict[str, Vector]:
        found: dict[str, Vector] = {}
        with self._reading() as connection:
            for part in _parts(list(text_hashes)):
                query = sa.select(_vectors.c.text_hash, _vectors.c.vector).where(
                    _vectors.c.model == model, _vectors.c.text_hash.in_(part)
                )
                found |= {
                    row.text_hash: np.frombuffer(row.vector, np.float32) for row in connection.execute(query)
                }
        return found

    # --- interactions ------------------------------------------------------------------------

    def log(self, record_id: str, at: datetime, body: Mapping[str, Any]) -> None:
        values = {"id": record_id, "at": at.astimezone(UTC).isoformat(), "body": _dump(body)}
        with self._writing() as connection:
            connection.execute(_interactions.insert().values(values))

    def add_feedback(self, record_id: str, at: datetime, signals: Mapping[str, Any]) -> bool:
        """False when no interaction has that id."""
        with self._writing() as connection:
            exists = sa.select(_interactions.c.id).where(_interactions.c.id == record_id)
            if connection.execute(exists).first() is None:
                return False
            values = {"record_id": record_id, "at": at.astimezone(UTC).isoformat(), "signals": _dump(signals)}
            connection.execute(_feedback.insert().values(values))
        return True

    def interactions(self, since: datetime | None = None) -> list[dict[str, Any]]:
        """Oldest first, each with a `feedback` list of the signals given to it."""
        query = sa.select(_interactions.c.id, _interactions.c.body).order_by(_interactions.c.at)
        if since is not None:
            query = query.where(_interactions.c.at >= since.astimezone(UTC).isoformat())
        with self._reading() as connection:
            records = {row.id: json.loads(row.body) | {"feedback": []} for row in connection.execute(query)}
            signals = sa.select(_feedback.c.record_id, _feedback.c.signals).order_by(_feedback.c.number)
            for row in connection.execute(signals):
                if row.record_id in records:
                    records[row.record_id]["feedback"].append(json.loads(row.signals))
        return list(records.values())


def document_from_json(body: str) -> Document:
    """The inverse of `Document.to_dict()`."""
    values = json.loads(body)
    values["anchors"] = tuple(Anchor(**anchor) for anchor in values["anchors"])
    values["audience"] = frozenset(values["audience"])
    for key in ("fetched_at", "modified_at"):
        values[key] = datetime.fromisoformat(values[key]) if values[key] else None
    for key in ("valid_from", "valid_until"):
        values[key] = date.fromisoformat(values[key]) if values[key] else None
    return Document(**values)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _dump(value: Mapping[str, Any]) -> str:
    # A lone surrogate, which no database takes, becomes its JSON escape.
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _parts(items: Sequence[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(items), _IN_LIMIT):
        yield list(items[start : start + _IN_LIMIT])


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


def _read_state(connection: sa.Connection, key: str) -> str | None:
    return connection.execute(sa.select(_state.c.value).where(_state.c.key == key)).scalar_one_or_none()


def _write_state(connection: sa.Connection, key: str, value: str) -> None:
    connection.execute(_state.delete().where(_state.c.key == key))
    connection.execute(_state.insert().values(key=key, value=value))


def _configure_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()


def _cause(error: sa.exc.SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error)
