import asyncio
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html as lxml_html
from site_server import Reply, serve
from site_server import page as bare_page

from kbassist.errors import MissingExtraError, SourceError
from kbassist.sources.web.browser import Browser, browser_available
from kbassist.sources.web.fetch import Fetcher, FetchFailure, Page

JSON = {"Content-Type": "application/json"}
SCRIPT = {"Content-Type": "text/javascript"}
# So much text that nothing more is waited for.
ENOUGH = "Zanim zapytasz, przeczytaj odpowiedzi na najczęstsze pytania. " * 4
QUESTIONS = (
    '[{"q": "Ile trwa dostawa?", "a": "Dwa dni robocze."}, {"q": "Czy jest zwrot?", "a": "Tak, 30 dni."}]'
)


@pytest.fixture(scope="module")
def fetcher():
    with Fetcher(allow_private=True) as fetcher:
        yield fetcher


@pytest.fixture(scope="module")
def browser(chromium, fetcher):
    with Browser(fetcher.fetch, timeout=2) as browser:
        yield browser


def page(body):
    return bare_page(f"<footer>{ENOUGH}</footer>{body}")


def fetched(body, url="http://sklep.example/pomoc"):
    return Page(url, url, 200, {"content-type": "text/html"}, page(body).encode(), datetime.now(UTC))


def text_of(rendered):
    assert isinstance(rendered, Page), rendered
    said = lxml_html.document_fromstring(rendered.content.decode()).find("body").text_content()
    return " ".join(said.replace(ENOUGH, "").split())


# --- what scripts write ---------------------------------------------------------------------------


APP = """
const root = document.getElementById("root");
const show = items => {
    root.innerHTML = `<h1>${location.pathname === "/pomoc" ? "Pomoc" : "Inna"}</h1>`;
    for (const {q, a} of items) root.insertAdjacentHTML("beforeend", `<h2>${q}</h2><p>${a}</p>`);
};
fetch("/api/faq.json").then(answer => answer.json()).then(show);
"""


def test_an_application_that_fills_its_root(browser, fetcher):
    shell = page("<noscript>Włącz JavaScript</noscript><div id=root></div><script src=/app.js></script>")
    routes = {
        "/pomoc": shell,
        "/app.js": Reply(APP.encode(), headers=SCRIPT),
        "/api/faq.json": Reply(QUESTIONS.encode(), headers=JSON),
    }
    with serve(routes) as site:
        given = fetcher.fetch(f"{site.url}/pomoc")
        assert "dostawa" not in text_of(given)
        rendered = browser.render(given)
        assert site.paths == ["/pomoc", "/app.js", "/api/faq.json"]
        browser.render(given)
        assert site.paths[3:] == ["/api/faq.json"], "scripts are kept, data is not"
    assert text_of(rendered) == "PomocIle trwa dostawa?Dwa dni robocze.Czy jest zwrot?Tak, 30 dni."
    assert (rendered.url, rendered.final_url, rendered.status) == (given.url, given.final_url, 200)
    assert rendered.content_type == "text/html"


EVERYTHING = """
<script>history.pushState({}, "", "/inna"); document.write(location.pathname)</script>
<script>setTimeout(() => document.body.append(" po chwili "), 300)</script>
<p id=faq></p>
<script>
new IntersectionObserver((seen, watch) => {
    if (!seen[0].isIntersecting) return;
    faq.textContent = "widać mnie";
    watch.disconnect();
}).observe(faq);
</script>
<x-faq><b slot=odp>dwa dni</b></x-faq>
<script>
customElements.define("x-faq", class extends HTMLElement {
    constructor() {
        super();
        this.attachShadow({mode: "open"}).innerHTML = "<p>dostawa: <slot name=odp>brak</slot></p>";
    }
});
</script>
<script type=module>document.body.append(await (await fetch("/dane?1")).text())</script>
<script>
const request = new XMLHttpRequest();
request.open("GET", "/dane?2");
request.onload = () => document.body.append(request.responseText);
request.send();
</script>
<link rel=stylesheet href=/styl.css onload="document.body.append(' po stylach ')">
<script>throw new Error("zepsuty skrypt")</script>
"""


def test_what_scripts_write_is_read(browser, fetcher):
    routes = {
        "/": bare_page(f"<div style='height: 3000px'>{ENOUGH}</div>{EVERYTHING}"),
        "/dane?1": Reply(b" z modulu ", headers=JSON),
        "/dane?2": Reply(b" z XHR ", headers=JSON),
    }
    with serve(routes) as site:
        said = text_of(browser.render(fetcher.fetch(site.url)))
    for told in ("/inna", "po chwili", "widać mnie", "dostawa: dwa dni", "z modulu", "z XHR", "po stylach"):
        assert told in said


