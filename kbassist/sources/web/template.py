"""What a site repeats around the text of its pages, remembered from crawl to crawl."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from kbassist.sources.web.repeated import keepers, repeated_lines, without_lines
from kbassist.types import Document


@dataclass(frozen=True, slots=True)
class Template:
    """The lines that repeat, and by document id those that stay there: nothing is lost from the site."""

    lines: frozenset[str] = frozenset()
    kept: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, documents: Callable[[], Iterable[Document]], before: Template, untouched: Collection[str]
    ) -> Self:
        """Learn it from the pages of a crawl. `documents` gives them anew at each call.

        Of two pages that could keep a line the one that kept it `before` goes on doing so, `untouched`
        ones (which the server did not send again) included; else every crawl would change pages that did
        not change.
        """
        lines = repeated_lines(documents())
        elsewhere = frozenset(
            key for page, keys in before.kept.items() if page in untouched for key in keys & lines
        )
        first = keepers((page for page in documents() if page.id in before.kept), lines)
        placed = elsewhere.union(*first.values())
        rest = keepers((page for page in documents() if page.id not in before.kept), lines)
        kept = {page: keys for page, keys in before.kept.items() if page in untouched}
        kept |= {page: keys - elsewhere for page, keys in first.items()}
        kept |= {page: keys - placed for page, keys in rest.items()}
        return cls(lines, {page: keys for page, keys in kept.items() if keys})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inverse of `to_json`; an empty text is a template without lines."""
        values = json.loads(text or "{}")
        kept = {page: frozenset(keys) for page, keys in values.get("kept", {}).items()}
        return cls(frozenset(values.get("lines", ())), kept)

    def to_json(self) -> str:
        """For the site's memory."""
        kept = {page: sorted(keys) for page, keys in self.kept.items()}
        return json.dumps({"lines": sorted(self.lines), "kept": kept})

    def applied(self, document: Document) -> Document:
        """The document without what repeats around it."""
        if document.kind == "pdf" or not self.lines:
            return document
        return without_lines(document, self.lines, keep=self.kept.get(document.id, frozenset()))
