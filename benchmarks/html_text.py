"""Is the text of web pages as good as trafilatura's, and is what it leaves out there?

    KBASSIST_BENCH_DATA=… python benchmarks/html_text.py            # needs benchmarks/requirements.txt
    KBASSIST_BENCH_DATA=… python benchmarks/html_text.py --pages    # figures of each page

**F1** against gold text (`html_gold.py`). Words are runs of letters and digits in lower case, single
characters in scripts without spaces. Per page the words (or runs of four words) that both have, that only
the extractor has and that only the gold text has are counted with their repeats and divided by their sum,
so that every page weighs the same; precision and recall are taken of the sums over pages (the count of the
article-extraction-benchmark).

**Recall** on `html_pages/`: pages of the kinds on which extractors lose answers, written for this in the
markup of common shop, help desk and site builders. A JSON file beside each says which strings its text has
to hold and which it must not hold; recall is found strings by all strings, runs of space counted as one.

**Time** is processor time of one process, a page as bytes to text, the best of three runs.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from datasets import folder
from html_gold import GoldPage, help_pages, news, regulations
from rich.console import Console
from rich.table import Table

from kbassist.sources.html import parse_html

PAGES = Path(__file__).with_name("html_pages")
Extractor = Callable[[bytes], str]

_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")


@dataclass(frozen=True)
class Score:
    """Shares of what was found, found too much, and missed; summed over pages."""

    found: float = 0.0
    extra: float = 0.0
    missed: float = 0.0

    def __add__(self, other: Score) -> Score:
        return Score(self.found + other.found, self.extra + other.extra, self.missed + other.missed)

    @property
    def precision(self) -> float:
        return self.found / max(self.found + self.extra, 1e-9)

    @property
    def recall(self) -> float:
        return self.found / max(self.found + self.missed, 1e-9)

    @property
    def f1(self) -> float:
        return 2 * self.found / max(2 * self.found + self.extra + self.missed, 1e-9)


@dataclass(frozen=True)
class Kept:
    """How many of the strings that must be there are, and how many that must not."""

    wanted: int
    found: int
    unwanted: int
    leaked: int
    missing: tuple[str, ...] = ()

    @property
    def recall(self) -> float:
        return self.found / self.wanted


def extractors() -> dict[str, Extractor]:
    """Ours and trafilatura's; comments are left out, which is what the gold texts do."""
    import trafilatura

    def plain(data: bytes) -> str:
        return trafilatura.extract(data, include_comments=False) or ""

    def recall(data: bytes) -> str:
        return trafilatura.extract(data, include_comments=False, favor_recall=True) or ""

    return {"kbassist": ours, "trafilatura": plain, "trafilatura recall": recall}


def ours(data: bytes) -> str:
    return parse_html(data).text


def score(text: str, gold: str, run: int) -> Score:
    have, want = _runs(text, run), _runs(gold, run)
    found = sum((have & want).values())
    extra, missed = have.total() - found, want.total() - found
    whole = max(found + extra + missed, 1)
    return Score(found / whole, extra / whole, missed / whole)


def _runs(text: str, length: int) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return Counter(tuple(words[at : at + length]) for at in range(max(len(words) - length + 1, 1)))


def kept(extract: Extractor, pages: Path = PAGES) -> Kept:
    wanted = found = unwanted = leaked = 0
    missing: list[str] = []
    for page in sorted(pages.glob("*.html")):
        said = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
        text = _plain(extract(page.read_bytes()))
        lost = [string for string in said["keep"] if _plain(string) not in text]
        kept_too = [string for string in said["drop"] if _plain(string) in text]
        wanted, unwanted = wanted + len(said["keep"]), unwanted + len(said["drop"])
        found, leaked = found + len(said["keep"]) - len(lost), leaked + len(kept_too)
        missing += [f"{page.stem}: {string}" for string in lost]
        missing += [f"{page.stem}: (too much) {string}" for string in kept_too]
    return Kept(wanted, found, unwanted, leaked, tuple(missing))


def _plain(text: str) -> str:
    return " ".join(text.split())


def seconds(extract: Extractor, pages: Sequence[GoldPage]) -> float:
    """For one page, on average."""
    times = []
    for _ in range(3):
        start = time.process_time()
        for page in pages:
            extract(page.html)
        times.append(time.process_time() - start)
    return min(times) / len(pages)


def measure(data: Path) -> dict[str, float]:
    """4-gram and word F1 on news beside trafilatura's better mode, recall and leaks on `html_pages`."""
    pages = news()
    texts = {name: [extract(page.html) for page in pages] for name, extract in extractors().items()}
    figures: dict[str, float] = {}
    for run, unit in ((1, "word"), (4, "4-gram")):
        totals = {name: _total(found, pages, run).f1 for name, found in texts.items()}
        best = max(value for name, value in totals.items() if name != "kbassist")
        figures[f"html news {unit} F1"] = totals["kbassist"]
        figures[f"html news {unit} F1 above trafilatura"] = totals["kbassist"] - best
    for name, others in (("help", help_pages(data)), ("law", regulations(data))):
        figures[f"html {name} 4-gram F1"] = _total([ours(page.html) for page in others], others, 4).f1
    result = kept(ours)
    figures["html FAQ and table recall"] = result.recall
    figures["html boilerplate kept out"] = 1 - result.leaked / result.unwanted
    return figures


def _total(texts: Sequence[str], pages: Sequence[GoldPage], run: int) -> Score:
    scores = [score(text, page.text, run) for text, page in zip(texts, pages, strict=True)]
    return sum(scores, Score())


def _show(console: Console, title: str, pages: list[GoldPage], each: bool) -> None:
    shown = Table("extractor", "word F1", "4-gram F1", "precision", "recall", "ms/page", title=title)
    texts: dict[str, list[str]] = {}
    for name, extract in extractors().items():
        texts[name] = [extract(page.html) for page in pages]
        words, runs = _total(texts[name], pages, 1), _total(texts[name], pages, 4)
        figures = [f"{value:.3f}" for value in (words.f1, runs.f1, runs.precision, runs.recall)]
        shown.add_row(name, *figures, f"{seconds(extract, pages) * 1000:.1f}")
    console.print(shown)
    if each:
        console.print(_by_page(texts, pages))


def _by_page(texts: dict[str, list[str]], pages: list[GoldPage]) -> Table:
    shown = Table("page", *texts, "precision", "recall", title="4-gram F1 of each page")
    for at, page in enumerate(pages):
        scores = [score(found[at], page.text, 4) for found in texts.values()]
        own = (f"{scores[0].precision:.2f}", f"{scores[0].recall:.2f}")
        shown.add_row(page.name, *(f"{found.f1:.3f}" for found in scores), *own)
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", action="store_true", help="figures of each page")
    options = parser.parse_args()
    console, data = Console(), folder()
    for title, pages in (
        ("news", news()),
        ("LibreOffice help, Polish", help_pages(data)),
        ("GDPR, Polish", regulations(data)),
    ):
        _show(console, f"{title}: {len(pages)} pages", pages, options.pages)
    shown = Table("extractor", "recall", "boilerplate kept out", title="FAQ, accordion, table and list pages")
    for name, extract in extractors().items():
        result = kept(extract)
        shown.add_row(name, f"{result.recall:.3f}", f"{1 - result.leaked / result.unwanted:.3f}")
        if options.pages and name == "kbassist":
            console.print("\n".join(result.missing), markup=False)
    console.print(shown)


if __name__ == "__main__":
    main()
