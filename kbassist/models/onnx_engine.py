"""Runs the encoder that `graph` builds, in onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

# Read at the import: without it onnxruntime gives the machine an id in the user's cache and reports its use.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
import onnxruntime

from kbassist.models.tokenizer import Role, Tokenizer
from kbassist.models.weights import Floats, Weights
from kbassist.protocols import Matrix, Tokens, Vector

_FEW = 3  # sentences are ready sooner one after another than side by side, where threads have to start


class OnnxEngine:
    """Embeds a few texts one after another on all threads, or many texts with one thread for each.

    A text by itself keeps a core as busy as a batch does, from some thirty tokens up, and neither
    waits for another nor is padded to its length; so many texts are many runs side by side.
    """

    def __init__(self, model: bytes, weights: Weights, tokenizer: Tokenizer, threads: int) -> None:
        self._weights = weights
        self._tokenizer = tokenizer
        self._threads = threads
        positions, hidden = weights.shape.positions, weights.shape.hidden
        self._positions = (
            weights.tensor("emb.pos", positions, hidden) + weights.tensor("emb.type", -1, hidden)[0]
        )
        self._one_text = _session(model, threads)
        self._outputs = [output.name for output in self._one_text.get_outputs()]
        self._many_texts = self._one_text if threads == 1 else _session(model, 1)

    def embed(self, texts: Sequence[str], role: Role) -> Matrix:
        """One row a text, in the order given."""
        vectors = np.empty((len(texts), self._weights.shape.hidden), np.float32)

        def fill(row: int, session: onnxruntime.InferenceSession) -> None:
            (found,) = session.run(self._outputs[:1], self._input(self._ids(texts[row], role), whole=True))
            vectors[row] = found[0]

        self._each(texts, fill)
        return vectors

    def embed_tokens(self, texts: Sequence[str], role: Role) -> list[Tokens]:
        """The states of each text's own tokens, in the order given. A passage has no vector."""
        whole = role == "query"
        found: dict[int, Tokens] = {}

        def fill(row: int, session: onnxruntime.InferenceSession) -> None:
            ids = self._ids(texts[row], role)
            vectors, states = session.run(self._outputs, self._input(ids, whole=whole))
            found[row] = self._tokens(ids, states[0], vectors[0] if whole else None, role)

        self._each(texts, fill)
        return [found[row] for row in range(len(texts))]

    def _each(self, texts: Sequence[str], fill: Callable[[int, onnxruntime.InferenceSession], None]) -> None:
        if len(texts) <= _FEW:
            for row in range(len(texts)):
                fill(row, self._one_text)
            return
        # The longest first, so that no thread is left alone with a long one at the end.
        longest_first = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        with ThreadPoolExecutor(self._threads, "kbassist-embed") as pool:
            for _ in pool.map(lambda row: fill(row, self._many_texts), longest_first):
                pass

    def _ids(self, text: str, role: Role) -> list[int]:
        return self._tokenizer.encode(text, role, limit=self._weights.shape.positions)

    def _input(self, ids: list[int], *, whole: bool) -> dict[str, NDArray[np.generic]]:
        embeddings = self._weights.rows("emb.word", np.array(ids, np.int64)) + self._positions[: len(ids)]
        return {"embeddings": embeddings[None], "whole": np.array(whole)}

    def _tokens(self, ids: list[int], states: Floats, vector: Vector | None, role: Role) -> Tokens:
        own = self._tokenizer.own(ids, role)
        rarity = np.array(self._tokenizer.rarity(ids[own]), np.float32)
        kept = rarity > 0
        told = states[own][kept]
        return Tokens(
            told / np.linalg.norm(told, axis=1, keepdims=True),
            rarity[kept] / max(1e-9, rarity[kept].sum()),
            vector,
        )


def _session(model: bytes, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Higher levels would fuse each LayerNormalization into the slower SkipLayerNormalization.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
