"""What ONNX Runtime's own tools make of an export: dynamic INT8 with one scale a batch, and fp16 for a GPU."""

from pathlib import Path

import onnx

LARGE = 1 << 30


def per_tensor(source: Path, to: Path) -> None:
    """Dynamic INT8, weights by column. For comparison only: a vector depends on its batch-mates (ONNX Runtime's
    issues 10111 and 8625)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        source / "model.onnx",
        to / "model.onnx",
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        use_external_data_format=_bytes(source) > LARGE,
    )


def half(source: Path, to: Path) -> None:
    """Weights and products in fp16, input and output as before."""
    from onnxruntime.transformers.float16 import convert_float_to_float16

    model = onnx.load(str(source / "model.onnx"))
    smaller = convert_float_to_float16(model, keep_io_types=True, disable_shape_infer=True)
    outside = _bytes(source) > LARGE
    onnx.save_model(smaller, str(to / "model.onnx"), save_as_external_data=outside, location="model.onnx.data")


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("model.onnx*"))
