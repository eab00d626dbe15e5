"""This machine's own peak: the fastest matrix product that any library here reaches, fp32 and int8.

    python -m benchmarks.encoders.gemm '{"cores": [0, 1], "width": 768, "inner": 3072}'

A contender's share is the model's own operations a second over that peak.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

ROWS = (512, 1024, 2048)
SECONDS = 0.4  # of repeats a product, after a first one that is not counted
OPSET = 17


def main(spec: dict[str, Any]) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, spec["cores"])
    shapes = [
        (rows, *sides)
        for rows in ROWS
        for sides in ((spec["width"], spec["inner"]), (spec["inner"], spec["width"]))
    ]
    found = {
        name: max(_rate(product(*shape, len(spec["cores"])), shape) for shape in shapes)
        for name, product in PRODUCTS.items()
    }
    best = {kind: max(value for name, value in found.items() if name.endswith(kind)) for kind in ("fp32", "int8")}
    print(json.dumps({"operations_per_second": found, "peak": best}))


def _rate(product: Callable[[], object], shape: tuple[int, int, int]) -> float:
    """Operations a second, two a multiply-add, of the fastest repeat."""
    product()
    best, until = float("inf"), time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < until:
        product()
        best = min(best, time.perf_counter() - began)
    rows, inner, columns = shape
    return 2 * rows * inner * columns / best


def _numpy(rows: int, inner: int, columns: int, threads: int) -> Callable[[], object]:
    import numpy as np

    one, other = np.ones((rows, inner), np.float32), np.ones((inner, columns), np.float32)
    out = np.empty((rows, columns), np.float32)
    return lambda: np.matmul(one, other, out=out)


def _torch(rows: int, inner: int, columns: int, threads: int) -> Callable[[], object]:
    import torch

    torch.set_num_threads(threads)
    one, other, out = torch.ones(rows, inner), torch.ones(inner, columns), torch.empty(rows, columns)
    return lambda: torch.mm(one, other, out=out)


def _onnxruntime(kind: str, types: tuple[str, str, str]) -> Callable[[int, int, int, int], Callable[[], object]]:
    """A session of one node, its second side a constant, as a model's weights are, so that it is packed once."""

    def product(rows: int, inner: int, columns: int, threads: int) -> Callable[[], object]:
        import numpy as np
        import onnx
        import onnxruntime
        from onnx import helper, numpy_helper

        left, _, result = (helper.np_dtype_to_tensor_dtype(np.dtype(name)) for name in types)
        weights = numpy_helper.from_array(np.ones((inner, columns), types[1]), "b")
        graph = helper.make_graph(
            [helper.make_node(kind, ["a", "b"], ["c"])],
            "gemm",
            [helper.make_tensor_value_info("a", left, [rows, inner])],
            [helper.make_tensor_value_info("c", result, [rows, columns])],
            [weights],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
        onnx.checker.check_model(model)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
        feed = {"a": np.ones((rows, inner), types[0])}
        return lambda: session.run(None, feed)

    return product


def _openvino(rows: int, inner: int, columns: int, threads: int) -> Callable[[], object]:
    """fp32 activations quantised by a FakeQuantize before int8 weights, which OpenVINO fuses into an int8 product:
    its own way of running a static INT8 model."""
    import numpy as np
    import openvino
    from openvino import opset13 as ops

    given = ops.parameter([rows, inner], np.float32)
    low, high = np.float32(-1), np.float32(1)
    quantised = ops.fake_quantize(given, low, high, low, high, 256)
    weights = ops.multiply(
        ops.convert(ops.constant(np.ones((columns, inner), np.int8)), "f32"),
        ops.constant(np.full((columns, 1), 1 / 127, np.float32)),
    )
    model = openvino.Model([ops.matmul(quantised, weights, False, True)], [given], "gemm")
    compiled = openvino.Core().compile_model(model, "CPU", {"INFERENCE_NUM_THREADS": threads})
    request = compiled.create_infer_request()
    request.set_input_tensor(openvino.Tensor(np.ones((rows, inner), np.float32)))
    return request.infer


PRODUCTS = {
    "numpy fp32": _numpy,
    "torch fp32": _torch,
    "onnxruntime fp32": _onnxruntime("MatMul", ("float32", "float32", "float32")),
    "onnxruntime int8": _onnxruntime("MatMulInteger", ("uint8", "int8", "int32")),
    "openvino int8": _openvino,
}


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
