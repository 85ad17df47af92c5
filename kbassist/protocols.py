"""The seams. An implementation is given to a constructor; nothing here is looked up by name.

The contract checks for `Embedder` and `PassageIndex` ship in `kbassist.testing`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from kbassist.types import Citation, Decision, Hit, IndexEntry, PageState, PassageFilter, Progress, SourceItem

Vector = NDArray[np.float32]
"""Shape `(dimension,)`, L2 norm 1."""

Matrix = NDArray[np.float32]
"""Shape `(n, dimension)`, each row of L2 norm 1."""

Vectors = Matrix | Sequence[Vector | None]
"""One for each of several texts; None where there is none yet."""

ProgressCallback = Callable[[Progress], None]

Analyzer = Callable[[str], list[str]]
"""Text to terms, in the order of the text, repeats kept. Index and queries use the same one."""

QueryTerms = Sequence[str] | Mapping[str, float]
"""Distinct terms of a query: each counts its idf, times its weight where a mapping gives one."""


class Source(Protocol):
    """Where text comes from."""

    def read(self) -> Iterator[SourceItem]:
        """Yield documents as they are read, and what happened to everything that gave none.

        Raises `SourceError` when the source as a whole cannot be read, before the first item.
        """
        ...


class CrawlLog(Protocol):
    """A site's memory of its crawls: of the one that runs, so that it can be interrupted, and of the last."""

    def begin(self, settings: str) -> None:
        """Start, or go on. What was left by a crawl with other settings, or of long ago, is thrown away."""
        ...

    def recall(self, url: str) -> bytes | None:
        """What `record` was given for `url` in this crawl, before or after an interruption."""
        ...

    def record(self, url: str, answer: bytes) -> None: ...

    def decide(self, decision: Decision, state: PageState | None = None) -> None:
        """Note what was decided about a URL; `waiting` says that it stands in the frontier.

        With a `state`, its page is in the knowledge base after this crawl.
        """
        ...

    def flush(self) -> None:
        """Make durable what was noted."""
        ...

    def before(self) -> Mapping[str, tuple[Decision, PageState]]:
        """By URL, the pages that the last finished crawl left in the knowledge base."""
        ...

    def memory(self) -> str:
        """What `remember` was given last; empty when nothing."""
        ...

    def remember(self, memory: str) -> None: ...


class Embedder(Protocol):
    """Texts to vectors. Implementations are safe to call from several threads."""

    @property
    def name(self) -> str:
        """Identifies the vectors: equal names mean vectors that can be compared."""
        ...

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """Longer texts are cut to this many tokens."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]: ...

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """One row a text, in the order given."""
        ...

    def embed_query(self, text: str) -> Vector: ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a model makes of each token of a text: `states` of shape `(n, dimension)`, each row of L2 norm 1.

    `weights`, of shape `(n,)`, say how much each token tells; their sum is 1. `n` is 0 for a text without
    words. `vector` is that of the whole text, as `embed_query` gives it; a passage may have none.
    """

    states: Matrix
    weights: Vector
    vector: Vector | None


@runtime_checkable
class TokenEmbedder(Embedder, Protocol):
    """An embedder that also gives the states of a text's tokens, for late interaction."""

    def embed_tokens(self, texts: Sequence[str], role: Literal["query", "passage"]) -> list[Tokens]:
        """One a text, in the order given."""
        ...


class LanguageModel(Protocol):
    """Writes text. What it writes is checked before anybody sees it."""

    @property
    def name(self) -> str: ...

    @property
    def context_tokens(self) -> int:
        """What fits into one request, the answer included."""
        ...

    def count_tokens(self, text: str) -> int: ...

    def complete(self, messages: Sequence[Mapping[str, str]]) -> Iterator[str]:
        """Yield the answer to messages (`role`, `content`) in pieces, as they come."""
        ...


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made with, and how much it holds."""

    generation: str
    engine: str
    model: str | None
    dimension: int | None
    analysis: str
    passages: int
    average_length: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that either leg found, with the exact score of both.

    `bm25` is 0 where no term matches; `dense` is the cosine, None for a passage that has no vector (yet).
    """

    entry: IndexEntry
    bm25: float
    dense: float | None


class IndexReader(Protocol):
    """One published generation, read-only. Safe to use from several threads."""

    @property
    def manifest(self) -> Manifest: ...

    def search(
        self, terms: QueryTerms, vector: Vector | None, where: PassageFilter, k: int
    ) -> list[Candidate]:
        """The union of each leg's best `k` inside `where`, ordered by passage id.

        A leg with nothing to go on (no terms, no vector) is left out. BM25 counts each distinct
        term once.
        """
        ...

    def idf(self, terms: Sequence[str]) -> list[float]:
        """`ln(1 + (N - n + 0.5) / (n + 0.5))` of each term, `n` the passages that hold it."""
        ...

    def entries(self, passage_ids: Sequence[str]) -> list[IndexEntry]:
        """Those that exist, in the order asked for."""
        ...

    def vectors(self, passage_ids: Sequence[str]) -> dict[str, Vector]:
        """Of those that exist and have one."""
        ...

    def count(self, where: PassageFilter) -> int: ...

    def close(self) -> None: ...


class IndexWriter(Protocol):
    """A generation in the making. Nothing of it is seen before it is sealed and opened by name."""

    @property
    def generation(self) -> str: ...

    def upsert(self, entries: Sequence[IndexEntry], vectors: Vectors | None) -> None:
        """Each with its vector, or with none (yet): without `vectors` none of them has one.

        Raises `InvalidArgumentError` for vectors that are not as many and as wide as they have to be.
        """
        ...

    def delete(self, passage_ids: Sequence[str]) -> None: ...

    def seal(self) -> Manifest:
        """Make it durable. Afterwards the writer is closed and the generation can be opened."""
        ...

    def abort(self) -> None:
        """Close without sealing. Does nothing after `seal`."""
        ...


class PassageIndex(Protocol):
    """The generations of one knowledge base's passages."""

    def open(self, generation: str) -> IndexReader:
        """Raise `IndexMismatchError` for another model or analysis, `KnowledgeBaseError` when the
        generation is missing or damaged.
        """
        ...

    def begin(self, base: str | None) -> IndexWriter:
        """Start a generation from the passages of `base`, or from nothing."""
        ...

    def prune(self, keep: Collection[str]) -> None:
        """Delete every generation that is not named, unfinished ones included."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Retrieval:
    """A query as it was run: its analysed terms with their idf, its vector, its hits."""

    query: str
    lang: str
    terms: Mapping[str, float]
    vector: Vector | None
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the passages say. `features` are numbers in 0..1 that the confidence is made from."""

    text: str
    citations: tuple[Citation, ...]
    features: Mapping[str, float] = field(default_factory=dict)


class Reader(Protocol):
    """Finds the answer inside the hits. Quotes are verbatim; no hit, no text."""

    def read(self, retrieval: Retrieval) -> Reading: ...
