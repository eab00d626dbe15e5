"""Queries, keys and values split into heads, weighed, joined, and a product by weights: attention."""

from typing import TYPE_CHECKING

from pipeline.encoders.prune.graph.block import Block, Side
from pipeline.encoders.prune.graph.reading import Other, Reading
from pipeline.encoders.quantise.layers import Linear

if TYPE_CHECKING:
    from onnx import NodeProto


def attention(graph: Reading, out: Linear) -> Block | None:
    """The block that `out` reads, None where it reads anything else, or where the graph states how many heads there
    are."""
    try:
        queries, keys, values = _sides(graph, out)
    except Other:
        return None
    sizes = {size for _, size in (queries, keys, values)}
    widths = {graph.outputs(side.linear) for side, _ in (queries, keys, values)}
    if len(sizes) != 1 or widths != {graph.inputs(out)}:
        return None
    return Block((queries[0], keys[0], values[0]), out, sizes.pop(), True)


def _sides(graph: Reading, out: Linear) -> "list[tuple[Side, int]]":
    """(product, channels of a head) of queries, keys and values, from softmax(q k' * scale) v."""
    joined = graph.only(out.x, "Reshape")
    if graph.shape(joined.input[1])[-1:] != [-1]:
        raise Other
    weighed = graph.only(graph.only(joined.input[0], "Transpose").input[0], "MatMul")
    shares = graph.only(weighed.input[0], "Softmax")
    scores = graph.only(shares.input[0], "MatMul", "Mul", "Div")
    if scores.op_type != "MatMul":
        _check_number(graph, scores)
        scores = graph.only(scores.input[0], "MatMul")
    return [_side(graph, name) for name in (*scores.input, weighed.input[1])]


def _check_number(graph: Reading, scale: "NodeProto") -> None:
    if scale.input[1] not in graph.file or graph.size(scale.input[1]) != 1:
        raise Other


def _side(graph: Reading, name: str) -> tuple[Side, int]:
    split = graph.only(graph.only(name, "Transpose").input[0], "Reshape")
    *_, heads, size = [0, 0, *graph.shape(split.input[1])]
    if heads != -1:
        raise Other
    node, biases = graph.only(split.input[0]), []
    if node.op_type == "Add":
        place = 1 if node.input[1] in graph.file else 0
        biases.append((node, place))
        node = graph.only(node.input[1 - place])
    product = graph.product(node)
    if product is None:
        raise Other
    if not all(graph.is_vector(adding.input[place], graph.outputs(product)) for adding, place in biases):
        raise Other
    return Side(product, tuple(biases)), size
