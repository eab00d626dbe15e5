"""multilingual-e5-small (Wang et al., 2024): twelve BERT layers over a SentencePiece vocabulary."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from tokenizers import normalizers

from pipeline.encoders.convert.e5_file import ZERO, E5File
from pipeline.encoders.convert.graph import Graph
from pipeline.encoders.convert.int8 import linear, quantise, side_by_side
from pipeline.encoders.convert.trim import Vocabulary

NAME = "multilingual-e5-small"
DIMENSION = 384
MAX_LENGTH = 512


class E5Small:
    """A source that `convert` can read: vocabulary, normaliser and the graph over some of the words."""

    def __init__(self, path: Path) -> None:
        self._file = E5File(path)
        self.vocabulary: Vocabulary = self._file.vocabulary
        self.charsmap = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC()])  # nmt_nfkc

    def model(self, ids: Sequence[int], *, precision: str) -> onnx.ModelProto:
        file, graph = self._file, Graph()
        x = _embeddings(file, graph, ids)
        for number in range(file.layers):
            x = _layer(file, graph, x, number, precision)
        x = graph.op("Reshape", x, _shape(graph, file.hidden))
        return graph.model(
            graph.unit(graph.op("Div", graph.total(x), graph.length())), dimension=file.hidden, producer=NAME
        )


def _shape(graph: Graph, *last: int) -> str:
    """[rows, length, *last] as a tensor."""
    return graph.op("Concat", graph.op("Shape", "input_ids"), graph.integers(*last), axis=0)


def _embeddings(file: E5File, graph: Graph, ids: Sequence[int]) -> str:
    """Words, positions and the one segment: [rows * length, hidden]."""
    words = graph.op("Reshape", _words(file, graph, ids), _shape(graph, file.hidden))
    places = file.floats("emb.pos", file.positions, file.hidden) + file.floats("emb.type", 1, file.hidden)
    length = graph.op("Shape", "input_ids", start=1, end=2)
    place = graph.op("Slice", graph.floats(places), graph.integers(0), length, graph.integers(0))
    x = graph.reshape(graph.op("Add", words, place), -1, file.hidden)
    return _norm(file, graph, x, "emb.ln")


def _words(file: E5File, graph: Graph, ids: Sequence[int]) -> str:
    """The table stays as it came, 4-bit in blocks of 32: 216 bytes a word, nothing lost."""
    table = file.blocks("emb.word", file.rows, file.hidden)[list(ids)]
    flat = graph.reshape("input_ids", -1)
    halves = graph.op("Gather", graph.constant(table["halves"]), flat, axis=0)  # [m, blocks, 16]
    low = graph.op("BitwiseAnd", halves, graph.constant(np.uint8(15)))
    high = graph.op("BitShift", halves, graph.constant(np.uint8(4)), direction="RIGHT")
    values = graph.op("Cast", graph.op("Concat", low, high, axis=2), to=1)
    scale = graph.op("Cast", graph.op("Gather", graph.constant(table["scale"][..., None]), flat, axis=0), to=1)
    return graph.op("Mul", graph.op("Sub", values, graph.floats(ZERO)), scale)


def _layer(file: E5File, graph: Graph, x: str, number: int, precision: str) -> str:
    h, at = file.hidden, f"l{number}"

    def dense(x: str, name: str, outputs: int, inputs: int) -> str:
        weights = quantise(file.matrix(f"{at}.{name}.w", outputs, inputs), precision=precision)
        return linear(graph, x, weights, file.floats(f"{at}.{name}.b", outputs), precision=precision)

    attended = dense(_attention(file, graph, x, at, precision), "ao", h, h)
    x = _norm(file, graph, graph.op("Add", attended, x), f"{at}.aln")
    y = dense(graph.op("Gelu", dense(x, "fi", file.inner, h)), "fo", h, file.inner)
    return _norm(file, graph, graph.op("Add", y, x), f"{at}.oln")


def _attention(file: E5File, graph: Graph, x: str, at: str, precision: str) -> str:
    """[m, hidden] -> [m, hidden]; fp32, as a product never crosses texts. No mask: nothing is padded."""
    h, width = file.hidden, file.hidden // file.heads
    shrink = {"q": np.float32(1 / np.sqrt(width)), "k": np.float32(1), "v": np.float32(1)}
    matrices = (file.matrix(f"{at}.{part}.w", h, h) * s for part, s in shrink.items())
    weights = side_by_side(*(quantise(matrix, precision=precision) for matrix in matrices))
    bias = np.hstack([file.floats(f"{at}.{part}.b", h) * s for part, s in shrink.items()])
    together = linear(graph, x, weights, bias, precision=precision)
    parts = graph.op("Reshape", together, _shape(graph, 3, file.heads, width))
    parts = graph.op("Transpose", parts, perm=[2, 0, 3, 1, 4])  # [3, rows, heads, length, width]
    q, k, v = (graph.op("Gather", parts, graph.constant(np.int64(i)), axis=0) for i in range(3))
    scores = graph.op("MatMul", q, graph.op("Transpose", k, perm=[0, 1, 3, 2]))
    mixed = graph.op("MatMul", graph.op("Softmax", scores, axis=-1), v)
    return graph.reshape(graph.op("Transpose", mixed, perm=[0, 2, 1, 3]), -1, h)


def _norm(file: E5File, graph: Graph, x: str, name: str) -> str:
    gamma, beta = file.floats(f"{name}.w", file.hidden), file.floats(f"{name}.b", file.hidden)
    return graph.layer_norm(x, gamma, beta, file.epsilon)
