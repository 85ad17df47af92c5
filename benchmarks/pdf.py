"""PDF text: what comes out of hard and of Polish files, beside pypdfium2 as it is and pypdf.

    KBASSIST_BENCH_DATA=… python benchmarks/pdf.py            # all readers on all files, about two minutes
    KBASSIST_BENCH_DATA=… python benchmarks/pdf.py --quick    # what the quality gate checks

Every file is read in a process of its own, two at a time, with 20 seconds and 1 GB of memory: it cannot
map more than that besides the libraries, and its peak resident size is shown.

How the figures are counted:
- *ended*: share of the files of `pdf-hard`, `pdf-polish` and `regulations/pdf` that end within the limits, in
  text or in a `SourceError`.
- *known words*: share of the words of two letters and more that are in the Polish or the English lexicon,
  mean over the files of `pdf-polish` of which every reader gives at least 20 words; `gain` is ours less
  theirs.
- *columns*: on pages written here (two and three columns, narrow and wide gutters, written by columns, by
  rows and shuffled, with a heading between), the share of neighbouring words that are neighbours in the text.
- *rows*: on tables written here (with and without rules, rows of one line and of several, written by rows and
  by columns), the share of rows whose cells stand on one line, in order, with no cell of another row.
- *outline entries* are those that lead to a page.
- *words*: the share of the words of all these pages that come out.
- *spoilt pages found*, *good pages kept*: see `pdf_quality.py`.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import pypdfium2
from datasets import folder
from pdf_pages import fixtures
from pdf_quality import found_and_kept
from rich.console import Console
from rich.table import Table

from kbassist.errors import SourceError
from kbassist.sources.pdf import read_pdf
from kbassist.sources.pdf.headings import read_outline
from kbassist.sources.pdf.quality import Vocabulary
from kbassist.text.lexicon import Lexicons

SECONDS = 20.0
MEGABYTES = 1024
FOLDERS = ("pdf-polish", "pdf-hard", "regulations/pdf")
FEWEST_WORDS = 20


@dataclass(frozen=True)
class Outcome:
    """What a reader made of a file. `reason` is empty where there is text; `peak` is in megabytes."""

    text: str
    reason: str
    outline: int
    seconds: float
    peak: float
    ended: bool = True
    crashed: bool = False


Reader = Callable[[bytes], tuple[str, int]]


# --- the readers -------------------------------------------------------------------------------


def ours(data: bytes) -> tuple[str, int]:
    document = read_pdf(data, uri="file.pdf")
    with pypdfium2.PdfDocument(data) as pdf:
        return document.text, len(read_outline(pdf))


def pdfium(data: bytes) -> tuple[str, int]:
    with pypdfium2.PdfDocument(data) as pdf:
        pages = [page.get_textpage().get_text_range() for page in pdf]
        return "\n".join(pages), sum(bool(entry.get_dest()) for entry in pdf.get_toc())


def pypdf(data: bytes) -> tuple[str, int]:
    import io
    import logging

    from pypdf import PdfReader

    logging.disable()
    reader = PdfReader(io.BytesIO(data))
    text = "\n".join(page.extract_text() for page in reader.pages)

    def entries(outline: Sequence[Any]) -> int:
        return sum(entries(entry) if isinstance(entry, list) else leads_somewhere(entry) for entry in outline)

    def leads_somewhere(entry: Any) -> bool:
        return reader.get_destination_page_number(entry) is not None

    return text, entries(reader.outline)


READERS: dict[str, Reader] = {"ours": ours, "pypdfium2": pdfium, "pypdf": pypdf}


def _child(reader: Reader, path: Path, answer: Connection) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # pypdf and pdfium tell of every oddity
    limit = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + MEGABYTES * 2**20, limit))
    begun = time.monotonic()
    text, reason, outline, crashed = "", "", 0, False
    try:
        text, outline = reader(path.read_bytes())
        reason = "" if text.strip() else "no text"
    except SourceError as error:
        reason = str(error).split(": ", 1)[1]
    except Exception as error:
        reason, crashed = type(error).__name__, True
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.send(Outcome(text, reason, outline, time.monotonic() - begun, peak, crashed=crashed))


def _address_space() -> int:
    """What the process has mapped already, in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def read_all(paths: Sequence[Path], reader: Reader, *, workers: int = 2) -> dict[Path, Outcome]:
    """Each file in its own process. One that takes too long is ended."""
    context = get_context("fork")  # the libraries are loaded once
    waiting = list(paths)[::-1]
    running: dict[Connection, tuple[Path, Any, float]] = {}
    found: dict[Path, Outcome] = {}
    while waiting or running:
        while waiting and len(running) < workers:
            path = waiting.pop()
            mine, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_child, args=(reader, path, theirs))
            process.start()
            theirs.close()
            running[mine] = (path, process, time.monotonic())
        for ready in wait(list(running), timeout=0.2):
            path, process, begun = running.pop(ready)  # type: ignore[index]
            try:
                found[path] = ready.recv()  # type: ignore[union-attr]
            except EOFError:
                found[path] = _lost("crashed", begun)
            process.join()
        for ready, (path, process, begun) in list(running.items()):
            if time.monotonic() - begun > SECONDS:
                process.kill()
                process.join()
                del running[ready]
                found[path] = _lost("takes too long", begun)
    return found


def _lost(reason: str, begun: float) -> Outcome:
    return Outcome("", reason, 0, time.monotonic() - begun, 0.0, ended=False, crashed=True)


