"""The walk over a site's pages, and the decision about each of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from kbassist.protocols import CrawlLog
from kbassist.sources.web.decisions import Decisions, Place
from kbassist.sources.web.fetch import http_date, status_text
from kbassist.sources.web.likeness import Sketch, alike, sketch_but
from kbassist.sources.web.robots import Robots
from kbassist.sources.web.state import conditions, content_hash
from kbassist.sources.web.traps import Traps, may_hold_text, shape
from kbassist.sources.web.urls import Scope, path_of
from kbassist.sources.web.versions import (
    Version,
    claimed_language,
    partly_untranslated,
    untranslated,
    version_key,
)
from kbassist.sources.web.visit import Visit
from kbassist.sources.web.visitor import Visitor
from kbassist.sources.web.webpage import PageContent
from kbassist.types import (
    Document,
    Outcome,
    PageState,
    SourceItem,
    Unchanged,
)

_LONGEST_CHAIN = 30  # pages that differ in their numbers only, each linked from the one before
_DOWN = frozenset({429, 502, 503, 504})
_GONE_AT_ONCE = frozenset({410, 451})
_MISSING = frozenset({404, *_GONE_AT_ONCE})
_PATIENCE = 10  # failures in a row before the site counts as down
_SAME_PAGE = 0.8  # likeness to the page that the site shows for addresses that do not exist


@dataclass(frozen=True, slots=True)
class Taken:
    """A page whose text belongs into the knowledge base. `key` is what the log knows its visit by.

    `original` is that key of its version in another language, where the two share some text.
    """

    url: str
    key: str
    modified_at: datetime | None
    original: str = ""


class Crawl:
    """One crawl, with all that it has to remember until it ends.

    Breadth first from the entrance; then the sitemap's pages; then those known from before that
    nothing led to, so that the missing ones are noticed. Pages are asked for ahead, and decided about in
    this order, so equal sites give equal results.
    """

    def __init__(
        self,
        visitor: Visitor,
        scope: Scope,
        robots: Robots,
        log: CrawlLog,
        *,
        changes: Mapping[str, datetime | None],
        anew: Collection[str],
        max_pages: int | None,
        max_depth: int | None,
        remove_after: int,
        ahead: int,
        no_such_page: Sketch,
        visited: Callable[[int, int, str], None],
    ) -> None:
        """`changes` are the pages that the sitemap names, with the moment of their last change where it
        tells; `anew` those to be sent in full, changed or not. `ahead` is how many pages are asked for
        before their turn. `no_such_page` is what the site shows for an address that does not exist, where
        it answers that with 200.
        """
        self._visitor = visitor
        self._scope = scope
        self._decisions = Decisions(log, remove_after)
        self._robots = robots
        self._changes = changes
        self._anew = anew
        self._max_pages = max_pages
        self._max_depth = max_depth
        self._ahead = ahead
        self._no_such_page = no_such_page
        self._visited = visited
        self._queue: deque[Place] = deque()
        self._seen: set[str] = set()  # everything that ever stood in the queue
        self._done: set[str] = set()  # everything that has been decided
        self._kept: dict[str, str] = {}  # content hash -> URL of the page that has it
        self._sketches: dict[str, Sketch | None] = {}  # URL of a page read -> None when unchanged
        self._taken: dict[str, tuple[Place, Taken]] = {}
        self._versions: dict[str, Version] = {}
        self._traps = Traps()
        self._following_canonical = False
        self._failures = 0
        self._last_failure = ""

    def run(self, url: str, entrance: Visit) -> Iterator[Taken | SourceItem]:
        """Everything there is, beginning at `url`, where `entrance` was found; the pages taken come last."""
        self._add(Place(url))
        self._done.add(url)
        yield from self._decide(self._queue.popleft(), entrance)
        yield from self._walk()
        for location in self._changes:
            self._add(Place(location, "the sitemap"))
        yield from self._walk()
        for location in sorted(self._decisions.known):
            if self._scope.own(location) == location:
                self._add(Place(location, "the last crawl"))
        yield from self._walk()
        yield from self._untranslated()
        yield from (taken for _, taken in self._taken.values())

    def _walk(self) -> Iterator[SourceItem]:
        while self._queue:
            self._look_ahead()
            place = self._queue.popleft()
            if place.url not in self._done:
                yield from self._visit(place)

    def _look_ahead(self) -> None:
        if self._failures:  # a site in trouble is asked for one page at a time
            return
        ahead = self._ahead
        if self._max_pages is not None:
            ahead = min(ahead, self._max_pages - len(self._sketches))
        for place in islice(self._queue, max(ahead, 0)):
            wanted = not self._scope.unwanted(place.url) and not self._unfit(place)
            if wanted and place.url not in self._done and self._robots.allows(place.url):
                self._visitor.start(place.url, self._conditions(place.url))

    def _add(self, place: Place) -> None:
        if place.url not in self._seen:
            self._seen.add(place.url)
            self._queue.append(place)
            self._decisions.waiting(place)

    # --- one page ------------------------------------------------------------------------------

    def _visit(self, place: Place, *, in_full: bool = False) -> Iterator[SourceItem]:
        url = place.url
        self._done.add(url)
        self._traps.visited(url)
        unwanted, unfit = self._scope.unwanted(url), self._unfit(place)
        if unwanted:
            yield self._decisions.withdrawn(place, "out_of_scope", unwanted)
        elif unfit:
            yield self._decisions.passed_over(place, *unfit)
        elif not self._robots.allows(url):
            yield self._decisions.withdrawn(place, "robots", "robots.txt does not allow it")
        elif self._failures >= _PATIENCE:
            last = f"{self._failures} failures in a row, the last: {self._last_failure}"
            yield self._decisions.failed(place, f"not tried: {last}")
        elif in_full:
            yield from self._decide(place, self._visitor.visit_in_full(url))
        else:
            yield from self._decide(place, self._visitor.visit(url, self._conditions(url)))

    def _conditions(self, url: str) -> Mapping[str, str]:
        known = url in self._decisions.known and url not in self._anew
        return conditions(self._decisions.known[url][1]) if known else {}

    def _unfit(self, place: Place) -> tuple[Outcome, str] | None:
        """Why a URL is not worth a request."""
        if self._max_pages is not None and len(self._sketches) >= self._max_pages:
            return "limit", f"over max_pages={self._max_pages}"
        if self._max_depth is not None and place.depth > self._max_depth:
            return "limit", f"over max_depth={self._max_depth}"
        return self._traps.unfit(place)

    def _decide(self, place: Place, visit: Visit) -> Iterator[SourceItem]:
        url, failure = place.url, visit.failure
        if failure is not None and failure.location:
            gone = failure.moved_for_good and url in self._decisions.known
            decided = self._decisions.withdrawn if gone else self._decisions.passed_over
            yield decided(place, "redirected", failure.reason)
            return
        if failure is not None:
            self._note(failure.reason if failure.kind in ("timeout", "network", "host") else "")
            yield self._decisions.failed(place, failure.reason)
            return
        self._note(status_text(visit.status) if visit.status in _DOWN else "")
        if visit.status == 304 and url in self._decisions.known:
            yield from self._unchanged(place)
        elif visit.status in _MISSING:
            via = f"redirects to {visit.url}: " if visit.redirected else ""
            reason = via + status_text(visit.status)
            yield self._decisions.missing(place, "missing", reason, at_once=visit.status in _GONE_AT_ONCE)
        elif visit.content is None:
            yield self._decisions.failed(place, f"the server answered {status_text(visit.status)}")
        elif visit.redirected and visit.url != url:
            yield from self._redirected(place, visit, visit.content)
        else:
            yield from self._content(place, visit, visit.content)

    def _unchanged(self, place: Place) -> Iterator[SourceItem]:
        url, (_, state) = place.url, self._decisions.known[place.url]
        self._follow(filter(None, map(self._scope.locate, state.links)), place)
        twin = self._twin(url, state.content_hash)
        if twin:
            yield self._decisions.withdrawn(place, "duplicate", f"duplicate of {twin}")
            return
        self._versions[url] = Version(url, state.lang_stated, state.lang)
        self._keep(place, "unchanged", state, None)
        yield Unchanged(url)

    def _redirected(self, place: Place, visit: Visit, content: PageContent) -> Iterator[SourceItem]:
        final = visit.url
        if final not in self._done:
            self._seen.add(final)
            self._done.add(final)
            yield from self._content(Place(final, place.url, place.depth), visit, content)
        known = self._decisions.known.get(place.url)
        # A passing redirect may be a page for maintenance; it counts only when the text has moved.
        if known and (visit.moved_for_good or known[1].content_hash in self._kept):
            yield self._decisions.withdrawn(place, "redirected", f"moved to {final}")
        else:
            yield self._decisions.passed_over(place, "redirected", f"redirects to {final}")

    def _content(self, place: Place, visit: Visit, content: PageContent) -> Iterator[SourceItem]:
        document = content.document
        endless = document is not None and self._is_endless(place, document, content.said)
        links = () if endless else self._follow(content.links, place)
        unwanted = self._scope.unwanted(place.url)
        if unwanted:
            yield self._decisions.withdrawn(place, "out_of_scope", unwanted)
        elif document is None and content.outcome == "soft_404":
            yield self._decisions.missing(place, "soft_404", content.reason)
        elif document is None and content.withdrawn:
            yield self._decisions.withdrawn(place, content.outcome, content.reason)
        elif document is None and (content.failed or place.url in self._decisions.known):
            yield self._decisions.failed(place, content.reason)
        elif document is None:
            yield self._decisions.passed_over(place, content.outcome, content.reason)
        elif endless:
            reason = f"the {_LONGEST_CHAIN}th page in a row like the one before, and so on"
            yield self._decisions.passed_over(place, "trap", reason)
        elif self._says_no_such_page(document):
            reason = "answers 200, but shows what the site shows for addresses that do not exist (a soft 404)"
            yield self._decisions.missing(place, "soft_404", reason)
        else:
            told = self._changes.get(place.url) or http_date(visit.last_modified)
            state = PageState(
                visit.etag,
                visit.last_modified,
                content_hash(document),
                document.modified_at or told,
                document.lang or "",
                _stated_language(document),
                links,
            )
            yield from self._accept(place, document, state, content, visit.key)

    def _accept(
        self, place: Place, document: Document, state: PageState, content: PageContent, key: str
    ) -> Iterator[SourceItem]:
        url, said, canonical = place.url, content.said, content.canonical
        # One on another site does not count: whoever crawls this one wants the text that stands here.
        original = (self._scope.own(canonical) if canonical else None) or url
        if original != url and (yield from self._is_copy(said, original, place)):
            reason = f"duplicate of {original}, which it names as canonical"
            yield self._decisions.withdrawn(place, "duplicate", reason)
            return
        version = Version(url, state.lang_stated, state.lang, self._alternates(document))
        twin = self._twin(url, state.content_hash)
        if twin and not self._is_version(version, twin):
            yield self._decisions.withdrawn(place, "duplicate", f"duplicate of {twin}")
            return
        self._versions[url] = version
        before = self._decisions.known.get(url)
        same = before is not None and before[1].content_hash == state.content_hash
        if before is not None and same:
            # Servers that make a page for every request give the moment of the request as its date.
            state = replace(state, modified_at=before[1].modified_at)
        self._keep(place, "unchanged" if same else "fetched", state, said)
        self._taken[url] = place, Taken(url, key, state.modified_at)

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
        return original in self._sketches and alike(said, self._sketch_of(original))

    def _sketch_of(self, url: str) -> Sketch:
        """Of a page that is kept."""
        known = self._sketches[url]
        if known is None:  # the server said that it is unchanged, without sending it
            found = self._visitor.visit_in_full(url).content
            known = self._sketches[url] = found.said if found else ()
        return known

    def _says_no_such_page(self, document: Document) -> bool:
        if not self._no_such_page:
            return False
        return alike(sketch_but(document.text, document.id), self._no_such_page, share=_SAME_PAGE)

    def _untranslated(self) -> Iterator[SourceItem]:
        """Pages that were taken, but are their site's other language under the name of theirs."""
        found = untranslated(self._versions.values(), _version_key, self._sketch_of)
        for url, original in found.items():
            if url in self._taken:
                place, _ = self._taken.pop(url)
                del self._versions[url]
                yield self._decisions.withdrawn(place, "duplicate", f"not translated: the same as {original}")
        partly = partly_untranslated(self._versions.values(), _version_key, self._sketch_of)
        for url, original in partly.items():
            if url in self._taken:
                place, taken = self._taken[url]
                self._taken[url] = place, replace(taken, original=self._key_of(original))

    def _key_of(self, url: str) -> str:
        """What the log knows the text of a kept page by."""
        return self._taken[url][1].key if url in self._taken else self._visitor.visit_in_full(url).key

    def _alternates(self, document: Document) -> tuple[str, ...]:
        named = map(self._scope.own, document.meta.get("alternates", {}).values())
        return tuple(url for url in named if url and url != document.id)

    def _is_version(self, version: Version, other: str) -> bool:
        """Whether the other page with the same text claims to be the same in another language."""
        there = self._versions.get(other)
        if there is None or there.stated == version.stated:
            return False
        return other in version.alternates or _version_key(other) == _version_key(version.url)

    def _is_endless(self, place: Place, document: Document, said: Sketch) -> bool:
        """Whether a calendar goes on into all eternity, or something of that kind."""
        if place.chain < _LONGEST_CHAIN:
            return False
        before = self._sketches.get(place.referrer)
        return bool(self._twin(place.url, content_hash(document)) or (before and alike(said, before)))

    # --- memory --------------------------------------------------------------------------------

    def _follow(self, links: Iterable[str], place: Place) -> tuple[str, ...]:
        """Queue the links within the site; returns the paths of those that may lead to text."""
        own = dict.fromkeys(link for link in map(self._scope.own, links) if link and link != place.url)
        for link in own:
            chain = place.chain + 1 if shape(link) == shape(place.url) else 0
            self._add(Place(link, place.url, place.depth + 1, chain))
        return tuple(path_of(link) for link in own if may_hold_text(link))

    def _keep(self, place: Place, outcome: Outcome, state: PageState, said: Sketch | None) -> None:
        self._kept.setdefault(state.content_hash, place.url)
        self._sketches[place.url] = said
        self._decisions.kept(place, outcome, state)
        self._visited(len(self._done), len(self._seen), place.url)

    def _twin(self, url: str, digest: str) -> str:
        """The other page with the same content, if there is one."""
        twin = self._kept.get(digest, url)
        return twin if twin != url else ""

    def _note(self, failure: str) -> None:
        self._failures = self._failures + 1 if failure else 0
        self._last_failure = failure


def _version_key(url: str) -> str:
    return version_key(path_of(url))


def _stated_language(document: Document) -> str:
    """By the page, else by its URL; that of its text where neither says."""
    stated = document.meta.get("lang_stated") or claimed_language(path_of(document.id)) or document.lang
    return str(stated or "")
