"""Large knowledge bases for the benchmarks of speed: sentences of real text put together anew.

The passages are sentences of pl-poquad, one passage in twenty for the staff only and one in twenty out of
date, so that every filter has work to do. The words are those of the real text, so the lists of passages that
hold a word grow as the passages do. Vectors are random around 500 centres: how near they are changes nothing
in the time of an exact search.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
from datasets import load

from kbassist import Document, KnowledgeBase
from kbassist.index.edge import EdgeIndex
from kbassist.models.e5 import E5Embedder
from kbassist.protocols import Matrix, Tokens, Vector
from kbassist.text.analysis import ANALYSIS, TextAnalyzer

DATA = "pl-poquad"
DIMENSION = 384
CENTRES = 500
SENTENCES = 5
Item = TypeVar("Item")
TODAY = date(2026, 11, 21)
_REPORT_S = 10


class RandomEmbedder:
    """An `Embedder` whose vectors are ready before they are asked for: the same text, the same vector.

    With `also`, each query is embedded by that as well, for the time it takes; the random vector is what is
    searched with, so the hits are the same.
    """

    name = "random-384"
    dimension = DIMENSION
    max_tokens = 512

    def __init__(self, also: Callable[[str], Vector] | None = None) -> None:
        self._centres = np.random.default_rng(0).standard_normal((CENTRES, DIMENSION), np.float32)
        self._also = also

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        rng = np.random.default_rng(zlib.crc32("".join(texts).encode()))
        near = self._centres[rng.integers(CENTRES, size=len(texts))]
        rows = near + 0.7 * rng.standard_normal((len(texts), DIMENSION), np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    def embed_query(self, text: str) -> Vector:
        if self._also is not None:
            self._also(text)
        return np.asarray(self.embed_passages([text])[0])


class ReadingEmbedder(RandomEmbedder):
    """The same, with the token states of a real model."""

    def __init__(self, model: E5Embedder) -> None:
        super().__init__(model.embed_query)
        self._model = model

    def embed_tokens(self, texts: Sequence[str], role: Literal["query", "passage"]) -> list[Tokens]:
        return self._model.embed_tokens(texts, role)


@dataclass(frozen=True)
class Built:
    """A knowledge base on disk, and how it came about. `disk_mb` is all of its folder."""

    folder: Path
    passages: int
    seconds: float
    disk_mb: float


def grow(passages: int, first: int = 0) -> Iterator[Document]:
    """One passage each, numbered from `first`."""
    sentences = [
        sentence for document in load(DATA).documents for sentence in re.split(r"(?<=[.!?]) ", document.text)
    ]
    chance = random.Random(1 + first)
    for number in range(first, first + passages):
        yield Document(
            id=f"d{number}",
            text=" ".join(chance.choices(sentences, k=SENTENCES)),
            lang="pl",
            audience=frozenset({"staff"} if number % 20 == 0 else {"public"}),
            valid_until=TODAY - timedelta(days=number % 30 + 1) if number % 20 == 1 else None,
        )


def questions(count: int) -> list[str]:
    return list(load(DATA).questions.values())[:count]


def open_base(folder: Path, embedder: RandomEmbedder | None = None) -> KnowledgeBase:
    return KnowledgeBase(
        folder, embedder=embedder or RandomEmbedder(), log_interactions=False, cache_vectors=False
    )


def open_index(folder: Path) -> tuple[EdgeIndex, str]:
    """The index of a knowledge base that `open_base` made, and the generation it shows."""
    with open_base(folder) as kb:
        generation = kb.info().generation
    if generation is None:
        raise ValueError(f"{folder} is empty")
    index = EdgeIndex(
        folder / "index",
        analyzer=TextAnalyzer().index_terms,
        analysis=ANALYSIS,
        model=RandomEmbedder.name,
        dimension=DIMENSION,
    )
    return index, generation


def base(keep: Path, passages: int) -> Built:
    """The knowledge base of that size in `keep`, made when it is not there."""
    folder = keep / f"kb-{passages}"
    note = keep / f"kb-{passages}.json"
    if not note.exists():
        began = time.perf_counter()
        with open_base(folder) as kb:
            kb.add(told(grow(passages), passages))
        seconds = time.perf_counter() - began
        built = {"passages": passages, "seconds": seconds, "disk_mb": _disk_mb(folder)}
        note.write_text(json.dumps(built))
    return Built(folder=folder, **json.loads(note.read_text()))


def told(items: Iterator[Item], total: int) -> Iterator[Item]:
    """The same, with a line on stderr now and then."""
    last = began = time.perf_counter()
    for number, item in enumerate(items):
        if time.perf_counter() - last > _REPORT_S:
            last = time.perf_counter()
            print(f"{number:,} of {total:,} in {last - began:.0f} s", file=sys.stderr)
        yield item


def resident_mb() -> float:
    """Of this process, without what other processes may share; NaN where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    kilobytes = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
    return int(kilobytes[1]) / 1024 if kilobytes else float("nan")


def _disk_mb(folder: Path) -> float:
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file()) / 2**20