def test_what_is_read_on_when_the_end_is_scrolled_to(browser):
    tall = "<div style='height: 30000px'></div><p id=end></p><script>addEventListener('scroll', () => {"
    assert text_of(browser.render(fetched(f"{tall}end.textContent = 'Doczytane'}})</script>"))) == "Doczytane"


@pytest.mark.parametrize(
    "script",
    [
        "location.reload()",
        "location.hash = 'zwroty'; location.href = 'mailto:a@b.example'",
        "const a = document.createElement('a'); a.href = '/plik.pdf'; a.download = ''; a.click()",
    ],
)
def test_a_page_that_goes_nowhere_stays(browser, script):
    assert text_of(browser.render(fetched(f"<p>Tekst</p><script>{script}</script>"))) == "Tekst"


def test_a_page_in_another_encoding_keeps_its_letters(browser):
    html = (
        "<meta charset=iso-8859-2><p>Zażółć gęślą jaźń, świeżości źródło</p> "
        "<script>document.body.append('ł')</script>"
    )
    given = replace(fetched(""), content=html.encode("iso-8859-2"))
    assert text_of(browser.render(given)) == "Zażółć gęślą jaźń, świeżości źródło ł"


def test_it_works_inside_an_event_loop_as_of_a_notebook(browser):
    async def cell():
        return browser.render(fetched("<script>document.write('Tekst')</script>"))

    assert text_of(asyncio.run(cell())) == "Tekst"


def test_pages_share_nothing(browser):
    html = "<script>document.write(localStorage.n ?? 'pusto'); localStorage.n = 1</script>"
    assert [text_of(browser.render(fetched(html))) for _ in range(2)] == ["pusto", "pusto"]


# --- hostile pages --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        "for (;;);",
        "setTimeout(() => { for (;;); }, 20)",
        "for (;;) alert('!')",
        "(function again() { Promise.resolve().then(again) })()",
        "setInterval(() => document.body.append(document.createElement('p')), 1)",
    ],
)
def test_scripts_without_end_are_ended_and_the_text_is_kept(browser, script):
    assert text_of(browser.render(fetched(f"<p>Tekst</p><script>{script}</script>"))) == "Tekst"


@pytest.mark.parametrize(
    ("script", "kind", "reason"),
    [
        ("for (let n = 0; ; n++) document.body.append('x'.repeat(5e7) + n)", "network", "crashed"),
        ("document.body.innerHTML = '<p>'.repeat(110_000)", "body", "more than 100,000 elements"),
        ("document.body.innerHTML = '<p hidden>' + 'x'.repeat(11e6)", "body", "10 million characters"),
        ("location.href = '/dalej'", "redirect", "send the reader on to http://sklep.example/dalej"),
        ("setTimeout(() => location.replace('https://a.example/'), 99)", "redirect", "to https://a.example/"),
        ("location.href = 'about:blank'", "redirect", "about:blank"),
    ],
)
def test_what_scripts_may_not_do_is_told(browser, script, kind, reason):
    failure = browser.render(fetched(f"<p>Tekst</p><script>{script}</script>"))
    assert isinstance(failure, FetchFailure)
    assert (failure.url, failure.kind) == ("http://sklep.example/pomoc", kind)
    assert reason in failure.reason
    if kind == "redirect":
        assert failure.location in failure.reason
    assert text_of(browser.render(fetched("<p>Następna</p>"))) == "Następna"


LEAKS = """
<img src="http://HOST/obraz"><iframe src="http://HOST/ramka"></iframe><link rel=preconnect href="http://HOST">
<link rel=prefetch href="http://HOST/potem"><link rel=stylesheet href="http://HOST/styl">
<script type=speculationrules>{"prefetch": [{"source": "list", "urls": ["http://HOST/zgaduje"]}]}</script>
<p id=said>Tekst</p>
<script>
new WebSocket("ws://HOST/gniazdo");
new EventSource("http://HOST/strumien");
navigator.sendBeacon("http://HOST/sygnal", "x");
open("http://HOST/okno");
fetch("http://HOST/poczta", {method: "POST", body: "x"}).catch(() => said.append(" POST nie"));
fetch("http://HOST/dane").catch(() => said.append(" GET nie"));
const worker = `new WebSocket("ws://HOST/gniazdo"); fetch("http://HOST/z-robotnika").catch(() => 0)`;
new Worker(URL.createObjectURL(new Blob([worker])));
navigator.serviceWorker?.register("/sw.js").catch(() => 0);
const peer = new RTCPeerConnection({iceServers: [{urls: "stun:HOST"}]});
peer.createDataChannel("x");
peer.createOffer().then(offer => peer.setLocalDescription(offer));
const tab = document.createElement("a");
tab.href = "http://HOST/karta"; tab.target = "_blank"; tab.click();
</script>
"""


