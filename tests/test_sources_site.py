"""Crawling a site: its rules, its order, what becomes of each page, and bringing it up to date."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from site_server import HTML, Reply, Request, Route, SiteServer, page, redirect, serve

from kbassist.errors import InvalidArgumentError, SourceError, UnsafeAddressError
from kbassist.sources.web.fetch import Fetcher
from kbassist.sources.web.site import SiteSource
from kbassist.sources.web.state import MemoryLog
from kbassist.text.language import identify
from kbassist.text.lexicon import Lexicons
from kbassist.types import (
    Decision,
    Document,
    Failed,
    Gone,
    PageState,
    Progress,
    Skipped,
    SourceItem,
    Unchanged,
)

PROBE = "/kbassist-no-such-page"


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with serve({"/robots.txt": Reply(status=404), "/sitemap.xml": Reply(status=404)}) as server:
        yield server


def shop(**pages: str) -> dict[str, Route]:
    """A front page that links to the others, in order."""
    links = "".join(f'<li><a href="/{name}">{name}</a>' for name in pages)
    return {"/": page(f"<h1>Sklep</h1><p>Witamy.</p><ul>{links}</ul>")} | {
        f"/{name}": page(f"<h1>{name}</h1><p>{text}</p>") for name, text in pages.items()
    }


class Crawled:
    """What a crawl said and decided, by the path that it said it of, in the order of meeting."""

    def __init__(self, site: SiteServer, items: list[SourceItem], log: MemoryLog) -> None:
        self.items = items
        self.log = log
        self.decisions = {item.url.removeprefix(site.url): item for item in log.finish()}
        refs = [
            getattr(item, "id", "") or getattr(item, "document_id", "") or getattr(item, "ref", "")
            for item in items
        ]
        self.by_path = dict(zip([ref.removeprefix(site.url) for ref in refs], items, strict=True))
        assert len(self.by_path) == len(items), "one item for each URL"

    def __getitem__(self, path: str) -> Any:
        return self.by_path[path]

    @property
    def order(self) -> list[str]:
        return list(self.decisions)

    @property
    def outcomes(self) -> dict[str, str]:
        return {path: decision.outcome for path, decision in self.decisions.items()}

    @property
    def documents(self) -> list[str]:
        """New or changed."""
        fetched = [path for path, outcome in self.outcomes.items() if outcome == "fetched"]
        assert all(isinstance(self[path], Document) for path in fetched)
        return fetched


def crawl(site: SiteServer, start: str = "/", *, after: Crawled | None = None, **options: Any) -> Crawled:
    """Crawl, for the first time or `after` another."""
    log = after.log if after else MemoryLog()
    source = SiteSource(site.url + start, log=log, **{"allow_private": True, "processes": 1, **options})
    return Crawled(site, list(source.read()), log)


# --- reading -----------------------------------------------------------------------------------


def test_a_page_becomes_a_document(site: SiteServer) -> None:
    headers = {**HTML, "ETag": '"1"', "Last-Modified": "Fri, 02 Jan 2026 10:00:00 GMT"}
    html = page('<h1 id="z">Zwroty</h1><p>14 dni. <a href="/a">a</a></p>', title="Zwroty – Sklep")
    site.routes["/"] = Reply(html.encode(), headers=headers)
    before = datetime.now(UTC)
    crawled = crawl(site)
    (missing, document) = crawled.items
    (_, state) = crawled.log.before()[site.url + "/"]
    assert isinstance(document, Document)
    assert document.id == document.uri == site.url + "/"
    assert (document.kind, document.lang, document.title) == ("page", "pl", "Zwroty – Sklep")
    assert [(anchor.label, anchor.fragment) for anchor in document.anchors] == [("Zwroty", "z")]
    assert before <= document.fetched_at <= datetime.now(UTC)
    assert document.modified_at == datetime(2026, 1, 2, 10, tzinfo=UTC)
    assert state.etag == '"1"'
    assert state.last_modified == "Fri, 02 Jan 2026 10:00:00 GMT"
    assert missing == Failed(site.url + "/a", f"404 Not Found (linked from {site.url}/)")


def test_links_are_followed_breadth_first_and_once(site: SiteServer) -> None:
    site.routes |= {
        "/": page(
            'Start <a href="/b?utm_source=x">b</a> <a href="a#x">a</a> <a href="http://inny.pl/">c</a>'
        ),
        "/a": page('Strona A <a href="/c">c</a> <a href="/a#dol">a</a> <a href="mailto:x@y.pl">x</a>'),
        "/b": page('Strona B <a href="/d">d</a> <a href="/?gclid=1">start</a>'),
        "/c": page("Strona C"),
        "/d": page("Strona D"),
    }
    assert crawl(site, concurrency=1).order == ["/", "/b", "/a", "/d", "/c"]
    assert site.paths == ["/robots.txt", "/", "/sitemap.xml", PROBE, "/b", "/a", "/d", "/c"]
    assert crawl(site).order == ["/", "/b", "/a", "/d", "/c"]


def test_a_base_changes_where_links_lead(site: SiteServer) -> None:
    site.routes |= {
        "/": page('Start <a href="a.html">a</a>', head='<base href="/pomoc/">'),
        "/pomoc/a.html": page("Pomoc"),
    }
    assert crawl(site).documents == ["/", "/pomoc/a.html"]


def test_a_page_in_iso_8859_2_that_nobody_labelled(site: SiteServer) -> None:
    text = "Zażółć gęślą jaźń, świąteczna promocja"
    site.routes["/"] = Reply(f"<p>{text}</p>".encode("iso-8859-2"), headers={"Content-Type": "text/html"})
    assert crawl(site)["/"].text == text


def test_a_page_of_questions_is_a_faq(site: SiteServer) -> None:
    site.routes["/"] = page("<h2>Ile?</h2><p>Pięć złotych.</p><h2>Kiedy?</h2><p>Jutro rano.</p>")
    assert crawl(site)["/"].kind == "faq"


def test_structure_sees_every_document(site: SiteServer) -> None:
    site.routes |= shop(regulamin="§ 1 Zakres")

    def structure(document: Document) -> Document:
        return replace(document, kind="regulation") if "§" in document.text else document

    crawled = crawl(site, structure=structure)
    assert [crawled[path].kind for path in ("/", "/regulamin")] == ["page", "regulation"]


def test_progress_is_told(site: SiteServer) -> None:
    site.routes |= shop(a="A", b="B")
    told: list[Progress] = []
    crawl(site, progress=told.append)
    assert [(step.stage, step.done, step.note.removeprefix(site.url)) for step in told] == [
        ("read", 1, "/"),
        ("read", 2, "/a"),
        ("read", 3, "/b"),
    ]
    assert told[-1].total == 3


# --- the site's rules --------------------------------------------------------------------------


def test_robots_and_noindex_are_kept_to(site: SiteServer) -> None:
    site.routes |= shop(tajne="T", a="A", b="B", c="C", d="D") | {
        "/robots.txt": "User-agent: *\nDisallow: /tajne\nDisallow: /ukryte\n",
        "/a": page(
            'A <a href="/ukryte/x">x</a> <a href="/e">e</a>', head='<meta name="robots" content="noindex">'
        ),
        "/b": Reply(b"B <a href='/f'>f</a>", headers={**HTML, "X-Robots-Tag": "none"}),
        "/c": page('C <a href="/g">g</a>', head='<meta name="robots" content="nofollow">'),
        "/d": page('D <a href="/h" rel="nofollow">h</a>'),
        "/e": page("E"),
    }
    crawled = crawl(site)
    assert crawled.documents == ["/", "/c", "/d", "/e"]
    assert crawled["/tajne"].reason == crawled["/ukryte/x"].reason == "robots.txt does not allow it"
    assert "noindex" in crawled["/a"].reason
    assert "noindex" in crawled["/b"].reason
    assert not {"/tajne", "/ukryte/x", "/f", "/g", "/h"} & set(site.paths)


def test_a_crawl_delay_is_kept(site: SiteServer) -> None:
    slept: list[float] = []
    site.routes |= shop(a="A") | {"/robots.txt": "User-agent: *\nCrawl-delay: 25\n"}
    with closing(Fetcher(allow_private=True, sleep=slept.append)) as fetcher:
        assert crawl(site, fetcher=fetcher).documents == ["/", "/a"]
    # Nobody sleeps here, so each wait is counted from the end of the one before.
    assert len(slept) == len(site.paths) - 1
    assert all(15 < pause <= 25 for pause in (after - before for before, after in pairwise([0, *slept])))


def test_sitemaps_name_pages_that_nothing_links_to(site: SiteServer) -> None:
    named = (f"{site.url}/m1.xml.gz", "/m2.txt", "https://inny.pl/m.xml", "/brak.xml")
    maps = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in named)
    urls = f"<url><loc>{site.url}/a</loc><lastmod>2026-05-04</lastmod></url><url><loc>https://inny.pl/x</loc></url>"
    zipped = gzip.compress(f"<urlset>{urls}</urlset>".encode())
    site.routes |= shop(b="B") | {
        "/robots.txt": "Sitemap: /indeks.xml\nSitemap: /indeks.xml",
        "/indeks.xml": f"<sitemapindex>{maps}</sitemapindex>",
        "/m1.xml.gz": Reply(zipped, headers={"Content-Type": "application/gzip"}),
        "/m2.txt": Reply(f"{site.url}/c\nmailto:x\n".encode(), headers={"Content-Type": "text/plain"}),
        "/a": page("A"),
        "/c": page("C"),
    }
    crawled = crawl(site)
    assert crawled.documents == ["/", "/b", "/a", "/c"]
    assert crawled["/a"].modified_at == datetime(2026, 5, 4, tzinfo=UTC)
    assert crawled["https://inny.pl/m.xml"].reason == "sitemap: stands on another site"
    assert crawled["/brak.xml"].reason == "sitemap: 404 Not Found"


def test_the_sitemap_is_looked_for_where_it_usually_is(site: SiteServer) -> None:
    site.routes |= shop() | {
        "/sitemap.xml": f"<urlset><url><loc>{site.url}/a</loc></url></urlset>",
        "/a": page("A"),
    }
    assert crawl(site).documents == ["/", "/a"]


# --- what is passed over -----------------------------------------------------------------------


def test_redirects_are_followed_and_reported(site: SiteServer) -> None:
    site.routes |= shop(a="", b="", c="", d="") | {
        "/a": redirect("/a1"),
        "/a1": redirect("/nowa"),
        "/nowa": page("Nowa"),
        "/b": redirect("https://inny.pl/"),
        "/c": redirect("/c2"),
        "/c2": redirect("/c"),
        "/d": redirect("/nowa"),
    }
    crawled = crawl(site)
    assert crawled.documents == ["/", "/nowa"]
    assert crawled["/a"] == Skipped(site.url + "/a", f"redirects to {site.url}/nowa")
    assert crawled["/d"] == Skipped(site.url + "/d", f"redirects to {site.url}/nowa")
    assert crawled["/b"] == Skipped(site.url + "/b", "redirects to https://inny.pl/: another site")
    assert isinstance(crawled["/c"], Failed)
    assert "redirect loop" in crawled["/c"].reason


def test_a_redirect_to_a_forbidden_page_is_not_followed(site: SiteServer) -> None:
    site.routes |= shop(a="") | {
        "/robots.txt": "User-agent: *\nDisallow: /x",
        "/a": redirect("/x"),
        "/x": page("X"),
    }
    assert "robots.txt" in crawl(site)["/a"].reason
    assert "/x" not in site.paths


def test_copies_are_recognised(site: SiteServer) -> None:
    text = "Zwroty przyjmujemy w ciągu 14 dni od dostawy, bez podania przyczyny, na adres magazynu w Łodzi. "
    other = "Zupełnie inna strona o zapachach, kolorach i pielęgnacji świec sojowych lanych ręcznie. "
    site.routes |= shop(druk="", zwroty=text, kopia=text, obca="", zla="") | {
        "/druk": page(f"<p>{text} Wersja do druku.</p>", head='<link rel="canonical" href="/zwroty">'),
        "/kopia": page(f"<h1>zwroty</h1><p>{text}</p>"),
        "/obca": page("Obca", head='<link rel="canonical" href="https://inny.pl/obca">'),
        "/zla": page(other, head='<link rel="canonical" href="/">'),
    }
    crawled = crawl(site)
    assert crawled.documents == ["/", "/zwroty", "/obca", "/zla"]
    assert crawled["/druk"].reason == f"duplicate of {site.url}/zwroty, which it names as canonical"
    assert crawled["/kopia"].reason == f"duplicate of {site.url}/zwroty"


def test_a_canonical_page_that_is_not_there_takes_nothing_away(site: SiteServer) -> None:
    site.routes |= shop(a="") | {"/a": page("Strona A", head='<link rel="canonical" href="/brak">')}
    crawled = crawl(site)
    assert crawled.documents == ["/", "/a"]
    assert isinstance(crawled["/brak"], Failed)


def test_a_mirror_may_name_the_real_site_everywhere(site: SiteServer) -> None:
    head = '<link rel="canonical" href="https://sklep.example{}">'
    site.routes |= {
        "/": page('Sklep <a href="https://sklep.example/a">a</a>', head=head.format("/")),
        "/a": page("Strona A", head=head.format("/a")),
        "/sitemap.xml": "<urlset><url><loc>https://sklep.example/b</loc></url></urlset>",
        "/b": page("Strona B", head=head.format("/b")),
    }
    assert crawl(site).documents == ["/", "/a", "/b"]


def test_what_holds_no_text_is_named(site: SiteServer) -> None:
    site.routes |= shop(pusta="", skrypt="", tekst="", przenosi="", x="") | {
        "/x": page('Zdjęcie <a href="/x.jpg">x</a>'),
        "/pusta": page(""),
        "/skrypt": page("<div id=app></div><script src=app.js></script>"),
        "/tekst": Reply(b"abc", headers={"Content-Type": "text/plain"}),
        "/przenosi": page("Strona przeniesiona.", head='<meta http-equiv="refresh" content="0; url=/nowa">'),
        "/nowa": page("Nowa"),
    }
    crawled = crawl(site, render="never")
    assert crawled.documents == ["/", "/x", "/nowa"]
    assert crawled["/pusta"] == Skipped(site.url + "/pusta", "no text (an empty page)")
    reason = "its text appears only when scripts run: render='auto' runs them in a browser"
    assert crawled["/skrypt"].reason == reason
    assert crawled["/tekst"].reason == "not HTML (text/plain)"
    assert crawled["/przenosi"].reason == f"sends its readers on to {site.url}/nowa"
    assert crawled["/x.jpg"].reason == "not HTML (.jpg)"
    assert "/x.jpg" not in site.paths


def test_a_site_that_answers_every_address_is_seen_through(site: SiteServer) -> None:
    def anything(request: Request) -> Reply:
        oops = "Nie mamy tego, czego szukasz. Sprawdź adres, wróć do sklepu albo napisz do biura obsługi."
        return Reply(page(f"<h1>Ojej</h1><p>{oops}</p><p>{request.path}</p>").encode())

    site.routes |= shop(a="Zwroty przyjmujemy w ciągu 14 dni od dostawy przesyłki do klienta.", zla="")
    site.routes |= {"/zla": anything, PROBE: anything}
    crawled = crawl(site)
    assert crawled.documents == ["/", "/a"]
    assert crawled.outcomes["/zla"] == "soft_404"
    assert "addresses that do not exist" in crawled["/zla"].reason


@pytest.mark.parametrize(
    ("title", "body", "outcome"),
    [
        ("Sklep", "<h1>404</h1><p>Przepraszamy.</p>", "soft_404"),
        ("Nie znaleziono strony – Sklep", "<p>Wróć na stronę główną.</p>", "soft_404"),
        ("Page not found | Shop", "<h1>Oops</h1><p>Try the search.</p>", "soft_404"),
        ("Sklep", "<h1>Strona nie istnieje</h1><p>Sprawdź adres.</p>", "soft_404"),
        ("Błąd 404 w aplikacji", "<h1>Co zrobić, gdy widzisz błąd 404</h1><p>Odśwież.</p>", "fetched"),
        ("Sklep", "<h1>404</h1><p>Opis modelu 404.</p>" + "<p>Ładowarka do telefonu.</p>" * 90, "fetched"),
    ],
)
def test_a_page_that_says_it_is_not_there(title: str, body: str, outcome: str, site: SiteServer) -> None:
    site.routes |= shop(a="") | {"/a": page(body, title=title)}
    assert crawl(site).outcomes["/a"] == outcome


def test_feeds_lead_to_pages_and_tell_when_they_changed(site: SiteServer) -> None:
    item = "<item><link>/nowosc</link><pubDate>Fri, 02 Jan 2026 10:00:00 GMT</pubDate></item>"
    feed = f"<rss><channel>{item}</channel></rss>"
    head = '<link rel="alternate" type="application/rss+xml" href="/kanal.xml">'
    site.routes |= {
        "/": page("Sklep", head=head),
        "/kanal.xml": Reply(feed.encode(), headers={"Content-Type": "application/rss+xml"}),
        "/nowosc": page("Nowość w ofercie"),
    }
    crawled = crawl(site)
    assert crawled.documents == ["/", "/nowosc"]
    assert crawled["/nowosc"].modified_at == datetime(2026, 1, 2, 10, tzinfo=UTC)


def test_language_versions_are_linked_and_untranslated_ones_left_out(site: SiteServer) -> None:
    english = "Returns are accepted within thirty days of delivery, in the original box, with the receipt."
    polish = "Zwroty przyjmujemy w ciągu trzydziestu dni od dostawy, w pudełku, z dowodem zakupu w środku."
    heads = [
        "".join(f'<link rel="alternate" hreflang="{lang}" href="/{lang}/{name}">' for lang in ("pl", "en"))
        for name in ("zwroty", "kraje")
    ]
    site.routes |= shop(**{"pl/zwroty": "", "en/zwroty": "", "pl/kraje": "", "en/kraje": ""}) | {
        "/pl/zwroty": page(polish, head=heads[0]),
        "/en/zwroty": page(english, head=heads[0]).replace('lang="pl"', 'lang="en"'),
        "/pl/kraje": page(english + " Kraje.", head=heads[1]),
        "/en/kraje": page(english + " Countries.", head=heads[1]).replace('lang="pl"', 'lang="en"'),
    }
    told = partial(identify, lexicons=Lexicons())
    crawled = crawl(site, identify=told)
    assert crawled.documents == ["/", "/pl/zwroty", "/en/zwroty", "/en/kraje"]
    assert crawled["/pl/zwroty"].meta["alternates"] == {
        "pl": f"{site.url}/pl/zwroty",
        "en": f"{site.url}/en/zwroty",
    }
    assert crawled["/pl/kraje"].reason == f"not translated: the same as {site.url}/en/kraje"
    again = crawl(site, after=crawled, identify=told)
    assert again.documents == []
    assert again.outcomes == crawled.outcomes | dict.fromkeys(crawled.documents, "unchanged")


def test_limits_and_patterns(site: SiteServer) -> None:
    site.routes |= shop(a="A", b="B", c="C")
    crawled = crawl(site, max_pages=2)
    assert crawled.documents == ["/", "/a"]
    assert crawled["/b"] == Skipped(site.url + "/b", "over max_pages=2")
    site.routes["/a"] = page("A <a href='/d'>d</a>")
    site.routes["/d"] = page("D")
    crawled = crawl(site, max_depth=1)
    assert crawled.documents == ["/", "/a", "/b", "/c"]
    assert crawled["/d"] == Skipped(site.url + "/d", "over max_depth=1")
    site.routes["/c"] = page("C" * 5000)
    assert "larger than 0.002 MB" in crawl(site, max_bytes=2000)["/c"].reason
    crawled = crawl(site, include=("/a*", "/b*"), exclude=("/b*",))
    assert crawled.documents == ["/a"]
    assert [crawled[path].reason[:12] for path in ("/", "/b", "/c")] == ["out of scope"] * 3


def test_endless_pages_end(site: SiteServer) -> None:
    def calendar(request: Request) -> Reply:
        number = int(request.path.rpartition("=")[2] or 0)
        return Reply(
            page(
                f"Dzień {number} <a href='/k?dzien={number + 1}'>dalej</a> <a href='/w{request.path}'>w</a>"
            ).encode()
        )

    def deeper(request: Request) -> Reply:
        return Reply(page(f"Strona {request.path} <a href='/w{request.path}'>głębiej</a>").encode())

    site.routes |= {"/": page("Start <a href='/k?dzien=0'>k</a><a href='/w'>w</a>"), "/k": calendar}
    site.routes |= {"/w" * depth: deeper for depth in range(1, 9)}
    crawled = crawl(site)
    assert len(crawled.documents) < 120
    assert (
        crawled["/k?dzien=100"].reason
        == crawled["/w/w/w/w"].reason
        == "looks like an endless run of generated pages"
    )


@pytest.mark.parametrize("title", ["Miesiąc {}", "Kalendarz"])
def test_a_calendar_ends_and_a_long_listing_does_not(title: str, site: SiteServer) -> None:
    days = " ".join(map(str, range(1, 32)))
    words = "koc kubek lampa dywan fotel stolik regał zegar lustro obraz świeca wazon półka wieszak".split()

    def month(request: Request) -> Reply:
        number = int(request.path.rpartition("/")[2])
        following = f"/kalendarz/{2026 + number // 12}/{number + 1}"
        grid = f"<h1>{title.format(number)}</h1><p>Pn Wt Śr Cz Pt So Nd {days}</p><p>Brak wydarzeń.</p>"
        return Reply(page(f"{grid}<a href='{following}'>dalej</a>").encode())

    def listing(request: Request) -> Reply:
        number = int(request.path.rpartition("=")[2])
        goods = " ".join(f"{words[(number * step) % 14]} {number * step} zł" for step in range(1, 12))
        more = f"<a href='/oferta?strona={number + 1}'>dalej</a>" if number < 60 else ""
        return Reply(page(f"<p>{goods}</p>{more}").encode())

    site.routes |= {"/": page("Start <a href='/kalendarz/2026/1'>k</a> <a href='/oferta?strona=1'>o</a>")}
    site.routes |= {f"/kalendarz/{2026 + (n - 1) // 12}/{n}": month for n in range(1, 99)}
    site.routes |= {"/oferta": listing}
    crawled = crawl(site)
    months = [path for path in crawled.documents if path.startswith("/kalendarz")]
    pages = [path for path in crawled.documents if path.startswith("/oferta")]
    assert len(months) <= 31
    assert len(pages) == 60
    (trap,) = [path for path, outcome in crawled.outcomes.items() if outcome == "trap"]
    assert "like the one before" in crawled[trap].reason


# --- PDF ---------------------------------------------------------------------------------------


def read_pdf(data: bytes, *, uri: str) -> Document:
    if b"szyfr" in data:
        raise SourceError("the PDF is encrypted: give its password")
    return Document(id=uri, text=data.decode("latin-1"), title="Cennik", kind="pdf", meta={"pages": 1})


def test_pdfs_are_read_by_who_can(site: SiteServer) -> None:
    pdf = {"Content-Type": "application/pdf", "Last-Modified": "Fri, 02 Jan 2026 10:00:00 GMT"}
    site.routes |= shop(a="", b="", c="", d="") | {
        "/a": Reply(b"%PDF-1.4 cennik", headers=pdf),
        "/b": Reply(b"%PDF-1.4 szyfr", headers=pdf),
        "/c": Reply(b"%PDF-1.7 inny", headers={"Content-Type": "application/octet-stream"}),
        "/d": Reply(b"%PDF-1.7 d", headers={**pdf, "X-Robots-Tag": "noindex"}),
    }
    assert crawl(site)["/a"] == Skipped(site.url + "/a", "not HTML (application/pdf)")
    crawled = crawl(site, read_pdf=read_pdf)
    document = crawled["/a"]
    assert (document.id, document.kind, document.text) == (site.url + "/a", "pdf", "%PDF-1.4 cennik")
    assert document.meta["pages"] == 1
    assert document.modified_at == datetime(2026, 1, 2, 10, tzinfo=UTC)
    assert crawled["/b"] == Failed(
        site.url + "/b", f"the PDF is encrypted: give its password (linked from {site.url}/)"
    )
    assert crawled["/c"].kind == "pdf"
    assert "noindex" in crawled["/d"].reason


# --- one page that fails -----------------------------------------------------------------------


def test_a_page_that_fails_is_an_entry(site: SiteServer) -> None:
    def silent(request: Request) -> Reply:
        site.stopping.wait(20)
        return Reply()

    site.routes |= shop(a="", b="", c="", d="", e="", f="F") | {
        "/a": Reply(status=500),
        "/b": Reply(status=403),
        "/c": silent,
        "/d": Reply(gzip.compress(bytes(30_000_000)), headers={**HTML, "Content-Encoding": "gzip"}),
        "/e": redirect("http://169.254.169.254/"),
    }
    with closing(Fetcher(allow_private=True, timeout=1, retries=0)) as fetcher:
        crawled = crawl(site, fetcher=fetcher)
    assert crawled.documents == ["/", "/f"]
    assert crawled["/a"].reason == f"the server answered 500 Internal Server Error (linked from {site.url}/)"
    assert crawled["/b"].reason.startswith("the server answered 403 Forbidden")
    assert crawled["/c"].reason.startswith("no complete answer after")
    assert crawled["/d"].reason.startswith("larger than 25 MB")
    assert "another site" in crawled["/e"].reason
    assert [type(crawled[path]) for path in ("/a", "/b", "/c", "/d", "/e")] == [Failed] * 4 + [Skipped]


def test_a_site_that_goes_down_is_left_alone(site: SiteServer) -> None:
    down = {"/a": Reply(status=503)}
    site.routes |= shop(**{f"p{number}": "" for number in range(30)})
    site.routes |= {f"/p{number}": down["/a"] for number in range(30)}
    with closing(Fetcher(allow_private=True, retries=0)) as fetcher:
        crawled = crawl(site, fetcher=fetcher, concurrency=1)
    # Those that were asked for when the first failed are on their way already.
    assert sum(path.startswith("/p") for path in site.paths) <= 10 + 4
    words = "not tried: 10 failures in a row, the last: 503 Service Unavailable"
    assert crawled["/p29"].reason.startswith(words)
    assert isinstance(crawled["/p29"], Failed)


# --- no way in ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("routes", "words"),
    [
        ({}, "404 Not Found"),
        ({"/": Reply(status=500)}, "500 Internal Server Error"),
        ({"/": redirect("/")}, "redirect loop"),
        ({"/robots.txt": Reply(status=500)}, "robots.txt answers 500"),
        ({"/": page("x"), "/robots.txt": "User-agent: *\nDisallow: /"}, "robots.txt does not allow it"),
    ],
)
def test_a_site_without_an_entrance(routes: Mapping[str, Route], words: str, site: SiteServer) -> None:
    site.routes |= routes
    with pytest.raises(SourceError, match=words) as caught:
        crawl(site)
    assert site.url in str(caught.value)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sklep.pl", "like https://sklep.pl"),
        ("ftp://sklep.pl", "http:// or https://"),
        ("", "https://www.example.pl"),
        ("https://jan:tajne@sklep.pl/", "user name or password"),
        ("http://sklep.invalid/", "no host named sklep.invalid.*spelling"),
    ],
)
def test_an_address_that_is_none(url: str, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        list(SiteSource(url).read())
    assert "tajne" not in str(caught.value)


def test_a_site_that_is_down() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
    with pytest.raises(SourceError, match=r"does not accept connections.*whether the site is up"):
        list(SiteSource(url, allow_private=True).read())


def test_a_private_address_needs_permission(site: SiteServer) -> None:
    site.routes["/"] = page("Intranet")
    with pytest.raises(UnsafeAddressError, match="allow_private=True"):
        crawl(site, allow_private=False)
    assert site.requests == []


def test_a_start_that_moved_to_another_host_is_followed(site: SiteServer) -> None:
    site.routes |= shop(a="A")
    with serve({"/": redirect(site.url + "/"), "/robots.txt": Reply(status=404)}) as old:
        items = list(SiteSource(old.url, allow_private=True).read())
    assert [item.id for item in items if isinstance(item, Document)] == [site.url + "/", site.url + "/a"]


@pytest.mark.parametrize("options", [{"max_pages": 0}, {"delay": -1}])
def test_arguments_out_of_range(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgumentError):
        SiteSource("https://sklep.pl", **options)


def test_an_interrupt_passes(site: SiteServer) -> None:
    site.routes |= shop(a="A")

    def interrupt(progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crawl(site, progress=interrupt)


# --- bringing up to date -----------------------------------------------------------------------


def tagged(html: str) -> Route:
    """A page with an ETag that is honoured."""
    etag = f'"{hash(html)}"'

    def answer(request: Request) -> Reply:
        headers = {**HTML, "ETag": etag}
        known = request.headers.get("if-none-match") == etag
        return Reply(status=304, headers=headers) if known else Reply(html.encode(), headers=headers)

    return answer


def test_what_did_not_change_is_not_read_again(site: SiteServer) -> None:
    site.routes |= {path: tagged(html) for path, html in shop(a="A", b="B").items()}  # type: ignore[arg-type]
    site.routes["/c"] = page("C bez etykiety")
    site.routes["/b"] = tagged(page('B <a href="/c">c</a>'))
    first = crawl(site)
    site.requests.clear()
    again = crawl(site, after=first)
    assert set(again.outcomes.values()) == {"unchanged"}
    assert {path for path, item in again.by_path.items() if item == Unchanged(site.url + path)} == {
        "/a",
        "/b",
    }
    asked = {request.path for request in site.requests if "if-none-match" in request.headers}
    assert asked == {"/a", "/b"}


def test_a_change_is_seen(site: SiteServer) -> None:
    site.routes |= shop(a="Zwrot w 14 dni", b="B")
    first = crawl(site)
    site.routes["/a"] = page("<h1>a</h1><p>Zwrot w 30 dni</p>")
    again = crawl(site, after=first)
    assert again.documents == ["/a"]
    assert "30 dni" in again["/a"].text


@pytest.mark.parametrize("etag", ["ąę", '"a\tb"', "", '"' + "x" * 5000 + '"'])
def test_a_strange_etag_breaks_nothing(etag: str, site: SiteServer) -> None:
    site.routes |= shop(a="A")
    log = MemoryLog()
    log.begin("")
    state = PageState(etag=etag, last_modified="wczoraj", content_hash="inny")
    log.decide(Decision(site.url + "/a", "fetched"), state)
    log.finish()
    assert list(SiteSource(site.url, log=log, allow_private=True).read())
    assert [decision.outcome for decision in log.finish()] == ["fetched", "fetched"]


@pytest.mark.parametrize("status", [410, 451])
def test_what_is_gone_for_good_goes_at_once(status: int, site: SiteServer) -> None:
    site.routes |= shop(a="A", b="B", c="C")
    first = crawl(site)
    site.routes |= shop(b="B")  # /a is linked no longer
    site.routes |= {"/a": Reply(status=status), "/b": Reply(status=status)}
    again = crawl(site, after=first)
    assert isinstance(again["/a"], Gone)
    assert again["/a"].reason.startswith(str(status))
    assert isinstance(again["/b"], Gone)
    assert again.outcomes == {"/": "fetched", "/b": "missing", "/a": "missing", "/c": "unchanged"}


SOFT = page("<h1>Nie znaleziono strony</h1><p>Wróć na stronę główną.</p>")


@pytest.mark.parametrize("reply", [Reply(status=404), SOFT])
@pytest.mark.parametrize("remove_after", [1, 2, 3])
def test_what_is_missing_goes_when_it_stays_missing(
    remove_after: int, reply: Route, site: SiteServer
) -> None:
    site.routes |= shop(a="A")
    crawled = crawl(site)
    site.routes["/a"] = reply
    for number in range(1, remove_after):
        crawled = crawl(site, after=crawled, remove_after=remove_after)
        decision = crawled.decisions["/a"]
        assert isinstance(crawled["/a"], Failed)
        assert decision.attempts == number
        assert decision.since is not None
        assert "crawl" in decision.reason
    crawled = crawl(site, after=crawled, remove_after=remove_after)
    assert isinstance(crawled["/a"], Gone)
    assert crawled.decisions["/a"].attempts == remove_after
    assert isinstance(crawl(site, after=crawled)["/a"], Failed), "it is known no longer"


def test_a_page_that_comes_back_starts_anew(site: SiteServer) -> None:
    site.routes |= shop(a="A")
    there = site.routes["/a"]
    crawled = crawl(site)
    for reply in (Reply(status=404), there, Reply(status=404)):
        site.routes["/a"] = reply
        crawled = crawl(site, after=crawled)
    assert isinstance(crawled["/a"], Failed)
    assert crawled.decisions["/a"].attempts == 1


@pytest.mark.parametrize(
    "reply", [Reply(status=500), Reply(status=503, headers={"Retry-After": "9999"}), Reply(status=403)]
)
def test_trouble_takes_nothing_away(reply: Reply, site: SiteServer) -> None:
    site.routes |= shop(a="A")
    there, since = site.routes["/a"], None
    first = crawl(site)
    site.routes["/a"] = reply
    crawled = first
    for number in (1, 2, 3):
        crawled = crawl(site, after=crawled)
        assert isinstance(crawled["/a"], Failed)
        decision = crawled.decisions["/a"]
        assert (decision.outcome, decision.attempts) == ("stale", number)
        since = decision.since if number == 1 else since
        assert decision.since == since, "since the first time"
        assert f"it stays as it was read before, and has failed since {since:%Y-%m-%d}" in decision.reason
    site.routes["/a"] = there
    assert crawl(site, after=crawled).outcomes["/a"] == "unchanged"


def test_known_pages_that_are_withdrawn_or_moved(site: SiteServer) -> None:
    site.routes |= shop(a="A", b="B", c="C", d="D", e="E", f="F", g="G")
    first = crawl(site)
    site.routes |= {
        "/robots.txt": "User-agent: *\nDisallow: /a",
        "/b": page("B", head='<meta name="robots" content="noindex">'),
        "/c": redirect("/c2", 301),
        "/c2": page("Nowe C"),
        "/d": redirect("/przerwa", 302),
        "/przerwa": page("Przerwa techniczna"),
        "/e": redirect("/e2", 302),
        "/e2": page("<h1>e</h1><p>E</p>"),
        "/f": redirect("https://inny.pl/f", 301),
        "/g": redirect("https://logowanie.pl/", 302),
    }
    again = crawl(site, after=first)
    assert isinstance(again["/a"], Gone)
    assert isinstance(again["/b"], Gone)
    assert again["/c"] == Gone(site.url + "/c", f"moved to {site.url}/c2")
    assert isinstance(again["/d"], Skipped), "a redirect for now takes nothing away"
    assert isinstance(again["/e"], Gone), "the same text elsewhere has moved"
    assert isinstance(again["/f"], Gone)
    assert isinstance(again["/g"], Skipped)
    assert again.documents == ["/c2", "/przerwa", "/e2"]


def test_a_canonical_page_that_is_unchanged_is_still_compared(site: SiteServer) -> None:
    text = "Zwroty przyjmujemy w ciągu 14 dni od dostawy bez podania przyczyny na adres magazynu."
    site.routes |= shop(zwroty="", druk="") | {
        "/zwroty": tagged(page(text)),
        "/druk": page(f"{text} Druk.", head='<link rel="canonical" href="/zwroty">'),
    }
    first = crawl(site)
    again = crawl(site, after=first)
    assert again["/zwroty"] == Unchanged(site.url + "/zwroty")
    assert again["/druk"].reason.startswith("duplicate of")


@pytest.mark.parametrize(
    "reply",
    [
        page(""),
        page("<div id=app></div><script src=app.js></script>"),
        Reply(b"x", headers={"Content-Type": "image/png"}),
    ],
)
def test_a_page_that_lost_its_text_stays_and_is_marked(reply: Route, site: SiteServer) -> None:
    site.routes |= shop(a="A")
    first = crawl(site)
    site.routes["/a"] = reply
    again = crawl(site, after=first, render="never")
    assert isinstance(again["/a"], Failed)
    assert again.outcomes["/a"] == "stale"
    assert again.decisions["/a"].since is not None
