"""Do two texts contradict each other? The bundled model reads both at once, adapted to judge that.

`benchmarks/contradictions.py` trains and measures what `contradiction.npz` holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from kbassist.models.cached import cached_graph
from kbassist.models.tokenizer import Tokenizer
from kbassist.models.weights import Embeddings, Weights

if TYPE_CHECKING:
    import onnxruntime

QUESTION, TEXT = 48, 160
"""Tokens that are read of a question and of each text."""
_RECIPE = 1
"""To be raised whenever `build_contradiction` makes other bytes of the same weights."""


class E5Judge:
    """Judges pairs of short texts in Polish and English. Safe to use from several threads.

    Its graph is built on first use, in under a second, and kept in the user's cache folder. While it is used
    it holds some twenty megabytes.
    """

    def __init__(self, weights: Weights, tokenizer: Tokenizer, threads: int) -> None:
        self._weights = weights
        self._tokenizer = tokenizer
        self._threads = threads
        self._embeddings = Embeddings(weights)

    def contradiction(self, question: str, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """The probability for each pair that both texts answer the question and cannot both be right."""
        return [self._judge(question, *pair) for pair in pairs]

    def _judge(self, question: str, one: str, other: str) -> float:
        ids, places = self._tokenizer.join((question, one, other), (QUESTION, TEXT, TEXT))
        given = {"embeddings": self._embeddings.of(ids), "places": np.array([places], np.int64)}
        (probability,) = self._session.run(None, given)
        return float(probability.item())

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        from kbassist.models.onnx_engine import session

        trained = files("kbassist.models").joinpath("contradiction.npz").read_bytes()
        digest = hashlib.sha256(trained).hexdigest()[:8]

        def build() -> bytes:
            from kbassist.models.contradiction_graph import Adapter, build_contradiction

            with np.load(BytesIO(trained)) as stored:
                return build_contradiction(self._weights, Adapter(dict(stored)))

        return session(cached_graph(f"contradiction-{_RECIPE}-{digest}", self._weights, build), self._threads)
