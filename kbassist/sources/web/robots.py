"""What a site's robots.txt asks for (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

from kbassist.sources.web.fetch import PRODUCT, Fetcher, FetchFailure, status_text

_LARGEST = 500_000  # characters; RFC 9309 lets a crawler stop there


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for this crawler. `unreachable` says why there are none although there may be."""

    _rules: Protego
    unreachable: str = ""

    def allows(self, url: str) -> bool:
        """Whether `url` may be fetched. While robots.txt is unreachable nothing may."""
        return not self.unreachable and self._rules.can_fetch(url, PRODUCT)

    @property
    def delay(self) -> float:
        """Seconds between two requests; 0 when the site does not ask for any."""
        return self._rules.crawl_delay(PRODUCT) or 0.0

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """As the `Sitemap:` lines give them, without repeats."""
        return tuple(dict.fromkeys(self._rules.sitemaps))


def fetch_robots(fetcher: Fetcher, origin: str) -> Robots | FetchFailure:
    """The rules at `origin` (`https://example.pl`).

    No file (a status in the 400s) allows everything; an error of the server forbids everything until
    it is gone, and so does 429, which says nothing about the rules. A failure of the connection is
    handed back: the site's pages will fail in the same way.
    """
    page = fetcher.fetch(f"{origin}/robots.txt")
    if isinstance(page, FetchFailure):
        # Endless or broken redirects of robots.txt itself count as no file.
        return page if page.kind != "redirect" else Robots(Protego.parse(""))
    if page.status >= 500 or page.status == 429:
        return Robots(Protego.parse(""), f"robots.txt answers {status_text(page.status)}")
    text = page.content.decode("utf-8-sig", errors="replace") if page.status == 200 else ""
    return Robots(Protego.parse(text[:_LARGEST]))
