"""What a page says about itself: its versions, feeds and links, its dates, and whether it needs scripts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from site_server import page

from kbassist.sources.html import ParsedPage, parse_html

AT = "https://sklep.pl/pomoc/zwroty"
PROSE = "<p>Masz 14 dni na zwrot towaru bez podania przyczyny, licząc od dnia, w którym go dostaniesz.</p>"


def parsed(body: str, *, head: str = "") -> ParsedPage:
    return parse_html(page(body, head=head), url=AT)


# --- versions, feeds, links --------------------------------------------------------------------


def test_language_versions_are_named_with_their_urls() -> None:
    head = (
        '<base href="https://sklep.pl/sklep/">'
        '<link rel="alternate" hreflang="pl" href="/pomoc/zwroty">'
        '<link rel="ALTERNATE" hreflang="en-GB" href="en/returns#top">'
        '<link rel="alternate" hreflang="x-default" href="https://sklep.pl/?utm_source=a">'
        '<link rel="alternate" hreflang="en-GB" href="en/returns">'  # said twice
        '<link rel="alternate" hreflang="de" href="mailto:x@y.pl">'
        '<link rel="alternate" hreflang="" href="/cs">'
        '<link rel="stylesheet" hreflang="fr" href="/fr.css">'
    )
    assert parsed("", head=head).alternates == (
        ("pl", "https://sklep.pl/pomoc/zwroty"),
        ("en-gb", "https://sklep.pl/sklep/en/returns"),
        ("x-default", "https://sklep.pl/"),
    )


def test_feeds_are_not_language_versions() -> None:
    head = (
        '<link rel="alternate" type="application/rss+xml" title="Blog" href="/feed/">'
        '<link rel="alternate" type="application/atom+xml" href="atom.xml">'
        '<link rel="alternate" type="application/rss+xml" href="/feed/">'
        '<link rel="alternate" type="application/json+oembed" href="/oembed">'
        '<link rel="preload" type="application/rss+xml" href="/inny">'
    )
    found = parsed("", head=head)
    assert found.feeds == ("https://sklep.pl/feed/", "https://sklep.pl/pomoc/atom.xml")
    assert found.alternates == ()
    assert found.links == ()


@pytest.mark.parametrize("rel", ["nofollow", "NoFollow", "noopener nofollow", "ugc nofollow sponsored"])
def test_links_not_to_be_followed_are_left_out(rel: str) -> None:
    body = f'<a href="/a" rel="{rel}">a</a><area href="/b" rel="{rel}"><a href="/c" rel="noopener">c</a>'
    assert parsed(body).links == ("https://sklep.pl/c",)


def test_a_link_counts_where_it_may_be_followed_once() -> None:
    assert parsed('<a href="/a" rel="nofollow">a</a><a href="/a">a</a>').links == ("https://sklep.pl/a",)


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("/sklep/", "https://sklep.pl/sklep/x"),
        ("../", "https://sklep.pl/x"),
        ("https://cdn.pl/a/b", "https://cdn.pl/a/x"),
        ("javascript:void(0)", "https://sklep.pl/pomoc/x"),
        ("", "https://sklep.pl/pomoc/x"),
    ],
)
def test_the_base_counts_for_every_address(base: str, expected: str) -> None:
    head = (
        f'<base target="_blank"><base href="{base}"><link rel="canonical" href="x">'
        '<link rel="alternate" hreflang="en" href="x">'
        '<link rel="alternate" type="application/rss+xml" href="x">'
        '<meta http-equiv="refresh" content="0; url=x">'
    )
    found = parsed('<a href="x">x</a>', head=head)
    assert {found.canonical, found.refresh, *found.links, *found.feeds, found.alternates[0][1]} == {expected}


# --- dates -------------------------------------------------------------------------------------


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>Ostatnia aktualizacja: 12 marca 2024</p>", day(2024, 3, 12)),
        ("<p><b>Ostatnia aktualizacja</b></p><p>12.03.2024 r.</p>", day(2024, 3, 12)),
        ("<footer>Data ostatniej modyfikacji: 2024-03-12</footer>", day(2024, 3, 12)),
        ("<p>Ostatnie zmiany: 05.05.2014.</p>", day(2014, 5, 5)),
        ("<p>Zaktualizowano dnia 1&nbsp;lutego 2025 roku</p>", day(2025, 2, 1)),
        ("<li>Stan na dzień 30 czerwca 2023 r.</li>", day(2023, 6, 30)),
        ("<p>Last updated on March 12, 2024</p>", day(2024, 3, 12)),
        ("<p>Last modified: 12 March 2024 by Anna</p>", day(2024, 3, 12)),
        ("<small>This page was last reviewed <span>3 May 2026</span>.</small>", day(2026, 5, 3)),
        ("<p>Promocja trwa do 12 marca 2024</p>", None),
        ("<p>Po aktualizacji z 12 marca 2024 r. klient zauważy nowy ekran.</p>", None),
        ("<p>Niezaktualizowano 12 marca 2024</p>", None),
        ("<p>Ostatnia aktualizacja: niedawno</p><p>12 marca 2024 otwieramy sklep</p>", None),
        ("<script>var a = 'Ostatnia aktualizacja: 12 marca 2024'</script>", None),
    ],
)
def test_the_last_change_as_readers_are_told(body: str, expected: datetime | None) -> None:
    assert parsed(PROSE + body).modified == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>Data publikacji: 2 stycznia 2026</p>", day(2026, 1, 2)),
        ("<p>Opublikowano: 02.01.2026</p>", day(2026, 1, 2)),
        ("<div>Published on January 2, 2026</div>", day(2026, 1, 2)),
        ('<p class="entry-date">Dodano <time>2 stycznia 2026</time></p>', day(2026, 1, 2)),
    ],
)
def test_the_day_of_publication_as_readers_are_told(body: str, expected: datetime) -> None:
    assert parsed(body + PROSE).published == expected


def test_what_machines_are_told_comes_first() -> None:
    ld = '<script type="application/ld+json">{"@type": ["Article"], "dateModified": "2026-02-03"}</script>'
    body = "<p>Opublikowano: 1 stycznia 2020. Ostatnia aktualizacja: 4 maja 2021</p>"
    found = parsed(body + PROSE, head=ld)
    assert (found.published, found.modified) == (day(2020, 1, 1), day(2026, 2, 3))


def test_of_several_dates_the_first_counts() -> None:
    body = "<p>Ostatnia aktualizacja: 4 maja 2021</p><p>Ostatnia aktualizacja: 5 maja 2022</p>"
    assert parsed(body).modified == day(2021, 5, 4)


# --- scripts -----------------------------------------------------------------------------------

BUNDLE = '<script src="/static/js/main.3f2a.js"></script>'
ANALYTICS = (
    '<script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>'
    "<script>window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)}</script>"
    '<noscript><iframe src="https://www.googletagmanager.com/ns.html"></iframe></noscript>'
)
MENU = '<nav><a href="/">Start</a><a href="/kontakt">Kontakt</a></nav>'

EMPTY_WITHOUT_SCRIPTS = {
    "React": f'<div id="root"></div>{BUNDLE}',
    "React with a message": f"<noscript>Please enable JavaScript.</noscript><div id=root></div>{BUNDLE}",
    "Vue while loading": f"<div id='app'><p>Ładowanie…</p></div>{BUNDLE}",
    "Angular": '<app-root></app-root><script src="main.js" type="module"></script>',
    "Next": '<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{"props":{}}</script>',
    "a menu and an empty root": f"<header>{MENU}<p>Herbaty</p></header><main id='app'></main>{BUNDLE}",
    "a Polish request": f"<p>Aby skorzystać ze strony, włącz obsługę JavaScript.</p>{ANALYTICS}",
    "a Polish request in noscript": f"<noscript>Strona wymaga JavaScriptu.</noscript>{MENU}{BUNDLE}",
    "an English request": f"<h1>JavaScript is disabled</h1><p>Please switch it on.</p>{BUNDLE}",
    "only a bundle": f"{MENU}{BUNDLE}",
    "a module": '<body><script type="module" src="/assets/x.js"></script>',
}


@pytest.mark.parametrize("body", EMPTY_WITHOUT_SCRIPTS.values(), ids=EMPTY_WITHOUT_SCRIPTS.keys())
def test_a_page_that_its_scripts_write_is_known(body: str) -> None:
    assert parsed(body).scripted


WITH_TEXT = {
    "no scripts": MENU,
    "a short page with analytics": f"<h1>Strona w budowie</h1>{ANALYTICS}",
    "an empty page with analytics": ANALYTICS,
    "text from the server": f'<div id="__next"><h1>Zwroty</h1>{PROSE * 8}</div>{BUNDLE}',
    "a widget beside the text": f'<h1>Zwroty</h1>{PROSE * 4}<div id="app"></div>{BUNDLE}',
    "a warning beside the text": f"<noscript>Włącz JavaScript, aby kupować.</noscript>{PROSE * 4}{BUNDLE}",
    "JSON-LD": '<script type="application/ld+json">{"@type":"Organization"}</script><p>Kontakt</p>',
    "a page about scripts": f"<h1>Jak włączyć JavaScript?</h1>{PROSE * 5}{ANALYTICS}",
    "a short page with a library": '<p>tel. 22 123 45 67</p><script src="/jquery.min.js"></script>',
}


@pytest.mark.parametrize("body", WITH_TEXT.values(), ids=WITH_TEXT.keys())
def test_an_ordinary_page_needs_no_scripts(body: str) -> None:
    assert not parsed(body).scripted
