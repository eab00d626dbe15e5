"""Where an exported graph multiplies by weights and where it looks words up."""

from dataclasses import dataclass

import onnx

from pipeline.encoders.quantise.onnx_file import OnnxFile
from pipeline.errors import EncoderError


@dataclass(frozen=True)
class Linear:
    """A product of activations `x` [..., inputs] by the initializer `weight` [inputs, outputs] (`transposed`: [outputs,
    inputs]), and its bias where the node adds one; `name` is the node's, which our export gives it: as the
    model's makers call the layer."""

    name: str
    node: onnx.NodeProto
    x: str
    weight: str
    bias: str | None
    transposed: bool


def linears(file: OnnxFile) -> list[Linear]:
    """In the order of the graph. Raises EncoderError where there is none."""
    found = [layer for node in file.graph.node if (layer := _linear(file, node))]
    if not found:
        raise EncoderError(
            f"{file.path}: no product by a constant matrix, expected a transformer as `lexalign encoders add` exports "
            "it; is it quantised already? Take the fp32 export"
        )
    return found


def word_table(file: OnnxFile) -> onnx.NodeProto | None:
    """The Gather that reads the vocabulary's rows: the one of an initializer by input_ids; None where there is none."""
    for node in file.graph.node:
        if node.op_type == "Gather" and node.input[0] in file and node.input[1] == "input_ids":
            return node
    return None


def _linear(file: OnnxFile, node: onnx.NodeProto) -> Linear | None:
    if node.op_type not in ("MatMul", "Gemm") or node.input[1] not in file or len(file.shape(node.input[1])) != 2:
        return None
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    plain = attributes.get("alpha", 1) == attributes.get("beta", 1) == 1 and not attributes.get("transA")
    bias = node.input[2] if len(node.input) > 2 and node.input[2] else None
    if not plain:
        return None
    return Linear(
        node.name or node.output[0], node, node.input[0], node.input[1], bias, bool(attributes.get("transB"))
    )
