"""How near the encoder comes to what the processor can do.

    python benchmarks/embedding_peak.py

Peak: the encoder's own products of matrices, int8 by int8, one after the other in a loop in onnxruntime, with
nothing between them; GOP/s, where a multiplication and an addition are two operations. The encoder: all its
products (attention's included) by the time of a whole text. Both on one thread, in turns; processor time of
the thread, the median over the rounds, because other work on the machine would be counted otherwise.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from rich.console import Console
from rich.table import Table

from kbassist.models.graph import build_graph
from kbassist.models.weights import Shape, bundled_weights

LENGTHS = (16, 32, 64, 128, 181, 256, 384, 512)
_ROUNDS = 15


def main() -> None:
    """Print the table."""
    Console().print(table())


def table() -> Table:
    """A row for each length of text."""
    weights = bundled_weights()
    shape = weights.shape
    encoder = _session(build_graph(weights))
    products = _products(shape)
    made = Table(title="one thread: the encoder beside its own int8 products in a loop", title_justify="left")
    for heading in ("tokens", "ms a text", "us a token", "GOP a text", "GOP/s", "peak GOP/s", "of the peak"):
        made.add_column(heading, justify="right")
    rng = np.random.default_rng(0)
    for tokens in LENGTHS:
        embeddings = rng.standard_normal((1, tokens, shape.hidden)).astype(np.float32)
        inputs = {
            f"a{width}": rng.integers(0, 256, (tokens, width), np.uint8)
            for width in (shape.hidden, shape.feed_forward)
        }
        text, loop = _in_turns(
            lambda embeddings=embeddings: encoder.run(None, {"embeddings": embeddings}),
            lambda inputs=inputs: products.run(None, inputs),
        )
        linear = 2e-9 * tokens * sum(rows * columns for rows, columns in _matrices(shape))
        work = shape.layers * (linear + 4e-9 * tokens * tokens * shape.hidden)
        reached, peak = work / text, linear / loop
        made.add_row(
            str(tokens),
            f"{1e3 * text:.1f}",
            f"{1e6 * text / tokens:.0f}",
            f"{work:.2f}",
            f"{reached:.0f}",
            f"{peak:.0f}",
            f"{reached / peak:.0%}",
        )
    return made


def _matrices(shape: Shape) -> list[tuple[int, int]]:
    """Of one layer: queries, keys and values; attention's output; the inner layer and the outer."""
    hidden, wide = shape.hidden, shape.feed_forward
    return [(hidden, 3 * hidden), (hidden, hidden), (hidden, wide), (wide, hidden)]


def _products(shape: Shape) -> onnxruntime.InferenceSession:
    """The products of one layer, each by itself."""
    rng = np.random.default_rng(0)
    nodes, constants, outputs = [], [], []
    scale = numpy_helper.from_array(np.float32(0.01), "scale")
    zero = numpy_helper.from_array(np.uint8(128), "zero")
    for number, (rows, columns) in enumerate(_matrices(shape)):
        codes = rng.integers(-63, 64, (rows, columns), np.int8)
        constants += [
            numpy_helper.from_array(codes, f"b{number}"),
            numpy_helper.from_array(np.full(columns, 0.01, np.float32), f"s{number}"),
        ]
        inputs = [f"a{rows}", f"b{number}", "scale", f"s{number}", "zero"]
        nodes.append(helper.make_node("MatMulIntegerToFloat", inputs, [f"y{number}"], domain="com.microsoft"))
        outputs.append(helper.make_tensor_value_info(f"y{number}", TensorProto.FLOAT, ["t", columns]))
    given = [
        helper.make_tensor_value_info(f"a{width}", TensorProto.UINT8, ["t", width])
        for width in (shape.hidden, shape.feed_forward)
    ]
    graph = helper.make_graph(nodes, "products", given, outputs, [*constants, scale, zero])
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return _session(helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString())


def _session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _in_turns(*sides: Callable[[], object]) -> list[float]:
    """Median seconds of each."""
    seconds: list[list[float]] = [[] for _ in sides]
    for side in sides:
        side()
    for _ in range(_ROUNDS):
        for place, side in enumerate(sides):
            began = time.thread_time()
            side()
            seconds[place].append(time.thread_time() - began)
    return [median(each) for each in seconds]


if __name__ == "__main__":
    main()
