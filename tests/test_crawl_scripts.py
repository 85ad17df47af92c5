"""Pages whose text is written by scripts, in a crawl: rendered, or named with the cure."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from site_server import Reply, SiteServer, page, serve

from kbassist import KnowledgeBase
from kbassist.sources.web import browser

JSON = {"Content-Type": "application/json"}
APP = page(
    """<div id="root"></div><script>
    fetch("/api/pomoc.json").then(answer => answer.json()).then(({title, text}) => {
        document.getElementById("root").innerHTML =
            `<h1>${title}</h1><p>${text}</p><a href="/regulamin">Regulamin</a>`;
    });
    </script>""",
    title="Pomoc",
)
TEXT = "Reklamację rozpatrujemy w ciągu czternastu dni od otrzymania paczki z opisem wady towaru."


@pytest.fixture
def site() -> Iterator[SiteServer]:
    answer = f'{{"title": "Reklamacje", "text": "{TEXT}"}}'
    routes = {
        "/": page("<h1>Sklep</h1><p>Witamy w sklepie.</p><a href='/pomoc'>pomoc</a>"),
        "/pomoc": APP,
        "/api/pomoc.json": Reply(answer.encode(), headers=JSON),
        "/regulamin": page("<h1>Regulamin</h1><p>Sklep prowadzi Jan Kowalski.</p>"),
    }
    with serve(routes) as server:
        yield server


@pytest.fixture
def kb() -> Iterator[KnowledgeBase]:
    with KnowledgeBase(":memory:", embedder=None) as base:
        yield base


@pytest.mark.usefixtures("chromium")
def test_a_page_written_by_scripts_is_rendered_and_its_links_are_followed(
    kb: KnowledgeBase, site: SiteServer
):
    report = kb.add_site(site.url, allow_private=True)
    assert report.added == (f"{site.url}/", f"{site.url}/pomoc", f"{site.url}/regulamin")
    assert TEXT in kb.search("w ile dni rozpatrujemy reklamację", k=1)[0].passage.text
    assert kb.add_site(site.url, allow_private=True).outcomes == {"unchanged": 3}


@pytest.mark.usefixtures("chromium")
def test_robots_hold_for_what_scripts_ask_for(kb: KnowledgeBase, site: SiteServer):
    site.routes["/robots.txt"] = "User-agent: *\nDisallow: /api/\n"
    report = kb.add_site(site.url, allow_private=True)
    assert report.added == (f"{site.url}/",)
    assert "/api/pomoc.json" not in site.paths
    assert kb.why(f"{site.url}/pomoc").reason == "no text, even after its scripts ran"


@pytest.mark.parametrize("render", ["auto", "never"])
def test_without_a_browser_the_page_is_named_with_the_cure(
    render, kb: KnowledgeBase, site: SiteServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(browser, "_PROGRAMS", ("no-such-browser",))
    monkeypatch.delenv("KBASSIST_CHROMIUM", raising=False)
    report = kb.add_site(site.url, allow_private=True, render=render)
    assert report.outcomes == {"fetched": 1, "needs_scripts": 1}
    reason = kb.why(f"{site.url}/pomoc").reason
    assert reason.startswith("its text appears only when scripts run: ")
    assert ("render='auto'" if render == "never" else "install") in reason
    assert kb.why(f"{site.url}/regulamin").outcome == "unknown"
