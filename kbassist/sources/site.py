"""A web site as a source: crawled within its rules, and brought up to date at little cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial

from kbassist.errors import InvalidArgumentError, SourceError, UnsafeAddressError
from kbassist.protocols import ProgressCallback
from kbassist.sources.crawl import Crawl
from kbassist.sources.fetch import Fetcher, FetchFailure, Page, status_text
from kbassist.sources.html import parse_html
from kbassist.sources.robots import Robots, fetch_robots
from kbassist.sources.sitemap import read_sitemaps
from kbassist.sources.state import PageState
from kbassist.sources.urls import Scope, canonical_url, host_of, origin_of, path_of
from kbassist.sources.webpage import PageContent, ReadPdf, Structure, is_readable, read_page
from kbassist.types import Document, Progress, SourceItem

__all__ = ["PageState", "SiteSource"]

_DELAY = 0.25  # seconds between two requests to somebody else's machine
_MOST_ENTRANCES = 5


class SiteSource:
    """Every page of the site at `url` that its rules let a crawler read.

    A site is one host; links, sitemaps and the pages of the last crawl lead through it. `include` and
    `exclude` are patterns for path and query (`/pomoc/*`). `max_pages` counts the pages that give
    text. `delay` is in seconds between two requests (0.25, and nothing for this very machine, when
    omitted); a longer one that robots.txt asks for holds. `known` is what the last crawl left, by
    document id.

    Without `read_pdf` PDFs are passed over. `structure` sees every document before it is handed out.
    `fetcher` replaces the one that would be made from `allow_private` and `delay`, and stays open.
    """

    def __init__(
        self,
        url: str,
        *,
        max_pages: int | None = None,
        allow_private: bool = False,
        delay: float | None = None,
        known: Mapping[str, PageState] | None = None,
        read_pdf: ReadPdf | None = None,
        structure: Structure | None = None,
        progress: ProgressCallback | None = None,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        fetcher: Fetcher | None = None,
    ) -> None:
        if max_pages is not None and max_pages < 1:
            raise InvalidArgumentError(f"max_pages={max_pages} must be 1 or more")
        if delay is not None and delay < 0:
            raise InvalidArgumentError(f"delay={delay} must be 0 or more seconds")
        self._url = url
        self._max_pages = max_pages
        self._allow_private = allow_private
        self._delay = delay
        self._known = known or {}
        self._read_pdf = read_pdf
        self._structure = structure or _as_it_is
        self._progress = progress
        self._include = tuple(include)
        self._exclude = tuple(exclude)
        self._fetcher = fetcher

    def read(self) -> Iterator[SourceItem]:
        """Crawl. Ids are canonical URLs; `meta` holds what `PageState.of` needs for the next time.

        Raises `SourceError` (`UnsafeAddressError` for a private address) before the first item when
        there is no way in: a wrong URL, a host that does not answer, an error at the entrance, a
        robots.txt that forbids it.
        """
        start = _start(self._url)
        with nullcontext(self._fetcher) if self._fetcher else self._new_fetcher(start) as fetcher:
            entrance, robots = _enter(fetcher, start)
            scope = self._scope(entrance)
            pages, failed = read_sitemaps(
                fetcher,
                robots.sitemaps or (f"{scope.origin}/sitemap.xml",),
                scope.locate,
                guessed=not robots.sitemaps,
            )
            yield from failed

            def read(page: Page, url: str) -> PageContent:
                return read_page(
                    page,
                    url,
                    read_pdf=self._read_pdf,
                    structure=self._structure,
                    changed=pages.get(url),
                )

            crawl = Crawl(
                fetcher,
                scope,
                robots,
                read=read,
                known=self._known,
                max_pages=self._max_pages,
                visited=self._report,
            )
            yield from crawl.run(scope.locate(entrance.url) or start, entrance, pages)

    def _new_fetcher(self, start: str) -> Fetcher:
        delay = self._delay
        if delay is None:
            delay = 0.0 if _is_this_machine(start) else _DELAY
        return Fetcher(allow_private=self._allow_private, delay=delay)

    def _scope(self, entrance: Page) -> Scope:
        """The site that the entrance belongs to.

        When the entrance names the same path on another host as its canonical URL, all of this is a
        mirror of that host (a copy for tests, an intranet): what is said of it holds here.
        """
        url = canonical_url(entrance.final_url)
        canonical = parse_html(entrance.content, url=url, charset=entrance.charset).canonical
        mirrored = canonical and path_of(canonical) == path_of(url) and host_of(canonical) != host_of(url)
        return Scope(
            origin_of(url),
            frozenset({host_of(canonical)} if mirrored else ()),
            self._include,
            self._exclude,
        )

    def _report(self, done: int, url: str) -> None:
        if self._progress is not None:
            self._progress(Progress("read", done, None, url))


def _as_it_is(document: Document) -> Document:
    return document


def _start(url: str) -> str:
    try:
        return canonical_url(url)
    except InvalidArgumentError as error:
        example = "https://www.example.pl" if "://" in url or not url.strip() else f"https://{url.strip()}"
        raise SourceError(f"{error}. Give it as a browser shows it, like {example}") from None


def _enter(fetcher: Fetcher, start: str) -> tuple[Page, Robots]:
    """The first page and the rules of the site that the start leads to, be it on another host."""
    url = start
    for _ in range(_MOST_ENTRANCES):
        origin = origin_of(url)
        robots = fetch_robots(fetcher, origin)
        if isinstance(robots, FetchFailure):
            raise _no_entrance(start, robots)
        if robots.unreachable:
            raise SourceError(
                f"{start} cannot be read: {robots.unreachable}, and until it answers nothing on the site may "
                "be fetched (RFC 9309). Try again later"
            )
        if not robots.allows(url):
            raise SourceError(
                f"{start} cannot be read: {origin}/robots.txt does not allow it. Ask for a group "
                "'User-agent: kbassist' with 'Allow: /' there, or add the site's files with add_files"
            )
        fetcher.slow_down(host_of(origin), robots.delay)
        answer = fetcher.fetch(url, admit=partial(_barred, origin, robots), wanted=is_readable)
        if isinstance(answer, Page):
            if answer.status != 200:
                raise SourceError(
                    f"{start} cannot be read: the server answered {status_text(answer.status)}. Check the "
                    "address in a browser"
                )
            return answer, robots
        if not answer.location:
            raise _no_entrance(start, answer)
        url = canonical_url(answer.location)
    raise SourceError(f"{start} cannot be read: it redirects from host to host. Give the last address")


def _barred(origin: str, robots: Robots, url: str) -> str:
    """Why a redirect is not simply followed: the rules for where it leads are to be read first."""
    return "" if origin_of(url) == origin and robots.allows(url) else "other rules"


def _no_entrance(start: str, failure: FetchFailure) -> SourceError:
    if failure.kind == "address":
        return UnsafeAddressError(f"{start} cannot be read: {failure.reason}")
    cure = {
        "host": "Check the spelling and the connection to the network",
        "network": "Check the address and whether the site is up",
        "timeout": "Check in a browser whether the site is up, and try again later",
        "redirect": "Check the address in a browser",
        "url": "Check the address",
        "body": "Start at another page of the site",
    }[failure.kind]
    return SourceError(f"{start} cannot be read: {failure.reason}. {cure}")


def _is_this_machine(url: str) -> bool:
    host = host_of(url).rpartition(":")[0] or host_of(url)
    return host in ("localhost", "[::1]") or host.startswith("127.")
