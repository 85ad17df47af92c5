"""Fetching within bounds: addresses, redirects, bytes, time, and the site's patience."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import chain, repeat
from random import Random
from threading import Event, Thread
from typing import Any

import httpcore
import pytest
from site_server import HTML, Reply, Request, SiteServer, redirect, serve

from kbassist.sources.web.fetch import Credentials, Fetcher, FetchFailure, Page
from kbassist.sources.web.guard import GuardedTransport, refusal, system_addresses
from kbassist.sources.web.robots import Robots, fetch_robots
from kbassist.sources.web.sitemap import parse_sitemap
from kbassist.sources.web.unpack import BodyError

PUBLIC = "93.184.215.14"


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with serve({"/": "strona"}) as server:
        yield server


@pytest.fixture
def make() -> Iterator[Callable[..., Fetcher]]:
    """Fetchers that may read from loopback, closed at the end."""
    made: list[Fetcher] = []

    def build(**options: Any) -> Fetcher:
        made.append(Fetcher(**{"allow_private": True, **options}))
        return made[-1]

    yield build
    for fetcher in made:
        fetcher.close()


def failure(answer: Page | FetchFailure) -> FetchFailure:
    assert isinstance(answer, FetchFailure)
    return answer


def fetched(answer: Page | FetchFailure) -> Page:
    assert isinstance(answer, Page), answer
    return answer


# --- a page ------------------------------------------------------------------------------------


def test_a_page_comes_with_what_the_server_says(site: SiteServer, make: Callable[..., Fetcher]) -> None:
    site.routes["/a"] = Reply(
        b"x",
        headers={
            "Content-Type": "Text/HTML; Charset=ISO-8859-2",
            "Last-Modified": "Fri, 02 Jan 2026 10:00:00 GMT",
        },
    )
    page = fetched(make().fetch(site.url + "/a#dol"))
    assert (page.status, page.content, page.content_type, page.charset) == (
        200,
        b"x",
        "text/html",
        "iso-8859-2",
    )
    assert page.final_url == site.url + "/a"
    assert page.fetched_at.tzinfo is not None
    sent = site.requests[-1].headers
    assert sent["user-agent"].startswith("kbassist/")
    assert sent["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize("status", [404, 410, 500, 403])
def test_an_error_is_an_answer_without_content(
    status: int, site: SiteServer, make: Callable[..., Fetcher]
) -> None:
    site.routes["/"] = Reply(b"dluga strona bledu", status)
    page = fetched(make().fetch(site.url))
    assert (page.status, page.content) == (status, b"")


def test_a_body_of_an_unwanted_type_is_not_read(site: SiteServer, make: Callable[..., Fetcher]) -> None:
    site.routes["/"] = Reply(b"x" * 100, headers={"Content-Type": "video/mp4; a=b"})
    asked: list[str] = []

    def wanted(content_type: str) -> bool:
        asked.append(content_type)
        return False

    assert fetched(make().fetch(site.url, wanted=wanted)).content == b""
    assert asked == ["video/mp4"]


# --- redirects ---------------------------------------------------------------------------------


def test_a_chain_of_redirects_is_followed_and_recorded(
    site: SiteServer, make: Callable[..., Fetcher]
) -> None:
    site.routes |= {"/a": redirect("/b"), "/b": redirect("c?d=1", 308), "/c": "koniec"}
    page = fetched(make().fetch(site.url + "/a", headers={"If-None-Match": '"1"'}))
    assert page.content == b"koniec"
    assert page.redirects == (site.url + "/a", site.url + "/b")
    assert page.final_url == site.url + "/c?d=1"
    assert page.moved_for_good
    assert ["if-none-match" in request.headers for request in site.requests] == [True, False, False]
    site.routes["/b"] = redirect("/c", 302)
    assert not fetched(make().fetch(site.url + "/a")).moved_for_good


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("/a", "redirect loop"),
        ("/n", "more than 10 redirects"),
        ("ftp://plik.pl/", "bad address"),
        ("http://jan:tajne@sklep.pl/", "user name or password"),
        ("http://169.254.169.254/latest/meta-data/", "metadata"),
    ],
)
def test_redirects_that_lead_nowhere(
    target: str, words: str, site: SiteServer, make: Callable[..., Fetcher]
) -> None:
    def onwards(request: Request) -> Reply:
        return redirect(f"/n?{len(request.path)}{'x' * len(request.path)}")

    site.routes |= {"/a": redirect(target), "/n": onwards}
    reason = failure(make().fetch(site.url + "/a")).reason
    assert words in reason
    assert "tajne" not in reason


def test_the_caller_is_asked_before_a_redirect_is_followed(
    site: SiteServer, make: Callable[..., Fetcher]
) -> None:
    site.routes["/a"] = redirect("https://inny.pl/b")
    answer = failure(make().fetch(site.url + "/a", admit=lambda url: "obcy" if "inny" in url else ""))
    assert answer.location == "https://inny.pl/b"
    assert answer.reason == "redirects to https://inny.pl/b: obcy"
    assert site.paths == ["/a"]


# --- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 127.9.9.9 ::1 10.1.2.3 172.16.0.1 192.168.1.1 fd00::1 100.64.0.1 198.18.0.1 ::ffff:127.0.0.1 "
    "::ffff:10.0.0.1 2002:7f00:1:: 64:ff9b::a00:1 192.0.2.1 203.0.113.7".split(),
)
def test_private_addresses_need_permission(address: str) -> None:
    assert refusal(address)
    assert not refusal(address, allow_private=True)


@pytest.mark.parametrize(
    "address",
    "169.254.169.254 169.254.0.1 fe80::1%eth0 fd00:ec2::254 168.63.129.16 100.100.100.200 0.0.0.0 :: "
    "224.0.0.1 ff02::1 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe".split(),
)
def test_some_addresses_are_never_allowed(address: str) -> None:
    assert refusal(address)
    assert refusal(address, allow_private=True)


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8"])
def test_public_addresses_are_fine(address: str) -> None:
    assert not refusal(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "127.1", "0x7f000001"])
def test_loopback_is_refused_however_it_is_spelt(
    host: str, site: SiteServer, make: Callable[..., Fetcher]
) -> None:
    answer = failure(make(allow_private=False).fetch(f"http://{host}:{site.port}/"))
    assert answer.kind == "address"
    assert "allow_private=True" in answer.reason
    assert site.requests == []


class Rerouted(httpcore.SyncBackend):
    """A network in which a public address is the test's server: everything else about it is real."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connected: list[str] = []

    def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> httpcore.NetworkStream:
        self.connected.append(host)
        assert host == PUBLIC
        return super().connect_tcp("127.0.0.1", self.port, *args, **options)


