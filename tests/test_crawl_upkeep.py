"""A site in a knowledge base over time: brought up to date, interrupted, asked about."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from site_server import HTML, Reply, Request, Route, SiteServer, page, redirect, serve

from kbassist import KnowledgeBase, Progress
from kbassist.testing import HashEmbedder

RETURNS = "<h1>Zwroty</h1><p>Na zwrot towaru masz {} dni od dostawy.</p>"
DELIVERY = "<h1>Dostawa</h1><p>Kurier dostarcza paczki w dwa dni robocze.</p>"


@pytest.fixture
def site() -> Iterator[SiteServer]:
    routes: dict[str, Route] = {
        "/": page("<h1>Sklep</h1><p>Witamy w sklepie.</p><a href='/zwroty'>z</a> <a href='/dostawa'>d</a>"),
        "/zwroty": page(RETURNS.format(14)),
        "/dostawa": page(DELIVERY),
    }
    with serve(routes) as server:
        yield server


class Counting(HashEmbedder):
    """Counts the passages that it embeds."""

    def __init__(self) -> None:
        super().__init__()
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]):
        self.embedded += texts
        return super().embed_passages(texts)


@pytest.fixture
def kb(tmp_path: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase(tmp_path / "kb", embedder=Counting()) as base:
        yield base


def crawl(kb: KnowledgeBase, site: SiteServer, **options):
    return kb.add_site(site.url, allow_private=True, **options)


def texts(kb: KnowledgeBase, query: str) -> str:
    return "\n".join(hit.passage.text for hit in kb.search(query))


# --- up to date --------------------------------------------------------------------------------


def test_a_corrected_page_no_longer_answers_with_the_old_text(kb: KnowledgeBase, site: SiteServer):
    crawl(kb, site)
    assert "masz 14 dni" in texts(kb, "ile dni na zwrot towaru")
    embedder = kb._parts.embedder
    embedder.embedded.clear()
    site.routes["/zwroty"] = page(RETURNS.format(30))
    report = crawl(kb, site)
    assert report.updated == (f"{site.url}/zwroty",)
    assert report.outcomes == {"unchanged": 2, "fetched": 1}
    assert len(embedder.embedded) == 1, "only what changed is embedded again"
    for query in ("ile dni na zwrot towaru", "masz 14 dni od dostawy", "14"):
        assert "14 dni" not in texts(kb, query)
    assert "masz 30 dni" in texts(kb, "ile dni na zwrot towaru")


def test_a_page_that_is_missing_twice_goes_with_its_text(kb: KnowledgeBase, site: SiteServer):
    crawl(kb, site)
    site.routes["/zwroty"] = Reply(status=404)
    assert crawl(kb, site).removed == ()
    assert "masz 14 dni" in texts(kb, "ile dni na zwrot")
    assert kb.why(f"{site.url}/zwroty").attempts == 1
    assert crawl(kb, site).removed == (f"{site.url}/zwroty",)
    assert "masz 14 dni" not in texts(kb, "ile dni na zwrot")


def test_a_page_in_trouble_stays_and_is_marked(kb: KnowledgeBase, site: SiteServer):
    crawl(kb, site)
    site.routes["/zwroty"] = Reply(status=500)
    first = crawl(kb, site)
    again = crawl(kb, site)
    (since,) = {
        decision.since
        for report in (first, again)
        for decision in report.decisions
        if decision.outcome == "stale"
    }
    assert since is not None
    assert "masz 14 dni" in texts(kb, "ile dni na zwrot")
    assert kb.why(f"{site.url}/zwroty").attempts == 2
    (finding,) = kb.audit(checks=["stale"]).findings
    assert finding.documents == (f"{site.url}/zwroty",)
    assert "500" in finding.message
    site.routes["/zwroty"] = page(RETURNS.format(14))
    crawl(kb, site)
    assert kb.audit(checks=["stale"]).findings == ()


def test_a_date_that_is_that_of_the_request_changes_nothing(kb: KnowledgeBase, site: SiteServer):
    moments = iter(f"Fri, 02 Jan 2026 10:00:{second:02} GMT" for second in range(60))

    def now(_: Request) -> Reply:
        return Reply(page(DELIVERY).encode(), headers={**HTML, "Last-Modified": next(moments)})

    site.routes["/dostawa"] = now
    crawl(kb, site)
    report = crawl(kb, site)
    assert (report.updated, report.outcomes) == ((), {"unchanged": 3})


def test_a_document_that_was_removed_by_hand_comes_back(kb: KnowledgeBase, site: SiteServer):
    def tagged(request: Request) -> Reply:
        headers = {**HTML, "ETag": '"1"'}
        if request.headers.get("if-none-match"):
            return Reply(status=304, headers=headers)
        return Reply(page(DELIVERY).encode(), headers=headers)

    site.routes["/dostawa"] = tagged
    crawl(kb, site)
    assert kb.remove([f"{site.url}/dostawa"]) == 1
    assert crawl(kb, site).added == (f"{site.url}/dostawa",)


def test_pages_that_are_no_longer_wanted_go(kb: KnowledgeBase, site: SiteServer):
    crawl(kb, site)
    assert crawl(kb, site, exclude=["/zw*"]).removed == (f"{site.url}/zwroty",)


# --- interrupted -------------------------------------------------------------------------------


def many(count: int) -> dict[str, Route]:
    links = "".join(f"<li><a href='/p/{number}'>{number}</a>" for number in range(count))
    routes: dict[str, Route] = {"/": page(f"<h1>Sklep</h1><p>Witamy.</p><ul>{links}</ul>")}
    return routes | {
        f"/p/{number}": page(f"<h1>Produkt {number}</h1><p>Opis produktu {number}.</p>")
        for number in range(count)
    }


def pages_asked(site: SiteServer) -> Counter[str]:
    return Counter(path for path in site.paths if path.startswith("/p/"))


def test_an_interrupted_crawl_goes_on(kb: KnowledgeBase, site: SiteServer):
    site.routes |= many(40)

    def interrupt(step: Progress) -> None:
        if step.done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crawl(kb, site, progress=interrupt, concurrency=1)
    assert kb.info().documents == 0, "nothing is published"
    before = pages_asked(site)
    waiting = kb.why(f"{site.url}/p/39")
    assert (waiting.outcome, waiting.referrer) == ("waiting", f"{site.url}/")
    assert kb.why(f"{site.url}/p/1").outcome == "fetched"
    report = crawl(kb, site)
    assert len(report.added) == 41
    asked_again = [path for path, times in pages_asked(site).items() if times > 1]
    assert len(before) >= 18
    assert len(asked_again) <= len(before) - 18, "only what was under way is asked for again"
    site.requests.clear()
    crawl(kb, site)
    assert len(pages_asked(site)) == 40, "a finished crawl begins anew"


def test_another_crawl_does_not_take_up_what_was_interrupted(kb: KnowledgeBase, site: SiteServer):
    site.routes |= many(5)

    def interrupt(step: Progress) -> None:
        if step.done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crawl(kb, site, progress=interrupt)
    site.requests.clear()
    report = crawl(kb, site, exclude=["/p/0"])
    assert len(report.added) == 5
    assert len(pages_asked(site)) == 4


def test_another_login_does_not_take_up_what_was_interrupted(kb: KnowledgeBase, site: SiteServer):
    site.routes |= many(5)

    def interrupt(step: Progress) -> None:
        if step.done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crawl(kb, site, progress=interrupt, cookies={"token": "jan"})
    site.requests.clear()
    crawl(kb, site, cookies={"token": "anna"})
    assert len(pages_asked(site)) == 5
    assert all("token=anna" in request.headers["cookie"] for request in site.requests)


# Notes are written every two seconds or two hundred; here at once, so that what a kill costs can be counted.
KILLED = """
import sys
from kbassist import KnowledgeBase
from kbassist.catalog.crawl_log import CatalogCrawlLog

