"""From how many passages on does an HNSW graph pay?

Both are shards of Qdrant Edge in half precision, without payload, built by `optimize()`; the exact one is set
up as the library sets up its own. Recall is the share of the exact best ten that the graph finds. Times are
of the dense leg alone.

With real vectors (`--vectors`, files of NumPy with the rows `d` of passages and `q` of queries) more passages
than they have are made by moving each some way towards another one; queries stay as they are. Random vectors
have no neighbourhoods that a graph could follow, so their recall says little about real ones.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import qdrant_edge as edge
from rich.table import Table
from speed_data import RandomEmbedder, told

from kbassist.index.points import DENSE
from kbassist.protocols import Matrix

QUERIES = 200
DEPTH = 51
TOP = 10
M, EF_CONSTRUCT = 16, 128
EF = (64, 128, 256, 512)
_BATCH = 2_000
_EVERYTHING = 2**31
_FARTHEST = 0.4
"""Of the way to another passage that a made vector is moved."""


@dataclass(frozen=True)
class _Found:
    rankings: list[list[int]]
    times: list[float]

    @property
    def p50(self) -> float:
        return float(np.median(self.times))


def graph(sizes: Sequence[int], real: Sequence[Path]) -> Table:
    kind = "real" if real else "random"
    table = Table(f"passages ({kind} vectors)", "", "build s", "p50 ms", f"recall@{TOP}")
    for size in sizes:
        passages, queries = _real(size, real) if real else _random(size)
        with tempfile.TemporaryDirectory() as place:
            shard, seconds = _build(Path(place), passages, m=0)
            exact = _search(shard, queries, None)
            shard.close()
        table.add_row(f"{size:,}", "exact", f"{seconds:.0f}", f"{exact.p50:.1f}", "1")
        with tempfile.TemporaryDirectory() as place:
            shard, seconds = _build(Path(place), passages, m=M)
            for ef in EF:
                found = _search(shard, queries, ef)
                recall = np.mean(
                    [
                        len(set(best[:TOP]) & set(true[:TOP])) / TOP
                        for best, true in zip(found.rankings, exact.rankings, strict=True)
                    ]
                )
                table.add_row("", f"graph, ef {ef}", f"{seconds:.0f}", f"{found.p50:.1f}", f"{recall:.3f}")
            shard.close()
    return table


def _random(size: int) -> tuple[Matrix, Matrix]:
    embedder = RandomEmbedder()
    passages = embedder.embed_passages([str(number) for number in range(size)])
    return passages, embedder.embed_passages([f"q{number}" for number in range(QUERIES)])


def _real(size: int, paths: Sequence[Path]) -> tuple[Matrix, Matrix]:
    arrays = [np.load(path) for path in paths]
    own = np.concatenate([each["d"] for each in arrays]).astype(np.float32)
    queries = np.concatenate([each["q"][: QUERIES // len(paths)] for each in arrays]).astype(np.float32)
    rng = np.random.default_rng(0)
    more = max(0, size - len(own))
    near, far = (own[rng.integers(len(own), size=more)] for _ in range(2))
    share = rng.uniform(0, _FARTHEST, (more, 1)).astype(np.float32)
    rows = np.concatenate([own[:size], near + share * (far - near)])
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), queries


def _build(place: Path, passages: Matrix, *, m: int) -> tuple[edge.EdgeShard, float]:
    """The shard, and the seconds of `optimize` alone."""
    params = edge.EdgeVectorParams(
        size=passages.shape[1],
        distance=edge.Distance.Cosine,
        datatype=edge.VectorStorageDatatype.Float16,
    )
    config = edge.EdgeConfig(
        vectors={DENSE: params},
        hnsw_config=edge.HnswIndexConfig(
            m=m, ef_construct=EF_CONSTRUCT, full_scan_threshold=1_000 if m else _EVERYTHING
        ),
        optimizers=edge.EdgeOptimizersConfig(indexing_threshold=5_000, default_segment_number=2),
        max_search_threads=1,
        wal_enabled=False,
    )
    shard = edge.EdgeShard.create(str(place), config)
    for batch in told(_batches(passages), -(-len(passages) // _BATCH)):
        shard.update(edge.UpdateOperation.upsert_points(batch))
    began = time.perf_counter()
    shard.optimize()
    seconds = time.perf_counter() - began
    shard.flush()
    return shard, seconds


def _batches(passages: Matrix) -> Iterator[list[edge.Point]]:
    for start in range(0, len(passages), _BATCH):
        rows = passages[start : start + _BATCH].tolist()
        yield [edge.Point(number, {DENSE: row}, {}) for number, row in enumerate(rows, start)]


def _search(shard: edge.EdgeShard, queries: Matrix, ef: int | None) -> _Found:
    params = None if ef is None else edge.SearchParams(hnsw_ef=ef)
    rankings, times = [], []
    for query in queries.tolist():
        request = edge.QueryRequest(
            limit=DEPTH, query=edge.Query.Nearest(query, using=DENSE), params=params, with_payload=False
        )
        began = time.perf_counter()
        found = shard.query(request)
        times.append((time.perf_counter() - began) * 1000)
        rankings.append([cast("int", point.id) for point in found])
    return _Found(rankings, times)
