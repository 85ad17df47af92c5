"""What a fetched page holds: a document, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from kbassist.errors import KBAssistError
from kbassist.sources.fetch import Page
from kbassist.sources.html import parse_html
from kbassist.sources.html.meta import robots_directives
from kbassist.types import Document

ReadPdf = Callable[[bytes, str], Document]
"""The bytes of a PDF and its URL to a document; raises a `KBAssistError` when it cannot be read."""

Structure = Callable[[Document], Document]
"""Finds more structure in a document: that it is a regulation, and its provisions."""

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_UNSAID = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_PDF = "application/pdf"


def is_readable(content_type: str) -> bool:
    """Whether a body of this type is worth fetching."""
    return content_type in _HTML or content_type in _UNSAID or content_type.endswith("/pdf")


@dataclass(frozen=True, slots=True)
class PageContent:
    """What a page holds and where it leads.

    Without a document `reason` says why; `failed` tells a page that could not be read from one that
    is passed over, `withdrawn` one that its owner does not want to be found.
    """

    document: Document | None = None
    reason: str = ""
    failed: bool = False
    withdrawn: bool = False
    links: tuple[str, ...] = ()
    canonical: str = ""


def read_page(
    page: Page, url: str, *, read_pdf: ReadPdf | None, structure: Structure, changed: datetime | None
) -> PageContent:
    """The document at `url`. `changed` is when its sitemap says that it was last changed."""
    tags = robots_directives([page.headers.get("x-robots-tag", "")])
    if page.content.lstrip()[:5] == b"%PDF-" or page.content_type.endswith("/pdf"):
        return _pdf(page, url, read_pdf, structure, "noindex" in tags)
    looks_like_html = page.content_type in _UNSAID and page.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
    if page.content_type not in _HTML and not looks_like_html:
        return PageContent(reason=f"not HTML ({page.content_type or 'no content type'})")
    parsed = parse_html(page.content, url=page.final_url, charset=page.charset)
    links = () if "nofollow" in tags else parsed.links
    if "noindex" in tags | parsed.robots:
        return PageContent(reason="asks not to be indexed (noindex)", withdrawn=True, links=links)
    if parsed.refresh and parsed.refresh != url and len(parsed.text) < 300:
        return PageContent(reason=f"sends its readers on to {parsed.refresh}", links=links)
    if not parsed.text:
        cause = "it may appear only when scripts run" if parsed.scripted else "an empty page"
        return PageContent(reason=f"no text ({cause})", links=links)
    document = Document(
        id=url,
        text=parsed.text,
        title=parsed.title,
        uri=url,
        kind="faq" if parsed.faq else "page",
        lang=parsed.lang,
        anchors=parsed.anchors,
        fetched_at=page.fetched_at,
        modified_at=parsed.modified or parsed.published or changed or page.last_modified,
    )
    return PageContent(structure(document), links=links, canonical=parsed.canonical)


def _pdf(page: Page, url: str, read_pdf: ReadPdf | None, structure: Structure, noindex: bool) -> PageContent:
    if noindex:
        return PageContent(reason="asks not to be indexed (noindex)", withdrawn=True)
    if read_pdf is None:
        return PageContent(reason=f"not HTML ({_PDF})")
    try:
        document = read_pdf(page.content, url)
    except KBAssistError as error:
        return PageContent(reason=str(error), failed=True)
    document = replace(
        document,
        id=url,
        uri=url,
        fetched_at=page.fetched_at,
        modified_at=document.modified_at or page.last_modified,
    )
    return PageContent(structure(document))
