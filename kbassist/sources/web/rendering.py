"""One page in Chromium, from the bytes that were fetched to the HTML that its scripts made of them.

The page is not trusted: it gets what is answered here and nothing else, it cannot leave, and nothing
that runs in it is waited for without a limit.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from playwright.async_api import BrowserContext, CDPSession, Frame, Request, Route
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from kbassist.errors import InvalidArgumentError
from kbassist.sources.html.charset import decode_html
from kbassist.sources.web.fetch import FailureKind, FetchFailure, Page
from kbassist.sources.web.urls import normalise

_T = TypeVar("_T")

Answer = Callable[[str, bool], Awaitable[Page | FetchFailure]]
"""A URL, and whether it is that of a script, to what stands there."""

_HTML = "text/html; charset=utf-8"
_REQUESTS = 150  # that are answered a page
_ELEMENTS = 100_000
_CHARACTERS = 10_000_000  # of HTML
_TALLEST = 10_000  # pixels
_QUIET = 0.5  # seconds without a request or a change: it has settled
_QUIET_AGAIN = 0.25  # after scrolling
_QUIET_WHILE_EMPTY = 2.0
_LITTLE = 200  # characters that readers see: so short a page may be waiting for something
_SCROLLS = 5
_GRACE = 10.0  # seconds for writing out the DOM once the scripts have stopped

_ANSWERED = frozenset({"script", "xhr", "fetch"})
# They are about the bytes as they were sent, or would make the browser do something by itself.
_UNSAID = frozenset(
    "alt-svc clear-site-data connection content-disposition content-encoding content-length link nel refresh"
    " report-to reporting-endpoints set-cookie strict-transport-security transfer-encoding".split()
)

_STATE = """(() => {
    const elements = document.getElementsByTagName("*").length;
    if (elements > ELEMENTS || !document.body) return [false, elements, 0, 0];
    const height = document.scrollingElement ? document.scrollingElement.scrollHeight : 0;
    return [document.readyState === "complete", elements, document.body.innerText.length, height];
})()""".replace("ELEMENTS", str(_ELEMENTS))
# Copied into a document without scripts, where elements of the page's own making do not wake up.
_SERIALISE = """(() => {
    if (document.getElementsByTagName("*").length > ELEMENTS) return null;
    const inert = document.implementation.createHTMLDocument("");
    const flat = node => {
        const copy = inert.importNode(node, false);
        if (node.localName === "style" && node.sheet && !node.textContent.trim())
            copy.textContent = Array.from(node.sheet.cssRules, rule => rule.cssText).join("\\n");
        const assigned = node.localName === "slot" ? node.assignedNodes() : [];
        const inside = assigned.length ? assigned : (node.shadowRoot ?? node).childNodes;
        for (const child of inside) copy.appendChild(flat(child));
        return copy;
    };
    let root;
    try {
        root = flat(document.documentElement);
    } catch (error) {  // nested too deep
        root = inert.importNode(document.documentElement, true);
    }
    const run = 'noscript, script:not([type="application/ld+json"])';
    for (const element of root.querySelectorAll(run)) element.remove();
    const html = root.outerHTML;
    return html.length > CHARACTERS ? null : html;
})()""".replace("ELEMENTS", str(_ELEMENTS)).replace("CHARACTERS", str(_CHARACTERS))


class Rendering:
    """Made for one page, run once."""

    def __init__(self, page: Page, answer: Answer, limit_memory: Callable[[], Awaitable[None]]) -> None:
        self._page = page
        self._answer = answer
        self._limit_memory = limit_memory
        self._ended: asyncio.Future[FetchFailure] = asyncio.get_running_loop().create_future()
        self._served = False
        self._asked = 0
        self._waiting = 0

    async def run(self, context: BrowserContext, timeout: float) -> Page | FetchFailure:
        """Show the page in `context`; its scripts may take `timeout` seconds.

        Raises Playwright's errors when the browser itself fails.
        """
        tab = await context.new_page()
        tab.on("crash", lambda _: self._end("network", "its scripts crashed the browser's page"))
        tab.on("framenavigated", lambda frame: self._moved(tab, frame))
        await context.add_init_script("window.alert = window.confirm = window.prompt = () => null")
        await context.route("**/*", lambda route: self._route(route, tab))
        session = await context.new_cdp_session(tab)
        await self._unless_ended(self._settle(tab, session), timeout)
        html = await self._unless_ended(self._serialised(session), _GRACE)
        if self._ended.done():
            return self._ended.result()
        if html is None:
            return FetchFailure(self._page.url, "timeout", "its scripts cannot be stopped")
        headers = {**self._page.headers, "content-type": _HTML}
        return replace(self._page, headers=headers, content=html.encode("utf-8", errors="replace"))

    async def _unless_ended(self, work: Coroutine[Any, Any, _T], seconds: float) -> _T | None:
        """What `work` comes to; None when the page ended or the time ran out before that."""
        task = asyncio.ensure_future(work)
        try:
            either: set[asyncio.Future[Any]] = {task, self._ended}
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _end(self, kind: FailureKind, reason: str, location: str = "") -> None:
        if not self._ended.done():
            self._ended.set_result(FetchFailure(self._page.url, kind, reason, location))

    # --- what the page asks for -------------------------------------------------------------------

    async def _route(self, route: Route, tab: Tab) -> None:
        request = route.request
        with suppress(PlaywrightError):  # the page has gone
            if request.is_navigation_request():
                await self._navigate(route, request, tab)
            elif request.resource_type == "stylesheet":  # scripts wait for them; the text does not need them
                await route.fulfill(body="", content_type="text/css")
            elif request.resource_type in _ANSWERED and request.method == "GET" and self._asked < _REQUESTS:
                self._asked += 1
                self._waiting += 1
                try:
                    await self._fulfil(route, request)
                finally:
                    self._waiting -= 1
            else:
                await route.abort("blockedbyclient")

    async def _navigate(self, route: Route, request: Request, tab: Tab) -> None:
        if not self._served:
            self._served = True
            text = decode_html(self._page.content, self._page.charset)
            headers = {**_headers(self._page), "content-type": _HTML}
            await route.fulfill(status=200, headers=headers, body=text.encode("utf-8", errors="replace"))
            return
        await route.abort("aborted")  # which leaves the page as it is
        if request.frame == tab.main_frame:
            self._leave(request.url)

    def _leave(self, url: str) -> None:
        with suppress(InvalidArgumentError):  # nowhere that a crawl could go
            target = normalise(url)
            if target not in (self._page.url, self._page.final_url):  # it only loads itself again
                self._end("redirect", f"its scripts send the reader on to {target}", target)

    def _moved(self, tab: Tab, frame: Frame) -> None:
        """Some addresses are gone to without a request."""
        if frame == tab.main_frame and not frame.url.startswith(("http:", "https:")):
            self._end("redirect", f"its scripts send the reader on to {frame.url[:100]}")

    async def _fulfil(self, route: Route, request: Request) -> None:
        try:
            answer = await self._answer(request.url.partition("#")[0], request.resource_type == "script")
        except Exception as error:  # a fault of the caller's function goes back to the caller
            if not self._ended.done():
                self._ended.set_exception(error)
            return
        if isinstance(answer, FetchFailure):
            await route.abort("blockedbyclient" if answer.kind == "address" else "failed")
            return
        headers = _headers(answer)
        if origin := request.headers.get("origin"):
            headers |= {"access-control-allow-origin": origin, "access-control-allow-credentials": "true"}
        await route.fulfill(status=answer.status, headers=headers, body=answer.content)

    # --- what becomes of it -----------------------------------------------------------------------

    async def _settle(self, tab: Tab, session: CDPSession) -> None:
        await tab.goto(self._page.final_url, wait_until="commit", timeout=0)
        await self._limit_memory()
        world = await _world(session)
        height = await self._quiet(session, world, _QUIET)
        for _ in range(_SCROLLS):  # for what is filled in when it is scrolled to
            if height <= (tab.viewport_size or {"height": 0})["height"]:
                return
            await tab.set_viewport_size({"width": 1280, "height": min(height, _TALLEST)})
            await _evaluate(session, world, "scrollTo(0, 1e9)")
            before, height = height, await self._quiet(session, world, _QUIET_AGAIN)
            if height <= before:
                return

    async def _quiet(self, session: CDPSession, world: int, seconds: float) -> int:
        """Wait until nothing changes; returns the height of the page."""
        clock = asyncio.get_running_loop().time
        last, since = None, clock()
        while True:
            state = await _evaluate(session, world, _STATE)
            complete, elements, visible, height = state
            if elements > _ELEMENTS:
                return 0
            if state != last or self._waiting or not complete:
                last, since = state, clock()
            elif clock() - since >= (seconds if visible >= _LITTLE else _QUIET_WHILE_EMPTY):
                return int(height)
            await asyncio.sleep(0.05)

    async def _serialised(self, session: CDPSession) -> str:
        await session.send("Runtime.terminateExecution")
        await session.send("Emulation.setScriptExecutionDisabled", {"value": True})
        html = await _evaluate(session, await _world(session), _SERIALISE)
        if html is None:
            most = f"{_ELEMENTS:,} elements or {_CHARACTERS // 10**6} million characters"
            self._end("body", f"its scripts made more than {most} of HTML")
        return f"<!doctype html>\n{html}"


async def _world(session: CDPSession) -> int:
    """A place beside the page's scripts, whose changes to what JavaScript is do not reach there."""
    tree = await session.send("Page.getFrameTree")
    made = await session.send("Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"]})
    return int(made["executionContextId"])


async def _evaluate(session: CDPSession, world: int, expression: str) -> Any:
    asked = {"expression": expression, "contextId": world, "returnByValue": True}
    answer = await session.send("Runtime.evaluate", asked)
    if "exceptionDetails" in answer:
        raise PlaywrightError(json.dumps(answer["exceptionDetails"])[:200])
    return answer["result"].get("value")


def _headers(page: Page) -> dict[str, str]:
    return {name: value for name, value in page.headers.items() if name not in _UNSAID}