def guarded(
    site: SiteServer, names: Mapping[str, Iterator[Sequence[str]]]
) -> tuple[GuardedTransport, Rerouted]:
    network = Rerouted(site.port)
    return GuardedTransport(resolve=lambda host, port: next(names[host]), network=network), network


def test_a_redirect_into_a_private_network_is_refused(site: SiteServer, make: Callable[..., Fetcher]) -> None:
    site.routes["/a"] = redirect("http://panel.firma.example/")
    names = {"firma.example": repeat([PUBLIC]), "panel.firma.example": repeat(["10.0.0.8"])}
    transport, network = guarded(site, names)
    answer = failure(make(transport=transport).fetch("http://firma.example/a"))
    assert answer.kind == "address"
    assert "panel.firma.example (10.0.0.8)" in answer.reason
    assert network.connected == [PUBLIC]


def test_a_name_that_changes_its_address_gains_nothing(
    site: SiteServer, make: Callable[..., Fetcher]
) -> None:
    site.routes["/a"] = Reply(b"pierwsza", headers={"Connection": "close"})
    transport, network = guarded(site, {"firma.example": chain([[PUBLIC], ["127.0.0.1"]])})
    fetcher = make(transport=transport)
    assert fetched(fetcher.fetch("http://firma.example/a")).content == b"pierwsza"
    assert failure(fetcher.fetch("http://firma.example/a")).kind == "address"
    assert network.connected == [PUBLIC]


