"""Runs the encoder that `graph` builds, in onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

# Read at the import: without it onnxruntime gives the machine an id in the user's cache and reports its use.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
import onnxruntime

from kbassist.models.tokenizer import Role, Tokenizer
from kbassist.models.weights import Weights
from kbassist.protocols import Matrix, Vector


class OnnxEngine:
    """Embeds one text on all threads, or many texts with one thread for each.

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
        self._many_texts = self._one_text if threads == 1 else _session(model, 1)

    def embed(self, texts: Sequence[str], role: Role) -> Matrix:
        """One row a text, in the order given."""
        vectors = np.empty((len(texts), self._weights.shape.hidden), np.float32)
        if len(texts) == 1:
            vectors[0] = self._run(self._one_text, texts[0], role)
            return vectors

        def fill(row: int) -> None:
            vectors[row] = self._run(self._many_texts, texts[row], role)

        # The longest first, so that no thread is left alone with a long one at the end.
        longest_first = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        with ThreadPoolExecutor(self._threads, "kbassist-embed") as pool:
            for _ in pool.map(fill, longest_first):
                pass
        return vectors

    def _run(self, session: onnxruntime.InferenceSession, text: str, role: Role) -> Vector:
        limit = self._weights.shape.positions
        ids = np.array(self._tokenizer.encode(text, role, limit=limit), np.int64)
        embeddings = self._weights.rows("emb.word", ids) + self._positions[: len(ids)]
        (vectors,) = session.run(None, {"embeddings": embeddings[None]})
        vector: Vector = vectors[0]
        return vector


def _session(model: bytes, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Higher levels would fuse each LayerNormalization into the slower SkipLayerNormalization.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