# --- figures -----------------------------------------------------------------------------------


def files(data: Path) -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (data / folder).rglob("*.pdf"))


def known_words(text: str, vocabulary: Vocabulary) -> tuple[int, float]:
    """How many words there are, and the share that is known."""
    words = [word for word in _words(text) if len(word) > 1]
    return len(words), sum(map(vocabulary.knows, words)) / max(len(words), 1)


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalpha() else " " for letter in text).split()


def comparison(outcomes: dict[str, dict[Path, Outcome]], vocabulary: Vocabulary) -> dict[str, float]:
    """Each reader's mean share of known words over the files that all of them read."""
    shares: dict[str, list[float]] = {name: [] for name in outcomes}
    for path in next(iter(outcomes.values())):
        found = {name: known_words(of[path].text, vocabulary) for name, of in outcomes.items()}
        if min(count for count, _ in found.values()) >= FEWEST_WORDS:
            for name, (_, share) in found.items():
                shares[name].append(share)
    return {name: statistics.fmean(values) if values else 0.0 for name, values in shares.items()}


def measure(data: Path) -> dict[str, float]:
    """The figures of the quality gate; pypdfium2 and pypdf read `pdf-polish` only. About 30 seconds."""
    own = read_all(files(data), ours)
    polish = [path for path in own if path.is_relative_to(data / "pdf-polish")]
    outcomes = {"ours": {path: own[path] for path in polish}}
    outcomes |= {name: read_all(polish, READERS[name]) for name in ("pypdfium2", "pypdf")}
    figures = _figures(own, comparison(outcomes, Vocabulary(Lexicons())))
    return {**figures, **fixtures(), **found_and_kept(polish)}


def _figures(own: dict[Path, Outcome], shares: dict[str, float]) -> dict[str, float]:
    in_time = [
        outcome.ended and not outcome.crashed and outcome.seconds <= SECONDS and outcome.peak <= MEGABYTES
        for outcome in own.values()
    ]
    return {
        "pdf ended": sum(in_time) / max(len(in_time), 1),
        "pdf known words": shares["ours"],
        "pdf gain on pypdfium2": shares["ours"] - shares["pypdfium2"],
        "pdf gain on pypdf": shares["ours"] - shares["pypdf"],
    }


# --- the report --------------------------------------------------------------------------------


def report(data: Path, console: Console) -> None:
    vocabulary = Vocabulary(Lexicons())
    paths = files(data)
    outcomes = {name: read_all(paths, reader) for name, reader in READERS.items()}
    own = outcomes["ours"]

    shown = Table(
        "file",
        *(f"{name} {what}" for name in READERS for what in ("s", "known", "outline")),
        title="pdf-polish",
    )
    polish = [path for path in paths if path.is_relative_to(data / "pdf-polish")]
    for path in polish:
        cells: list[str] = []
        for name in READERS:
            outcome = outcomes[name][path]
            count, share = known_words(outcome.text, vocabulary)
            cells += [
                f"{outcome.seconds:.2f}",
                f"{share:.3f}" if count >= FEWEST_WORDS else "–",
                str(outcome.outline),
            ]
        shown.add_row(path.name, *cells)
    console.print(shown)

    shown = Table(
        "reader",
        "text",
        "reason",
        "crashed or too slow",
        "seconds",
        "outline entries",
        "slowest",
        "peak MB",
        title=f"{len(paths)} files",
    )
    for name, of in outcomes.items():
        slowest = max(of, key=lambda path: of[path].seconds)
        shown.add_row(
            name,
            str(sum(not outcome.reason for outcome in of.values())),
            str(sum(bool(outcome.reason) and not outcome.crashed for outcome in of.values())),
            str(sum(outcome.crashed for outcome in of.values())),
            f"{sum(outcome.seconds for outcome in of.values()):.1f}",
            str(sum(outcome.outline for outcome in of.values())),
            f"{of[slowest].seconds:.1f} s {slowest.name}",
            f"{max(outcome.peak for outcome in of.values()):.0f}",
        )
    console.print(shown)

    shown = Table("ours", "files", title="outcomes")
    reasons = Counter(outcome.reason.split(": for text")[0] or "text" for outcome in own.values())
    for reason, count in reasons.most_common():
        shown.add_row(reason, str(count))
    console.print(shown)

    lost = [path.name for path in paths if not own[path].text and outcomes["pypdf"][path].text.strip()]
    more = [path.name for path in paths if own[path].outline < outcomes["pypdf"][path].outline]
    console.print(f"text by pypdf and not by us: {', '.join(lost) or 'none'}")
    console.print(f"more outline entries by pypdf: {', '.join(more) or 'none'}")
    of_polish = {name: {path: of[path] for path in polish} for name, of in outcomes.items()}
    figures = _figures(own, comparison(of_polish, vocabulary))
    _print_figures({**figures, **fixtures(), **found_and_kept(polish)}, console)


def _print_figures(figures: dict[str, float], console: Console) -> None:
    shown = Table("figure", "measured")
    for name, value in figures.items():
        shown.add_row(name, f"{value:.4f}")
    console.print(shown)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="only what the quality gate checks")
    options = parser.parse_args()
    data = folder()
    console = Console()
    run = partial(_print_figures, measure(data)) if options.quick else partial(report, data)
    run(console)


if __name__ == "__main__":
    main()