def test_one_private_address_among_public_ones_is_enough(
    site: SiteServer, make: Callable[..., Fetcher]
) -> None:
    transport, network = guarded(site, {"firma.example": repeat([PUBLIC, "127.0.0.1"])})
    assert failure(make(transport=transport).fetch("http://firma.example/")).kind == "address"
    assert network.connected == []


def test_a_proxy_from_the_environment_is_not_used(
    site: SiteServer, make: Callable[..., Fetcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert fetched(make().fetch(site.url)).content == b"strona"


def test_the_second_address_is_tried_when_the_first_is_silent(
    site: SiteServer, make: Callable[..., Fetcher]
) -> None:
    transport = GuardedTransport(allow_private=True, resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"])
    assert fetched(make(transport=transport).fetch(f"http://firma.example:{site.port}/")).content == b"strona"


# --- what goes wrong ---------------------------------------------------------------------------


def test_an_unknown_host(make: Callable[..., Fetcher]) -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    answer = failure(make(transport=GuardedTransport(resolve=nobody)).fetch("http://nie-ma.example/"))
    assert (answer.kind, answer.reason) == ("host", "there is no host named nie-ma.example")
    assert system_addresses("127.0.0.1", 80) == ["127.0.0.1"]


def test_a_closed_port(site: SiteServer, make: Callable[..., Fetcher]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    answer = failure(make().fetch(f"http://127.0.0.1:{port}/"))
    assert (answer.kind, f"127.0.0.1:{port} does not accept connections" in answer.reason) == (
        "network",
        True,
    )


def test_a_connection_that_breaks_off(site: SiteServer, make: Callable[..., Fetcher]) -> None:
    site.routes["/"] = Reply(b"urwane", headers={"Content-Length": "100", "Connection": "close"})
    answer = failure(make(retries=0).fetch(site.url))
    assert "broke off" in answer.reason


def test_what_does_not_speak_tls(site: SiteServer, make: Callable[..., Fetcher]) -> None:
    answer = failure(make(timeout=2).fetch(site.url.replace("http://", "https://")))
    assert answer.kind in ("network", "timeout")


def test_a_server_that_says_nothing_is_given_up(site: SiteServer, make: Callable[..., Fetcher]) -> None:
    def silent(request: Request) -> Reply:
        site.stopping.wait(20)
        return Reply()

    site.routes["/"] = silent
    assert failure(make(timeout=0.2).fetch(site.url)).kind == "timeout"


def dripping(stopping: Event) -> Iterator[bytes]:
    """Never ends, and never keeps the reader waiting for long."""
    while not stopping.wait(0.02):
        yield b"x"


def test_a_server_that_drips_is_given_up(site: SiteServer, make: Callable[..., Fetcher]) -> None:
    site.routes["/"] = Reply(stream=dripping)
    answer = failure(make(total_timeout=0.3).fetch(site.url))
    assert answer.kind == "timeout"
    assert answer.reason.startswith("no complete answer after")


def test_a_server_that_drips_its_headers_is_given_up(make: Callable[..., Fetcher]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        fetcher = make(total_timeout=0.3)

        def serve_headers() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                try:
                    while not done.wait(0.02):
                        connection.sendall(b"X-A: b\r\n")
                except OSError:
                    return

        done = Event()
        thread = Thread(target=serve_headers)
        thread.start()
        try:
            assert failure(fetcher.fetch(f"http://127.0.0.1:{port}/")).kind == "timeout"
        finally:
            done.set()
            thread.join()


# --- sizes and compression ---------------------------------------------------------------------


def endless(stopping: Event) -> Iterator[bytes]:
    while not stopping.is_set():
        yield b"x" * 65536


NOISE = gzip.compress(Random(1).randbytes(9000) + b"a" * 9000, mtime=0)
BOMB = gzip.compress(bytes(50_000_000), mtime=0)
PACKED = {**HTML, "Content-Encoding": "gzip"}


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(b"x" * 2_000_000), "larger than 1 MB"),
        (Reply(stream=endless), "larger than 1 MB"),
        (Reply(BOMB, headers=PACKED), "larger than 1 MB"),
        (Reply(b"to nie gzip", headers=PACKED), "damaged"),
        (Reply(NOISE[:-30] + b"zepsute" + NOISE[-23:], headers=PACKED), "damaged"),
        (Reply(b"x", headers={"Content-Encoding": "br"}), "packed as 'br'"),
    ],
)
def test_bodies_without_bounds_or_sense(
    reply: Reply, words: str, site: SiteServer, make: Callable[..., Fetcher]
) -> None:
    site.routes["/"] = reply
    answer = failure(make(max_bytes=1_000_000).fetch(site.url))
    assert (answer.kind, words in answer.reason) == ("body", True), answer.reason


TEXT = "Zażółć gęślą jaźń. ".encode() * 50


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(TEXT, mtime=0), "gzip"),
        (gzip.compress(TEXT[:100], mtime=0) + gzip.compress(TEXT[100:], mtime=0), "x-gzip"),
        (gzip.compress(TEXT, mtime=0) + b"\x00\x00smieci", "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (zlib.compress(TEXT)[2:-4], "deflate"),
        (TEXT, "identity"),
    ],
)
def test_compressed_bodies(
    body: bytes, encoding: str, site: SiteServer, make: Callable[..., Fetcher]
) -> None:
    site.routes["/"] = Reply(body, headers={**HTML, "Content-Encoding": encoding})
    assert fetched(make().fetch(site.url)).content == TEXT


