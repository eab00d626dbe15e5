"""A product by weights, an activation, a product by weights: an FFN."""

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.encoders.prune.graph.block import Block, Side
from pipeline.encoders.prune.graph.reading import Other, Reading
from pipeline.encoders.quantise.layers import Linear

if TYPE_CHECKING:
    from onnx import NodeProto

ZERO_AT_ZERO = {"Add", "Cast", "Erf", "Gelu", "HardSwish", "Identity", "Relu", "Tanh"}
"""Add: of the bias, which is looked at."""
POINTWISE = ZERO_AT_ZERO | {"Div", "Mul", "Pow", "Sigmoid", "Sqrt", "Sub"}
"""Operators of activations, whole or in pieces: each channel by itself."""


def feed_forward(graph: Reading, out: Linear) -> Block | None:
    """The block that `out` reads, None where it reads anything else."""
    walk = _Walk(graph, graph.inputs(out))
    try:
        walk.back(out.x)
    except Other:
        return None
    leaks = any(graph.readers[name] != times for name, times in walk.seen.items())
    if leaks or len(walk.into) != 1 or graph.outputs(walk.into[0]) != graph.inputs(out):
        return None
    silent = walk.operators <= ZERO_AT_ZERO and set(walk.seen.values()) == {1}
    return Block((Side(walk.into[0], tuple(walk.biases)),), out, 1, silent)


class _Walk:
    """Back over pointwise operators; `seen` counts how often each name between the products is read on the way."""

    def __init__(self, graph: Reading, width: int) -> None:
        self._graph, self._width = graph, width
        self.seen: Counter[str] = Counter()
        self.operators: set[str] = set()
        self.biases: list[tuple[NodeProto, int]] = []
        self.into: list[Linear] = []

    def back(self, name: str) -> None:
        self.seen[name] += 1
        if self.seen[name] > 1:
            return
        node = self._graph.maker(name)
        if product := self._graph.product(node):
            self.into.append(product)
            return
        if node.op_type not in POINTWISE:
            raise Other
        self.operators.add(node.op_type)
        for place, given in enumerate(node.input):
            if given not in self._graph.file:
                self.back(given)
            elif self._graph.size(given) != 1:
                self._vector(node, place)

    def _vector(self, node: "NodeProto", place: int) -> None:
        if not self._graph.is_vector(node.input[place], self._width):
            raise Other
        self.biases.append((node, place))
