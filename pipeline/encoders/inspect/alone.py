"""What a sentence's vector loses when one linear layer alone is quantised."""

from collections.abc import Sequence

import numpy as np
import onnx

from pipeline.encoders.card import Card
from pipeline.encoders.engines import OUTPUT
from pipeline.encoders.quantise.graph import Graph
from pipeline.encoders.quantise.int8 import MIDDLE, quantise, quantise_rows
from pipeline.encoders.quantise.layers import Linear, linears
from pipeline.encoders.quantise.onnx_file import OnnxFile
from pipeline.encoders.quantise.tap import Tap
from pipeline.progress import Progress, silent

LARGEST = 127


def cosine_losses(
    source: Card, tokens: Sequence[Sequence[int]], *, progress: Progress = silent
) -> dict[str, float]:
    """Name of each linear layer -> 1 - mean cosine to fp32, with that layer's rows and weights in eight bits."""
    exact = _vectors(OnnxFile(source.folder / "model.onnx"), source, tokens)
    count = len(linears(OnnxFile(source.folder / "model.onnx")))
    found: dict[str, float] = {}
    for place in range(count):
        file = OnnxFile(source.folder / "model.onnx")
        layer = linears(file)[place]
        _round(file, layer)
        cosines = (_vectors(file, source, tokens).astype(np.float64) * exact).sum(axis=1)
        found[layer.name] = float(1 - cosines.mean())
        progress(place + 1, count, "quantise layers end to end")
    return found


def _vectors(file: OnnxFile, source: Card, tokens: Sequence[Sequence[int]]) -> np.ndarray:
    vectors = np.empty((len(tokens), source.dimension), np.float32)
    for places, found in Tap(file.model, source.folder, [OUTPUT]).runs(tokens, pad_to=source.pad_to):
        vectors[places] = found[OUTPUT]
    return vectors


def _round(file: OnnxFile, layer: Linear) -> None:
    """The layer's rows and weights take the values that eight bits have, and stay fp32 numbers."""
    graph, node = Graph("round_"), layer.node
    flat = graph.op("Flatten", layer.x, axis=-1)
    rows, scale = quantise_rows(graph, flat)
    centred = graph.op("Sub", graph.op("Cast", rows, to=onnx.TensorProto.FLOAT), graph.floats(MIDDLE))
    x = graph.op("Reshape", graph.op("Mul", centred, scale), graph.op("Shape", layer.x))
    weight = graph.floats(_rounded(file, layer))
    changed = onnx.NodeProto()
    changed.CopyFrom(node)
    changed.input[0], changed.input[1] = x, weight
    nodes = [new for old in file.graph.node for new in ([*graph.taken(), changed] if old is node else [old])]
    del file.graph.node[:]
    file.graph.node.extend(nodes)
    file.graph.initializer.extend(graph.constants())


def _rounded(file: OnnxFile, layer: Linear) -> np.ndarray:
    found = np.asarray(file.weight(layer.weight), np.float32)
    matrix = found.T if layer.transposed else found
    rounded = quantise(matrix, largest=LARGEST).dequantised()
    return rounded.T if layer.transposed else rounded
