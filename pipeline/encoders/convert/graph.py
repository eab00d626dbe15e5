"""A small builder of ONNX graphs: token ids in, unit vectors out."""

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 21  # Gelu is an operator since 20, int8 and its scales are complete in 21
IR_VERSION = 10


class Graph:
    """Every method adds nodes and returns the name of what they compute; `prefix` starts all names, for nodes that
    go into a graph of others."""

    def __init__(self, prefix: str = "") -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._weights: dict[tuple[str, tuple[int, ...], bytes], onnx.TensorProto] = {}
        self._names = 0
        self._prefix = prefix

    def taken(self) -> list[onnx.NodeProto]:
        """The nodes since the last call, for a graph of others."""
        nodes, self._nodes = self._nodes, []
        return nodes

    def constants(self) -> list[onnx.TensorProto]:
        return list(self._weights.values())

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        [output] = self.ops(kind, *inputs, outputs=1, **attributes)
        return output

    def ops(self, kind: str, *inputs: str, outputs: int, **attributes: Any) -> list[str]:
        names = [self._name(kind) for _ in range(outputs)]
        self._nodes.append(helper.make_node(kind, inputs, names, **attributes))
        return names

    def constant(self, values: np.ndarray | np.generic) -> str:
        """Equal constants are stored once."""
        values = np.asarray(values)  # numpy scalars too
        key = (values.dtype.str, values.shape, values.tobytes())
        if key not in self._weights:
            self._weights[key] = numpy_helper.from_array(values, self._name("constant"))
        return self._weights[key].name

    def integers(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def floats(self, values: float | np.ndarray) -> str:
        return self.constant(np.asarray(values, np.float32))

    def reshape(self, x: str, *shape: int) -> str:
        return self.op("Reshape", x, self.integers(*shape))

    def _shape(self, x: str, start: int, end: int) -> str:
        return self.op("Shape", x, start=start, end=end)

    def layer_norm(self, x: str, gamma: np.ndarray, beta: np.ndarray, epsilon: float) -> str:
        return self.op("LayerNormalization", x, self.floats(gamma), self.floats(beta), axis=-1, epsilon=epsilon)

    def total(self, x: str) -> str:
        """Sum over positions, [rows, length, dim] -> [rows, dim], as a product with ones: ONNX Runtime's
        ReduceSum adds in another order when there are few rows, a product does not."""
        shape = self.op("Concat", self.integers(1), self._shape(x, 1, 2), axis=0)
        ones = self.op("Expand", self.floats(1), shape)
        return self.op("Squeeze", self.op("MatMul", ones, x), self.integers(1))

    def length(self) -> str:
        """Tokens of every text of the batch, float32."""
        return self.op("Cast", self._shape("input_ids", 1, 2), to=1)

    def unit(self, x: str) -> str:
        """Rows [n, dim] of length one; by rows, so not by ReduceL2, for the same reason."""
        return self.op("LpNormalization", x, axis=-1, p=2)

    def model(self, output: str, *, dimension: int, producer: str) -> onnx.ModelProto:
        """input_ids int64 [rows, length] -> sentence_embedding float32 [rows, dimension]."""
        self._nodes.append(helper.make_node("Identity", [output], ["sentence_embedding"]))
        graph = helper.make_graph(
            self._nodes,
            producer,
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["rows", "length"])],
            [helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["rows", dimension])],
            list(self._weights.values()),
        )
        opsets = [helper.make_opsetid("", OPSET)]  # ONNX's own operators only
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name=producer)

    def _name(self, kind: str) -> str:
        self._names += 1
        return f"{self._prefix}{kind}_{self._names}"
