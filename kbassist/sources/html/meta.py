"""What a page says about itself: title, language, canonical URL, robots, dates, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from kbassist.errors import InvalidArgumentError
from kbassist.sources.html.moments import page_dates
from kbassist.sources.html.text import clean
from kbassist.sources.html.tree import Element, text_of
from kbassist.sources.web.urls import canonical_url

_REFRESH = re.compile(r"\s*0*\d(?:\.\d+)?\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
_WITH_VALUE = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
_FEEDS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
_LINKS = {"a": "href", "area": "href", "frame": "src", "iframe": "src"}


def robots_directives(values: list[str]) -> frozenset[str]:
    """`"noindex"` and `"nofollow"`, from robots meta elements or `X-Robots-Tag` headers.

    What follows the name of another crawler (`googlebot: noindex`) is not meant for this one.
    """
    words: set[str] = set()
    for value in values:
        ours = True
        for item in value.lower().split(","):
            name, colon, directive = (part.strip() for part in item.partition(":"))
            if colon and name not in _WITH_VALUE:
                ours = name == "kbassist"
            if ours:
                words.add(directive if colon else name)
    if "none" in words:
        words |= {"noindex", "nofollow"}
    return frozenset(words & {"noindex", "nofollow"})


class Metadata:
    """Reads the head, and where the head is silent the body, of an untouched tree."""

    def __init__(self, root: Element, url: str) -> None:
        self._root = root
        self._named: dict[str, list[str]] = {}
        for element in root.iter("meta"):
            name = element.get("name") or element.get("property") or element.get("itemprop")
            name = name or element.get("http-equiv")
            if name and element.get("content"):
                self._named.setdefault(name.strip().lower(), []).append(element.get("content"))
        base = next((element.get("href") for element in root.iter("base") if element.get("href")), "")
        self.base = _resolved(base, url) or url

    def title(self) -> str:
        """Of the page, as a browser shows it, or else its first heading."""
        heads = chain(
            (text_of(element) for element in self._root.iter("title") if not _in_picture(element)),
            self._named.get("og:title", ()),
            (text_of(element) for element in self._root.iter("h1", "h2")),
        )
        return next((title for title in (" ".join(clean(head).split()) for head in heads) if title), "")

    def lang(self) -> str | None:
        """`pl`, `en`, …, where the page names one."""
        stated = [self._root.get("lang"), self._root.get("xml:lang")]
        stated += [element.get("lang") for element in self._root.iter("body")]
        stated += self._named.get("content-language", []) + self._named.get("og:locale", [])
        for value in stated:
            code = re.match(r"\s*([A-Za-z]{2,3})(?:$|[-_,\s])", value or "")
            if code:
                return code[1].lower()
        return None

    def canonical(self) -> str:
        """The absolute canonical URL; empty when the page names none or a bad one."""
        for element in self._root.iter("link"):
            if "canonical" in _relations(element) and element.get("href"):
                return _resolved(element.get("href"), self.base)
        return ""

    def robots(self) -> frozenset[str]:
        """What the robots meta elements say to everybody or to us."""
        return robots_directives(self._named.get("robots", []) + self._named.get("kbassist", []))

    def links(self) -> tuple[str, ...]:
        """Where a reader can go from here: canonical, absolute, in order, without repeats and nofollow."""
        if "nofollow" in self.robots():
            return ()
        targets = dict.fromkeys(self._targets())
        return tuple(dict.fromkeys(filter(None, (_resolved(link, self.base) for link in targets))))

    def _targets(self) -> Iterator[str]:
        for element in self._root.iter(*_LINKS, "link"):
            relations = _relations(element)
            if "nofollow" in relations:
                continue
            if element.tag != "link":
                yield element.get(_LINKS[element.tag]) or ""
            elif relations & {"next", "prev"} or ("alternate" in relations and element.get("hreflang")):
                yield element.get("href") or ""
        yield self.refresh()

    def refresh(self) -> str:
        """Where the page sends its readers by itself within ten seconds; empty for nowhere."""
        targets = map(_REFRESH.match, self._named.get("refresh", []))
        return next((_resolved(target[1], self.base) for target in targets if target), "")

    def dates(self) -> tuple[datetime | None, datetime | None]:
        """When the page was published and last modified, as far as it says so."""
        return page_dates(self._root, self._named, self.lang())

    def alternates(self) -> tuple[tuple[str, str], ...]:
        """The page's versions in other languages: `hreflang` in lower case, canonical absolute URL."""
        found = {
            (element.get("hreflang").strip().lower(), _resolved(element.get("href") or "", self.base)): None
            for element in self._root.iter("link")
            if element.get("hreflang") and "alternate" in _relations(element)
        }
        return tuple(pair for pair in found if all(pair))

    def feeds(self) -> tuple[str, ...]:
        """The RSS and Atom feeds that the page names; canonical, absolute."""
        found = (
            _resolved(element.get("href") or "", self.base)
            for element in self._root.iter("link")
            if (element.get("type") or "").strip().lower() in _FEEDS and "alternate" in _relations(element)
        )
        return tuple(dict.fromkeys(filter(None, found)))


def _resolved(url: str, base: str) -> str:
    """The canonical absolute URL; empty for what cannot be fetched (`mailto:`, nonsense)."""
    try:
        return canonical_url(url, base) if url.strip() else ""
    except InvalidArgumentError:
        return ""


def _relations(element: Element) -> set[str]:
    return set((element.get("rel") or "").lower().split())


def _in_picture(title: Element) -> bool:
    return next(title.iterancestors("svg"), None) is not None
