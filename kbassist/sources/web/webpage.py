"""What a fetched page holds: a document, or the reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from kbassist.errors import KBAssistError
from kbassist.sources.html import ParsedPage, parse_html
from kbassist.sources.html.meta import robots_directives
from kbassist.sources.web.fetch import Page
from kbassist.sources.web.likeness import Sketch, sketch
from kbassist.types import Document, Outcome


class ReadPdf(Protocol):
    """The bytes of a PDF to a document; raises a `KBAssistError` when it cannot be read."""

    def __call__(self, data: bytes, *, uri: str) -> Document: ...


Structure = Callable[[Document], Document]
"""Finds more structure in a document: that it is a regulation, and its provisions."""

Identify = Callable[[str], str | None]
"""The language that a text is in; None where that is not clear."""

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_UNSAID = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_PDF = "application/pdf"
_NOT_FOUND = re.compile(
    r"\W*(?:(?:error|błąd)\W*)?404\b(?:\W+(?:error|błąd|not found|page not found|nie znaleziono.*))?\W*"
    r"|\W*(?:page|file|site) (?:was |could )?not (?:be )?found\W*|\W*not found\W*"
    r"|\W*nie znaleziono (?:takiej |podanej |szukanej |żądanej )?(?:strony|pliku|adresu)\W*"
    r"|\W*(?:ta |podana |szukana |żądana )?strona (?:o podanym adresie )?"
    r"(?:nie istnieje|nie została (?:znaleziona|odnaleziona))\W*",
    re.IGNORECASE,
)
_SHORT = 1_500  # characters: an article about the error 404 says more than that


def is_readable(content_type: str) -> bool:
    """Whether a body of this type is worth fetching."""
    return content_type in _HTML or content_type in _UNSAID or content_type.endswith("/pdf")


@dataclass(frozen=True, slots=True)
class PageContent:
    """What a page holds and where it leads.

    `said` is a sketch of the document's text. Without a document `outcome` and `reason` say why;
    `failed` tells a page that could not be read from one that is passed over, `withdrawn` one that its
    owner does not want to be found.
    """

    document: Document | None = None
    outcome: Outcome = "fetched"
    reason: str = ""
    failed: bool = False
    withdrawn: bool = False
    links: tuple[str, ...] = ()
    canonical: str = ""
    said: Sketch = ()

    @classmethod
    def of(cls, document: Document, links: tuple[str, ...] = (), canonical: str = "") -> PageContent:
        """The content of a page that gave a document."""
        return cls(document, links=links, canonical=canonical, said=sketch(document.text))


def read_page(
    page: Page,
    url: str,
    *,
    read_pdf: ReadPdf | None,
    structure: Structure,
    identify: Identify,
) -> PageContent:
    """The document at `url`.

    Its language is the one that its text is in; where the page claims another, `meta["lang_stated"]`
    says which.
    """
    tags = robots_directives([page.headers.get("x-robots-tag", "")])
    if page.content.lstrip()[:5] == b"%PDF-" or page.content_type.endswith("/pdf"):
        return _pdf(page, url, read_pdf, structure, identify, "noindex" in tags)
    looks_like_html = page.content_type in _UNSAID and page.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
    if page.content_type not in _HTML and not looks_like_html:
        return PageContent(outcome="not_html", reason=f"not HTML ({page.content_type or 'no content type'})")
    parsed = parse_html(page.content, url=page.final_url, charset=page.charset)
    links = () if "nofollow" in tags else parsed.links
    if "noindex" in tags | parsed.robots:
        reason = "asks not to be indexed (noindex)"
        return PageContent(outcome="noindex", reason=reason, withdrawn=True, links=links)
    if parsed.refresh and parsed.refresh != url and len(parsed.text) < 300:
        reason = f"sends its readers on to {parsed.refresh}"
        return PageContent(outcome="redirected", reason=reason, withdrawn=True, links=links)
    if parsed.scripted:
        return PageContent(
            outcome="needs_scripts", reason="its text appears only when scripts run", links=links
        )
    if not parsed.text:
        return PageContent(outcome="no_text", reason="no text (an empty page)", links=links)
    if _says_not_found(parsed):
        reason = f"answers 200, but says {parsed.title or parsed.anchors[0].label!r} (a soft 404)"
        return PageContent(outcome="soft_404", reason=reason, links=links)
    spoken = identify(parsed.text) or parsed.lang
    meta = {
        "alternates": dict(parsed.alternates),
        "lang_stated": parsed.lang if parsed.lang != spoken else None,
    }
    document = Document(
        id=url,
        text=parsed.text,
        title=parsed.title,
        uri=url,
        kind="faq" if parsed.faq else "page",
        lang=spoken,
        anchors=parsed.anchors,
        fetched_at=page.fetched_at,
        modified_at=parsed.modified or parsed.published,
        meta={name: value for name, value in meta.items() if value},
    )
    return PageContent.of(structure(document), links, parsed.canonical)


def _says_not_found(page: ParsedPage) -> bool:
    if len(page.text) > _SHORT:
        return False
    first = page.anchors[0].label if page.anchors else ""
    titles = (first, *re.split(r"\s+[|–—\-:»]\s+", page.title))
    return any(_NOT_FOUND.fullmatch(title) for title in titles if title)


def _pdf(
    page: Page,
    url: str,
    read_pdf: ReadPdf | None,
    structure: Structure,
    identify: Identify,
    noindex: bool,
) -> PageContent:
    if noindex:
        reason = "asks not to be indexed (noindex)"
        return PageContent(outcome="noindex", reason=reason, withdrawn=True)
    if read_pdf is None:
        return PageContent(outcome="not_html", reason=f"not HTML ({_PDF})")
    try:
        document = read_pdf(page.content, uri=url)
    except KBAssistError as error:
        return PageContent(outcome="error", reason=str(error).removeprefix(f"{url}: "), failed=True)
    document = replace(
        document,
        id=url,
        uri=url,
        lang=document.lang or identify(document.text),
        fetched_at=page.fetched_at,
    )
    return PageContent.of(structure(document))
