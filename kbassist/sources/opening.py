"""Sources as a knowledge base opens them, with all that reads their pages.

`key` names a source from one time to the next, in the catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypedDict, Unpack

from kbassist.protocols import CrawlLog, ProgressCallback, Source
from kbassist.text.language import identify
from kbassist.text.lexicon import Lexicons
from kbassist.types import Document, Kind, SourceItem

Known = Callable[[str], Iterable[Document]]
"""By key, the documents that a source brought before."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a source brings; all that it has when it is `whole`."""

    key: str
    items: Iterable[SourceItem]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """A site to crawl. `open` takes its documents from before, and the memory of its crawls."""

    key: str
    open: Callable[[Iterable[Document], CrawlLog], Source]


class SiteOptions(TypedDict):
    """As `SiteSource` takes them."""

    max_pages: int | None
    max_depth: int | None
    max_bytes: int
    allow_private: bool
    delay: float | None
    concurrency: int
    include: Sequence[str]
    exclude: Sequence[str]
    headers: Mapping[str, str] | None
    cookies: Mapping[str, str] | None
    render: Literal["auto", "never"]
    remove_after: int
    audience: frozenset[str]
    progress: ProgressCallback | None


def site_key(url: str) -> str:
    """Of the site that a URL belongs to."""
    from kbassist.sources.web.urls import site_name

    return f"site:{site_name(url)}"


def site(url: str, lexicons: Lexicons, **options: Unpack[SiteOptions]) -> Site:
    """The site that `url` belongs to. Nothing is asked of it before it is read."""

    def opened(known: Iterable[Document], log: CrawlLog) -> Source:
        from kbassist.sources.ocr import find_ocr
        from kbassist.sources.pdf import read_pdf
        from kbassist.sources.regulation import structure
        from kbassist.sources.web.site import SiteSource

        return SiteSource(
            url,
            known=known,
            log=log,
            read_pdf=partial(read_pdf, ocr=find_ocr(), lexicons=lexicons),
            structure=structure,
            identify=partial(identify, lexicons=lexicons),
            **options,
        )

    return Site(site_key(url), opened)


def files(
    paths: str | Path | Iterable[str | Path],
    lexicons: Lexicons,
    known: Known,
    *,
    kind: Kind | None,
    audience: frozenset[str],
    password: str | None,
) -> Delivery:
    """Files and folders; those that did not change since they were `known` are not read."""
    from kbassist.sources.files import FileSource
    from kbassist.sources.ocr import find_ocr

    named = [paths] if isinstance(paths, str | Path) else list(paths)
    key = "files:" + "|".join(sorted(str(path) for path in named))
    source = FileSource(
        named,
        kind=kind,
        audience=audience,
        password=password,
        ocr=find_ocr(),
        lexicons=lexicons,
        known={document.id: str(document.meta.get("content_hash", "")) for document in known(key)},
    )
    return Delivery(key, source.read(), whole=True)


def replies(path_or_rows: str | Path | Iterable[Mapping[str, Any]]) -> Delivery:
    """Ready replies. A file has all there are, rows may be some of them."""
    from kbassist.sources.replies import ReplySource

    is_file = isinstance(path_or_rows, str | Path)
    key = f"replies:{path_or_rows}" if is_file else "replies"
    return Delivery(key, ReplySource(path_or_rows).read(), whole=is_file)
