"""What is decided about a page, noted in the crawl's log and told to whoever takes the pages in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from kbassist.protocols import CrawlLog
from kbassist.types import Decision, Failed, Gone, Outcome, PageState, Skipped, SourceItem


@dataclass(frozen=True, slots=True)
class Place:
    """A URL to visit, with the page that links to it.

    `depth` counts the links walked to it, `chain` those of them that led in a row from one page to the
    next of the same shape (`/calendar/2031/05` to `/calendar/2031/06`).
    """

    url: str
    referrer: str = ""
    depth: int = 0
    chain: int = 0


class Decisions:
    """Decides what becomes of a page that is known from before, and notes every decision once.

    `remove_after` is in how many crawls in a row a known page has to be missing before it is removed.
    """

    def __init__(self, log: CrawlLog, remove_after: int) -> None:
        self._log = log
        self._remove_after = remove_after
        self.known = log.before()

    def waiting(self, place: Place) -> None:
        """In the frontier."""
        self._log.decide(Decision(place.url, "waiting", "not visited yet", place.referrer))

    def kept(self, place: Place, outcome: Outcome, state: PageState) -> None:
        """In the knowledge base, from now on or still."""
        self._decided(place, outcome, "", state=state)

    def withdrawn(self, place: Place, outcome: Outcome, reason: str) -> SourceItem:
        """Not in the knowledge base, and not to stay there."""
        self._decided(place, outcome, reason)
        return Gone(place.url, reason) if place.url in self.known else Skipped(place.url, reason)

    def passed_over(self, place: Place, outcome: Outcome, reason: str) -> SourceItem:
        """Nothing new; what is known of it stays."""
        state = self.known[place.url][1] if place.url in self.known else None
        self._decided(place, outcome, reason, state=state)
        return Skipped(place.url, reason)

    def failed(self, place: Place, reason: str) -> SourceItem:
        """In trouble; what is known of it stays, and is marked."""
        if place.url not in self.known:
            self._decided(place, "error", reason)
            return Failed(place.url, f"{reason}{_linked_from(place)}")
        before, state = self.known[place.url]
        since, attempts = _so_far(before, "stale")
        reason = f"{reason}; it stays as it was read before, and has failed since {since:%Y-%m-%d}"
        self._decided(place, "stale", reason, state=state, since=since, attempts=attempts)
        return Failed(place.url, reason)

    def missing(self, place: Place, outcome: Outcome, reason: str, *, at_once: bool = False) -> SourceItem:
        """Not there: removed at once, or when it has been so in several crawls."""
        if place.url not in self.known:
            self._decided(place, outcome, reason)
            return Failed(place.url, f"{reason}{_linked_from(place)}")
        before, state = self.known[place.url]
        since, attempts = _so_far(before, "missing", "soft_404")
        if at_once or attempts >= self._remove_after:
            self._decided(place, outcome, reason, since=since, attempts=attempts)
            return Gone(place.url, reason)
        left = self._remove_after - attempts
        when = f"{left} crawls find" if left > 1 else "crawl finds"
        reason = f"{reason}; it goes when the next {when} the same"
        self._decided(place, outcome, reason, state=state, since=since, attempts=attempts)
        return Failed(place.url, reason)

    def _decided(
        self,
        place: Place,
        outcome: Outcome,
        reason: str,
        *,
        state: PageState | None = None,
        since: datetime | None = None,
        attempts: int = 0,
    ) -> None:
        decision = Decision(place.url, outcome, reason, place.referrer, datetime.now(UTC), since, attempts)
        self._log.decide(decision, state)


def _so_far(before: Decision, *outcomes: Outcome) -> tuple[datetime, int]:
    """Since when, and for how many crawls in a row, this one included, it has been so."""
    now = datetime.now(UTC)
    return (before.since or now, before.attempts + 1) if before.outcome in outcomes else (now, 1)


def _linked_from(place: Place) -> str:
    return f" (linked from {place.referrer})" if place.referrer else ""
