"""The embedded engine: Qdrant Edge in the process, one folder a generation.

    folder/gen-000001/
      shard/            the engine's own files
      terms.npz         term statistics
      manifest.json     written last; names every file with its size

Shards have no write-ahead log: a generation is seen only after it was flushed and sealed, so a log
would protect nothing, and it would allow only one process to open the shard.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from kbassist.errors import KnowledgeBaseError
from kbassist.index import files
from kbassist.index.bm25 import TermStatistics
from kbassist.index.edge_points import EdgePoints
from kbassist.index.reader import PointsReader
from kbassist.index.recipe import Recipe
from kbassist.index.writer import PointsWriter
from kbassist.protocols import Analyzer, Manifest

_SHARD = "shard"
_TERMS = "terms.npz"


class EdgeIndex:
    """A `PassageIndex` in a folder. Any number of processes may read while one writes the next generation.

    Vectors are kept in half precision: half the memory to read for each query, and a cosine differs in the
    fifth digit. Every passage that qualifies is looked at; there is no approximate graph.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        analyzer: Analyzer,
        analysis: str,
        model: str | None,
        dimension: int | None,
    ) -> None:
        """`analysis` is the analyser's version. Without a model (and a dimension) it is lexical only."""
        self._folder = Path(folder)
        self._analyzer = analyzer
        self._recipe = Recipe("qdrant-edge", model, dimension, analysis)

    def open(self, generation: str) -> PointsReader:
        path = self._folder / generation
        manifest, _ = files.read_manifest(path)
        self._recipe.check(manifest, str(path))
        if not os.access(path / _SHARD, os.W_OK):
            raise KnowledgeBaseError(
                f"{path} is read-only, and the engine opens only what it could write to: give write "
                "permission, or copy the folder to a place that has it"
            )
        statistics = _read_terms(path)
        return PointsReader(EdgePoints.open(path / _SHARD), statistics, manifest)

    def begin(self, base: str | None) -> PointsWriter:
        names: list[str] = []
        if base is not None:
            manifest, names = files.read_manifest(self._folder / base)
            self._recipe.check(manifest, str(self._folder / base))
        with _disk_errors(self._folder):
            path = files.new_generation(self._folder)
        try:
            if base is None:
                statistics = TermStatistics.empty()
                points = EdgePoints.create(path / _SHARD, self._recipe.dimension)
            else:
                with _disk_errors(path):
                    files.copy_files(self._folder / base, path, names)
                statistics = _read_terms(path)
                points = EdgePoints.open(path / _SHARD)
        except BaseException:
            files.remove(path)
            raise
        return PointsWriter(
            path.name,
            points,
            statistics,
            analyzer=self._analyzer,
            dimension=self._recipe.dimension,
            publish=lambda statistics: self._seal(path, statistics),
            discard=lambda: files.remove(path),
        )

    def prune(self, keep: Collection[str]) -> None:
        for name, path in files.generations(self._folder).items():
            if name not in keep:
                files.remove(path)

    def close(self) -> None:
        """Nothing is held: readers and writers are closed by themselves."""

    def _seal(self, path: Path, statistics: TermStatistics) -> Manifest:
        # The first opening clears journals away. After it no opening changes a byte, so that readers
        # cannot disturb one another, and what cannot be opened is not published.
        EdgePoints.open(path / _SHARD).close()
        manifest = self._recipe.manifest(path.name, statistics.passages, statistics.average_length)
        with _disk_errors(path):
            (path / _TERMS).write_bytes(statistics.to_bytes())
            files.seal(path, manifest)
        return manifest


def _read_terms(path: Path) -> TermStatistics:
    try:
        return TermStatistics.from_bytes((path / _TERMS).read_bytes())
    except (OSError, ValueError) as error:
        raise KnowledgeBaseError(f"generation {path} is damaged: {_TERMS}: {error}. {files.CURE}") from error


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise KnowledgeBaseError(
            f"{path} cannot be written to ({error}): check the disk and the permissions, ingest again"
        ) from error