def test_nothing_reaches_a_private_address(chromium):
    asked = []

    def fetch(url):
        asked.append(url)
        return fetcher.fetch(url)

    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp, Fetcher() as fetcher:
        tcp.bind(("127.0.0.1", 0))
        udp.bind(tcp.getsockname())
        tcp.listen()
        host = f"127.0.0.1:{tcp.getsockname()[1]}"
        with Browser(fetch, timeout=3) as browser:
            rendered = browser.render(fetched(LEAKS.replace("HOST", host)))
        for listening in (tcp, udp):
            listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            tcp.accept()
        with pytest.raises(BlockingIOError):
            udp.recv(1)
    assert set(text_of(rendered).split(maxsplit=1)[1].split(" ")) == {"POST", "GET", "nie"}
    assert f"http://{host}/dane" in asked
    assert set(asked) <= {f"http://{host}/dane", f"http://{host}/z-robotnika"}


def test_a_page_is_answered_so_often_and_no_more(chromium):
    asked = []

    def fetch(url):
        asked.append(url)
        return fetched("x", url)

    with Browser(fetch, timeout=10) as browser:
        flood = "<p>Tekst</p><script>for (let n = 0; n < 500; n++) fetch('/' + n).catch(() => 0)</script>"
        assert text_of(browser.render(fetched(flood))) == "Tekst"
    assert len(asked) == 150


def test_a_slow_answer_is_not_waited_for(chromium):
    going_on = threading.Event()

    def fetch(url):
        going_on.wait(20)
        return FetchFailure(url, "timeout", "za późno")

    with Browser(fetch, timeout=1) as browser:
        html = "<p>Tekst</p><script>fetch('/a').catch(() => document.body.append('!'))</script>"
        rendered = browser.render(fetched(html))
        assert not going_on.is_set()
        going_on.set()
    assert text_of(rendered) == "Tekst"


def test_a_fault_of_the_callers_function_goes_back_to_the_caller(chromium):
    def fetch(url):
        raise ZeroDivisionError(url)

    with Browser(fetch) as browser, pytest.raises(ZeroDivisionError, match="sklep"):
        browser.render(fetched("<script>fetch('/a')</script>"))


# --- its life -------------------------------------------------------------------------------------


def test_a_closed_browser_starts_again_and_leaves_nothing(chromium, fetcher):
    before = threading.active_count()
    browser = Browser(fetcher.fetch)
    browser.close()
    for _ in range(2):
        assert text_of(browser.render(fetched("<script>document.write('Tekst')</script>"))) == "Tekst"
        browser.close()
    assert threading.active_count() == before


def test_without_chromium_the_cure_is_named(monkeypatch, fetcher):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("KBASSIST_CHROMIUM", raising=False)
    assert "no Chromium is installed: install one (Debian: apt-get install chromium)" in browser_available()
    monkeypatch.setenv("KBASSIST_CHROMIUM", "/nie/ma")
    assert "there is no program /nie/ma" in browser_available()
    with Browser(fetcher.fetch) as browser, pytest.raises(SourceError, match="KBASSIST_CHROMIUM"):
        browser.render(fetched("<p>Tekst</p>"))


def test_without_playwright_the_cure_is_named(monkeypatch, fetcher):
    monkeypatch.setattr("kbassist.sources.web.browser.find_spec", lambda name: None)
    assert browser_available().endswith("pip install 'kbassist[browser]'")
    with Browser(fetcher.fetch) as browser, pytest.raises(MissingExtraError):
        browser.render(fetched("<p>Tekst</p>"))


def test_a_program_that_is_no_chromium(chromium, tmp_path, fetcher):
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho nie >&2\nexit 1\n")
    program.chmod(0o755)
    with Browser(fetcher.fetch, executable=str(program)) as browser, pytest.raises(SourceError) as caught:
        browser.render(fetched("<p>Tekst</p>"))
    assert str(caught.value).startswith(f"{program} does not start: ")
