"""A web site as a source: crawled within its rules, and brought up to date at little cost."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from hashlib import scrypt, sha256
from importlib.metadata import version
from typing import Literal

from kbassist.errors import InvalidArgumentError
from kbassist.protocols import CrawlLog, ProgressCallback
from kbassist.sources.html import parse_html
from kbassist.sources.web.browser import Browser, Fetch, browser_available
from kbassist.sources.web.crawl import Crawl, Taken
from kbassist.sources.web.entrance import enter, start_of
from kbassist.sources.web.extraction import Extraction
from kbassist.sources.web.fetch import MAX_BYTES, PRODUCT, Credentials, Fetcher, FetchFailure, Page
from kbassist.sources.web.labels import relabelled
from kbassist.sources.web.likeness import Sketch, alike, sketch, sketch_but
from kbassist.sources.web.robots import Robots
from kbassist.sources.web.sitemap import read_sitemaps
from kbassist.sources.web.state import MemoryLog
from kbassist.sources.web.template import Template
from kbassist.sources.web.urls import Scope, canonical_url, host_of, origin_of, path_of
from kbassist.sources.web.versions import untranslated_lines
from kbassist.sources.web.visit import Shelf, Visit
from kbassist.sources.web.visitor import Render, Visitor
from kbassist.sources.web.webpage import Identify, PageContent, ReadPdf, Structure, is_readable, read_page
from kbassist.types import PUBLIC, Document, Progress, SourceItem, Unchanged

_DELAY = 0.25  # seconds between two requests to somebody else's machine
_CONCURRENCY = 4
_AHEAD = 2  # pages in the pipeline for each that is being fetched or read

Rendering = Literal["auto", "never"]


class SiteSource:
    """Every page of the site at `url` that its rules let a crawler read.

    A site is one host; links, sitemaps, feeds and the pages of the last crawl lead through it. `include`
    and `exclude` are patterns for path and query (`/pomoc/*`). `max_pages` counts the pages that give
    text, `max_depth` the links from `url` to a page, `max_bytes` those of one response, unpacked.
    `delay` is in seconds between two requests (0.25, and nothing for this very machine, when omitted); a
    longer one that robots.txt asks for holds. At most `concurrency` requests run at a time, and pages are
    read by as many `processes` as there are cores. A page that answers 404 in `remove_after` crawls in a
    row is removed, one that answers 410 at once.

    `headers` and `cookies` open a site behind a login; they are sent to the host of `url` alone. With
    `render="auto"` pages whose text appears only when scripts run are rendered by an installed Chromium,
    where there is one.

    `audience` labels who may see the pages. `known` are the site's documents from before; those with
    other labels are asked for anew, so that nothing is shown to people whom the site does not show it.

    Without `read_pdf` PDFs are passed over. `structure` sees every document before it is handed out;
    `identify` tells the language of a text. Both go to other processes.
    `log` keeps what is needed to go on after an interruption and to bring the pages up to date later.
    `fetcher` replaces the one that would be made, and stays open.
    """

    def __init__(
        self,
        url: str,
        *,
        max_pages: int | None = None,
        max_depth: int | None = None,
        max_bytes: int = MAX_BYTES,
        allow_private: bool = False,
        delay: float | None = None,
        concurrency: int = _CONCURRENCY,
        processes: int | None = None,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        render: Rendering = "auto",
        remove_after: int = 2,
        audience: frozenset[str] = PUBLIC,
        known: Iterable[Document] = (),
        log: CrawlLog | None = None,
        read_pdf: ReadPdf | None = None,
        structure: Structure | None = None,
        identify: Identify | None = None,
        progress: ProgressCallback | None = None,
        fetcher: Fetcher | None = None,
    ) -> None:
        least = {
            "max_pages": 1,
            "max_depth": 0,
            "max_bytes": 1,
            "delay": 0,
            "concurrency": 1,
            "processes": 1,
            "remove_after": 1,
        }
        given = {
            "max_pages": max_pages,
            "max_depth": max_depth,
            "max_bytes": max_bytes,
            "delay": delay,
            "concurrency": concurrency,
            "processes": processes,
            "remove_after": remove_after,
        }
        for name, value in given.items():
            if value is not None and value < least[name]:
                raise InvalidArgumentError(f"{name}={value} must be {least[name]} or more")
        self._url = url
        self._max_pages = max_pages
        self._max_depth = max_depth
        self._max_bytes = max_bytes
        self._allow_private = allow_private
        self._delay = delay
        self._concurrency = concurrency
        self._processes = processes or os.cpu_count() or 1
        self._include = tuple(include)
        self._exclude = tuple(exclude)
        self._headers = dict(headers or {})
        self._cookies = dict(cookies or {})
        self._render = render
        self._remove_after = remove_after
        self._audience = audience
        self._relabelled = {document.id: document for document in known if document.audience != audience}
        self._log = log or MemoryLog()
        self._read_pdf = read_pdf
        self._structure = structure or _as_it_is
        self._identify = identify or _unclear
        self._progress = progress
        self._fetcher = fetcher

    def read(self) -> Iterator[SourceItem]:
        """Crawl. Ids are canonical URLs. Documents come last, when all of the site has been seen.

        Raises `SourceError` (`UnsafeAddressError` for a private address) before the first item when
        there is no way in: a wrong URL, a host that does not answer, an error at the entrance, a
        robots.txt that forbids it.
        """
        return relabelled(self._items(), self._relabelled, self._audience)

    def _items(self) -> Iterator[SourceItem]:
        start = start_of(self._url)
        with ExitStack() as stack:
            fetcher = self._fetcher or stack.enter_context(self._new_fetcher(start))
            entrance, robots = enter(fetcher, start)
            scope, feeds = self._scope(entrance)
            self._log.begin(self._settings(scope))
            stack.callback(self._log.flush)
            named = robots.sitemaps or (f"{scope.origin}/sitemap.xml",)
            pages, failed = read_sitemaps(fetcher, named, scope.locate, guessed=not robots.sitemaps)
            yield from failed
            told, failed = read_sitemaps(fetcher, feeds, scope.locate)
            yield from failed
            pages = {**pages, **told}
            reading = partial(
                read_page, read_pdf=self._read_pdf, structure=self._structure, identify=self._identify
            )
            extraction = stack.enter_context(Extraction(reading, processes=self._processes))
            visitor = stack.enter_context(
                Visitor(
                    fetcher,
                    extraction,
                    self._log,
                    admit=partial(_refusal, scope, robots),
                    place=lambda url: scope.own(canonical_url(url)) or url,
                    render=self._renderer(partial(_resource, fetcher, scope, robots), stack),
                    concurrency=self._concurrency,
                    readers=self._processes,
                )
            )
            location = scope.locate(entrance.url) or start
            visit = visitor.content(entrance, location)
            crawl = Crawl(
                visitor,
                scope,
                robots,
                self._log,
                changes=pages,
                anew=self._relabelled.keys(),
                max_pages=self._max_pages,
                max_depth=self._max_depth,
                remove_after=self._remove_after,
                ahead=_AHEAD * (self._concurrency + self._processes),
                no_such_page=_no_such_page(fetcher, scope, robots, extraction, visit),
                visited=self._report,
            )
            taken: list[Taken] = []
            untouched: set[str] = set()
            for item in crawl.run(location, visit):
                if isinstance(item, Taken):
                    taken.append(item)
                    continue
                if isinstance(item, Unchanged):
                    untouched.add(item.document_id)
                yield item
            shelf = Shelf(self._log)
            template = self._template(taken, untouched, shelf)
            yield from (template.applied(self._document(item, shelf)) for item in taken)

    def _new_fetcher(self, start: str) -> Fetcher:
        delay = self._delay
        if delay is None:
            delay = 0.0 if _is_this_machine(start) else _DELAY
        return Fetcher(
            allow_private=self._allow_private,
            delay=delay,
            concurrency=self._concurrency,
            max_bytes=self._max_bytes,
            credentials=Credentials(origin_of(start), self._headers, self._cookies),
        )

    def _renderer(self, fetch: Fetch, stack: ExitStack) -> Render:
        if self._render == "never":
            return _never_rendered
        return stack.enter_context(Browser(fetch)).render

    def _settings(self, scope: Scope) -> str:
        """What an interrupted crawl must have in common with the one that takes it up."""
        rendered = self._render == "auto" and not browser_available()
        limits = (self._max_pages, self._max_depth, self._max_bytes)
        settings = (
            *(version(PRODUCT), scope, limits, rendered),
            *(self._opened_with(scope), sorted(self._audience)),
        )
        return sha256(repr(settings).encode()).hexdigest()

    def _opened_with(self, scope: Scope) -> str:
        """Tells one login from another: what one saw must not go on as the other's. Slow to guess from."""
        secrets = sorted([*self._headers.items(), *self._cookies.items()])
        if not secrets:
            return ""
        return scrypt(repr(secrets).encode(), salt=scope.origin.encode(), n=2**14, r=8, p=1).hex()

    def _scope(self, entrance: Page) -> tuple[Scope, tuple[str, ...]]:
        """The site that the entrance belongs to, and the feeds that it names.

        When the entrance names the same path on another host as its canonical URL, all of this is a
        mirror of that host (a copy for tests, an intranet): what is said of it holds here.
        """
        url = canonical_url(entrance.final_url)
        parsed = parse_html(entrance.content, url=url, charset=entrance.charset)
        canonical = parsed.canonical
        mirrored = canonical and path_of(canonical) == path_of(url) and host_of(canonical) != host_of(url)
        aliases = frozenset({host_of(canonical)} if mirrored else ())
        return Scope(origin_of(url), aliases, self._include, self._exclude), parsed.feeds

    def _template(self, taken: Sequence[Taken], untouched: Collection[str], shelf: Shelf) -> Template:
        """Learnt anew when most of the site was read; a few changed pages do not show what repeats."""
        before = Template.from_json(self._log.memory())
        if len(taken) < len(untouched):
            return before
        template = Template.of(lambda: (self._document(item, shelf) for item in taken), before, untouched)
        self._log.remember(template.to_json())
        return template

    def _document(self, taken: Taken, shelf: Shelf) -> Document:
        document = shelf.document(taken.key)
        if taken.original:
            document = untranslated_lines(document, shelf.document(taken.original), self._identify)
        return replace(
            document,
            id=taken.url,
            uri=taken.url,
            modified_at=taken.modified_at,
            audience=self._audience,
        )

    def _report(self, done: int, seen: int, url: str) -> None:
        if self._progress is not None:
            self._progress(Progress("read", done, seen, url))


