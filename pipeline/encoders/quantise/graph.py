"""A small builder of nodes for a graph of others."""

from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper


class Graph:
    """Every method adds nodes and returns the name of what they compute; `prefix` starts all names."""

    def __init__(self, prefix: str) -> None:
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
        name = self._name(kind)
        self._nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

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

    def _name(self, kind: str) -> str:
        self._names += 1
        return f"{self._prefix}{kind}_{self._names}"
