"""A question to hits: analysis, both legs, fusion, provisions asked for by address, diversity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from kbassist.index.addressed import lifted, named_documents
from kbassist.index.diversity import spread
from kbassist.index.fusion import Fusion, fuse
from kbassist.index.provisions import Asked, asked_for
from kbassist.protocols import Analyzer, Candidate, Embedder, IndexReader, Retrieval, Vector
from kbassist.types import Hit, PassageFilter

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
        words = self._weighed(self._analyzer(query), reader)
        vector = self._embedder.embed_query(query) if self._embedder and query.strip() else None
        depth = max(DEPTH, k)
        asked = asked_for(query, reader)
        hits = self._addressed(reader, asked, vector, where, depth) if asked else []
        if not hits:
            hits = fuse(reader.search(list(words), vector, where, depth), idf=words, fusion=self._fusion)
        return Retrieval(
            query=query,
            lang=lang or self._detect(query),
            terms=words,
            vector=vector,
            hits=tuple(spread(hits)[:k]),
        )

    def _addressed(
        self, reader: IndexReader, asked: Asked, vector: Vector | None, where: PassageFilter, depth: int
    ) -> list[Hit]:
        """Hits for a question that names provisions; empty when none of those may be seen.

        The provisions are searched for by themselves as well, in the acts that were named: beside the many
        words of an act's name, which stand in all of its passages, they might not come among the first.
        """
        terms = self._weighed([*asked.terms(), *self._analyzer(asked.rest)], reader)
        found = reader.search(list(terms), vector, where, depth)
        acts = named_documents([candidate.entry.passage for candidate in found], asked, self._analyzer)
        if acts is not None and where.document_ids is not None:
            acts &= where.document_ids
        inside = where if acts is None else replace(where, document_ids=acts)
        found += self._beside(reader, asked, vector, inside, depth, {item.entry.passage.id for item in found})
        return lifted(fuse(found, idf=terms, fusion=self._fusion), asked, self._analyzer)

    def _beside(
        self,
        reader: IndexReader,
        asked: Asked,
        vector: Vector | None,
        where: PassageFilter,
        depth: int,
        known: set[str],
    ) -> list[Candidate]:
        """What holds the provisions and is not known yet; its cosines by themselves, not by another scan."""
        found = [
            item
            for item in reader.search(asked.terms(), None, where, depth)
            if item.entry.passage.id not in known
        ]
        if vector is None:
            return found
        vectors = reader.vectors([item.entry.passage.id for item in found])
        return [
            replace(item, dense=float(vectors[item.entry.passage.id] @ vector))
            if item.entry.passage.id in vectors
            else item
            for item in found
        ]

    def _weighed(self, terms: Sequence[str], reader: IndexReader) -> dict[str, float]:
        distinct = list(dict.fromkeys(terms))
        return dict(zip(distinct, reader.idf(distinct), strict=True))
