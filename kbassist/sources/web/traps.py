"""URLs that are not worth a request: files without text, and runs of pages without end."""

from __future__ import annotations

import re
from collections import Counter

from kbassist.sources.web.decisions import Place
from kbassist.sources.web.urls import path_of
from kbassist.types import Outcome

_NOT_TEXT = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|heic|css|js|mjs|json|zip|rar|7z|gz|tgz|tar|exe|msi|dmg|apk"
    r"|iso|mp[34]|m4a|wav|ogg|avi|mov|mkv|webm|woff2?|ttf|eot|docx?|xlsx?|pptx?|od[tsp]|csv|xml|rss|atom|ics"
    r"|vcf|ps|eps|tex|sty|dvi)$",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"(/[^/]+(?:/[^/]+)?)\1{3,}(?:/|$)")
_DIGITS = re.compile(r"\d+")
_DEEPEST = 100  # links away from where the crawl began
_MOST_VARIANTS = 2000  # queries of one path
_LONGEST_URL = 2000


class Traps:
    """Tells them by the URL, and counts how many of one path were visited."""

    def __init__(self) -> None:
        self._variants: Counter[str] = Counter()

    def visited(self, url: str) -> None:
        """Count it."""
        self._variants[_bare_path(url)] += 1

    def unfit(self, place: Place) -> tuple[Outcome, str] | None:
        """Why a URL is not worth a request."""
        path = _bare_path(place.url)
        suffix = _NOT_TEXT.search(path)
        if suffix:
            return "not_html", f"not HTML ({suffix[0]})"
        if len(place.url) > _LONGEST_URL or _REPEATED.search(path) or place.depth > _DEEPEST:
            return "trap", "looks like an endless run of generated pages"
        if self._variants[path] > _MOST_VARIANTS:
            return "trap", f"more than {_MOST_VARIANTS} variants of {path}"
        return None


def may_hold_text(url: str) -> bool:
    """Whether the name of the file does not say otherwise."""
    return not _NOT_TEXT.search(_bare_path(url))


def shape(url: str) -> str:
    """The path and query with every number as 0: equal for the pages of a calendar."""
    return _DIGITS.sub("0", path_of(url))


def _bare_path(url: str) -> str:
    return path_of(url).partition("?")[0]
