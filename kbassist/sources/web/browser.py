"""Pages whose text is written by scripts, rendered by an installed Chromium.

Chromium gets no way to the network. Whatever a page asks for is answered by the function that was
given, which refuses private addresses and bounds bytes and time; a resolver that knows no host and a
proxy that does not exist stand behind that, for what cannot be intercepted.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self, TypeVar

from kbassist.errors import KBAssistError, MissingExtraError, SourceError
from kbassist.sources.web.fetch import FetchFailure, Page

if TYPE_CHECKING:
    from kbassist.sources.web.chromium import Chromium

_T = TypeVar("_T")

Fetch = Callable[[str], Page | FetchFailure]

_VARIABLE = "KBASSIST_CHROMIUM"
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_SCRIPT_BYTES = 32_000_000  # of scripts kept, because the pages of a site load the same ones


def browser_available(executable: str | None = None) -> str:
    """Why pages cannot be rendered here, with the cure; empty when they can."""
    try:
        _check(executable)
    except KBAssistError as error:
        return str(error)
    return ""


class Browser:
    """Runs the scripts of pages that were fetched already. Chromium starts with the first of them.

    It lives in a thread and an event loop of its own, so it can be used where a loop is running
    already, as in a notebook. Safe to call from several threads; pages are rendered one at a time,
    each in a context that shares nothing with the one before.
    """

    def __init__(self, fetch: Fetch, *, executable: str | None = None, timeout: float = 20.0) -> None:
        """`fetch` answers what the pages ask for: scripts and data, never images, styles or fonts.

        It is called from another thread, one call at a time, and never after `close`. `executable` is
        Chromium's program (by default that in `KBASSIST_CHROMIUM`, or the one installed), `timeout`
        the seconds that a page's scripts may run.
        """
        self._fetch = fetch
        self._executable = executable
        self._timeout = timeout
        self._one_page = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._chromium: Chromium | None = None
        self._fetching: ThreadPoolExecutor | None = None
        self._scripts: dict[str, Page] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def render(self, page: Page) -> Page | FetchFailure:
        """The page with the HTML that its scripts made of it, in UTF-8.

        Scripts run until nothing has been asked for and nothing has changed for a moment, at most
        `timeout` seconds; what is there then is taken, with open shadow trees written out and without
        the scripts. A failure of kind `redirect` says where the scripts wanted to go, `body` that they
        made too much text, `network` that they crashed the page.

        Raises `MissingExtraError` without Playwright, `SourceError` when there is no Chromium or it
        does not start.
        """
        with self._one_page:
            return self._run(self._render(page))

    def close(self) -> None:
        """End Chromium and the thread. The next page starts them again."""
        with self._one_page:
            if self._loop is None or self._thread is None or self._fetching is None:
                return
            self._run(self._close_chromium())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._fetching.shutdown(cancel_futures=True)
            self._loop = self._thread = self._fetching = None

    # --- in the caller's thread -------------------------------------------------------------------

    def _run(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        future = asyncio.run_coroutine_threadsafe(coroutine, self._started())
        try:
            return future.result()
        except BaseException:
            future.cancel()  # interrupted: the page is given up
            raise

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._fetching = ThreadPoolExecutor(1, "kbassist-browser-fetch")
            self._thread = threading.Thread(
                target=_live, args=(self._loop,), name="kbassist-browser", daemon=True
            )
            self._thread.start()
        return self._loop

    # --- in the browser's thread ------------------------------------------------------------------

    async def _render(self, page: Page) -> Page | FetchFailure:
        if self._chromium is None:
            program = _check(self._executable)
            from kbassist.sources.web.chromium import Chromium

            self._chromium = await Chromium.start(program)
        try:
            return await self._chromium.render(page, self._answer, self._timeout)
        finally:
            if not self._chromium.healthy:
                await self._close_chromium()

    async def _answer(self, url: str, is_script: bool) -> Page | FetchFailure:
        if url in self._scripts:
            return self._scripts[url]
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._fetching, self._fetch, url)
        except KBAssistError as error:
            return FetchFailure(url, "network", str(error))
        if is_script and isinstance(answer, Page):
            self._scripts[url] = answer
            while sum(len(script.content) for script in self._scripts.values()) > _SCRIPT_BYTES:
                del self._scripts[next(iter(self._scripts))]
        return answer

    async def _close_chromium(self) -> None:
        chromium, self._chromium = self._chromium, None
        if chromium is not None:
            await chromium.close()


def _live(loop: asyncio.AbstractEventLoop) -> None:
    """Run `loop` until it is stopped, and what was still going on to its end."""
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()


def _check(executable: str | None) -> str:
    """Chromium's program, when Playwright is there to drive it."""
    if find_spec("playwright") is None:
        raise MissingExtraError("Rendering pages that are written by scripts", "browser")
    named = executable or os.environ.get(_VARIABLE)
    program = shutil.which(named) if named else next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        told = f"there is no program {named}" if named else "no Chromium is installed"
        raise SourceError(
            f"Rendering pages that are written by scripts needs a Chromium, and {told}: install one "
            f"(Debian: apt-get install chromium), or name its program in {_VARIABLE}"
        )
    return program
