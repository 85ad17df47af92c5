"""Where the vector of a text comes from: nothing is embedded that has been embedded before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kbassist.catalog import Catalog
from kbassist.protocols import Embedder, IndexReader, Vector
from kbassist.vector_cache import VectorCache

TEXTS_A_CALL = 64
"""Embedded, then saved: what an interruption can cost."""


class Vectors:
    """Asks, in this order: an interrupted ingest, the published generation, the user's cache, the model.

    The first is the knowledge base's own and goes with its folder or database, so that an ingest can be
    interrupted where there is no cache, or on another machine.
    """

    def __init__(
        self, catalog: Catalog, embedder: Embedder, *, reader: IndexReader | None, cache: VectorCache | None
    ) -> None:
        """`reader` shows the generation published so far."""
        self._catalog = catalog
        self._embedder = embedder
        self._reader = reader
        self._cache = cache

    def known(self, text_hashes: Sequence[str]) -> dict[str, Vector]:
        """By hash, what can be had without the model."""
        found = self._catalog.load_vectors(self._embedder.name, text_hashes)
        found |= self._published([key for key in text_hashes if key not in found])
        if self._cache is not None:
            found |= self._cache.load([key for key in text_hashes if key not in found])
        return found

    def of(self, texts: Mapping[str, str]) -> dict[str, Vector]:
        """The vectors of all texts, by the hashes they are given under. What the model makes is kept."""
        found = self.known(list(texts))
        missing = {key: text for key, text in texts.items() if key not in found}
        if missing:
            rows = self._embedder.embed_passages(list(missing.values()))
            # As they are kept: a vector is the same to the last bit, made now or before.
            made = dict(zip(missing, rows.astype(np.float16).astype(np.float32), strict=True))
            self._catalog.save_vectors(self._embedder.name, made)
            if self._cache is not None:
                self._cache.save(made)
            found |= made
        return found

    def _published(self, text_hashes: Sequence[str]) -> dict[str, Vector]:
        if self._reader is None or not text_hashes:
            return {}
        sources = self._catalog.passages_with_text(text_hashes)
        found = self._reader.vectors(list(sources.values()))
        return {key: found[passage_id] for key, passage_id in sources.items() if passage_id in found}
