"""Which tables of a graph are read by token id, and what else looks at the ids.

Needs onnx (the extra `models`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import onnx

from pipeline.encoders.trim.weights import outside
from pipeline.errors import EncoderError

IDS = "input_ids"
CARRIERS = {"Cast", "Expand", "Flatten", "Identity", "Reshape", "Slice", "Squeeze", "Transpose", "Unsqueeze"}
ROWWISE = {"Cast", "Identity"}  # between a table and its Gather
REMEDY = "export the encoder anew, from plain torch, and trim before fusing and quantising"


@dataclass
class Reading:
    """Names of the initializers that are gathered by id, of what is made of them row by row, and the ids that the
    graph compares its input with."""

    tables: set[str] = field(default_factory=set)
    between: set[str] = field(default_factory=set)
    compared: set[int] = field(default_factory=set)


def reading(model: onnx.ModelProto) -> Reading:
    """Raises EncoderError where the ids or a table go into a node whose meaning would change with the ids."""
    graph, found, ids = model.graph, Reading(), {IDS}
    makers = {name: node for node in graph.node for name in node.output}
    gathers = []
    for node in graph.node:  # makers before readers: ONNX wants it so
        places = [place for place, name in enumerate(node.input) if name in ids]
        if ids & set(_inner(node)):
            raise EncoderError(f"{_named(node)} reads {IDS} in a branch, expected Gather; {REMEDY}")
        if node.op_type in CARRIERS and places == [0]:
            ids |= set(node.output)
        elif node.op_type == "Gather" and places == [1]:
            gathers.append(node.name or node.output[0])
            _follow(node, makers, found)
        elif node.op_type == "Equal" and places:
            found.compared |= _constants(graph, makers, node.input[1 - places[0]])
        elif places and node.op_type not in ("Shape", "Size"):
            raise EncoderError(f"{_named(node)} reads {IDS}, expected Gather, Shape or Equal; {REMEDY}")
    _check(graph, found, ids)
    return found


def _follow(gather: onnx.NodeProto, makers: dict[str, onnx.NodeProto], found: Reading) -> None:
    """From a Gather back to its table."""
    if any(attribute.name == "axis" and attribute.i != 0 for attribute in gather.attribute):
        raise EncoderError(f"{_named(gather)} gathers {IDS} along another axis than 0; {REMEDY}")
    name = gather.input[0]
    while (maker := makers.get(name)) and maker.op_type in ROWWISE:
        found.between.add(name)
        name = maker.input[0]
    if maker:
        raise EncoderError(f"{_named(gather)} gathers from {_named(maker)}, expected a stored table; {REMEDY}")
    found.tables.add(name)


def _check(graph: onnx.GraphProto, found: Reading, ids: set[str]) -> None:
    if not found.tables:
        raise EncoderError(f"no Gather reads a table by {IDS}; {REMEDY}")
    stored = {tensor.name for tensor in graph.initializer}
    if absent := found.tables - stored:
        raise EncoderError(f"{IDS} gather from {', '.join(sorted(absent))}, which is not stored; {REMEDY}")
    shared = found.tables | found.between
    for node in graph.node:
        allowed = (node.op_type == "Gather" and node.input[1] in ids) or shared & set(node.output)
        if not allowed and shared & {*node.input, *_inner(node)}:
            raise EncoderError(
                f"{_named(node)} reads the word table too (tied weights?); export the encoder without the layer "
                "that predicts words"
            )
    if outputs := (shared | ids) & {output.name for output in graph.output}:
        raise EncoderError(f"the graph gives out {', '.join(sorted(outputs))}; {REMEDY}")


def _constants(graph: onnx.GraphProto, makers: dict[str, onnx.NodeProto], name: str) -> set[int]:
    tensors = [tensor for tensor in graph.initializer if tensor.name == name]
    if (maker := makers.get(name)) and maker.op_type == "Constant":
        tensors = [attribute.t for attribute in maker.attribute if attribute.name == "value"]
    if not tensors or outside(tensors[0]):
        raise EncoderError(f"{IDS} are compared with {name}, expected a stored number; {REMEDY}")
    return set(onnx.numpy_helper.to_array(tensors[0]).reshape(-1).tolist())


def _inner(node: onnx.NodeProto) -> Iterator[str]:
    """Names that a node's branches read."""
    for attribute in node.attribute:
        for branch in [attribute.g, *attribute.graphs]:
            for inner in branch.node:
                yield from inner.input
                yield from _inner(inner)


def _named(node: onnx.NodeProto) -> str:
    return f"node {node.name or node.output[0]} ({node.op_type})"
