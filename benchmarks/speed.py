"""How fast is search, and how do time, memory and disk grow with the passages?

    KBASSIST_BENCH_DATA=… python benchmarks/speed.py growth                 # 1k, 10k, 50k, 200k
    KBASSIST_BENCH_DATA=… python benchmarks/speed.py growth --sizes 500000
    KBASSIST_BENCH_DATA=… python benchmarks/speed.py lexical                # beside bm25s; updates
    KBASSIST_BENCH_DATA=… python benchmarks/speed.py workers                # more than one process
    KBASSIST_BENCH_DATA=… python benchmarks/speed.py graph                  # HNSW beside the exact scan
    KBASSIST_BENCH_DATA=… python benchmarks/speed.py answer                 # answer() beside search()
    KBASSIST_BENCH_DATA=… python benchmarks/speed.py peer                   # qdrant-client's local mode

`--keep FOLDER` keeps what was built there and takes what is there: a knowledge base a size. How they are made
says `speed_data.py`. Opening, searching and memory are measured in a process of their own, through the public
API, after 200 other questions; every query is a different one, so few passages are kept from before. Without
the model means that the query's vector is there already; with it, the bundled model embeds the query as well.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import speed_graph
import speed_lexical
from rich.console import Console
from rich.table import Table
from speed_data import (
    DIMENSION,
    TODAY,
    RandomEmbedder,
    ReadingEmbedder,
    base,
    grow,
    open_base,
    questions,
    resident_mb,
)

from kbassist.index.edge import EdgeIndex
from kbassist.protocols import PassageIndex, Vector
from kbassist.testing import make_entry, words
from kbassist.types import PassageFilter

SIZES = (1_000, 10_000, 50_000, 200_000)
SIZE = 50_000
QUERIES = 200
WARMING = 20
LONG_WARMING = 200
"""A process analyses every word form once, a fifth of the time of its first queries."""
WIDTH = 100
WORKERS = (1, 2, 4)
GRAPH_SIZES = (50_000, 200_000)
PEER_SIZE = 5_000
PEER_QUERIES = 5
DEPTH = 100

_spawned = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Speed:
    """Opening in seconds, what the process holds in MB, and milliseconds of each query."""

    open_s: float
    resident_mb: float
    times: list[float]

    def at(self, percent: float) -> float:
        return float(np.percentile(self.times, percent))


# --- growth ------------------------------------------------------------------------------------


def growth(keep: Path, sizes: Iterable[int]) -> Table:
    table = Table(
        "passages", "p50 ms", "p95 ms", "with model p50", "p95", "RSS MB", "disk MB", "open s", "ingest /s"
    )
    for size in sizes:
        built = base(keep, size)
        alone = apart(searching, built.folder, False)
        whole = apart(searching, built.folder, True)
        table.add_row(
            f"{size:,}",
            *(f"{speed.at(percent):.1f}" for speed in (alone, whole) for percent in (50, 95)),
            f"{alone.resident_mb:.0f}",
            f"{built.disk_mb:.0f}",
            f"{alone.open_s:.2f}",
            f"{size / built.seconds:.0f}",
        )
    return table


def searching(folder: Path, with_model: bool) -> Speed:
    """Run in a fresh process: what is resident is then what a reader needs."""
    asked = questions(LONG_WARMING + QUERIES)
    embedder = RandomEmbedder(_model() if with_model else None)
    began = time.perf_counter()
    kb = open_base(folder, embedder)
    opened = time.perf_counter() - began
    for question in asked[:LONG_WARMING]:
        kb.search(question, as_of=TODAY)
    times = milliseconds(partial(kb.search, as_of=TODAY), asked[LONG_WARMING:])
    kb.close()
    return Speed(opened, resident_mb(), times)


def _model() -> Callable[[str], Vector]:
    from kbassist.models.e5 import E5Embedder

    return E5Embedder().embed_query


def milliseconds(search: Callable[[str], object], asked: Sequence[str]) -> list[float]:
    times = []
    for question in asked:
        began = time.perf_counter()
        search(question)
        times.append((time.perf_counter() - began) * 1000)
    return times


def apart(function: Callable[..., Speed], *arguments: object) -> Speed:
    """The function's result, in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=_spawned) as process:
        return process.submit(function, *arguments).result()


# --- answers -----------------------------------------------------------------------------------


def answers(keep: Path, sizes: Iterable[int]) -> Table:
    """The bundled model embeds the question and the sentences that are compared with it."""
    table = Table("passages", "search p50 ms", "p95", "answer p50 ms", "p95", "RSS MB")
    for size in sizes:
        search, answer = (apart(asking, base(keep, size).folder, method) for method in ("search", "answer"))
        times = (f"{speed.at(percent):.1f}" for speed in (search, answer) for percent in (50, 95))
        table.add_row(f"{size:,}", *times, f"{answer.resident_mb:.0f}")
    return table


