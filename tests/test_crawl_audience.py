"""Who sees the pages of a site, from one crawl to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from cli_runner import kbassist
from site_server import HTML, Reply, Request, SiteServer, page, serve

from kbassist import InvalidArgumentError, KnowledgeBase

HOME = page("<h1>Sklep</h1><p>Witamy.</p><a href='/zwroty'>z</a> <a href='/rabaty'>r</a>")
RETURNS = page("<h1>Zwroty</h1><p>Na zwrot towaru masz 14 dni od dostawy.</p>")
DISCOUNTS = page("<h1>Rabaty</h1><p>Konsultant może dać rabat do 15 procent.</p>")
PUBLIC, STAFF, PARTNERS = frozenset({"public"}), frozenset({"staff"}), frozenset({"partners"})
LOGIN = {"Cookie": "session=1"}


def tagged(body: str) -> Callable[[Request], Reply]:
    """A page with an ETag, not sent again to those who have it."""
    etag = f'"{sha256(body.encode()).hexdigest()[:8]}"'

    def answer(request: Request) -> Reply:
        headers = {**HTML, "ETag": etag}
        if request.headers.get("if-none-match") == etag:
            return Reply(status=304, headers=headers)
        return Reply(body.encode(), headers=headers)

    return answer


def behind_login(body: str) -> Callable[[Request], Reply]:
    inside = tagged(body)
    return lambda request: inside(request) if request.headers.get("cookie") else Reply(status=403)


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with serve({"/": tagged(HOME), "/zwroty": tagged(RETURNS), "/rabaty": tagged(DISCOUNTS)}) as server:
        yield server


@pytest.fixture
def kb(tmp_path: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase(tmp_path / "kb", embedder=None) as base:
        yield base


def crawl(kb: KnowledgeBase, site: SiteServer, audience: frozenset[str], **options):
    return kb.add_site(site.url, allow_private=True, audience=audience, **options)


def seen_by(kb: KnowledgeBase, site: SiteServer, audience: frozenset[str]) -> set[str]:
    """Paths of the pages that they find."""
    query = "sklep witamy zwrot towaru dni rabat konsultant"
    return {
        hit.passage.document_id.removeprefix(site.url) or "/" for hit in kb.search(query, audience=audience)
    }


ALL = {"/", "/zwroty", "/rabaty"}


def test_pages_are_public_unless_the_crawl_says_otherwise(kb: KnowledgeBase, site: SiteServer):
    kb.add_site(site.url, allow_private=True)
    assert (seen_by(kb, site, PUBLIC), seen_by(kb, site, STAFF)) == (ALL, set())


def test_pages_of_a_staff_crawl_are_for_staff(kb: KnowledgeBase, site: SiteServer):
    crawl(kb, site, STAFF)
    assert (seen_by(kb, site, PUBLIC), seen_by(kb, site, STAFF)) == (set(), ALL)
    again = crawl(kb, site, STAFF)
    assert again.outcomes == {"unchanged": 3}
    assert site.requests[-1].headers.get("if-none-match")
    assert (seen_by(kb, site, PUBLIC), seen_by(kb, site, STAFF)) == (set(), ALL)


@pytest.mark.parametrize(("before", "now"), [(PUBLIC, STAFF), (STAFF, PUBLIC), (STAFF, PARTNERS | STAFF)])
def test_an_unchanged_page_gets_the_labels_of_the_last_crawl(
    kb: KnowledgeBase, site: SiteServer, before: frozenset[str], now: frozenset[str]
):
    crawl(kb, site, before)
    report = crawl(kb, site, now)
    assert len(report.updated) == 3
    assert [seen_by(kb, site, frozenset({label})) for label in sorted(now)] == [ALL] * len(now)
    assert [seen_by(kb, site, frozenset({label})) for label in before - now] == [set()] * len(before - now)
    assert crawl(kb, site, now).outcomes == {"unchanged": 3}


def test_a_server_that_says_unchanged_without_being_asked_opens_nothing(kb: KnowledgeBase, site: SiteServer):
    crawl(kb, site, PUBLIC)
    site.routes["/rabaty"] = Reply(status=304)
    crawl(kb, site, STAFF)
    assert (seen_by(kb, site, PUBLIC), seen_by(kb, site, STAFF)) == (set(), ALL)
    crawl(kb, site, PUBLIC)
    assert (seen_by(kb, site, PUBLIC), seen_by(kb, site, STAFF)) == (ALL - {"/rabaty"}, {"/rabaty"})


@pytest.mark.parametrize("status", [500, 403, 404])
def test_a_page_in_trouble_is_closed_to_the_public_all_the_same(
    kb: KnowledgeBase, site: SiteServer, status: int
):
    crawl(kb, site, PUBLIC)
    site.routes["/rabaty"] = Reply(status=status)
    report = crawl(kb, site, STAFF)
    assert [ref for ref, _ in report.failed] == [f"{site.url}/rabaty"]
    assert (seen_by(kb, site, PUBLIC), seen_by(kb, site, STAFF)) == (set(), ALL)


def test_a_page_over_the_limit_is_closed_too(kb: KnowledgeBase, site: SiteServer):
    crawl(kb, site, PUBLIC)
    crawl(kb, site, STAFF, max_pages=1)
    assert (seen_by(kb, site, PUBLIC), seen_by(kb, site, STAFF)) == (set(), ALL)


def test_what_a_login_showed_does_not_become_public_without_it(kb: KnowledgeBase, site: SiteServer):
    site.routes["/rabaty"] = behind_login(DISCOUNTS)
    crawl(kb, site, STAFF, headers=LOGIN)
    crawl(kb, site, PUBLIC)
    assert (seen_by(kb, site, PUBLIC), seen_by(kb, site, STAFF)) == (ALL - {"/rabaty"}, {"/rabaty"})
    crawl(kb, site, PUBLIC)
    assert seen_by(kb, site, PUBLIC) == ALL - {"/rabaty"}


def test_a_page_that_neither_group_may_be_shown_goes(kb: KnowledgeBase, site: SiteServer):
    crawl(kb, site, STAFF)
    site.routes["/rabaty"] = Reply(status=500)
    report = crawl(kb, site, PARTNERS)
    assert report.removed == (f"{site.url}/rabaty",)
    assert "could not be read for partners" in dict(report.skipped)[f"{site.url}/rabaty"]
    assert (seen_by(kb, site, STAFF), seen_by(kb, site, PARTNERS)) == (set(), ALL - {"/rabaty"})
    site.routes["/rabaty"] = tagged(DISCOUNTS)
    assert crawl(kb, site, PARTNERS).added == (f"{site.url}/rabaty",)
    assert seen_by(kb, site, PARTNERS) == ALL


def test_a_page_that_is_gone_is_not_brought_back_by_its_labels(kb: KnowledgeBase, site: SiteServer):
    crawl(kb, site, PUBLIC)
    site.routes["/rabaty"] = Reply(status=410)
    assert crawl(kb, site, STAFF).removed == (f"{site.url}/rabaty",)
    assert (seen_by(kb, site, PUBLIC), seen_by(kb, site, STAFF)) == (set(), ALL - {"/rabaty"})


def test_an_interrupted_crawl_does_not_go_on_for_another_audience(kb: KnowledgeBase, site: SiteServer):
    crawl(kb, site, STAFF)

    def stop(_: object) -> None:
        if "/rabaty" in site.paths[asked:]:
            raise KeyboardInterrupt

    asked = len(site.requests)
    with pytest.raises(KeyboardInterrupt):
        crawl(kb, site, STAFF, progress=stop)
    crawl(kb, site, PUBLIC)
    assert (seen_by(kb, site, PUBLIC), seen_by(kb, site, STAFF)) == (ALL, set())


@pytest.mark.parametrize("audience", ["staff", [], [""], [3]])
def test_labels_that_mean_nothing_are_refused_before_a_request(
    kb: KnowledgeBase, site: SiteServer, audience: object
):
    with pytest.raises(InvalidArgumentError):
        kb.add_site(site.url, allow_private=True, audience=audience)
    assert site.requests == []


def test_the_command_line_takes_an_audience(site: SiteServer, tmp_path: Path):
    kb = tmp_path / "kb"
    crawled = kbassist(
        "crawl", site.url, "--allow-private", "--delay", "0", "--audience", "staff", "--json", kb=kb
    )
    assert (crawled.code, len(crawled.json["added"])) == (0, 3)
    assert kbassist("search", "zwrot towaru", "--json", kb=kb).json == []
    found = kbassist("search", "zwrot towaru", "--audience", "staff", "--json", kb=kb)
    assert [hit["passage"]["document_id"] for hit in found.json][:1] == [f"{site.url}/zwroty"]
