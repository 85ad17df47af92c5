"""A Qdrant server or cluster: one collection a generation, and one more that lists the sealed ones.

    kbassist-gen-000001      the points
    kbassist-generations     a point for each sealed generation: manifest and term statistics

Beginning a generation from a base copies its points through the client, which for a large collection takes
longer than the ingest of a few pages; it is simple, and readers never see a half-written generation.
Above the server's indexing threshold the dense leg is as approximate as the server's graph.
"""

from __future__ import annotations

import base64
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from qdrant_client import QdrantClient, models

from kbassist.errors import KnowledgeBaseError
from kbassist.index.bm25 import TermStatistics
from kbassist.index.reader import PointsReader
from kbassist.index.recipe import Recipe, check_layout
from kbassist.index.records import LAYOUT
from kbassist.index.server_points import ServerPoints, errors
from kbassist.index.writer import PointsWriter
from kbassist.protocols import Analyzer, Manifest

_TIMEOUT_S = 60


class ServerIndex:
    """A `PassageIndex` in a Qdrant server. `collection` begins the name of each of its collections."""

    def __init__(
        self,
        server: str | QdrantClient,
        *,
        analyzer: Analyzer,
        analysis: str,
        model: str | None,
        dimension: int | None,
        collection: str = "kbassist",
    ) -> None:
        """`server` is a URL, or a client where a key or gRPC is needed; the latter stays open on `close`."""
        self._owned = isinstance(server, str)
        self._client = (
            QdrantClient(url=server, timeout=_TIMEOUT_S, check_compatibility=False)
            if isinstance(server, str)
            else server
        )
        self._analyzer = analyzer
        self._recipe = Recipe("qdrant", model, dimension, analysis)
        self._prefix = f"{collection}-gen-"
        self._sealed = f"{collection}-generations"

    def open(self, generation: str) -> PointsReader:
        manifest, statistics = self._find(generation)
        return PointsReader(ServerPoints(self._client, self._name(generation)), statistics, manifest)

    def begin(self, base: str | None) -> PointsWriter:
        statistics = TermStatistics.empty() if base is None else self._find(base)[1]
        number = max((int(name[4:]) for name in self._generations()), default=0) + 1
        generation = f"gen-{number:06d}"
        points = ServerPoints.create(self._client, self._name(generation), self._recipe.dimension)
        if base is not None:
            points.copy_from(self._name(base))
        return PointsWriter(
            generation,
            points,
            statistics,
            analyzer=self._analyzer,
            dimension=self._recipe.dimension,
            publish=lambda statistics: self._seal(generation, statistics),
            discard=lambda: self._remove(generation),
        )

    def prune(self, keep: Collection[str]) -> None:
        for generation in self._generations():
            if generation not in keep:
                self._remove(generation)

    def close(self) -> None:
        if self._owned:
            self._client.close()

    def _name(self, generation: str) -> str:
        return self._prefix.removesuffix("gen-") + generation

    def _generations(self) -> list[str]:
        """Every generation on the server, unfinished ones included."""
        with errors(self._sealed):
            names = [found.name for found in self._client.get_collections().collections]
        numbers = [name.removeprefix(self._prefix) for name in names if name.startswith(self._prefix)]
        return sorted(f"gen-{number}" for number in numbers if number.isdecimal())

    def _find(self, generation: str) -> tuple[Manifest, TermStatistics]:
        with errors(self._sealed):
            found: list[Any] = []
            if generation[4:].isdecimal() and self._client.collection_exists(self._sealed):
                found = self._client.retrieve(self._sealed, [int(generation[4:])], with_payload=True)
        if not found:
            raise KnowledgeBaseError(
                f"there is no generation {self._name(generation)!r} on the server, or it was never finished. "
                "Go back to an earlier one, or ingest again."
            )
        payload = found[0].payload
        check_layout(payload.get("layout"), self._name(generation))
        try:
            manifest = Manifest(**payload["manifest"])
            statistics = TermStatistics.from_bytes(base64.b64decode(payload["terms"]))
        except (KeyError, TypeError, ValueError) as error:
            raise KnowledgeBaseError(
                f"the manifest of {self._name(generation)!r} is damaged: {error}. Go back to an earlier "
                "generation, or ingest again."
            ) from error
        self._recipe.check(manifest, self._name(generation))
        return manifest, statistics

    def _seal(self, generation: str, statistics: TermStatistics) -> Manifest:
        manifest = self._recipe.manifest(generation, statistics.passages, statistics.average_length)
        terms = base64.b64encode(statistics.to_bytes()).decode()
        payload = {"layout": LAYOUT, "manifest": asdict(manifest), "terms": terms}
        with errors(self._sealed):
            if not self._client.collection_exists(self._sealed):
                self._client.create_collection(self._sealed, vectors_config={})
            point = models.PointStruct(id=int(generation[4:]), vector={}, payload=payload)
            self._client.upsert(self._sealed, [point], wait=True)
        return manifest

    def _remove(self, generation: str) -> None:
        with errors(self._name(generation)):
            if self._client.collection_exists(self._sealed):
                number = models.PointIdsList(points=[int(generation[4:])])
                self._client.delete(self._sealed, number, wait=True)
            self._client.delete_collection(self._name(generation))
