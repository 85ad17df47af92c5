"""A crawl's own memory: what was fetched, what was decided, what still waits, what the last crawl left."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from kbassist.catalog.tables import Database, answers, crawls, documents, frontier, pages, parts, sites
from kbassist.types import Decision, PageState

_FRESH = timedelta(hours=24)  # an interrupted crawl goes on within this time; later its answers are old
_MOST_NOTES = 200
_LONGEST_WAIT = 2.0  # seconds: with `_MOST_NOTES`, what being killed can cost
_COPIED = ("source", "url", "number", "decision", "state")


class CatalogCrawlLog:
    """One site's `CrawlLog` in the catalog. For one crawl at a time, in one thread."""

    def __init__(self, database: Database, source: str) -> None:
        self._database = database
        self._source = source
        self._decided: dict[str, tuple[Decision, PageState | None]] = {}
        self._answers: dict[str, bytes] = {}
        self._numbers: dict[str, int] = {}
        self._flushed = time.monotonic()

    # --- while it runs -------------------------------------------------------------------------

    def begin(self, settings: str) -> None:
        with self._database.writing() as connection:
            crawl = connection.execute(sa.select(crawls).where(crawls.c.source == self._source)).first()
            fresh = crawl is not None and datetime.now(UTC) - datetime.fromisoformat(crawl.at) < _FRESH
            # The decisions are made again, from the answers; only those are worth keeping.
            connection.execute(frontier.delete().where(frontier.c.source == self._source))
            if crawl is not None and fresh and crawl.settings == settings:
                return
            for table in (answers, crawls):
                connection.execute(table.delete().where(table.c.source == self._source))
            values = {"source": self._source, "settings": settings, "at": datetime.now(UTC).isoformat()}
            connection.execute(crawls.insert().values(values))

    def recall(self, url: str) -> bytes | None:
        if url in self._answers:
            return self._answers[url]
        query = sa.select(answers.c.answer).where(answers.c.source == self._source, answers.c.url == url)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def record(self, url: str, answer: bytes) -> None:
        self._answers[url] = answer
        self._flush_when_due()

    def decide(self, decision: Decision, state: PageState | None = None) -> None:
        self._numbers.setdefault(decision.url, len(self._numbers))
        self._decided[decision.url] = decision, state
        self._flush_when_due()

    def flush(self) -> None:
        if not self._decided and not self._answers:
            return
        with self._database.writing() as connection:
            _replace(connection, frontier, self._source, [self._row(url) for url in self._decided])
            fetched = [
                {"source": self._source, "url": url, "answer": answer}
                for url, answer in self._answers.items()
            ]
            _replace(connection, answers, self._source, fetched)
            connection.execute(
                crawls.update()
                .where(crawls.c.source == self._source)
                .values(at=datetime.now(UTC).isoformat())
            )
        self._decided.clear()
        self._answers.clear()
        self._flushed = time.monotonic()

    # --- from one crawl to the next -------------------------------------------------------------

    def before(self) -> dict[str, tuple[Decision, PageState]]:
        """The pages that the last finished crawl left in the knowledge base and that are there still."""
        query = (
            sa.select(pages.c.decision, pages.c.state)
            .join(documents, sa.and_(documents.c.id == pages.c.url, documents.c.source == pages.c.source))
            .where(pages.c.source == self._source, pages.c.state.is_not(None))
        )
        with self._database.reading() as connection:
            found = [
                (_decision(row.decision), PageState.from_dict(json.loads(row.state)))
                for row in connection.execute(query)
            ]
        return {decision.url: (decision, state) for decision, state in found}

    def crawled(self) -> bool:
        """Whether a crawl has met anything here."""
        with self._database.reading() as connection:
            return any(
                connection.execute(
                    sa.select(table.c.number).where(table.c.source == self._source).limit(1)
                ).first()
                for table in (pages, frontier)
            )

    def memory(self) -> str:
        query = sa.select(sites.c.memory).where(sites.c.source == self._source)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one_or_none() or ""

    def remember(self, memory: str) -> None:
        with self._database.writing() as connection:
            connection.execute(sites.delete().where(sites.c.source == self._source))
            connection.execute(sites.insert().values(source=self._source, memory=memory))

    def finish(self) -> tuple[Decision, ...]:
        """Make this crawl the last one. Returns its decisions, in the order of meeting."""
        self.flush()
        mine = frontier.c.source == self._source
        with self._database.writing() as connection:
            connection.execute(pages.delete().where(pages.c.source == self._source))
            copied = sa.select(*(frontier.c[name] for name in _COPIED)).where(mine)
            connection.execute(pages.insert().from_select(list(_COPIED), copied))
            for table in (frontier, answers, crawls):
                connection.execute(table.delete().where(table.c.source == self._source))
            query = sa.select(pages.c.decision).where(pages.c.source == self._source)
            rows = connection.execute(query.order_by(pages.c.number)).scalars().all()
        return tuple(map(_decision, rows))

    # --- inside --------------------------------------------------------------------------------

    def _flush_when_due(self) -> None:
        notes = len(self._decided) + len(self._answers)
        if notes >= _MOST_NOTES or time.monotonic() - self._flushed > _LONGEST_WAIT:
            self.flush()

    def _row(self, url: str) -> dict[str, Any]:
        decision, state = self._decided[url]
        return {
            "source": self._source,
            "url": url,
            "number": self._numbers[url],
            "decision": _json(decision.to_dict()),
            "state": None if state is None else _json(state.to_dict()),
        }


def decisions_about(database: Database, urls: Sequence[str]) -> list[Decision]:
    """By a crawl in progress, where there is one, else by the last."""
    found: dict[tuple[str, str], Decision] = {}
    with database.reading() as connection:
        for table in (pages, frontier):
            query = sa.select(table.c.source, table.c.url, table.c.decision).where(table.c.url.in_(urls))
            found |= {(row.source, row.url): _decision(row.decision) for row in connection.execute(query)}
    return list(found.values())


def decisions_in_trouble(database: Database) -> list[Decision]:
    """About pages that the last crawl of their site could not read and left in the knowledge base."""
    query = (
        sa.select(pages.c.decision)
        .join(documents, sa.and_(documents.c.id == pages.c.url, documents.c.source == pages.c.source))
        .where(pages.c.state.is_not(None))
        .order_by(pages.c.url)
    )
    with database.reading() as connection:
        found = [_decision(body) for body in connection.execute(query).scalars()]
    return [decision for decision in found if decision.since is not None]


def _replace(connection: sa.Connection, table: sa.Table, source: str, rows: Sequence[dict[str, Any]]) -> None:
    for some in parts(rows):
        urls: Iterable[str] = [row["url"] for row in some]
        connection.execute(table.delete().where(table.c.source == source, table.c.url.in_(urls)))
        connection.execute(table.insert(), some)


def _decision(body: str) -> Decision:
    return Decision.from_dict(json.loads(body))


def _json(value: dict[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")  # no database takes lone surrogates
