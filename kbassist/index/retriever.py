"""A question to hits: analysis, both legs, fusion, a closer look, provisions asked for, diversity."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from kbassist.index.addressed import lifted, named_documents
from kbassist.index.diversity import distinct, spread
from kbassist.index.features import QueryWords
from kbassist.index.fusion import Fusion, fuse
from kbassist.index.provisions import Asked, asked_for
from kbassist.index.records import Group
from kbassist.index.rescoring import RESCORED, Rescoring, rescored
from kbassist.index.spelling import corrections
from kbassist.index.understanding import Query, query_weights
from kbassist.protocols import Candidate, Embedder, IndexReader, Retrieval, Vector
from kbassist.text.analysis import TextAnalyzer
from kbassist.text.synonyms import Synonyms
from kbassist.types import Hit, PassageFilter

_WORD = re.compile(r"\w+")

DEPTH = 50
"""Candidates a leg. More changes no ranking that is looked at; fewer loses recall."""


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A query to search with: weights by term, the sum of these times idf, its words, its vector.

    `text` is the query as it was meant, typing errors mended.

    Synonyms stand among the terms and not in `total`: who holds all that was asked needs none.
    """

    weights: dict[str, float]
    total: float
    words: QueryWords
    vector: Vector | None
    text: str


@dataclass(frozen=True, slots=True)
class Look:
    """A passage as it is scored, with the words that it was scored for."""

    hit: Hit
    words: QueryWords


