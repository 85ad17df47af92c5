"""Work on another thread while the caller goes on, with the results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


class Ahead(Generic[Given, Made]):
    """A queue in front of one thread. What the work raises is raised where its result is taken."""

    def __init__(self, work: Callable[[Given], Made]) -> None:
        self._work = work
        self._thread = ThreadPoolExecutor(1, "kbassist-ingest")
        self._waiting: deque[tuple[Given, Future[Made]]] = deque()

    def put(self, given: Given) -> None:
        self._waiting.append((given, self._thread.submit(self._work, given)))

    def take(self, *, leave: int = 0) -> Iterator[tuple[Given, Made]]:
        """What is ready, oldest first; then waits until no more than `leave` are unfinished."""
        while self._waiting and (len(self._waiting) > leave or self._waiting[0][1].done()):
            given, made = self._waiting.popleft()
            yield given, made.result()

    def close(self) -> None:
        """What has begun comes to its end; what has not is dropped."""
        self._thread.shutdown(cancel_futures=True)
