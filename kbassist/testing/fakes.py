"""Stand-ins that are real enough to build on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from kbassist.protocols import Matrix, Vector
from kbassist.types import IndexEntry, Passage


def words(text: str) -> list[str]:
    """The simplest analysis: lower-case words."""
    return re.findall(r"\w+", text.lower())


class HashEmbedder:
    """An `Embedder` without a model: equal words give equal directions, a text is the sum of its words."""

    def __init__(self, dimension: int = 64, max_tokens: int = 512) -> None:
        self._dimension = dimension
        self._max_tokens = max_tokens

    @property
    def name(self) -> str:
        return f"hash-{self._dimension}"

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def max_tokens(self) -> int:
        return self._max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(words(text)) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        rows = [self.embed_query(text) for text in texts]
        return np.array(rows, np.float32).reshape(len(rows), self._dimension)

    def embed_query(self, text: str) -> Vector:
        # A text without words has a direction too. Sorted, so that the order makes no rounding differ.
        total = sum(self._direction(word) for word in sorted(words(text)[: self._max_tokens]) or [""])
        return np.asarray(total / np.linalg.norm(total), np.float32)

    def _direction(self, word: str) -> Vector:
        seed = int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest())
        return np.random.default_rng(seed).standard_normal(self._dimension, np.float32)


def make_entry(
    passage_id: str, text: str, *, lang: str = "pl", kind: Any = "page", **fields: Any
) -> IndexEntry:
    """A small valid entry; the document id is the passage id's first letter."""
    passage = Passage(passage_id, passage_id[:1], text, 0, len(text), lang=lang, kind=kind)
    return IndexEntry(passage, **fields)
