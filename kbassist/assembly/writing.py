"""One writer at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from kbassist.assembly.parts import Parts
from kbassist.errors import KnowledgeBaseError, WriterBusyError

_LOCK = "write.lock"


@contextmanager
def holding(parts: Parts, thread_lock: threading.Lock) -> Iterator[None]:
    """Be the only writer, among threads and among processes. Raises `WriterBusyError` at once if not."""
    where = parts.where
    busy = (
        f"Somebody is writing to the knowledge base {where}: wait until that ingest ends, then run this again"
    )
    if not thread_lock.acquire(blocking=False):
        raise WriterBusyError(busy)
    try:
        if parts.folder is None:
            yield
            return
        from filelock import FileLock, Timeout

        try:
            lock = FileLock(parts.folder / _LOCK).acquire(timeout=0)
        except Timeout:
            raise WriterBusyError(busy) from None
        except OSError as error:
            raise KnowledgeBaseError(
                f"{where} cannot be written to ({error.strerror}): check the permissions and the disk"
            ) from error
        with lock:
            yield
    finally:
        thread_lock.release()
