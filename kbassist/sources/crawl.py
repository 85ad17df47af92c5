"""The walk over a site's pages, and the decision about each of them."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kbassist.sources.fetch import Fetcher, FetchFailure, Page, status_text
from kbassist.sources.likeness import Sketch, alike, sketch
from kbassist.sources.robots import Robots
from kbassist.sources.state import PageState, content_hash
from kbassist.sources.urls import Scope, canonical_url, path_of
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
_DOWN = frozenset({429, 502, 503, 504})
_PATIENCE = 10  # failures in a row before the site counts as down

Read = Callable[[Page, str], PageContent]


@dataclass(frozen=True, slots=True)
class Place:
    """A URL to visit, with the page that links to it and the number of links walked to it."""

    url: str
    referrer: str = ""
    depth: int = 0


class Crawl:
    """One crawl, with all that it has to remember until it ends.

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
        self._following_canonical = False
        self._failures = 0
        self._last_failure = ""

    def run(self, url: str, entrance: Page, sitemap: Iterable[str]) -> Iterator[SourceItem]:
        """Everything there is, beginning at `url`, where `entrance` was found."""
        self._seen.add(url)
        self._done.add(url)
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
        self._done.add(url)
        reason = self._scope.unwanted(url) or self._unfit(place)
        if reason:
            yield Skipped(url, reason)
        elif not self._robots.allows(url):
            yield self._withdrawn(url, "robots.txt does not allow it")
        elif self._failures >= _PATIENCE:
            last = f"{self._failures} failures in a row, the last: {self._last_failure}"
            yield Failed(url, f"not tried: {last}")
        else:
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
        path = _bare_path(place.url)
        suffix = _NOT_TEXT.search(path)
        if suffix:
            return f"not HTML ({suffix[0]})"
        if self._max_pages is not None and len(self._sketches) >= self._max_pages:
            return f"over max_pages={self._max_pages}"
        if len(place.url) > _LONGEST_URL or _REPEATED.search(path) or place.depth > _DEEPEST:
            return "looks like an endless run of generated pages"
        self._variants[path] += 1
        if self._variants[path] > _MOST_VARIANTS:
            return f"more than {_MOST_VARIANTS} variants of {path}"
        return ""

    def _decide(self, place: Place, answer: Page | FetchFailure) -> Iterator[SourceItem]:
        url = place.url
        if isinstance(answer, FetchFailure):
            if answer.location:
                gone = answer.moved_for_good and url in self._known
                yield Gone(url, answer.reason) if gone else Skipped(url, answer.reason)
            else:
                self._note(answer.reason if answer.kind in ("timeout", "network", "host") else "")
                yield Failed(url, answer.reason)
            return
        self._note(status_text(answer.status) if answer.status in _DOWN else "")
        if answer.status == 304 and url in self._known:
            yield from self._unchanged(place, self._known[url])
        elif answer.status in (404, 410):
            yield self._missing(place, answer)
        elif answer.status != 200:
            yield Failed(url, f"the server answered {status_text(answer.status)}{_linked_from(place)}")
        elif answer.redirects:
            yield from self._redirected(place, answer)
        else:
            yield from self._content(place, answer)

    def _unchanged(self, place: Place, state: PageState) -> Iterator[SourceItem]:
        self._follow(filter(None, map(self._scope.locate, state.links or ())), place)
        twin = self._twin(place.url, state.content_hash)
        if twin:
            yield Gone(place.url, f"duplicate of {twin}")
            return
        self._keep(place.url, state.content_hash, None)
        yield Unchanged(place.url)

    def _missing(self, place: Place, page: Page) -> SourceItem:
        via = f"redirects to {page.final_url}: " if page.redirects else ""
        if place.url in self._known:
            return Gone(place.url, via + status_text(page.status))
        return Failed(place.url, f"{via}{status_text(page.status)}{_linked_from(place)}")

    def _redirected(self, place: Place, page: Page) -> Iterator[SourceItem]:
        final = self._scope.own(canonical_url(page.final_url)) or page.final_url
        if final == place.url:
            yield from self._content(place, page)
            return
        if final not in self._done:
            self._seen.add(final)
            self._done.add(final)
            yield from self._content(Place(final, place.url, place.depth), page)
        state = self._known.get(place.url)
        # A passing redirect may be a page for maintenance; it counts only when the text has moved.
        if state and (page.moved_for_good or state.content_hash in self._kept):
            yield Gone(place.url, f"moved to {final}")
        else:
            yield Skipped(place.url, f"redirects to {final}")

    def _content(self, place: Place, page: Page) -> Iterator[SourceItem]:
        url = place.url
        found = self._read(page, url)
        links = self._follow(found.links, place)
        reason = self._scope.unwanted(url)
        if reason:
            yield Skipped(url, reason)
        elif found.document is not None:
            state = PageState(
                page.headers.get("etag", ""),
                page.headers.get("last-modified", ""),
                content_hash(found.document),
                links,
            )
            document = replace(found.document, meta={**found.document.meta, **state.to_meta()})
            yield from self._accept(place, document, state.content_hash, found.canonical)
        elif found.withdrawn:
            yield self._withdrawn(url, found.reason)
        else:
            yield Failed(url, found.reason) if found.failed else Skipped(url, found.reason)

    def _accept(self, place: Place, document: Document, digest: str, canonical: str) -> Iterator[SourceItem]:
        url, said = place.url, sketch(document.text)
        original = self._scope.own(canonical) if canonical else url
        if original is None:
            yield self._withdrawn(url, f"its canonical page is on another site: {canonical}")
            return
        if original != url and (yield from self._is_copy(said, original, place)):
            yield self._withdrawn(url, f"duplicate of {original}, which it names as canonical")
            return
        twin = self._twin(url, digest)
        if twin:
            yield self._withdrawn(url, f"duplicate of {twin}")
            return
        self._keep(url, digest, said)
        state = self._known.get(url)
        yield Unchanged(url) if state and state.content_hash == digest else document

    def _is_copy(self, said: Sketch, original: str, place: Place) -> Generator[SourceItem, None, bool]:
        """Whether the page that a page names as canonical is there and says the same.

        Some sites name their front page everywhere. So the original is visited first.
        """
        if original not in self._done:
            if self._following_canonical:  # one step, not a chain of them
                self._add(Place(original, place.url, place.depth + 1))
                return False
            self._seen.add(original)
            self._following_canonical = True
            yield from self._visit(Place(original, place.url, place.depth + 1), in_full=True)
            self._following_canonical = False
        if original not in self._sketches:
            return False
        there = self._sketches[original]
        if there is None:
            there = self._sketches[original] = self._sketch_of(original)
        return alike(said, there)

    def _sketch_of(self, url: str) -> Sketch:
        """Of a page that the server said is unchanged, without sending it."""
        page = self._fetcher.fetch(url, admit=self._admit, wanted=is_readable)
        found = self._read(page, url) if isinstance(page, Page) and page.status == 200 else None
        return sketch(found.document.text) if found and found.document else ()

    # --- memory --------------------------------------------------------------------------------

    def _follow(self, links: Iterable[str], place: Place) -> tuple[str, ...]:
        """Queue the links within the site; returns the paths of those that may lead to text."""
        own = dict.fromkeys(link for link in map(self._scope.own, links) if link and link != place.url)
        for link in own:
            self._add(Place(link, place.url, place.depth + 1))
        return tuple(path_of(link) for link in own if not _NOT_TEXT.search(_bare_path(link)))

    def _keep(self, url: str, digest: str, said: Sketch | None) -> None:
        self._kept.setdefault(digest, url)
        self._sketches[url] = said
        self._visited(len(self._sketches), url)

    def _twin(self, url: str, digest: str) -> str:
        """The other page with the same content, if there is one."""
        twin = self._kept.get(digest, url)
        return twin if twin != url else ""

    def _withdrawn(self, url: str, reason: str) -> SourceItem:
        return Gone(url, reason) if url in self._known else Skipped(url, reason)

    def _note(self, failure: str) -> None:
        self._failures = self._failures + 1 if failure else 0
        self._last_failure = failure


def _bare_path(url: str) -> str:
    return path_of(url).partition("?")[0]


def _linked_from(place: Place) -> str:
    return f" (linked from {place.referrer})" if place.referrer else ""