# --- patience ----------------------------------------------------------------------------------


def busy_then(reply: Reply, times: int) -> Callable[[Request], Reply]:
    answers = iter([reply] * times)
    return lambda request: next(answers, Reply(b"w koncu"))


@pytest.mark.parametrize(
    ("headers", "pauses"),
    [({}, [1.0, 2.0]), ({"Retry-After": "3"}, [3.0, 3.0]), ({"Retry-After": "za chwile"}, [1.0, 2.0])],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again(
    status: int, headers: dict[str, str], pauses: list[float], site: SiteServer, make: Callable[..., Fetcher]
) -> None:
    slept: list[float] = []
    site.routes["/"] = busy_then(Reply(status=status, headers=headers), 2)
    assert fetched(make(sleep=slept.append).fetch(site.url)).content == b"w koncu"
    assert slept == pauses


def test_a_moment_to_come_back_is_honoured(site: SiteServer, make: Callable[..., Fetcher]) -> None:
    slept: list[float] = []
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    site.routes["/"] = busy_then(Reply(status=503, headers={"Retry-After": moment}), 1)
    assert fetched(make(sleep=slept.append).fetch(site.url)).status == 200
    assert 15 < slept[0] <= 20


@pytest.mark.parametrize(("retry_after", "requests"), [("3600", 1), ("1", 3)])
def test_patience_has_an_end(
    retry_after: str, requests: int, site: SiteServer, make: Callable[..., Fetcher]
) -> None:
    slept: list[float] = []
    site.routes["/"] = Reply(status=503, headers={"Retry-After": retry_after})
    assert fetched(make(sleep=slept.append).fetch(site.url)).status == 503
    assert len(site.requests) == requests


def test_requests_to_a_host_keep_their_distance(site: SiteServer, make: Callable[..., Fetcher]) -> None:
    slept: list[float] = []
    fetcher = make(delay=20, sleep=slept.append)
    fetcher.fetch(site.url)
    assert slept == []
    fetcher.fetch(site.url)
    assert 10 < slept.pop() <= 20
    fetcher.fetch(site.url.replace("127.0.0.1", "localhost"))
    assert slept == []
    # Nobody sleeps here, so each wait is counted from the end of the one before.
    fetcher.slow_down(f"127.0.0.1:{site.port}", 28)
    fetcher.fetch(site.url)
    assert 40 < slept.pop() <= 48
    fetcher.slow_down(f"127.0.0.1:{site.port}", 86_400)
    fetcher.fetch(site.url)
    assert 70 < slept.pop() <= 78


# --- robots.txt --------------------------------------------------------------------------------

RULES = """\ufeffUser-agent: *
Disallow: /

User-agent: KBAssist
Disallow: /tajne
Crawl-delay: 2

Sitemap: /mapa.xml"""


def rules(site: SiteServer, fetcher: Fetcher) -> Robots:
    found = fetch_robots(fetcher, site.url)
    assert isinstance(found, Robots)
    return found


def test_rules_are_those_for_this_crawler(site: SiteServer, make: Callable[..., Fetcher]) -> None:
    site.routes["/robots.txt"] = Reply(RULES.encode(), headers={"Content-Type": "text/plain"})
    robots = rules(site, make())
    assert robots.allows(site.url + "/a")
    assert not robots.allows(site.url + "/tajne/a")
    assert robots.delay == 2
    assert robots.sitemaps == ("/mapa.xml",)


@pytest.mark.parametrize(
    ("reply", "allowed"),
    [
        (Reply(status=404), True),
        (Reply(status=403), True),
        (Reply(status=500), False),
        (Reply(status=429, headers={"Retry-After": "999"}), False),
        (redirect("/robots.txt"), True),
        (Reply(b"<html>Strona</html>"), True),
        (Reply(b"\xff\xfe\x00"), True),
    ],
)
def test_rules_that_cannot_be_read(
    reply: Reply, allowed: bool, site: SiteServer, make: Callable[..., Fetcher]
) -> None:
    site.routes["/robots.txt"] = reply
    assert rules(site, make()).allows(site.url + "/a") is allowed


# --- sitemaps ----------------------------------------------------------------------------------

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def test_a_sitemap_names_pages_and_their_changes() -> None:
    xml = (
        f"<?xml version='1.0' encoding='UTF-8'?><!-- x --><urlset {NAMESPACE}>"
        "<url><loc> https://a.pl/1?x=1&amp;y=2 </loc><lastmod>2026-02-03</lastmod></url>"
        "<url><lastmod>2026</lastmod></url><url><loc>https://a.pl/2</loc><lastmod>wczoraj</lastmod></url></urlset>"
    )
    expected = (("https://a.pl/1?x=1&y=2", datetime(2026, 2, 3, tzinfo=UTC)), ("https://a.pl/2", None))
    assert parse_sitemap(xml.encode()).pages == expected
    assert parse_sitemap(gzip.compress(xml.encode())).pages == expected
    index = f"<sitemapindex {NAMESPACE}><sitemap><loc>/m1.xml</loc></sitemap></sitemapindex>"
    assert parse_sitemap(index.encode()).sitemaps == ("/m1.xml",)
    assert parse_sitemap("\ufeffhttps://a.pl/1\n\nhttps://a.pl/2\nbla".encode()).pages == (
        ("https://a.pl/1", None),
        ("https://a.pl/2", None),
    )


@pytest.mark.parametrize(
    "data", [b"", b"<html><p>Nie ma", b"<urlset>", b"\x00<a", b"<urlset><url><loc/></url></urlset>"]
)
def test_what_is_not_a_sitemap_names_nothing(data: bytes) -> None:
    assert parse_sitemap(data).pages == ()


@pytest.mark.parametrize(
    "feed",
    [
        """<?xml version="1.0"?><rss version="2.0"><channel><title>Sklep</title><link>https://sklep.pl/</link>
        <item><link>https://sklep.pl/a</link><pubDate>Fri, 02 Jan 2026 10:00:00 GMT</pubDate></item>
        <item><title>B</title><link> https://sklep.pl/b </link></item><item><title>bez</title></item>
        </channel></rss>""",
        """<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://sklep.pl/"/>
        <entry><link rel="enclosure" href="https://sklep.pl/a.mp3"/><link href="https://sklep.pl/a"/>
        <published>2025-01-01T00:00:00Z</published><updated>2026-01-02T10:00:00Z</updated></entry>
        <entry><link rel="alternate" href="https://sklep.pl/b"/></entry></feed>""",
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><item><link>https://sklep.pl/a</link>
        <dc:date>2026-01-02T10:00:00+00:00</dc:date></item><item><link>https://sklep.pl/b</link></item></rdf:RDF>""",
    ],
    ids=["rss", "atom", "rdf"],
)
def test_a_feed_names_pages_and_their_changes(feed: str) -> None:
    changed = datetime(2026, 1, 2, 10, tzinfo=UTC)
    assert parse_sitemap(feed.encode()).pages == (
        ("https://sklep.pl/a", changed),
        ("https://sklep.pl/b", None),
    )


def test_a_sitemap_cannot_read_files_or_explode(tmp_path: Any) -> None:
    secret = tmp_path / "tajne.txt"
    secret.write_text("https://a.pl/tajne")
    entity = (
        f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file://{secret}">]><urlset><url><loc>&x;</loc></url></urlset>'
    )
    assert "tajne" not in str(parse_sitemap(entity.encode()))
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<!DOCTYPE u [<!ENTITY l0 "ha">{laughs}]><urlset><url><loc>&l8;</loc></url></urlset>'
    assert len(str(parse_sitemap(bomb.encode()))) < 10_000
    with pytest.raises(BodyError):
        parse_sitemap(gzip.compress(bytes(60_000_000)))


# --- credentials -------------------------------------------------------------------------------


def test_credentials_go_to_their_origin_alone(site: SiteServer) -> None:
    credentials = Credentials(site.url, {"Authorization": "Bearer tajne"}, {"sesja": "abc"})
    with (
        serve({"/": "inny"}) as other,
        closing(Fetcher(allow_private=True, credentials=credentials)) as fetcher,
    ):
        site.routes |= {
            "/": Reply(b"x", headers={"Set-Cookie": "jezyk=pl"}),
            "/dalej": redirect(other.url + "/"),
        }
        fetcher.fetch(site.url + "/")
        fetcher.fetch(site.url + "/")
        assert fetched(fetcher.fetch(site.url + "/dalej")).status == 200
        for request in site.requests:
            assert request.headers["authorization"] == "Bearer tajne"
            assert "sesja=abc" in request.headers["cookie"]
        assert "jezyk=pl" in site.requests[1].headers["cookie"], "what the site sets is kept"
        (foreign,) = other.requests
        assert "authorization" not in foreign.headers
        assert "sesja" not in foreign.headers.get("cookie", "")
    assert "tajne" not in repr(credentials)
    assert "abc" not in repr(credentials)


# --- several threads ---------------------------------------------------------------------------


def test_no_more_requests_at_a_time_than_allowed(site: SiteServer) -> None:
    lock, running, most = threading.Lock(), 0, 0
    together = threading.Barrier(3)

    def answer(_: Request) -> Reply:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        with suppress(threading.BrokenBarrierError):
            together.wait(10)
        with lock:
            running -= 1
        return Reply(b"x")

    site.routes["/"] = answer
    with (
        closing(Fetcher(allow_private=True, concurrency=3)) as fetcher,
        ThreadPoolExecutor(9) as threads,
    ):
        pages = list(threads.map(fetcher.fetch, [site.url + "/"] * 9))
    assert [fetched(page).status for page in pages] == [200] * 9
    assert most == 3


def test_closing_breaks_off_what_others_wait_for(site: SiteServer) -> None:
    reached = threading.Event()

    def silent(_: Request) -> Reply:
        reached.set()
        site.stopping.wait(30)
        return Reply()

    site.routes["/"] = silent
    fetcher = Fetcher(allow_private=True, retries=0)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(fetcher.fetch, site.url + "/")
        assert reached.wait(10)
        started = time.monotonic()
        fetcher.close()
        failure = waiting.result(10)
    assert isinstance(failure, FetchFailure)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("retry_after", ["30", None])
def test_closing_ends_the_pauses_of_others(retry_after: str | None, site: SiteServer) -> None:
    headers = {"Retry-After": retry_after} if retry_after else {}
    site.routes["/"] = Reply(status=503 if retry_after else 200, headers=headers)
    fetcher = Fetcher(allow_private=True, delay=0.0 if retry_after else 30.0)
    if not retry_after:
        fetched(fetcher.fetch(site.url + "/"))
    started = time.monotonic()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(fetcher.fetch, site.url + "/")
        while retry_after and not site.requests:
            assert time.monotonic() - started < 10
        fetcher.close()
        assert isinstance(waiting.result(10), FetchFailure)
    assert time.monotonic() - started < 10
