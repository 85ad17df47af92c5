"""Vectors of texts that this user has embedded before, in whatever knowledge base.

One SQLite file in the user's cache folder, by the model's name and a hash of the text. Vectors are kept in
half precision, as the index keeps them. The file belongs to the user alone (mode 0600) and holds no text; yet
who has a vector and the model can tell something of what the text was about, so it is as private as the
knowledge bases of the same user.

A cache may never be the reason that an ingest fails: what cannot be read or written is told once, as a
warning, and the work goes on without it.
"""

from __future__ import annotations

import json
import math
import os
import sqlite3
import threading
import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np

from kbassist.cache import cache_folder
from kbassist.errors import InvalidArgumentError
from kbassist.protocols import Embedder, Vector

Result = TypeVar("Result")

_VARIABLE = "KBASSIST_VECTOR_CACHE_MB"
_DEFAULT_MB = 500.0
"""Some 600,000 vectors of 384 dimensions."""
_FILE = "vectors-1.sqlite"
_WAIT_S = 10.0
_EVICTED = 8
"""An eighth at a time goes, so that a full cache is not cleared with every batch."""
_PROBE = "Ile trwa zwrot? / How long does a return take?"
_SAME = 0.98
"""Cosine of two vectors that the same model made of the probe, on whatever engine."""
_CHECKSUM_BYTES = 4
_SCHEMA = (
    # Both before the first table: what is deleted gives its pages back to the disk.
    "PRAGMA auto_vacuum = INCREMENTAL",
    "PRAGMA journal_mode = WAL",
    "CREATE TABLE IF NOT EXISTS models "
    "(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, probe BLOB NOT NULL)",
    # The number is the age: the lowest was written first.
    "CREATE TABLE IF NOT EXISTS vectors "
    "(id INTEGER PRIMARY KEY, model INTEGER NOT NULL, text TEXT NOT NULL, vector BLOB NOT NULL)",
    "CREATE UNIQUE INDEX IF NOT EXISTS vectors_by_text ON vectors (model, text)",
)


def user_vector_cache(embedder: Embedder) -> VectorCache | None:
    """The user's cache for the embedder's vectors; None where `KBASSIST_VECTOR_CACHE_MB` is 0.

    Raises `InvalidArgumentError` when the variable is not a size in megabytes.
    """
    named = os.environ.get(_VARIABLE) or str(_DEFAULT_MB)
    try:
        megabytes = float(named)
    except ValueError:
        megabytes = math.nan
    if not 0 <= megabytes < math.inf:
        raise InvalidArgumentError(f"{_VARIABLE} is {named!r}: give a size in megabytes, or 0 for no cache")
    return VectorCache(cache_folder() / _FILE, embedder, megabytes=megabytes) if megabytes else None


