"""What is remembered of a site from one crawl to the next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256

from kbassist.types import Decision, Document, PageState


def content_hash(document: Document) -> str:
    """Of what a page says, not of where it stands, when it was fetched, or what language it claims."""
    anchors = [anchor.to_dict() for anchor in document.anchors]
    said = [document.title, document.kind, document.text, anchors]
    return sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", errors="replace")).hexdigest()


def conditions(state: PageState) -> dict[str, str]:
    """The headers that ask for a page only if it changed.

    A validator that HTTP has no way to send (some servers make them of anything) is left out.
    """
    headers = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {
        name: value for name, value in headers.items() if value and value.isascii() and value.isprintable()
    }


class MemoryLog:
    """A `CrawlLog` that lasts as long as the process."""

    def __init__(self) -> None:
        self._settings = ""
        self._answers: dict[str, bytes] = {}
        self._decided: dict[str, tuple[Decision, PageState | None]] = {}
        self._before: dict[str, tuple[Decision, PageState]] = {}
        self._memory = ""

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Of the crawl that runs."""
        return tuple(decision for decision, _ in self._decided.values())

    def begin(self, settings: str) -> None:
        if settings != self._settings:
            self._answers.clear()
        self._decided.clear()
        self._settings = settings

    def recall(self, url: str) -> bytes | None:
        return self._answers.get(url)

    def record(self, url: str, answer: bytes) -> None:
        self._answers[url] = answer

    def decide(self, decision: Decision, state: PageState | None = None) -> None:
        self._decided[decision.url] = decision, state

    def flush(self) -> None:
        """Nothing outlives the process."""

    def before(self) -> Mapping[str, tuple[Decision, PageState]]:
        return self._before

    def memory(self) -> str:
        return self._memory

    def remember(self, memory: str) -> None:
        self._memory = memory

    def finish(self) -> tuple[Decision, ...]:
        """Make this crawl the last one; returns its decisions in the order of meeting."""
        decisions = self.decisions
        self._before = {
            url: (decision, state) for url, (decision, state) in self._decided.items() if state is not None
        }
        self._answers.clear()
        self._decided.clear()
        return decisions
