"""INT8 that gives one text one vector: every row of activations has a scale of its own.

ONNX Runtime's dynamic quantisation takes one scale from the whole batch, so a vector depends on its
batch-mates. Here row x becomes round(x / s) + 128 with s = max|x| / 127, columns of weights have one scale each,
and the product is exact in 32-bit integers: neither batch, order nor thread count can reach it.

Unsigned activations by signed weights is the fastest product, but a CPU without VNNI adds pairs of products in 16
bits and saturates in silence: 2 * 255 * 64 still fits. So weights are quantised to seven bits, -64 to 64, where the
model is for any CPU.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.encoders.quantise.graph import Graph

MIDDLE = 128  # the unsigned value that stands for zero
SAFE = 64  # the largest signed weight whose products cannot saturate
FLOOR = 1e-9  # a row of zeros has a scale too


@dataclass(frozen=True)
class Weights:
    """`values * scale`: int8 [inputs, outputs] and float32 [outputs]."""

    values: np.ndarray
    scale: np.ndarray

    def dequantised(self) -> np.ndarray:
        return self.values.astype(np.float32) * self.scale


def quantise(matrix: np.ndarray, *, largest: int = SAFE) -> Weights:
    """Float [inputs, outputs], symmetric, seven bits (eight with `largest` 127), one scale a column."""
    scale = np.maximum(np.abs(matrix).max(axis=0), FLOOR).astype(np.float32) / np.float32(largest)
    return Weights(np.rint(matrix / scale).astype(np.int8), scale)


def product(graph: Graph, rows: str, columns: str) -> str:
    """What `quantise_rows` gave times int8 `columns`: whole numbers in float32 [m, outputs]."""
    whole = graph.op("MatMulInteger", rows, columns, graph.constant(np.uint8(MIDDLE)))
    return graph.op("Cast", whole, to=1)


def rescale(graph: Graph, whole: str, by_column: str, by_row: str) -> str:
    return graph.op("Mul", graph.op("Mul", whole, by_column), by_row)


def quantise_rows(graph: Graph, x: str) -> tuple[str, str]:
    """Float32 [m, inputs] to uint8 [m, inputs] and float32 [m, 1]."""
    largest = graph.op("ReduceMax", graph.op("Abs", x), graph.integers(1), keepdims=1)
    scale = graph.op("Mul", graph.op("Max", largest, graph.floats(FLOOR)), graph.floats(1 / 127))
    by_row = graph.op("Squeeze", scale, graph.integers(1))
    middle = graph.op("Expand", graph.constant(np.uint8(MIDDLE)), graph.op("Shape", by_row))
    return graph.op("QuantizeLinear", x, by_row, middle, axis=0), scale