def _refusal(scope: Scope, robots: Robots, url: str) -> str:
    """Why a redirect to `url` is not followed."""
    own = scope.own(url)
    if own is None:
        return "another site"
    return "" if robots.allows(own) else "robots.txt does not allow it"


def _resource(fetcher: Fetcher, scope: Scope, robots: Robots, url: str) -> Page | FetchFailure:
    """What a script asks for; the site's rules hold for it too."""
    own = scope.own(url)
    if own is not None and not robots.allows(own):
        return FetchFailure(url, "url", "robots.txt does not allow it")
    return fetcher.fetch(url)


def _never_rendered(page: Page) -> FetchFailure:
    return FetchFailure(page.url, "body", "render='auto' runs them in a browser")


def _no_such_page(
    fetcher: Fetcher,
    scope: Scope,
    robots: Robots,
    read: Callable[[Page, str], PageContent],
    entrance: Visit,
) -> Sketch:
    """What the site shows for an address that does not exist, where it answers that with 200.

    Empty where it answers rightly, or with what stands at the entrance: then it is a duplicate.
    """
    url = f"{scope.origin}/{PRODUCT}-no-such-page"
    if not robots.allows(url):
        return ()
    answer = fetcher.fetch(url, admit=partial(_refusal, scope, robots), wanted=is_readable)
    if not isinstance(answer, Page) or answer.status != 200 or answer.redirects:
        return ()
    shown, first = read(answer, url).document, entrance.content and entrance.content.document
    if shown is None:
        return ()
    said = sketch_but(shown.text, url)
    return () if first and alike(said, sketch(first.text)) else said


def _as_it_is(document: Document) -> Document:
    return document


def _unclear(_: str) -> None:
    """For callers who do not tell languages."""


def _is_this_machine(url: str) -> bool:
    host = host_of(url).rpartition(":")[0] or host_of(url)
    return host in ("localhost", "[::1]") or host.startswith("127.")
