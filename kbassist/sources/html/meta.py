"""What a page says about itself: title, language, canonical URL, robots, dates, links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import chain
from typing import Any

from kbassist.errors import InvalidArgumentError
from kbassist.sources.html.text import clean
from kbassist.sources.html.tree import Element, text_of
from kbassist.sources.urls import canonical_url

_MODIFIED = (
    "article:modified_time og:updated_time last-modified dcterms.modified dc.date.modified revised "
    "datemodified lastmod"
).split()
_PUBLISHED = (
    "article:published_time og:published_time dcterms.created dcterms.date dc.date dc.date.issued "
    "datepublished date pubdate publish-date"
).split()
_NOT_THE_PAGE = frozenset(
    {"Comment", "Review", "Offer", "Event", "JobPosting", "Rating", "Question", "Answer"}
)
_CHANGED_WORD = re.compile(r"modif|updat|aktualiz|zmian", re.IGNORECASE)
_PUBLISHED_WORD = re.compile(r"publi|entry-date|post-date|created|posted|dodan", re.IGNORECASE)
_REFRESH = re.compile(r"\s*0*\d(?:\.\d+)?\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
_POLISH_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_WITH_VALUE = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
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
        return tuple(dict.fromkeys(filter(None, (_resolved(link, self.base) for link in self._targets()))))

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
        linked = list(_linked_data(self._root))
        published = [value for name in _PUBLISHED for value in self._named.get(name, [])]
        modified = [value for name in _MODIFIED for value in self._named.get(name, [])]
        published += [str(item["datePublished"]) for item in linked if "datePublished" in item]
        modified += [str(item["dateModified"]) for item in linked if "dateModified" in item]
        for element in self._root.iter("time"):
            value = element.get("datetime") or text_of(element)
            hint = f"{element.get('class') or ''} {element.get('itemprop') or ''} {_words_before(element)}"
            if _CHANGED_WORD.search(hint):
                modified.append(value)
            elif _PUBLISHED_WORD.search(hint) or "pubdate" in element.attrib:
                published.append(value)
        return _first_moment(published), _first_moment(modified)


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


def _words_before(element: Element) -> str:
    before = element.getprevious()
    parent = element.getparent()
    near = before.tail if before is not None else parent.text if parent is not None else ""
    around = (parent.get("class") or "") if parent is not None else ""
    return f"{(near or '')[-40:]} {around}"


def _linked_data(root: Element) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects that describe the page: those on top and those of a graph."""
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for item in data if isinstance(data, list) else [data]:
            graph = item.get("@graph") if isinstance(item, dict) else None
            for described in (item, *(graph if isinstance(graph, list) else ())):
                if isinstance(described, dict) and not _is_other(described):
                    yield described


def _is_other(item: dict[str, Any]) -> bool:
    kinds = item.get("@type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and kind in _NOT_THE_PAGE for kind in named)


def _first_moment(values: list[str]) -> datetime | None:
    return next(filter(None, map(_moment, values)), None)


def _moment(value: str) -> datetime | None:
    """ISO 8601, the HTTP form, or a Polish date; midnight UTC where the time or the zone is missing."""
    value = value.strip()
    polish = _POLISH_DATE.fullmatch(value)
    if polish:
        value = f"{polish[3]}-{int(polish[2]):02d}-{int(polish[1]):02d}"
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment if 1990 <= moment.year <= 2100 else None
