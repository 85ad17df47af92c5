"""Crawling: is every page found, is its text intact, and how fast is it?

    KBASSIST_BENCH_DATA=… python benchmarks/crawl.py              # everything
    KBASSIST_BENCH_DATA=… python benchmarks/crawl.py --sites      # the real sites only
    python benchmarks/crawl.py --speed                            # the speed only

Real sites are served on loopback and crawled with `SiteSource`, as `KnowledgeBase.add_site` does: those in
the data folder, and Debian's handbook in Polish and in English (package `debian-handbook`, fetched with
apt-get); the description of the data counts 116 of its 127 "Polish" pages as untranslated English.

`found` is the share of the pages reachable by links that the crawl met: an independent walk over the files
follows `href` and frames from the front page, and the server answers all of them with 200. `mojibake` counts
the pages with letters as a wrong charset makes them, where lxml, told the charset, reads none.

Speed: a loopback site of 1,000 pages, delay off, beside trafilatura's own spider on the same site, alone (it
looks for links only) and with fetching and extracting each page that it found, which is what a text takes.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from lxml import html
from rich.console import Console
from rich.table import Table

from kbassist.cache import cache_folder
from kbassist.sources.pdf import read_pdf
from kbassist.sources.regulation import structure
from kbassist.sources.web.site import SiteSource
from kbassist.sources.web.state import MemoryLog
from kbassist.text.language import identify
from kbassist.text.lexicon import Lexicons
from kbassist.types import Decision, Document

PAGES = 1000
LINKS = 10
COMPANY = Path(__file__).resolve().parent.parent / "examples" / "company" / "site"
SITES = ("tex-virtual-academy-pl", "candybloom-pl", "cyberplus-pl", "dawnotemu-pl", "punchline-shop-pl")
HANDBOOK = ("pl-PL", "en-US")
UNTRANSLATED = 116
MET = frozenset({"fetched", "duplicate", "no_text", "needs_scripts", "noindex", "soft_404", "redirected"})
MOJIBAKE = re.compile(r"\ufffd|[A-Za-z][±¶¼³¿][a-z]|[ÃÅÄ][\x80-\xbf‚‡™›ľąş]")


@dataclass(frozen=True)
class Crawled:
    """One crawl of one site."""

    documents: list[Document]
    decisions: tuple[Decision, ...]
    seconds: float


@dataclass(frozen=True)
class SiteResult:
    """`reachable` pages by the independent walk, of which `found` were met."""

    name: str
    reachable: int
    found: int
    mojibake: int
    crawled: Crawled


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The folder on loopback, from a process of its own."""
    command = [
        sys.executable,
        "-u",
        "-m",
        "http.server",
        "0",
        "--bind",
        "127.0.0.1",
        "--directory",
        str(folder),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"port (\d+)", server.stdout.readline())
            assert found is not None
            yield f"http://127.0.0.1:{found[1]}"
        finally:
            server.kill()


def crawl(url: str, *, processes: int | None = None) -> Crawled:
    log = MemoryLog()
    source = SiteSource(
        url,
        allow_private=True,
        delay=0,
        processes=processes,
        read_pdf=read_pdf,
        structure=structure,
        identify=partial(identify, lexicons=Lexicons()),
        log=log,
    )
    started = time.perf_counter()
    documents = [item for item in source.read() if isinstance(item, Document)]
    return Crawled(documents, log.finish(), time.perf_counter() - started)


# --- real sites --------------------------------------------------------------------------------


def reachable(root: Path) -> set[str]:
    """Paths of the HTML files that links lead to from the front page."""
    queue, seen = ["index.html"], {"index.html"}
    while queue:
        here = queue.pop()
        tree = html.fromstring((root / here).read_bytes() or b"<html/>")
        base = tree.xpath("string(//base/@href)") or ""
        for attribute in ("//a/@href", "//area/@href", "//frame/@src", "//iframe/@src"):
            for link in tree.xpath(attribute):
                target = urljoin(urljoin(f"http://site/{here}", base), link.strip())
                path = unquote(urlsplit(urldefrag(target)[0]).path).lstrip("/")
                path += "index.html" if path.endswith("/") or not path else ""
                wanted = urlsplit(target).netloc == "site" and path.endswith((".html", ".htm"))
                if wanted and path not in seen and (root / path).is_file():
                    seen.add(path)
                    queue.append(path)
    return seen


def crawl_folder(name: str, root: Path) -> SiteResult:
    expected = reachable(root)
    with serving(root) as url:
        crawled = crawl(f"{url}/")
        paths = {
            unquote(urlsplit(decision.url).path).lstrip("/")
            for decision in crawled.decisions
            if decision.outcome in MET
        }
    paths |= {path + "index.html" for path in paths if path.endswith("/") or not path}
    broken = sum(is_broken(root, document) for document in crawled.documents)
    return SiteResult(name, len(expected), len(expected & paths), broken, crawled)


def is_broken(root: Path, document: Document) -> bool:
    if not MOJIBAKE.search(document.text):
        return False
    path = root / unquote(urlsplit(document.id).path).lstrip("/")
    data = (path / "index.html" if path.is_dir() else path).read_bytes()
    charset = re.search(rb"charset=[\"']?([\w-]+)", data)
    return not MOJIBAKE.search(data.decode(charset[1].decode() if charset else "utf-8", "ignore"))


