"""Reading pages on all cores, each as if alone."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, TimeoutError
from multiprocessing import current_process
from typing import TYPE_CHECKING, Self

from kbassist.sources.web.fetch import Page
from kbassist.sources.web.webpage import PageContent

if TYPE_CHECKING:
    from loky import ProcessPoolExecutor

ReadPage = Callable[[Page, str], PageContent]

_WORTHWHILE = 40  # pages: what starting processes costs pays off after so many
_PATIENCE = 60.0  # seconds for one page
_PDF_PATIENCE = 960.0  # a whole book of pictures may have to be recognised


class Extraction:
    """Reads pages in this process at first, and in one process a core when there are many.

    Safe to use from several threads. A page that a process dies of, or that it does not finish, is
    given back as failed; the others that it took along are read again.
    """

    def __init__(
        self,
        read: ReadPage,
        *,
        processes: int | None = None,
        after: int = _WORTHWHILE,
        patience: float = _PATIENCE,
    ) -> None:
        """`read` has to be picklable. One process is this one; as many as there are cores when omitted."""
        self._read = read
        # A daemon, such as a worker of a task queue, may not have children.
        self._processes = 1 if current_process().daemon else processes or os.cpu_count() or 1
        self._after = after
        self._patience = patience
        self._calls = 0
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._alone = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __call__(self, page: Page, url: str) -> PageContent:
        """What `page` holds, `url` being where it belongs."""
        pool = self._pool_when_worthwhile()
        if pool is None:
            return _guarded(self._read, page, url)
        content = self._attempt(pool, page, url)
        if isinstance(content, PageContent):
            return content
        self._discard(pool)
        if self._closed:
            return PageContent(outcome="error", reason="reading was broken off", failed=True)
        with self._alone:  # in a process of its own, so that only the culprit fails again
            pool = _new_pool(1)
            content = self._attempt(pool, page, url)
            pool.shutdown(kill_workers=True)
        if isinstance(content, PageContent):
            return content
        return PageContent(outcome="error", reason=content, failed=True)

    def close(self) -> None:
        """End the processes. Readings in other threads come back as failed."""
        self._closed = True
        with self._lock:
            pool, self._pool, self._processes = self._pool, None, 1
        if pool is not None:
            pool.shutdown(kill_workers=True)

    def _attempt(self, pool: ProcessPoolExecutor, page: Page, url: str) -> PageContent | str:
        patience = max(self._patience, _PDF_PATIENCE) if page.content[:5] == b"%PDF-" else self._patience
        try:
            content: PageContent = pool.submit(_guarded, self._read, page, url).result(patience)
        except TimeoutError:
            return f"reading it takes more than {patience:g} s: it was given up"
        except (BrokenExecutor, RuntimeError):  # the latter from a pool that another thread ended
            return "the process that read it died: the page may be too large, or made to break readers"
        return content

    def _pool_when_worthwhile(self) -> ProcessPoolExecutor | None:
        with self._lock:
            self._calls += 1
            if self._pool is None and self._processes > 1 and self._calls > self._after:
                try:
                    self._pool = _new_pool(self._processes)
                except OSError:  # a machine without shared memory or semaphores
                    self._processes = 1
            return self._pool

    def _discard(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                self._pool = None
        broken.shutdown(wait=False, kill_workers=True)


def _new_pool(processes: int) -> ProcessPoolExecutor:
    from loky import ProcessPoolExecutor

    return ProcessPoolExecutor(processes, timeout=60)


def _guarded(read: ReadPage, page: Page, url: str) -> PageContent:
    try:
        return read(page, url)
    except Exception as error:  # a reader's fault with one page must not cost the whole crawl
        reason = f"reading it failed ({type(error).__name__}: {error}): please report the page"
        return PageContent(outcome="error", reason=reason, failed=True)
