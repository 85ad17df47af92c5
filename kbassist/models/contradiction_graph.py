"""Builds the encoder of multilingual-e5-small, adapted to judge pairs of texts, as an int8 ONNX graph.

Low-rank matrices (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", ICLR 2022) are added to
the weights of the upper layers, marks that tell the texts apart to the states below them. Inputs:
`embeddings`, as `kbassist.models.graph` has them, and `places`, int64 `(1, tokens)`, 0 for the question, 1
and 2 for the texts. Output: float32 `(1, 1, 1)`, the probability that the texts contradict each other.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from onnx import TensorProto, helper

from kbassist.models.graph import Builder
from kbassist.models.weights import Floats, Shape, Weights

_SCALE = 2.0
"""What the low-rank matrices were multiplied by in training."""


class Adapter:
    """The trained part, by name: `marks` of shape `(3, hidden)`, `last.w` of `(2 * hidden, 1)` with `last.b`,
    and for each adapted matrix `name.down` of `(rank, in)` and `name.up` of `(out, rank)`.
    """

    def __init__(self, stored: Mapping[str, Floats]) -> None:
        self._stored = stored

    def __getitem__(self, name: str) -> Floats:
        return self._stored[name].astype(np.float32)

    @property
    def lowest(self) -> int:
        """The lowest layer that is adapted."""
        return min(int(name[1:].partition(".")[0]) for name in self._stored if name.endswith(".down"))

    def added_to(self, name: str) -> Floats | None:
        """What it adds to the matrix of this name, stored by output; None where it leaves it."""
        if f"{name}.down" not in self._stored:
            return None
        added: Floats = _SCALE * (self[f"{name}.up"] @ self[f"{name}.down"])
        return added


class _Adapted:
    """Weights with what an adapter adds to them."""

    def __init__(self, weights: Weights, adapter: Adapter) -> None:
        self._weights = weights
        self._adapter = adapter

    @property
    def shape(self) -> Shape:
        return self._weights.shape

    def tensor(self, name: str, *shape: int) -> Floats:
        found = self._weights.tensor(name, *shape)
        added = self._adapter.added_to(name.removesuffix(".w"))
        return found if added is None or not name.endswith(".w") else found + added.reshape(found.shape)


def build_contradiction(weights: Weights, adapter: Adapter) -> bytes:
    """As a serialised ONNX model. The same weights give the same bytes."""
    builder = Builder(_Adapted(weights, adapter))
    value = builder.normalised("embeddings", "emb.ln")
    for layer in range(weights.shape.layers):
        if layer == adapter.lowest:
            marks = builder.node("Gather", builder.constant(adapter["marks"]), "places", axis=0)
            value = builder.node("Add", value, marks)
        value = builder.layer(value, f"l{layer}")
    first = builder.node("Gather", value, builder.constant(np.int64(0)), axis=1)
    mean = builder.node("ReduceMean", value, axes=[1], keepdims=1)
    product = builder.node(
        "MatMul", builder.node("Concat", first, mean, axis=2), builder.constant(adapter["last.w"])
    )
    probability = builder.node("Sigmoid", builder.node("Add", product, builder.constant(adapter["last.b"])))
    hidden = weights.shape.hidden
    return builder.model(
        "contradiction",
        [
            helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, [1, "tokens", hidden]),
            helper.make_tensor_value_info("places", TensorProto.INT64, [1, "tokens"]),
        ],
        [helper.make_tensor_value_info(probability, TensorProto.FLOAT, [1, 1, 1])],
    )