def handbook(place: Path) -> Path:
    """Debian's handbook in two languages, with a front page that links to both."""
    package = cache_folder() / "debian-handbook"
    if not package.exists():
        with tempfile.TemporaryDirectory() as work:
            subprocess.run(["apt-get", "download", "debian-handbook"], cwd=work, check=True)
            (archive,) = Path(work).glob("*.deb")
            subprocess.run(["dpkg", "-x", str(archive), work + "/files"], check=True)
            (Path(work) / "files").rename(package)
    root = place / "handbook"
    root.mkdir()
    for language in HANDBOOK:
        (root / language).symlink_to(package / "usr/share/doc/debian-handbook/html" / language)
    links = " ".join(f'<a href="/{language}/index.html">{language}</a>' for language in HANDBOOK)
    (root / "index.html").write_text(f"<h1>Debian Handbook</h1><p>{links}</p>")
    return root


def site_results(data: Path) -> list[SiteResult]:
    results = [crawl_folder(name, data / "sites" / name) for name in SITES]
    with tempfile.TemporaryDirectory() as place:
        results.append(crawl_folder("debian-handbook", handbook(Path(place))))
    return results


def untranslated(result: SiteResult) -> int:
    """Pages of the handbook that were recognised as not, or not wholly, translated."""
    whole = sum("not translated" in decision.reason for decision in result.crawled.decisions)
    partly = sum("partly_translated" in document.meta for document in result.crawled.documents)
    return whole + partly


def show_sites(results: list[SiteResult], console: Console) -> None:
    table = Table("site", "reachable", "found", "mojibake", "documents", "s", "outcomes", title="Real sites")
    for result in results:
        outcomes = Counter(decision.outcome for decision in result.crawled.decisions).most_common()
        table.add_row(
            result.name,
            str(result.reachable),
            str(result.found),
            str(result.mojibake),
            str(len(result.crawled.documents)),
            f"{result.crawled.seconds:.1f}",
            ", ".join(f"{name} {count}" for name, count in outcomes),
        )
    console.print(table)
    console.print(f"debian-handbook: {untranslated(results[-1])} untranslated pages recognised")


def measure(data: Path) -> dict[str, float]:
    results = site_results(data)
    return {
        "crawl found": sum(result.found for result in results) / sum(result.reachable for result in results),
        "crawl pages without mojibake": 1
        - sum(result.mojibake for result in results)
        / sum(len(result.crawled.documents) for result in results),
        "crawl untranslated recognised": min(untranslated(results[-1]) / UNTRANSLATED, 1.0),
    }


# --- speed -------------------------------------------------------------------------------------


def write_site(root: Path, pages: int) -> None:
    """Pages of the example company with a number each; page `n` links to ten others."""
    templates = [path.read_bytes() for path in sorted(COMPANY.rglob("*.html"))]
    for number in range(pages):
        page = templates[number % len(templates)]
        page = re.sub(rb'\s(?:href|action)="[^"]*"', b"", page)
        following = range(number * LINKS + 1, min(number * LINKS + LINKS + 1, pages))
        links = "".join(f'<li><a href="/page{other}.html">Strona {other}</a></li>' for other in following)
        extra = f"<p>Numer tej strony w spisie: {number}.</p><ul>{links}</ul>".encode()
        page = re.sub(rb"(</h1>)", rb"\1" + extra, page, count=1)
        name = "index.html" if number == 0 else f"page{number}.html"
        (root / name).write_bytes(page)


def spider(url: str, pages: int) -> tuple[int, float, int, float]:
    """trafilatura: pages found and seconds for links alone, texts and seconds with extraction."""
    import socket

    from trafilatura import extract, fetch_url
    from trafilatura.settings import use_config
    from trafilatura.spider import focused_crawler

    config = use_config()
    config.set("DEFAULT", "SLEEP_TIME", "0")
    config.set("DEFAULT", "SSRF_PROTECTION", "off")
    resolve = socket.getaddrinfo
    # Its spider follows links on named hosts only.
    host = "www.sklep-przykladowy.pl"
    socket.getaddrinfo = lambda name, *rest, **options: resolve(  # type: ignore[assignment]
        "127.0.0.1" if name == host else name, *rest, **options
    )
    try:
        started = time.perf_counter()
        named = url.replace("127.0.0.1", host)
        _, known = focused_crawler(f"{named}/", max_seen_urls=pages, max_known_urls=10 * pages, config=config)
        linked = time.perf_counter() - started
        texts = [extract(page) for page in (fetch_url(item, config=config) for item in known) if page]
        return len(known), linked, sum(map(bool, texts)), time.perf_counter() - started
    finally:
        socket.getaddrinfo = resolve


def show_speed(console: Console) -> None:
    cores = os.cpu_count() or 1
    table = Table("crawler", "pages", "s", "pages/s", title=f"{PAGES} pages on loopback, {cores} cores")
    with tempfile.TemporaryDirectory() as place:
        write_site(Path(place), PAGES)
        with serving(Path(place)) as url:
            for processes in sorted({1, cores}):
                crawled = crawl(url, processes=processes)
                count = len(crawled.documents)
                rate = f"{count / crawled.seconds:.0f}"
                name = f"kbassist, {processes} process" + ("es" if processes > 1 else "")
                table.add_row(name, str(count), f"{crawled.seconds:.1f}", rate)
            found, linked, read, seconds = spider(url, PAGES)
            table.add_row(
                "trafilatura spider, links only", str(found), f"{linked:.1f}", f"{found / linked:.0f}"
            )
            table.add_row("… and the texts", str(read), f"{seconds:.1f}", f"{read / seconds:.0f}")
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sites", action="store_true", help="only the real sites")
    parser.add_argument("--speed", action="store_true", help="only the speed")
    options = parser.parse_args()
    console = Console(width=160)
    if not options.speed:
        show_sites(site_results(Path(os.environ["KBASSIST_BENCH_DATA"])), console)
    if not options.sites:
        show_speed(console)


if __name__ == "__main__":
    main()
