"""The pages that a site names in its sitemaps and feeds, with when they changed.

Sitemaps as sitemaps.org 0.9 has them (XML, index, text, gzip); feeds in RSS, RDF or Atom, which that
protocol takes as sitemaps too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from kbassist.sources.web.fetch import Fetcher, FetchFailure, http_date, status_text
from kbassist.sources.web.unpack import BodyError, unpacked
from kbassist.types import Failed

_MOST_SITEMAPS = 200
_MOST_PAGES = 200_000
_LARGEST = 50_000_000  # bytes, unpacked; the protocol's own limit


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one sitemap file names: pages with the moment of their last change, and further sitemaps."""

    pages: tuple[tuple[str, datetime | None], ...] = ()
    sitemaps: tuple[str, ...] = ()


def parse_sitemap(data: bytes) -> Sitemap:
    """Read a sitemap, a sitemap index, a feed, or one URL a line; gzip is recognised by its first bytes.

    Entities and external parts of the XML are not resolved. Raises `BodyError` for a file that is
    too large or damaged; anything that is not a sitemap names nothing.
    """
    if data.startswith(b"\x1f\x8b"):
        data = b"".join(unpacked([data], _LARGEST))
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        lines = data.decode("utf-8-sig", errors="replace").splitlines()
        return Sitemap(tuple((line.strip(), None) for line in lines if line.strip().startswith("http")))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True
    )
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except etree.XMLSyntaxError:
        return Sitemap()
    pages: list[tuple[str, datetime | None]] = []
    sitemaps: list[str] = []
    if root is not None and etree.QName(root).localname in ("rss", "RDF", "feed"):
        return Sitemap(tuple(_feed_pages(root)))
    for entry in _elements(root) if root is not None else ():
        fields = {etree.QName(child).localname: (child.text or "").strip() for child in _elements(entry)}
        location = fields.get("loc")
        if location and etree.QName(entry).localname == "sitemap":
            sitemaps.append(location)
        elif location:
            pages.append((location, _moment(fields.get("lastmod", ""))))
    return Sitemap(tuple(pages), tuple(sitemaps))


def _feed_pages(root: etree._Element) -> Iterator[tuple[str, datetime | None]]:
    """The pages that a feed's items lead to, with their last change."""
    for item in root.iter("{*}item", "{*}entry"):
        link, changed = "", None
        for child in _elements(item):
            name, text = etree.QName(child).localname, (child.text or "").strip()
            if name == "link" and child.get("rel", "alternate") == "alternate":
                link = link or child.get("href") or text
            elif name in ("updated", "modified") or (
                name in ("pubDate", "published", "date") and not changed
            ):
                changed = _moment(text) or http_date(text) or changed
        if link:
            yield link, changed


def read_sitemaps(
    fetcher: Fetcher, urls: Iterable[str], own: Callable[[str], str | None], *, guessed: bool = False
) -> tuple[dict[str, datetime | None], list[Failed]]:
    """Fetch sitemaps and those that they name: the site's pages in order, and what failed.

    `own` gives the URL of a page or sitemap as the site spells it, None for what belongs elsewhere. A
    `guessed` sitemap may be missing.
    """
    pages: dict[str, datetime | None] = {}
    failed: list[Failed] = []
    queue = deque(urls)
    seen: set[str] = set()
    while queue and len(seen) < _MOST_SITEMAPS and len(pages) < _MOST_PAGES:
        named = queue.popleft()
        if named in seen:
            continue
        seen.add(named)
        url = own(named)
        sitemap = "stands on another site" if url is None else _fetch(fetcher, url)
        if isinstance(sitemap, str):
            if not guessed or len(seen) > 1:
                failed.append(Failed(named, f"sitemap: {sitemap}"))
            continue
        queue.extend(sitemap.sitemaps)
        for location, changed in sitemap.pages:
            page = own(location)
            if page is not None:
                pages.setdefault(page, changed)
    return pages, failed


def _fetch(fetcher: Fetcher, url: str) -> Sitemap | str:
    """The sitemap, or why there is none."""
    page = fetcher.fetch(url)
    if isinstance(page, FetchFailure):
        return page.reason
    if page.status != 200:
        return status_text(page.status)
    try:
        return parse_sitemap(page.content)
    except BodyError as error:
        return str(error)


def _elements(parent: etree._Element) -> list[etree._Element]:
    return [child for child in parent if isinstance(child.tag, str)]


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
