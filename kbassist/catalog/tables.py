"""The catalog's tables, and a database that holds them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from kbassist.errors import KnowledgeBaseError

FORMAT = "1"
IN_LIMIT = 500  # SQLite takes 999 parameters in older builds

metadata = sa.MetaData()
state = sa.Table(
    "state",
    metadata,
    sa.Column("key", sa.String(32), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", sa.String(2048), primary_key=True),
    sa.Column("source", sa.String(2048), nullable=False, index=True),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
passages = sa.Table(
    "passages",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("document_id", sa.String(2048), nullable=False, index=True),
    sa.Column("entry_hash", sa.String(64), nullable=False),
    sa.Column("text_hash", sa.String(64), nullable=False, index=True),
)
waiting = sa.Table(
    "waiting_passages",
    metadata,
    sa.Column("passage_id", sa.String(64), primary_key=True),
)
"""Published passages that have no vector yet."""
vectors = sa.Table(
    "pending_vectors",
    metadata,
    sa.Column("text_hash", sa.String(64), primary_key=True),
    sa.Column("model", sa.String(128), primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)
interactions = sa.Table(
    "interactions",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("at", sa.String(32), nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),
)
feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("record_id", sa.String(64), nullable=False, index=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("signals", sa.Text, nullable=False),
)


def _page_columns() -> list[sa.Column[Any]]:
    """What a crawl decided about a URL, and what it has to remember of the page (`state`, JSON)."""
    return [
        sa.Column("source", sa.String(512), primary_key=True),
        sa.Column("url", sa.String(2048), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("state", sa.Text),
    ]


crawls = sa.Table(
    "crawls",
    metadata,
    sa.Column("source", sa.String(512), primary_key=True),
    sa.Column("settings", sa.String(64), nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
)
"""Crawls in progress: with what settings, and when something was last written."""
frontier = sa.Table("frontier", metadata, *_page_columns())
"""Every URL that a crawl in progress has met, decided or waiting."""
answers = sa.Table(
    "answers",
    metadata,
    sa.Column("source", sa.String(512), primary_key=True),
    sa.Column("url", sa.String(2048), primary_key=True),
    sa.Column("answer", sa.LargeBinary, nullable=False),
)
"""What a crawl in progress has fetched."""
pages = sa.Table("pages", metadata, *_page_columns())
"""Every URL that the last finished crawl met."""
sites = sa.Table(
    "sites",
    metadata,
    sa.Column("source", sa.String(512), primary_key=True),
    sa.Column("memory", sa.Text, nullable=False),
)
"""What the last finished crawl learned of a site as a whole (JSON)."""


class Database:
    """Connections to the catalog's database. Safe to use from several threads."""

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
            metadata.create_all(self._engine)
            with self._engine.begin() as connection:
                found = read_state(connection, "format")
                if found is None:
                    connection.execute(state.insert().values(key="format", value=FORMAT))
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

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read from."""
        with self._turn, self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A connection in a transaction, which ends with the block."""
        with self._turn, self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Release the connections."""
        self._engine.dispose()


def parts(items: Sequence[Any]) -> Iterable[list[Any]]:
    """The items in lists that are short enough for the parameters of one statement."""
    for start in range(0, len(items), IN_LIMIT):
        yield list(items[start : start + IN_LIMIT])


def read_state(connection: sa.Connection, key: str) -> str | None:
    """The value of `key`; None when there is none."""
    return connection.execute(sa.select(state.c.value).where(state.c.key == key)).scalar_one_or_none()


def write_state(connection: sa.Connection, key: str, value: str) -> None:
    """Set `key`."""
    connection.execute(state.delete().where(state.c.key == key))
    connection.execute(state.insert().values(key=key, value=value))


def _configure_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()


def _cause(error: sa.exc.SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error)
