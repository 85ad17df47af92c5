"""An iterator that is given up when its time is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from queue import Empty, Queue

_MOST_WAITING = 1_000


def within(seconds: float, produce: Callable[[], Iterator[str]]) -> Iterator[str]:
    """What `produce` yields, as it comes. Raises `TimeoutError` once `seconds` have passed since the start.

    It runs in a thread of its own, which does not keep the process alive. Given up, by the time or by the
    caller, it ends with its next piece.
    """
    pieces: Queue[str | BaseException | None] = Queue(_MOST_WAITING)
    given_up = threading.Event()

    def run() -> None:
        try:
            for piece in produce():
                if given_up.is_set():
                    return
                pieces.put(piece, timeout=seconds)
            pieces.put(None, timeout=seconds)
        except BaseException as error:  # handed to the thread that waits
            if not given_up.is_set():
                pieces.put(error)

    ends = time.monotonic() + seconds
    threading.Thread(target=run, name="kbassist-llm", daemon=True).start()
    try:
        while True:
            try:
                piece = pieces.get(timeout=max(0.0, ends - time.monotonic()))
            except Empty:
                raise TimeoutError(f"The language model has not finished in {seconds:g} s") from None
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        given_up.set()