def flushed_every_time(self):
    self.flush()

CatalogCrawlLog._flush_when_due = flushed_every_time

def tell(step):
    print(step.done, flush=True)

with KnowledgeBase(sys.argv[1], embedder=None) as kb:
    kb.add_site(sys.argv[2], allow_private=True, concurrency=1, progress=tell)
"""


def test_a_crawl_that_was_killed_goes_on(tmp_path: Path, site: SiteServer):
    site.routes |= many(40)
    command = [sys.executable, "-c", KILLED, str(tmp_path / "kb"), site.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while next(process.stdout).strip() != "20":
            pass
        process.send_signal(signal.SIGKILL)
    before = pages_asked(site)
    with KnowledgeBase(tmp_path / "kb", embedder=None) as kb:
        assert len(crawl(kb, site).added) == 41
    asked_again = [path for path, times in pages_asked(site).items() if times > 1]
    assert len(asked_again) <= len(before) - 18


# --- why ---------------------------------------------------------------------------------------


def test_why_a_page_is_or_is_not_there(kb: KnowledgeBase, site: SiteServer):
    site.routes |= {
        "/": page(
            "<h1>Sklep</h1><p>Witamy.</p>"
            + "".join(
                f"<a href='/{name}'>x</a>" for name in "zwroty kopia stary tajne x.zip brak pusta".split()
            )
        ),
        "/robots.txt": "User-agent: *\nDisallow: /tajne\n",
        "/kopia": page(RETURNS.format(14)),
        "/stary": redirect("/zwroty"),
        "/pusta": page(""),
    }
    report = crawl(kb, site)
    outcomes = {decision.url.removeprefix(site.url): decision.outcome for decision in report.decisions}
    assert outcomes == {
        "/": "fetched",
        "/zwroty": "fetched",
        "/kopia": "duplicate",
        "/stary": "redirected",
        "/tajne": "robots",
        "/x.zip": "not_html",
        "/brak": "missing",
        "/pusta": "no_text",
    }
    for decision in report.decisions:
        assert kb.why(decision.url) == decision
    host = site.url.removeprefix("http://")
    assert kb.why(f"https://{host}/kopia?utm_source=x#a").reason == f"duplicate of {site.url}/zwroty"
    unknown = kb.why(f"{site.url}/nigdzie")
    assert unknown.outcome == "unknown"
    assert "no page of" in unknown.reason
    assert "was never crawled" in kb.why("https://inny.pl/a").reason


def test_secrets_open_the_site_and_go_nowhere_else(kb: KnowledgeBase, site: SiteServer, caplog):
    def guarded(request: Request) -> Reply:
        opened = "token=abc" in request.headers.get("cookie", "") and request.headers.get("x-key") == "tajne"
        return (
            Reply(page("<p>Wewnętrzne zasady zwrotów.</p><a href='/wyjscie'>w</a>").encode())
            if opened
            else Reply(status=401)
        )

    with serve({"/": page("obce")}) as other:
        site.routes |= {"/": guarded, "/wyjscie": redirect(other.url + "/")}
        report = crawl(kb, site, headers={"X-Key": "tajne"}, cookies={"token": "abc"})
        assert report.added == (f"{site.url}/",)
        assert other.requests == []
    stored = b"".join(path.read_bytes() for path in kb._parts.folder.rglob("*") if path.is_file())
    assert b"tajne" not in stored
    assert "tajne" not in caplog.text


# --- what repeats ------------------------------------------------------------------------------


def with_footer(routes: dict[str, Route], footer: str) -> dict[str, Route]:
    """A footer that nothing in its markup gives away, and a line of sales talk at the top."""
    head, tail = "<div><p>Darmowa dostawa od 199 zł.</p></div>", f"<div><p>{footer}</p></div>"
    return {
        path: str(route).replace("<body>", f"<body>{head}").replace("</body>", f"{tail}</body>")
        for path, route in routes.items()
    }


def test_what_stands_around_every_page_is_found_once(kb: KnowledgeBase, site: SiteServer):
    footer = "Biuro obsługi klienta czynne od poniedziałku do piątku w godzinach 9-17, telefon 22 123 45 67."
    site.routes |= with_footer(many(12), footer)
    crawl(kb, site)
    hits = [hit for hit in kb.search("telefon do biura obsługi klienta", k=20) if footer in hit.passage.text]
    assert [hit.passage.document_id for hit in hits] == [f"{site.url}/"]
    assert "Opis produktu 7." in texts(kb, "opis produktu 7")
    again = crawl(kb, site)
    assert again.updated == ()
    site.routes["/p/3"] = with_footer({"/p/3": page("<h1>Produkt 3</h1><p>Nowy opis.</p>")}, footer)["/p/3"]
    assert crawl(kb, site).updated == (f"{site.url}/p/3",)
    assert footer not in "".join(hit.passage.text for hit in kb.search("nowy opis produktu 3", k=1))
