"""An exported graph read backwards, from what a node is given to the node that makes it."""

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from pipeline.encoders.quantise.layers import Linear, linears
from pipeline.encoders.quantise.onnx_file import OnnxFile

if TYPE_CHECKING:
    from onnx import NodeProto


class Other(Exception):
    """The graph is another than the one looked for here: nothing is cut."""


class Reading:
    """`readers` counts who reads a name, the graph's outputs among them."""

    def __init__(self, file: OnnxFile) -> None:
        self.file = file
        self.products = linears(file)
        self.readers = Counter(name for node in file.graph.node for name in node.input)
        self.readers.update(output.name for output in file.graph.output)
        self._makers = {name: node for node in file.graph.node for name in node.output}
        self._by_node = {id(linear.node): linear for linear in self.products}

    def maker(self, name: str, *kinds: str) -> "NodeProto":
        """The node that makes `name`, of one of these kinds where any are given. Raises Other."""
        node = self._makers.get(name)
        if node is None or (kinds and node.op_type not in kinds):
            raise Other
        return node

    def only(self, name: str, *kinds: str) -> "NodeProto":
        """As `maker`, where nothing else reads `name`."""
        if self.readers[name] != 1:
            raise Other
        return self.maker(name, *kinds)

    def product(self, node: "NodeProto") -> Linear | None:
        return self._by_node.get(id(node))

    def size(self, name: str) -> int:
        """Of a constant."""
        return int(np.prod(self.file.shape(name)))

    def is_vector(self, name: str, width: int) -> bool:
        """Whether a constant has one number for each of the channels, the last axis."""
        return name in self.file and self.size(name) == width and self.file.shape(name)[-1:] == (width,)

    def shape(self, name: str) -> list[int]:
        """The constants that a shape ends with."""
        node = self._makers.get(name)
        found: list[int] = []
        for part in reversed(node.input if node is not None and node.op_type == "Concat" else [name]):
            if part not in self.file:
                break
            found = self.file.weight(part).reshape(-1).tolist() + found
        return found

    def inputs(self, linear: Linear) -> int:
        return self.file.shape(linear.weight)[1 if linear.transposed else 0]

    def outputs(self, linear: Linear) -> int:
        return self.file.shape(linear.weight)[0 if linear.transposed else 1]
