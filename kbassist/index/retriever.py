"""A question to hits: analysis, both legs, fusion, diversity."""

from __future__ import annotations

from collections.abc import Callable

from kbassist.index.diversity import spread
from kbassist.index.fusion import Fusion, fuse
from kbassist.protocols import Analyzer, Embedder, IndexReader, Retrieval
from kbassist.types import PassageFilter

DEPTH = 50
"""Candidates a leg. More changes no ranking that is looked at; fewer loses recall."""


class HybridRetriever:
    """BM25 and vectors together, or BM25 alone when there is no embedder."""

    def __init__(
        self,
        analyzer: Analyzer,
        embedder: Embedder | None,
        detect: Callable[[str], str],
        fusion: Fusion | None = None,
    ) -> None:
        self._analyzer = analyzer
        self._embedder = embedder
        self._detect = detect
        self._fusion = fusion or Fusion()

    def retrieve(
        self, reader: IndexReader, query: str, where: PassageFilter, k: int, *, lang: str | None = None
    ) -> Retrieval:
        """The best `k` passages inside `where`, best first."""
        terms = list(dict.fromkeys(self._analyzer(query)))
        idf = dict(zip(terms, reader.idf(terms), strict=True))
        vector = self._embedder.embed_query(query) if self._embedder and query.strip() else None
        candidates = reader.search(terms, vector, where, max(DEPTH, k))
        hits = spread(fuse(candidates, idf=idf, fusion=self._fusion))[:k]
        return Retrieval(
            query=query, lang=lang or self._detect(query), terms=idf, vector=vector, hits=tuple(hits)
        )