def asking(folder: Path, method: str) -> Speed:
    """Run in a fresh process, with a model in it."""
    from kbassist.models.e5 import E5Embedder

    asked = questions(LONG_WARMING + QUERIES)
    began = time.perf_counter()
    kb = open_base(folder, ReadingEmbedder(E5Embedder()))
    opened = time.perf_counter() - began
    ask = partial(getattr(kb, method), as_of=TODAY)
    for question in asked[:LONG_WARMING]:
        ask(question)
    times = milliseconds(ask, asked[LONG_WARMING:])
    kb.close()
    return Speed(opened, resident_mb(), times)


# --- several processes -------------------------------------------------------------------------


def workers(keep: Path) -> Table:
    """Queries a second of processes that search one published generation, all of them the same questions.

    `found` is a hash of every passage and score that was found: one where no process differs.
    """
    folder = base(keep, SIZE).folder
    table = Table("processes", "queries a second", "of one process", "found")
    alone = None
    for number in WORKERS:
        with _spawned.Manager() as manager, _spawned.Pool(number) as pool:
            gate = manager.Barrier(number)
            results = pool.starmap(_found, [(folder, gate)] * number, chunksize=1)
        seconds = max(end for _, end, _ in results) - min(start for start, _, _ in results)
        rate = number * QUERIES / seconds
        alone = alone or rate
        found = " ".join(sorted({digest for _, _, digest in results}))
        table.add_row(f"{number}", f"{rate:.0f}", f"{rate / alone:.2f}", found)
    return table


def _found(folder: Path, gate: threading.Barrier) -> tuple[float, float, str]:
    asked = questions(WARMING + QUERIES)
    found = hashlib.sha256()
    with open_base(folder) as kb:
        for question in asked[:WARMING]:
            kb.search(question, as_of=TODAY)
        gate.wait()
        began = time.monotonic()
        for question in asked[WARMING:]:
            for hit in kb.search(question, as_of=TODAY):
                found.update(f"{hit.passage.id} {hit.score:.9f}\n".encode())
        return began, time.monotonic(), found.hexdigest()[:12]


# --- qdrant-client's local mode ----------------------------------------------------------------


def peer(passages: int) -> Table:
    """The embedded engine that one would take otherwise, on few passages, asked the same."""
    table = Table("engine", "passages", "open s", "p50 ms", "p95 ms", "RSS MB")
    for name in ("Qdrant Edge", "qdrant-client local"):
        speed = apart(_engine, name, passages)
        table.add_row(
            name,
            f"{passages:,}",
            f"{speed.open_s:.2f}",
            f"{speed.at(50):.1f}",
            f"{speed.at(95):.1f}",
            f"{speed.resident_mb:.0f}",
        )
    return table


def _engine(name: str, passages: int) -> Speed:
    embedder = RandomEmbedder()
    entries = [make_entry(document.id, document.text) for document in grow(passages)]
    with tempfile.TemporaryDirectory() as place:
        index = _local() if name == "qdrant-client local" else _edge(Path(place))
        writer = index.begin(None)
        writer.upsert(entries, embedder.embed_passages([entry.search_text for entry in entries]))
        generation = writer.seal().generation
        began = time.perf_counter()
        reader = index.open(generation)
        opened = time.perf_counter() - began

        def search(question: str) -> object:
            return reader.search(words(question), embedder.embed_query(question), PassageFilter(), DEPTH)

        times = milliseconds(search, questions(PEER_QUERIES))
        reader.close()
        return Speed(opened, resident_mb(), times)


def _edge(folder: Path) -> PassageIndex:
    return EdgeIndex(folder, analyzer=words, analysis="words", model=RandomEmbedder.name, dimension=DIMENSION)


def _local() -> PassageIndex:
    from qdrant_client import QdrantClient

    from kbassist.index.server import ServerIndex

    warnings.filterwarnings("ignore", category=UserWarning, module="kbassist.index")
    return ServerIndex(
        QdrantClient(":memory:"),
        analyzer=words,
        analysis="words",
        model=RandomEmbedder.name,
        dimension=DIMENSION,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=("growth", "answer", "lexical", "workers", "graph", "peer"))
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where built knowledge bases stay")
    parser.add_argument(
        "--sizes", type=int, nargs="+", metavar="N", help="passages, for growth, answer and graph"
    )
    parser.add_argument("--vectors", type=Path, nargs="+", metavar="NPZ", help="real ones, for graph")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        keep = options.keep or Path(place)
        keep.mkdir(parents=True, exist_ok=True)
        tables = {
            "growth": lambda: [growth(keep, options.sizes or SIZES)],
            "answer": lambda: [answers(keep, options.sizes or (SIZE,))],
            "lexical": lambda: [
                speed_lexical.queries(base(keep, SIZE)),
                speed_lexical.increment(base(keep, SIZE)),
            ],
            "workers": lambda: [workers(keep)],
            "graph": lambda: [speed_graph.graph(options.sizes or GRAPH_SIZES, options.vectors or [])],
            "peer": lambda: [peer(PEER_SIZE)],
        }
        for table in tables[options.part]():
            Console(width=WIDTH).print(table)


if __name__ == "__main__":
    main()
