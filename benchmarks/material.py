"""Knowledge bases of data sets, built once in a folder, and what is in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from datasets import DataSet

from kbassist import KnowledgeBase
from kbassist.assembly import assemble
from kbassist.errors import IndexMismatchError
from kbassist.protocols import Embedder, IndexReader, Matrix, Vector
from kbassist.text.analysis import ANALYSIS, TextAnalyzer


@dataclass(frozen=True)
class Passages:
    """One row a passage: the document it belongs to, what is searched, and its vector."""

    documents: list[str]
    texts: list[str]
    vectors: Matrix


class Remembering:
    """An embedder that embeds each question once, however many searches are asked it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._questions: dict[str, Vector] = {}

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    @property
    def max_tokens(self) -> int:
        return self._embedder.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._embedder.count_tokens(texts)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        return self._embedder.embed_passages(texts)

    def embed_query(self, text: str) -> Vector:
        if text not in self._questions:
            self._questions[text] = self._embedder.embed_query(text)
        return self._questions[text]


def built(data: DataSet, place: Path, embedder: Embedder | None) -> Path:
    """The folder of the data set's knowledge base inside `place`, brought up to date.

    One that was made with another model or analysis is made anew.
    """
    path = place / f"{data.corpus}-{len(data.documents)}{'' if embedder else '-lexical'}"
    try:
        _fill(path, data, embedder)
    except IndexMismatchError:
        shutil.rmtree(path)
        _fill(path, data, embedder)
    return path


def _fill(path: Path, data: DataSet, embedder: Embedder | None) -> None:
    with KnowledgeBase(path, embedder=embedder, log_interactions=False) as kb:
        kb.add(data.documents)


@contextmanager
def opened(path: Path, embedder: Embedder | None) -> Iterator[tuple[IndexReader, list[str]]]:
    """The published generation of the knowledge base in the folder `path`, and the ids of its passages."""
    parts = assemble(
        path,
        analyzer=TextAnalyzer(),
        analysis=ANALYSIS,
        embedder=embedder,
        index_url=None,
        catalog_url=None,
        cache_vectors=False,
    )
    try:
        ids = list(parts.catalog.passages([document.id for document in parts.catalog.documents()]))
        generation = parts.catalog.published()
        assert generation is not None, f"{path} holds nothing"
        reader = parts.index.open(generation)
        yield reader, ids
        reader.close()
    finally:
        parts.index.close()
        parts.catalog.close()


def passages(path: Path, embedder: Embedder) -> Passages:
    """What the knowledge base in the folder `path` searches in."""
    with opened(path, embedder) as (reader, ids):
        entries = reader.entries(ids)
        vectors = reader.vectors(ids)
    return Passages(
        documents=[entry.passage.document_id for entry in entries],
        texts=[entry.search_text for entry in entries],
        vectors=np.stack([vectors[entry.passage.id] for entry in entries]),
    )
