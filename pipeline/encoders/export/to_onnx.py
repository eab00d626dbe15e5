"""A source becomes model.onnx in float32: one graph from token ids to unit vectors."""

import ast
from collections import Counter
from pathlib import Path
from typing import Any

from pipeline.encoders.export.extra import models_extra, quiet
from pipeline.encoders.export.source import Source
from pipeline.errors import EncoderError
from pipeline.progress import Progress, silent

OPSET = 21
OUTPUT = "sentence_embedding"
INLINE = 1_500_000_000  # bytes; protobuf ends at 2^31
DATA = "model.onnx.data"
SAMPLE = (2, 7)  # any rows and length but 0 and 1, which torch takes for constants


def export(source: Source, to: Path, *, pooling: str, progress: Progress = silent) -> None:
    """Write `to`/model.onnx, with model.onnx.data beside it where the weights are over 1.5 GB.

    The graph: input_ids int64 [rows, length] -> sentence_embedding float32 [rows, dimension], unit rows, opset 21,
    ONNX's own operators only. No mask: all texts of a call have one length. The exception is the pooling
    "mean-with-padding", the reference work's mean over all positions: it takes attention_mask int64 too, and its
    texts are padded to one fixed length. Same ids give the same bits whatever the number of rows, as far as the
    runtime's matrix products do. Raises EncoderError as `weights.transformer`, and for an unknown pooling.
    """
    with models_extra(), quiet():
        from pipeline.encoders.export import weights, wrapper

        if pooling not in wrapper.POOLINGS:
            raise EncoderError(f"pooling {pooling!r}, expected one of {', '.join(wrapper.POOLINGS)}")
        masked = pooling == "mean-with-padding"
        progress(0, 3, "export")
        embedder = wrapper.Embedder(
            weights.transformer(source, masked=masked),
            wrapper.torch.nn.Sequential(*(weights.dense(layer) for layer in source.denses)),
            pooling=pooling,
            first_position=source.first_position,
        ).eval()
        progress(1, 3, "export")
        model = _graph(embedder, masked)
        progress(2, 3, "export")
        _write(model, to)
        progress(3, 3, "export")


def _graph(embedder: Any, masked: bool) -> Any:
    """The onnx_ir model, its weights still those of torch."""
    import torch

    names = ["input_ids", "attention_mask"] if masked else ["input_ids"]
    sizes = {0: torch.export.Dim("rows"), 1: torch.export.Dim("length")}
    program: Any = torch.onnx.export(
        embedder,
        tuple(torch.ones(SAMPLE, dtype=torch.int64) for _ in names),
        input_names=names,
        output_names=[OUTPUT],
        dynamic_shapes={name: sizes for name in names},
        opset_version=OPSET,
        dynamo=True,
        verbose=False,
    )
    return program.model


def _write(model: Any, to: Path) -> None:
    import onnx_ir
    from onnx_ir.passes.common import ClearMetadataAndDocStringPass

    to.mkdir(parents=True, exist_ok=True)
    _name_products(model)
    ClearMetadataAndDocStringPass()(model)  # the exporter notes its own stack there, with paths of this machine
    size = sum(value.const_value.nbytes for value in model.graph.initializers.values())
    onnx_ir.save(model, to / "model.onnx", external_data=DATA if size > INLINE else None)


def _name_products(model: Any) -> None:
    """A product by weights is called as the model's makers call its layer: encoder.layer.0.attention.self.query. One
    that is used again (DeBERTa's, for positions) gets a number."""
    times: Counter[str] = Counter()
    for node in model.graph:
        scopes = ast.literal_eval(node.metadata_props.get("pkg.torch.onnx.name_scopes", "[]"))
        if node.op_type == "MatMul" and node.inputs[1].const_value is not None and len(scopes) > 1 and scopes[-2]:
            name = scopes[-2]
            times[name] += 1
            node.name = name if times[name] == 1 else f"{name}.{times[name]}"
