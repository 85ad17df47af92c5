"""Chromium as a process: started without a way to the network, bounded in memory, ended whatever happens."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from typing import Self

from playwright.async_api import Browser, BrowserContext, CDPSession, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from kbassist.errors import SourceError
from kbassist.sources.web.fetch import FetchFailure, Page
from kbassist.sources.web.rendering import Answer, Rendering

_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--no-pings",
    # Nothing is found, and nothing is connected to directly.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://proxy.invalid:1",
    "--proxy-bypass-list=<-loopback>",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
)
_MEMORY = 3 * 2**29  # bytes that a page's process may write to; 100,000 elements with text take 1.1 GB
_GRACE = 5.0  # seconds for Chromium itself to do what takes it milliseconds
_WIDTH, _HEIGHT = 1280, 2000  # pixels


class Chromium:
    """A running Chromium. It is not `healthy` once it failed to do what it was told."""

    def __init__(self, playwright: Playwright, browser: Browser, session: CDPSession, pid: int) -> None:
        self._playwright = playwright
        self._browser = browser
        self._session = session
        self._pid = pid
        self.healthy = True

    @classmethod
    async def start(cls, program: str) -> Self:
        """Raises `SourceError` when it does not start."""
        playwright = await async_playwright().start()
        try:
            browser = await playwright.chromium.launch(
                executable_path=program,
                args=_FLAGS,
                ignore_default_args=["--disable-popup-blocking"],
                chromium_sandbox=not _is_root(),  # which Chromium refuses for root
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                timeout=30_000,
            )
            session = await browser.new_browser_cdp_session()
            processes = await session.send("SystemInfo.getProcessInfo")
        except PlaywrightError as error:
            await playwright.stop()
            raise SourceError(f"{program} does not start: {_why(error)}") from error
        pid = next(item["id"] for item in processes["processInfo"] if item["type"] == "browser")
        return cls(playwright, browser, session, pid)

    async def render(self, page: Page, answer: Answer, timeout: float) -> Page | FetchFailure:
        """See `kbassist.sources.web.browser.Browser.render`."""
        context: BrowserContext | None = None
        try:
            async with asyncio.timeout(timeout + 4 * _GRACE):
                context = await self._browser.new_context(
                    accept_downloads=False,
                    locale="pl-PL",
                    reduced_motion="reduce",
                    service_workers="block",
                    viewport={"width": _WIDTH, "height": _HEIGHT},
                )
                return await Rendering(page, answer, self._limit_memory).run(context, timeout)
        except (PlaywrightError, TimeoutError) as error:
            self.healthy = self._browser.is_connected() and not isinstance(error, TimeoutError)
            reason = _first_line(error) or f"no answer for {timeout + 4 * _GRACE:g} s"
            return FetchFailure(page.url, "network", f"the browser gave up on its scripts: {reason}")
        finally:
            if context is not None:
                try:
                    await asyncio.wait_for(context.close(), _GRACE)
                except (PlaywrightError, TimeoutError):
                    self.healthy = False

    async def _limit_memory(self) -> None:
        """Bound the processes that run pages, where the system can (Linux); one over it crashes."""
        if sys.platform == "linux":
            import resource

            for process in (await self._session.send("SystemInfo.getProcessInfo"))["processInfo"]:
                if process["type"] == "renderer":
                    with suppress(OSError):  # it has ended
                        resource.prlimit(process["id"], resource.RLIMIT_DATA, (_MEMORY, _MEMORY))

    async def close(self) -> None:
        """End it, by force if need be."""
        try:
            await asyncio.wait_for(self._browser.close(), _GRACE)
        except (PlaywrightError, TimeoutError):
            with suppress(OSError):
                os.kill(self._pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        await self._playwright.stop()


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _why(error: PlaywrightError) -> str:
    if "sandboxing failed" in str(error):
        return "it cannot shut itself in here, because the system allows no user namespaces: allow them"
    return _first_line(error)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else ""
