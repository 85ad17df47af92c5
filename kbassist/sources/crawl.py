"""The walk over a site's pages, and the decision about each of them."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kbassist.sources.fetch import Fetcher, FetchFailure, Page, status_text
from kbassist.sources.likeness import Sketch, alike, sketch
from kbassist.sources.robots import Robots
from kbassist.sources.state import PageState, content_hash
from kbassist.sources.urls import Scope, path_of
from kbassist.sources.webpage import PageContent, is_readable
from kbassist.types import Document, Failed, Gone, Skipped, SourceItem, Unchanged

_NOT_TEXT = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|heic|css|js|mjs|json|zip|rar|7z|gz|tgz|tar|exe|msi|dmg|apk"
    r"|iso|mp[34]|m4a|wav|ogg|avi|mov|mkv|webm|woff2?|ttf|eot|docx?|xlsx?|pptx?|od[tsp]|csv|xml|rss|atom|ics"
    r"|vcf|ps|eps|tex|sty|dvi)$",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"(/[^/]+(?:/[^/]+)?)\1{3,}(?:/|$)")
_DEEPEST = 100  # links away from where the crawl began
_MOST_VARIANTS = 2000  # queries of one path
_LONGEST_URL = 2000
_PATIENCE = 10  # failures in a row before the site counts as down

Read = Callable[[Page, str], PageContent]


@dataclass(frozen=True, slots=True)
class Place:
    """A URL to visit, with the page that links to it and the number of links walked to it."""

    url: str
    referrer: str = ""
    depth: int = 0


class Crawl:
    """One crawl. `pages` and the rest of its memory last as long as it does.

    Breadth first from the entrance; then the sitemap's pages; then those known from before that
    nothing led to, so that the missing ones are noticed. Equal sites give equal orders.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        scope: Scope,
        robots: Robots,
        *,
        read: Read,
        known: Mapping[str, PageState],
        max_pages: int | None,
        visited: Callable[[int, str], None],
    ) -> None:
        self._fetcher = fetcher
        self._scope = scope
        self._robots = robots
        self._read = read
        self._known = known
        self._max_pages = max_pages
        self._visited = visited
        self._queue: deque[Place] = deque()
        self._seen: set[str] = set()  # everything that ever stood in the queue
        self._done: set[str] = set()  # everything that has been decided
        self._kept: dict[str, str] = {}  # content hash -> URL of the page that has it
        self._sketches: dict[str, Sketch | None] = {}  # URL of a page read -> None when unchanged
        self._variants: Counter[str] = Counter()
        self._failures = 0
        self._last_failure = ""

    def run(self, entrance: Page, url: str, sitemap: Iterable[str]) -> Iterator[SourceItem]:
        """Everything there is, beginning with the page at the entrance, which is `url`."""
        self._seen.update((entrance.url, url))
        yield from self._decide(Place(url), entrance)
        yield from self._walk()
        for location in sitemap:
            self._add(Place(location, "the sitemap"))
        yield from self._walk()
        for location in sorted(self._known):
            if self._scope.own(location) == location:
                self._add(Place(location, "the last crawl"))
        yield from self._walk()

    def _walk(self) -> Iterator[SourceItem]:
        while self._queue:
            place = self._queue.popleft()
            if place.url not in self._done:
                yield from self._visit(place)

    def _add(self, place: Place) -> None:
        if place.url not in self._seen:
            self._seen.add(place.url)
            self._queue.append(place)

    # --- one page ------------------------------------------------------------------------------

    def _visit(self, place: Place, *, in_full: bool = False) -> Iterator[SourceItem]:
        url = place.url
        reason = self._scope.unwanted(url) or self._unfit(place)
        if not reason and self._max_pages is not None and len(self._sketches) >= self._max_pages:
            reason = f"over max_pages={self._max_pages}"
        if reason:
            self._done.add(url)
            yield Skipped(url, reason)
            return
        if not self._robots.allows(url):
            self._done.add(url)
            yield self._withdrawn(url, "robots.txt does not allow it")
            return
        if self._failures >= _PATIENCE:
            self._done.add(url)
            reason = f"not tried: {self._failures} failures in a row, the last: {self._last_failure}"
            yield Failed(url, reason)
            return
        state = self._known.get(url)
        headers = state.conditions if state and not in_full else {}
        answer = self._fetcher.fetch(url, headers=headers, admit=self._admit, wanted=is_readable)
        yield from self._decide(place, answer)

    def _admit(self, url: str) -> str:
        """Why a redirect to `url` is not followed."""
        own = self._scope.own(url)
        if own is None:
            return "another site"
        return "" if self._robots.allows(own) else "robots.txt does not allow it"

    def _unfit(self, place: Place) -> str:
        """Why a URL is not worth a request."""
        path = path_of(place.url).partition("?")[0]
        name = _NOT_TEXT.search(path)
        if name:
            return f"not HTML ({name[0]})"
        if len(place.url) > _LONGEST_URL or _REPEATED.search(path) or place.depth > _DEEPEST:
            return "looks like an endless run of generated pages"
        self._variants[path] += 1
        if self._variants[path] > _MOST_VARIANTS:
            return f"more than {_MOST_VARIANTS} variants of {path}"
        return ""
    
    def _decide(self, place: Place, answer: Page | FetchFailure) -> Iterator[SourceItem]:
        url = place.url
        self._done.add(url)
        if isinstance(answer, FetchFailure):
            if answer.location:
                yield Skipped(url, answer.reason)
            else:
                self._note_failure(answer.reason if answer.kind in ("timeout", "network", "host") else "")
                yield Failed(url, answer.reason)
            return
        broken = answer.status >= 500 or answer.status == 429
        self._note_failure(status_text(answer.status) if broken else "")
        if answer.status == 304 and url in self._known:
            yield from self._unchanged(place)
        elif answer.status in (404, 410):
            yield self._missing(place, answer)
        elif answer.status != 200:
            yield Failed(url, f"the server answered {status_text(answer.status)}")
        elif answer.redirects:
            yield from self._redirected(place, answer)
        else:
            yield from self._content(place, answer)