class VectorCache:
    """Vectors of one embedder, shared with other processes. Safe to use from several threads.

    By contract the embedder's name identifies its vectors. A name that has come to stand for another model
    is noticed: beside the name stands the vector of a fixed text, and when the embedder gives another one,
    what was kept under the name is forgotten, with a warning.
    """

    def __init__(self, path: Path, embedder: Embedder, *, megabytes: float) -> None:
        """Nothing is opened before it is needed. The oldest vectors go when the file outgrows `megabytes`."""
        self._path = path
        self._embedder = embedder
        self._limit = megabytes * 1e6
        self._turn = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._model = 0
        self._usable = True

    def load(self, text_hashes: Sequence[str]) -> dict[str, Vector]:
        """By hash, the vectors of those texts that are known."""

        def look_up(connection: sqlite3.Connection) -> dict[str, Vector]:
            rows = connection.execute(
                "SELECT text, vector FROM vectors "
                "WHERE model = ? AND text IN (SELECT value FROM json_each(?))",
                (self._model, json.dumps(list(text_hashes))),
            )
            found = {text: _unpacked(stored, self._embedder.dimension) for text, stored in rows}
            return {text: vector for text, vector in found.items() if vector is not None}

        return self._attempt(look_up, {}) if text_hashes else {}

    def save(self, vectors: Mapping[str, Vector]) -> None:
        """Keep vectors by the hash of their text."""
        rows = [(text, _packed(vector)) for text, vector in vectors.items()]

        def keep(connection: sqlite3.Connection) -> None:
            with _transaction(connection):
                connection.executemany(
                    "INSERT OR REPLACE INTO vectors (model, text, vector) VALUES (?, ?, ?)",
                    ((self._model, *row) for row in rows),
                )
            _evict(connection, self._limit)

        if rows:
            self._attempt(keep, None)

    def close(self) -> None:
        """Release the file; the next use opens it again."""
        with self._turn:
            self._disconnect()

    def _attempt(self, act: Callable[[sqlite3.Connection], Result], otherwise: Result) -> Result:
        """What `act` gives, or `otherwise` without a working file. One that is damaged is begun anew."""
        with self._turn:
            try:
                if self._usable:
                    try:
                        return act(self._connected())
                    except sqlite3.DatabaseError as error:
                        if not _damaged(error):
                            raise
                        self._begin_anew(error)
                        return act(self._connected())
            except (sqlite3.Error, OSError) as error:
                self._disconnect()
                self._usable = False
                warnings.warn(
                    f"Vectors are not cached: {self._path} cannot be used ({error}). Make it writable, name "
                    f"another folder in KBASSIST_CACHE, or set {_VARIABLE}=0.",
                    RuntimeWarning,
                    stacklevel=3,
                )
            return otherwise

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            from filelock import FileLock

            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Of several processes that need a new file, one makes it.
            with FileLock(f"{self._path}.lock"):
                connection = _open(self._path)
            try:
                self._model = self._model_number(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _begin_anew(self, error: sqlite3.DatabaseError) -> None:
        warnings.warn(
            f"The cache of vectors {self._path} was damaged ({error}) and begins anew.",
            RuntimeWarning,
            stacklevel=4,
        )
        self._disconnect()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)

    def _model_number(self, connection: sqlite3.Connection) -> int:
        """The number that stands for the embedder in this file, given when it is new."""
        name, probe = self._embedder.name, self._embedder.embed_query(_PROBE)
        with _transaction(connection):
            found = connection.execute("SELECT id, probe FROM models WHERE name = ?", (name,)).fetchone()
            if found is None:
                values = (name, _packed(probe))
                return (
                    connection.execute("INSERT INTO models (name, probe) VALUES (?, ?)", values).lastrowid
                    or 0
                )
            number, stored = found
            before = _unpacked(stored, len(probe))
            if before is None or before @ probe < _SAME:
                warnings.warn(
                    f"The embedder {name!r} gives other vectors than before: those that were cached under "
                    "its name are forgotten. Give another model another name.",
                    RuntimeWarning,
                    stacklevel=5,
                )
                connection.execute("DELETE FROM vectors WHERE model = ?", (number,))
                connection.execute("UPDATE models SET probe = ? WHERE id = ?", (_packed(probe), number))
            return int(number)


def _open(path: Path) -> sqlite3.Connection:
    # SQLite would create it for everybody to read; the files beside it take their mode from it.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
    try:
        for statement in _SCHEMA:
            connection.execute(statement)
        # After a power cut the last vectors may be missing, and nothing else.
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a damaged file may have ended it already
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _evict(connection: sqlite3.Connection, limit: float) -> None:
    """Delete the oldest until what is in use is within the limit."""

    def number(what: str) -> int:
        value: int = connection.execute(what).fetchone()[0] or 0
        return value

    while True:
        pages = number("PRAGMA page_count") - number("PRAGMA freelist_count")
        first, last = number("SELECT min(id) FROM vectors"), number("SELECT max(id) FROM vectors")
        if pages * number("PRAGMA page_size") <= limit or not last:
            return
        connection.execute("DELETE FROM vectors WHERE id <= ?", (first + (last - first) // _EVICTED,))
        connection.execute("PRAGMA incremental_vacuum").fetchall()


def _damaged(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _packed(vector: Vector) -> bytes:
    content = np.asarray(vector, np.float16).tobytes()
    return content + zlib.crc32(content).to_bytes(_CHECKSUM_BYTES)


def _unpacked(stored: object, dimension: int) -> Vector | None:
    """None for what is not a vector of that width, or not as it was written."""
    if not isinstance(stored, bytes) or len(stored) != 2 * dimension + _CHECKSUM_BYTES:
        return None
    content, checksum = stored[:-_CHECKSUM_BYTES], stored[-_CHECKSUM_BYTES:]
    if zlib.crc32(content).to_bytes(_CHECKSUM_BYTES) != checksum:
        return None
    return np.frombuffer(content, np.float16).astype(np.float32)
