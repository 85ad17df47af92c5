"""What is remembered of a page, so that the next crawl can ask whether it changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from kbassist.types import Document


@dataclass(frozen=True, slots=True)
class PageState:
    """A page as the last crawl left it.

    `links` are the paths that it led to on its site; None when they are not known. Without them the
    page is fetched in full, because a server that says "not modified" does not say what it links to.
    """

    etag: str = ""
    last_modified: str = ""
    content_hash: str = ""
    links: tuple[str, ...] | None = None

    @classmethod
    def of(cls, document: Document) -> PageState:
        """From the `meta` of a document of an earlier crawl."""
        links = document.meta.get("links")
        return cls(
            etag=str(document.meta.get("etag") or ""),
            last_modified=str(document.meta.get("last_modified") or ""),
            content_hash=str(document.meta.get("content_hash") or ""),
            links=None if links is None else tuple(map(str, links)),
        )

    def to_meta(self) -> dict[str, Any]:
        """What `of` reads, ready for JSON."""
        return {
            "etag": self.etag,
            "last_modified": self.last_modified,
            "content_hash": self.content_hash,
            "links": list(self.links or ()),
        }

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for the page only if it changed; none when it is needed in full.

        A validator that HTTP has no way to send (some servers make them of anything) is left out.
        """
        if self.links is None:
            return {}
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {
            name: value
            for name, value in headers.items()
            if value.isascii() and value.isprintable() and value
        }


def content_hash(document: Document) -> str:
    """Of what a page says, not of where it stands or when it was fetched."""
    anchors = [anchor.to_dict() for anchor in document.anchors]
    said = [document.title, document.kind, document.lang, document.text, anchors]
    return sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", errors="replace")).hexdigest()
