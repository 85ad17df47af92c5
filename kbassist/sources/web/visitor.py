"""Asks for pages ahead of the crawl, so that fetching, reading and deciding overlap."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Self

from kbassist.errors import KBAssistError
from kbassist.protocols import CrawlLog
from kbassist.sources.web.extraction import ReadPage
from kbassist.sources.web.fetch import Fetcher, FetchFailure, Page
from kbassist.sources.web.visit import Visit
from kbassist.sources.web.webpage import PageContent, is_readable

Render = Callable[[Page], Page | FetchFailure]
"""A page whose scripts have run, from one whose text appears only then. May raise a `KBAssistError`."""


class Visitor:
    """Fetches and reads pages in threads, and remembers each answer in the log.

    What the log has from before an interruption is not asked for again. The log itself is used by the
    caller's thread alone.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        read: ReadPage,
        log: CrawlLog,
        *,
        admit: Callable[[str], str],
        place: Callable[[str], str],
        render: Render,
        concurrency: int,
        readers: int,
    ) -> None:
        """`admit` says why a redirect is not followed; `place` gives where the content of a URL belongs."""
        self._fetcher = fetcher
        self._read = read
        self._log = log
        self._admit = admit
        self._place = place
        self._render = render
        self._fetching = ThreadPoolExecutor(concurrency, thread_name_prefix="kbassist-fetch")
        self._reading = ThreadPoolExecutor(concurrency + readers, thread_name_prefix="kbassist-read")
        self._started: dict[str, Future[Visit]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in (self._reading, self._fetching):
            pool.shutdown(wait=False, cancel_futures=True)

    def start(self, url: str, conditions: Mapping[str, str]) -> None:
        """Ask for a page that will be visited soon."""
        if url not in self._started and self._log.recall(url) is None:
            self._started[url] = self._begin(url, conditions)

    def visit(self, url: str, conditions: Mapping[str, str]) -> Visit:
        """What came of asking for `url`."""
        started = self._started.pop(url, None)
        if started is not None:
            return self._recorded(url, started.result())
        return self._remembered(url, url, conditions)

    def visit_in_full(self, url: str) -> Visit:
        """The same without conditions, be it visited before or not."""
        started = self._started.pop(url, None)
        if started is not None and started.result().status != 304:
            return self._recorded(url, started.result())
        return self._remembered(f"{url} in full", url, {})

    def content(self, page: Page, url: str) -> Visit:
        """Of a page that has been fetched already."""
        return self._recorded(url, Visit.of(page, url, self._content(page, url)))

    def _remembered(self, key: str, url: str, conditions: Mapping[str, str]) -> Visit:
        known = self._log.recall(key)
        if known is not None:
            return Visit.from_bytes(known)
        return self._recorded(key, self._begin(url, conditions).result())

    def _recorded(self, key: str, visit: Visit) -> Visit:
        visit = replace(visit, key=key)
        if not visit.passing:
            self._log.record(key, visit.to_bytes())
        return visit

    def _begin(self, url: str, conditions: Mapping[str, str]) -> Future[Visit]:
        fetched = self._fetching.submit(
            self._fetcher.fetch, url, headers=conditions, admit=self._admit, wanted=is_readable
        )
        return self._reading.submit(self._finish, fetched, url)

    def _finish(self, fetched: Future[Page | FetchFailure], url: str) -> Visit:
        answer = fetched.result()
        if isinstance(answer, FetchFailure):
            return Visit(url, failure=answer)
        if answer.status != 200:
            return Visit.of(answer, url, None)
        final = self._place(answer.final_url) if answer.redirects else url
        return Visit.of(answer, final, self._content(answer, final))

    def _content(self, page: Page, url: str) -> PageContent:
        content = self._read(page, url)
        if content.outcome != "needs_scripts":
            return content
        try:
            rendered = self._render(page)
        except KBAssistError as error:
            rendered = FetchFailure(url, "body", str(error))
        if isinstance(rendered, FetchFailure):
            return replace(content, reason=f"{content.reason}: {rendered.reason}")
        content = self._read(rendered, url)
        if content.outcome in ("no_text", "needs_scripts"):
            return replace(content, outcome="no_text", reason="no text, even after its scripts ran")
        return content
