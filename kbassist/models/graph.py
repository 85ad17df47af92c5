"""Builds the encoder of multilingual-e5-small as an int8 ONNX graph.

One text a run, so nothing is padded, nothing is masked, and a vector does not depend on the texts
that happen to be embedded beside it. Input `embeddings`, float32 `(1, tokens, hidden)`: word,
position and type embeddings already summed. Input `whole`, a boolean: whether the last layer is run. First
output, float32 `(1, hidden)`: the mean over the tokens, of L2 norm 1; nothing but zeros without the last
layer. Second, float32 `(1, tokens, hidden)`: the tokens' states below the last layer, which tell better
which token answers which than what the mean is taken of (`benchmarks/reading.py`: one English question in a
hundred, Polish ones alike).

Weights are int8, symmetric, with a scale per output column, and keep to seven bits: on processors
without VNNI the 8-bit product of two neighbours may overflow its 16-bit sum otherwise. Activations
are quantised while the graph runs, with one scale a text; only the wide inner layer, whose few
large values belong to few tokens, has a scale a token (cosine to float32 .9985 instead of .996, for
2 % of the time).

What differs from what onnxruntime's own quantiser makes: `LayerNormalization` after an `Add`, since
the fused `SkipLayerNormalization` takes five times as long on a CPU.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from kbassist.models.weights import Floats, Weights

_OPSET, _IR_VERSION = 17, 8
_MICROSOFT = "com.microsoft"
_WEIGHT_LIMIT = 63
_ACTIVATION_LIMIT, _ACTIVATION_ZERO = 127, 128
_GELU_DEPTH = 0.17
"""Gelu gives nothing below its negative, so the largest magnitude is found without a pass for the signs."""


class _Builder:
    """Nodes and constants in the making. Methods return the name of the value they add."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._size = weights.shape
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._numbers = count()

    def constant(self, value: NDArray[np.generic] | np.generic) -> str:
        name = f"c{next(self._numbers)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def branch(self, make: Callable[[], str]) -> onnx.GraphProto:
        """What `make` adds, as a graph by itself that gives vectors."""
        nodes, constants = self.nodes, self.constants
        self.nodes, self.constants = [], []
        try:
            found = helper.make_tensor_value_info(make(), TensorProto.FLOAT, [1, self._size.hidden])
            return helper.make_graph(self.nodes, make.__name__, [], [found], self.constants)
        finally:
            self.nodes, self.constants = nodes, constants

    def node(self, kind: str, *inputs: str, domain: str = "", outputs: int = 1, **attributes: object) -> str:
        first = f"n{next(self._numbers)}"
        names = [first, *(f"{first}.{place}" for place in range(1, outputs))]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return first

    def bias(self, name: str) -> str:
        return self.constant(self._weights.tensor(f"{name}.b"))

    def matrix(self, name: str, rows: int, columns: int) -> Floats:
        """Stored by output; wanted by input."""
        return self._weights.tensor(f"{name}.w", columns, rows).T

    def normalised(self, value: str, name: str) -> str:
        scale = self.constant(self._weights.tensor(f"{name}.w"))
        epsilon = self._size.epsilon
        return self.node("LayerNormalization", value, scale, self.bias(name), axis=-1, epsilon=epsilon)

    def linear(self, value: str, name: str, rows: int, columns: int) -> str:
        codes, scales = _quantised(self.matrix(name, rows, columns))
        return self.node(
            "DynamicQuantizeMatMul",
            *(value, self.constant(codes), self.constant(scales), "", self.bias(name)),
            domain=_MICROSOFT,
        )

    def linear_by_token(self, value: str, name: str, rows: int, columns: int) -> str:
        """Of what Gelu gives: each token divided by its largest magnitude, multiplied by it afterwards."""
        codes, scales = _quantised(self.matrix(name, rows, columns))
        step = self.constant(np.float32(1 / _ACTIVATION_LIMIT))
        zero = self.constant(np.uint8(_ACTIVATION_ZERO))
        highest = self.node("ReduceMax", value, axes=[-1], keepdims=1)
        largest = self.node("Max", highest, self.constant(np.float32(_GELU_DEPTH)))
        quantised = self.node("QuantizeLinear", self.node("Div", value, largest), step, zero)
        product = self.node(
            "MatMulIntegerToFloat",
            *(quantised, self.constant(codes), step, self.constant(scales), zero),
            domain=_MICROSOFT,
        )
        return self.node("Add", self.node("Mul", product, largest), self.bias(name))

    def attention(self, value: str, layer: str) -> str:
        hidden = self._size.hidden
        joined = np.concatenate([self.matrix(f"{layer}.{part}", hidden, hidden) for part in "qkv"], axis=1)
        bias = np.concatenate([self._weights.tensor(f"{layer}.{part}.b") for part in "qkv"])
        codes, scales = _quantised(joined)
        quantised = self.node("DynamicQuantizeLinear", value, outputs=3)
        return self.node(
            "QAttention",
            *(quantised, self.constant(codes), self.constant(bias)),
            *(f"{quantised}.1", self.constant(scales), "", f"{quantised}.2"),
            domain=_MICROSOFT,
            num_heads=self._size.heads,
        )

    def layer(self, value: str, layer: str) -> str:
        hidden, wide = self._size.hidden, self._size.feed_forward
        attended = self.linear(self.attention(value, layer), f"{layer}.ao", hidden, hidden)
        value = self.normalised(self.node("Add", value, attended), f"{layer}.aln")
        inner = self.node("Gelu", self.linear(value, f"{layer}.fi", hidden, wide), domain=_MICROSOFT)
        outer = self.linear_by_token(inner, f"{layer}.fo", wide, hidden)
        return self.normalised(self.node("Add", value, outer), f"{layer}.oln")


def _quantised(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    scales = np.abs(matrix).max(axis=0) / np.float32(_WEIGHT_LIMIT)
    return np.rint(matrix / scales).astype(np.int8), scales


def build_graph(weights: Weights) -> bytes:
    """The encoder as a serialised ONNX model. The same weights give the same bytes."""
    builder = _Builder(weights)
    hidden, last = weights.shape.hidden, weights.shape.layers - 1
    states = builder.normalised("embeddings", "emb.ln")
    for layer in range(last):
        states = builder.layer(states, f"l{layer}")

    def finish() -> str:
        mean = builder.node("ReduceMean", builder.layer(states, f"l{last}"), axes=[1], keepdims=0)
        return builder.node("LpNormalization", mean, axis=-1, p=2)

    def leave_out() -> str:
        return builder.node("Identity", builder.constant(np.zeros((1, hidden), np.float32)))

    vectors = builder.node(
        "If", "whole", then_branch=builder.branch(finish), else_branch=builder.branch(leave_out)
    )
    graph = helper.make_graph(
        builder.nodes,
        "multilingual-e5-small",
        [
            helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, [1, "tokens", hidden]),
            helper.make_tensor_value_info("whole", TensorProto.BOOL, []),
        ],
        [
            helper.make_tensor_value_info(vectors, TensorProto.FLOAT, [1, hidden]),
            helper.make_tensor_value_info(states, TensorProto.FLOAT, [1, "tokens", hidden]),
        ],
        builder.constants,
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="kbassist")
    serialised: bytes = model.SerializeToString(deterministic=True)
    return serialised
