"""What came of asking for one URL, in a form that outlives the crawl's interruption."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from kbassist.protocols import CrawlLog
from kbassist.sources.web.fetch import FetchFailure, Page
from kbassist.sources.web.webpage import PageContent
from kbassist.types import Document

_MOST_HELD = 20_000_000  # characters
_PASSING = frozenset({"timeout", "network", "host"})


@dataclass(frozen=True, slots=True)
class Visit:
    """A failure, a status without content, or the content of a page.

    `url` is where the content belongs: the page's own URL, or where its redirects led. `key` is what
    the log knows the visit by.
    """

    url: str
    key: str = ""
    failure: FetchFailure | None = None
    status: int = 0
    redirected: bool = False
    moved_for_good: bool = False
    etag: str = ""
    last_modified: str = ""
    content: PageContent | None = None

    @classmethod
    def of(cls, page: Page, url: str, content: PageContent | None) -> Self:
        """What a fetched page amounts to, `url` being where its content belongs."""
        return cls(
            url=url,
            status=page.status,
            redirected=bool(page.redirects),
            moved_for_good=page.moved_for_good,
            etag=page.headers.get("etag", ""),
            last_modified=page.headers.get("last-modified", ""),
            content=content,
        )

    @property
    def passing(self) -> bool:
        """Whether it would be different another time: not worth remembering."""
        if self.failure is not None:
            return self.failure.kind in _PASSING
        return self.status >= 500 or self.status == 429

    def to_bytes(self) -> bytes:
        """Compressed JSON."""
        values = asdict(replace(self, content=None))
        if self.content is not None:
            document = self.content.document
            values["content"] = asdict(replace(self.content, document=None))
            values["content"]["document"] = document.to_dict() if document else None
        return zlib.compress(json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass"), 1)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The inverse of `to_bytes`."""
        values: dict[str, Any] = json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))
        failure, content = values.pop("failure"), values.pop("content")
        return cls(
            **values,
            failure=FetchFailure(**failure) if failure else None,
            content=_content(content) if content else None,
        )


class Shelf:
    """The documents of the visits in a log. The first ones stay at hand, as they are looked at often."""

    def __init__(self, log: CrawlLog) -> None:
        self._log = log
        self._held: dict[str, Document] = {}
        self._room = _MOST_HELD

    def document(self, key: str) -> Document:
        """Of the visit that was recorded under `key`, which gave one."""
        if key in self._held:
            return self._held[key]
        answer = self._log.recall(key)
        content = Visit.from_bytes(answer).content if answer else None
        if content is None or content.document is None:
            raise AssertionError(f"{key} was recorded when it was taken")
        if self._room > 0:
            self._held[key] = content.document
            self._room -= len(content.document.text)
        return content.document


def _content(values: Mapping[str, Any]) -> PageContent:
    document = values["document"]
    kept = {
        **values,
        "document": Document.from_dict(document) if document else None,
        "links": tuple(values["links"]),
        "said": tuple(values["said"]),
    }
    return PageContent(**kept)