class HybridRetriever:
    """BM25 and vectors together, or BM25 alone when there is no embedder."""

    def __init__(
        self,
        analyzer: TextAnalyzer,
        embedder: Embedder | None,
        detect: Callable[[str], str],
        *,
        synonyms: Callable[[], Synonyms | None] = lambda: None,
        fusion: Fusion | None = None,
        rescoring: Rescoring | None = None,
    ) -> None:
        """`synonyms` gives those of the company, as they are now."""
        self._analyzer = analyzer
        self._embedder = embedder
        self._detect = detect
        self._synonyms = synonyms
        self._fusion = fusion or Fusion()
        self._rescoring = rescoring or Rescoring.bundled()

    def retrieve(
        self, reader: IndexReader, query: Query, where: PassageFilter, k: int, *, lang: str | None = None
    ) -> Retrieval:
        """The best `k` passages inside `where`, best first."""
        asked = self._weigh(query, reader)
        hits = self._best(reader, query, asked, where, k)
        terms = list(dict.fromkeys(self._analyzer(asked.text)))
        return Retrieval(
            query=query.whole,
            lang=lang or self._detect(query.whole),
            terms=dict(zip(terms, reader.idf(terms), strict=True)),
            vector=asked.vector,
            hits=tuple(spread(distinct(hits))[:k]),
        )

    def candidates(self, reader: IndexReader, query: Query, where: PassageFilter) -> list[Hit]:
        """All that both legs find, with every feature: what the weights of rescoring are fitted on."""
        asked = self._weigh(query, reader)
        return self._rescored(
            self._fused(reader.search(asked.weights, asked.vector, where, DEPTH), asked), asked
        )

    def look_at(
        self, reader: IndexReader, query: Query, passage_id: str, where: PassageFilter
    ) -> Look | None:
        """One passage as `retrieve` scores it, wherever it would stand; None when `where` leaves it out.

        What depends on other passages (provisions asked for, diversity) is not in the score.
        """
        entry = next(iter(reader.entries([passage_id])), None)
        if entry is None or not Group.of(entry).admitted_by(where):
            return None
        document = entry.passage.document_id
        if where.document_ids is not None and document not in where.document_ids:
            return None
        inside = replace(where, document_ids=frozenset({document}))
        asked = self._weigh(query, reader)
        found = reader.search(asked.weights, asked.vector, inside, reader.count(inside))
        own = [candidate for candidate in found if candidate.entry.passage.id == passage_id]
        fused = self._fused(own or [Candidate(entry, 0.0, None)], asked)
        return Look(self._rescored(fused, asked)[0], asked.words)

    def weights(self, parts: Mapping[str, float]) -> Mapping[str, float]:
        """What each part counts in the score of a hit that has them, before what lifts or lowers it."""
        hybrid = "semantic" in parts
        if "coverage" in parts:
            return self._rescoring.hybrid if hybrid else self._rescoring.lexical
        if not hybrid:
            return {"lexical": 1.0}
        # Looked at no closer: asked for by its address, or by a query without words.
        share = self._fusion.weight if "address" in parts else 0.0
        return {"lexical": share, "semantic": 1 - share}

    def _weigh(self, query: Query, reader: IndexReader) -> _Weighed:
        meant = corrections(query.text, reader, self._analyzer)
        weights = query_weights(query, self._analyzer, meant)
        idf = self._idf(weights, reader)
        synonyms = self._synonyms()
        same = synonyms.words(query.text) if synonyms else {}
        words = QueryWords(query.whole, idf, self._analyzer, meant, same)
        total = sum(idf.values())
        if synonyms:
            weights = synonyms.expand(query.text) | weights
        whole = _as_meant(query.whole, meant)
        vector = self._embedder.embed_query(whole) if self._embedder and whole.strip() else None
        return _Weighed(weights, total, words, vector, whole)

    def _best(
        self, reader: IndexReader, query: Query, asked: _Weighed, where: PassageFilter, k: int
    ) -> list[Hit]:
        depth = max(DEPTH, k)
        provisions = asked_for(query.text, reader)
        if provisions is not None:
            hits = self._addressed(reader, provisions, asked, where, depth)
            if hits:
                return hits
        hits = self._fused(reader.search(asked.weights, asked.vector, where, depth), asked)
        return self._rescored(hits[: max(RESCORED, 2 * k)], asked)

    def _fused(self, candidates: Sequence[Candidate], asked: _Weighed) -> list[Hit]:
        return fuse(candidates, weight=asked.total, hybrid=asked.vector is not None, fusion=self._fusion)

    def _rescored(self, hits: Sequence[Hit], asked: _Weighed) -> list[Hit]:
        weights = self._rescoring.lexical if asked.vector is None else self._rescoring.hybrid
        return rescored(hits, asked.words, weights)

    def _addressed(
        self, reader: IndexReader, provisions: Asked, asked: _Weighed, where: PassageFilter, depth: int
    ) -> list[Hit]:
        """Hits for a question that names provisions; empty when none of those may be seen.

        The provisions are searched for by themselves as well, in the acts that were named: beside the many
        words of an act's name, which stand in all of its passages, they might not come among the first.
        """
        weights = dict.fromkeys(provisions.terms(), 1.0) | self._analyzer.query_terms(provisions.rest)
        asked = replace(asked, weights=weights, total=sum(self._idf(weights, reader).values()))
        found = reader.search(weights, asked.vector, where, depth)
        acts = named_documents([candidate.entry.passage for candidate in found], provisions, self._analyzer)
        if acts is not None and where.document_ids is not None:
            acts &= where.document_ids
        inside = where if acts is None else replace(where, document_ids=acts)
        known = {item.entry.passage.id for item in found}
        found += self._beside(reader, provisions, asked.vector, inside, depth, known)
        return lifted(self._fused(found, asked), provisions, self._analyzer)

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

    def _idf(self, weights: dict[str, float], reader: IndexReader) -> dict[str, float]:
        """Each term's idf times its weight."""
        terms = list(weights)
        return {term: weights[term] * idf for term, idf in zip(terms, reader.idf(terms), strict=True)}


def _as_meant(text: str, meant: Mapping[str, Sequence[str]]) -> str:
    """With the first correction in place of every word that has one: the model stumbles over errors too."""
    if not meant:
        return text
    return _WORD.sub(lambda word: meant.get(word[0].lower(), (word[0],))[0], text)
