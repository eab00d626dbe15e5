"""Per-row INT8 in stock ONNX operators: the graph of an fp32 export, rewritten for ONNX Runtime.

Every product by weights becomes ReduceMax(|x|) -> scale -> QuantizeLinear -> MatMulInteger -> rescale, with one scale
for each row (token) of activations and one for each column of weights, so that the same row gives the same bits
whatever stands beside it. Products of activations (QK', PV) stay in fp32. The word table becomes int8 with a scale a
word.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
import onnx

from pipeline.encoders.quantise.graph import Graph
from pipeline.encoders.quantise.int8 import FLOOR, SAFE, product, quantise, quantise_rows, rescale
from pipeline.encoders.quantise.layers import Linear, linears, word_table
from pipeline.encoders.quantise.onnx_file import OnnxFile, Weights, originals, save
from pipeline.progress import Progress, silent

LARGEST = {7: SAFE, 8: 127}
PREFIX = "int8_"
Smoothing = Mapping[str, np.ndarray]
"""Name of a linear layer's activations -> what each of their channels is divided by, float32 [inputs]."""


def to_int8(
    source: Path,
    to: Path,
    *,
    bits: int,
    excluded: Collection[str] = (),
    smoothing: Smoothing | None = None,
    products: bool = True,
    progress: Progress = silent,
) -> None:
    """<source>/model.onnx in fp32 to <to>/model.onnx, one layer in memory at a time.

    `excluded` names linear layers that stay in fp32; without `products` only the word table is quantised (what
    another tool quantises further). Raises EncoderError where the model has no layer to quantise.
    """
    file = OnnxFile(source / "model.onnx")
    rewritten = _Rewritten(file, bits, smoothing or {})
    layers = {id(layer.node): layer for layer in linears(file) if products and layer.name not in excluded}
    table = word_table(file)
    nodes: list[onnx.NodeProto] = []
    for node in file.graph.node:
        if id(node) in layers:
            nodes += rewritten.linear(layers[id(node)])
        elif table is not None and node is table:
            nodes += rewritten.lookup(table)
        else:
            nodes.append(node)
    del file.graph.node[:]
    file.graph.node.extend(nodes)
    save(file.model, rewritten.weights(nodes, progress), to)


class _Rewritten:
    """Collects the new weights while nodes are rewritten."""

    def __init__(self, file: OnnxFile, bits: int, smoothing: Smoothing) -> None:
        self._file, self._largest, self._smoothing = file, LARGEST[bits], smoothing
        self._graph = Graph(PREFIX)
        self._new: Weights = {}
        self._rows: dict[str, tuple[str, str, str]] = {}

    def linear(self, layer: Linear) -> list[onnx.NodeProto]:
        """The nodes that stand for one product."""
        graph, name = self._graph, f"{PREFIX}{layer.weight}"
        shape, rows, scale = self._quantised(layer.x)
        columns, by = f"{name}.values", f"{name}.scale"
        self._add(layer, columns, by)
        y = rescale(graph, product(graph, rows, columns), by, scale)
        outputs = self._file.shape(layer.weight)[0 if layer.transposed else 1]
        y = graph.op("Reshape", y, graph.op("Concat", shape, graph.integers(outputs), axis=0))
        return [*graph.taken(), _last(layer, y)]

    def lookup(self, node: onnx.NodeProto) -> list[onnx.NodeProto]:
        """The nodes that read rows of the word table."""
        graph, name = self._graph, f"{PREFIX}{node.input[0]}"
        self._new[f"{name}.values"] = lambda: _table(self._file.weight(node.input[0]))[0]
        self._new[f"{name}.scale"] = lambda: _table(self._file.weight(node.input[0]))[1]
        values = graph.op("Cast", graph.op("Gather", f"{name}.values", node.input[1]), to=1)
        scales = graph.op("Gather", f"{name}.scale", node.input[1])
        return [*graph.taken(), onnx.helper.make_node("Mul", [values, scales], list(node.output))]

    def weights(self, nodes: list[onnx.NodeProto], progress: Progress) -> Weights:
        """All that the nodes read: the new ones, constants, and what is left of the old."""
        constants = {tensor.name: tensor for tensor in self._graph.constants()}
        used = dict.fromkeys(name for node in nodes for name in node.input)
        old = originals(self._file, [name for name in used if name in self._file])
        own = {name: lambda name=name: onnx.numpy_helper.to_array(constants[name]) for name in constants}
        return _counted({**old, **own, **self._new}, progress)  # type: ignore[dict-item]

    def _quantised(self, x: str) -> tuple[str, str, str]:
        """(shape of `x` without its last axis, its rows in uint8, their scales); once for all layers that read it."""
        if x not in self._rows:
            graph = self._graph
            flat = x
            if (divisor := self._smoothing.get(x)) is not None:
                flat = graph.op("Mul", x, graph.floats(1 / divisor))
            # the product's inputs are the last axis; all others are rows
            flat = graph.op("Flatten", flat, axis=-1)
            self._rows[x] = (graph.op("Shape", x, start=0, end=-1), *quantise_rows(graph, flat))
        return self._rows[x]

    def _add(self, layer: Linear, columns: str, by: str) -> None:
        def matrix() -> np.ndarray:
            found = np.asarray(self._file.weight(layer.weight), np.float32)
            found = found.T if layer.transposed else found
            divisor = self._smoothing.get(layer.x)
            return found if divisor is None else found * divisor[:, None]

        self._new[columns] = lambda: quantise(matrix(), largest=self._largest).values
        self._new[by] = lambda: quantise(matrix(), largest=self._largest).scale


def _table(words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Float [words, dim] to int8 [words, dim] and float32 [words, 1], by blocks: it may be a gigabyte."""
    values = np.empty(words.shape, np.int8)
    scale = np.empty((len(words), 1), np.float32)
    for start in range(0, len(words), 8192):
        block = np.asarray(words[start : start + 8192], np.float32)
        by = np.maximum(np.abs(block).max(axis=1, keepdims=True), FLOOR) / np.float32(127)
        values[start : start + 8192], scale[start : start + 8192] = np.rint(block / by), by
    return values, scale


def _last(layer: Linear, y: str) -> onnx.NodeProto:
    output = list(layer.node.output)
    return onnx.helper.make_node(
        "Add" if layer.bias else "Identity", [y, layer.bias] if layer.bias else [y], output
    )


def _counted(weights: Weights, progress: Progress) -> Weights:
    def told(number: int, make):
        def made() -> np.ndarray:
            progress(number, len(weights), "quantise")
            return make()

        return made

    return {name: told(number, make) for number, (name, make) in enumerate(weights.items(), 1)}
