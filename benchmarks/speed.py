"""How fast is search at 50,000 passages, how much memory does it take, how long does opening take?

    KBASSIST_BENCH_DATA=… python benchmarks/speed.py
    KBASSIST_BENCH_DATA=… python benchmarks/speed.py --passages 5000 --local 1000

The passages are sentences of pl-poquad put together anew, one in twenty for the staff only and one in twenty
out of date, so that every filter has work to do. Vectors are random around 500 centres: how near they are
changes nothing in the time of an exact search, and the embedding of the query is not what is measured.
Opening, searching and memory are measured in a process of their own, through the public API. The last row is
qdrant-client's local mode on fewer passages, with the same requests: it is the embedded engine one would
take otherwise.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import tempfile
import time
import warnings
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from datasets import load
from rich.console import Console
from rich.table import Table

from kbassist import Document, KnowledgeBase
from kbassist.protocols import IndexReader, Matrix, Vector
from kbassist.testing import make_entry, words
from kbassist.types import PassageFilter

DATA = "pl-poquad"
QUERIES = 200
LOCAL_QUERIES = 5
DIMENSION = 384
CENTRES = 500
SENTENCES = 5
CANDIDATES = 100
TODAY = date(2026, 11, 21)


class RandomEmbedder:
    """An `Embedder` whose vectors are ready before they are asked for: the same text, the same vector."""

    name = "random-384"
    dimension = DIMENSION
    max_tokens = 512

    def __init__(self) -> None:
        self._centres = np.random.default_rng(0).standard_normal((CENTRES, DIMENSION), np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        rng = np.random.default_rng(zlib.crc32("".join(texts).encode()))
        near = self._centres[rng.integers(CENTRES, size=len(texts))]
        rows = near + 0.7 * rng.standard_normal((len(texts), DIMENSION), np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    def embed_query(self, text: str) -> Vector:
        return np.asarray(self.embed_passages([text])[0])


@dataclass(frozen=True)
class Speed:
    engine: str
    passages: int
    open_s: float
    p50_ms: float
    p95_ms: float
    resident_mb: float


def grow(passages: int) -> Iterator[Document]:
    sentences = [
        sentence for document in load(DATA).documents for sentence in re.split(r"(?<=[.!?]) ", document.text)
    ]
    chance = random.Random(1)
    for number in range(passages):
        yield Document(
            id=f"d{number}",
            text=" ".join(chance.choices(sentences, k=SENTENCES)),
            lang="pl",
            audience=frozenset({"staff"} if number % 20 == 0 else {"public"}),
            valid_until=TODAY - timedelta(days=number % 30 + 1) if number % 20 == 1 else None,
        )


def questions(count: int) -> list[str]:
    return list(load(DATA).questions.values())[:count]


def build(folder: Path, passages: int) -> float:
    began = time.perf_counter()
    with KnowledgeBase(folder, embedder=RandomEmbedder(), log_interactions=False) as kb:
        kb.add(grow(passages))
    return time.perf_counter() - began


def measure(folder: Path) -> Speed:
    """Run in a fresh process: what is resident is then what a reader needs."""
    asked = questions(QUERIES)
    began = time.perf_counter()
    kb = KnowledgeBase(folder, embedder=RandomEmbedder(), log_interactions=False)
    opened = time.perf_counter() - began
    kb.search(asked[0], as_of=TODAY)
    times = []
    for question in asked:
        began = time.perf_counter()
        kb.search(question, as_of=TODAY)
        times.append(time.perf_counter() - began)
    passages = kb.info().passages
    kb.close()
    return _speed("kbassist", passages, opened, times)


def measure_local(passages: int) -> Speed:
    """The same requests to qdrant-client's local mode."""
    from qdrant_client import QdrantClient

    from kbassist.index.server import ServerIndex

    warnings.filterwarnings("ignore", category=UserWarning, module="kbassist.index")
    embedder = RandomEmbedder()
    index = ServerIndex(
        QdrantClient(":memory:"),
        analyzer=words,
        analysis="words",
        model=embedder.name,
        dimension=DIMENSION,
    )
    entries = [make_entry(document.id, document.text) for document in grow(passages)]
    writer = index.begin(None)
    writer.upsert(entries, embedder.embed_passages([entry.search_text for entry in entries]))
    generation = writer.seal().generation
    began = time.perf_counter()
    reader: IndexReader = index.open(generation)
    opened = time.perf_counter() - began
    times = []
    for question in questions(LOCAL_QUERIES):
        began = time.perf_counter()
        reader.search(words(question), embedder.embed_query(question), PassageFilter(), CANDIDATES)
        times.append(time.perf_counter() - began)
    return _speed("qdrant-client local", passages, opened, times)


def _speed(engine: str, passages: int, opened: float, times: list[float]) -> Speed:
    p50, p95 = np.percentile(np.array(times) * 1000, [50, 95])
    return Speed(engine, passages, opened, float(p50), float(p95), _resident_mb())


def _resident_mb() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    kilobytes = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
    return int(kilobytes[1]) / 1024 if kilobytes else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passages", type=int, default=50_000)
    parser.add_argument("--local", type=int, default=5_000, help="passages for the local mode, or 0")
    options = parser.parse_args()
    spawned = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "kb"
        built = build(folder, options.passages)
        with spawned.Pool(1) as process:
            rows = [process.apply(measure, (folder,))]
    if options.local:
        with spawned.Pool(1) as process:
            rows.append(process.apply(measure_local, (options.local,)))
    table = Table("engine", "passages", "open s", "p50 ms", "p95 ms", "RSS MB")
    for row in rows:
        table.add_row(
            row.engine,
            f"{row.passages:,}",
            f"{row.open_s:.2f}",
            f"{row.p50_ms:.1f}",
            f"{row.p95_ms:.1f}",
            f"{row.resident_mb:.0f}",
        )
    Console().print(table)
    print(f"Ingest without embedding: {built:.0f} s, {options.passages / built:.0f} passages a second.")


if __name__ == "__main__":
    main()
