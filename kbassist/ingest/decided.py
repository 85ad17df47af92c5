"""Why a page is in the knowledge base, or is not."""

from __future__ import annotations

from kbassist.catalog import Catalog
from kbassist.sources.opening import site_key
from kbassist.types import Decision


def why(catalog: Catalog, url: str) -> Decision:
    """What the last crawl, or the one that was interrupted, decided about a URL.

    For a URL that no crawl has met the outcome is `unknown`, and the reason what to do about it.
    """
    from kbassist.sources.web.urls import site_name, spellings

    found = catalog.decisions(spellings(url))
    if found:
        return found[0]
    if catalog.document(url) is not None:
        return Decision(url, "fetched", "added as a document, not by a crawl")
    site = site_name(url)
    if catalog.crawl_log(site_key(url)).crawled():
        cure = "link to it, name it in a sitemap, or begin a crawl there"
        return Decision(url, "unknown", f"no page of {site} links to it and no sitemap names it: {cure}")
    return Decision(url, "unknown", f"{site} was never crawled: crawl it first")
