"""Small encoders: token ids in, vectors out."""

import numpy as np
import onnx
from onnx import TensorProto, helper

from pipeline.encoders.export.to_onnx import OPSET
from pipeline.encoders.quantise.graph import Graph


class Small(Graph):
    """A graph of its own, of `input_ids` [rows, length]."""

    def __init__(self) -> None:
        super().__init__("")

    def layer_norm(self, x: str, gamma: np.ndarray, beta: np.ndarray, epsilon: float) -> str:
        return self.op("LayerNormalization", x, self.floats(gamma), self.floats(beta), axis=-1, epsilon=epsilon)

    def total(self, x: str) -> str:
        """Sum over positions, [rows, length, dim] -> [rows, dim]."""
        return self.op("ReduceSum", x, self.integers(1), keepdims=0)

    def length(self) -> str:
        """Tokens of every text of the batch, float32."""
        return self.op("Cast", self.op("Shape", "input_ids", start=1, end=2), to=TensorProto.FLOAT)

    def model(self, output: str, *, dimension: int) -> onnx.ModelProto:
        """The rows of `output` [rows, dimension], of length one."""
        unit = self.op("LpNormalization", output, axis=-1, p=2)
        nodes = [*self.taken(), helper.make_node("Identity", [unit], ["sentence_embedding"])]
        graph = helper.make_graph(
            nodes,
            "small",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["rows", "length"])],
            [helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["rows", dimension])],
            self.constants(),
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
