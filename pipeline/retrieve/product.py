"""Matrix products on the calling thread, by the two libraries of the plain install that are fast at them: 8-bit
integers by ONNX Runtime, single precision by faiss' BLAS (numpy's has threads of its own that stand in our way)."""

from functools import cache
from typing import Protocol

import faiss
import numpy as np
import onnxruntime

UINT8, INT8, INT32 = 2, 3, 6  # TensorProto.DataType
OPSET, IR_VERSION = 21, 10
MIDDLE = np.array(128, np.uint8)
"""The unsigned value that stands for zero."""


class Product(Protocol):
    def __call__(self, left: np.ndarray) -> np.ndarray:
        """[rows, dim] by what the product was made of, [rows, columns]: one buffer, overwritten by the next call."""


def product(right: np.ndarray, rows: int) -> Product:
    """Of int8 [dim, columns], for uint8 that mean themselves minus MIDDLE; or of float32 [columns, dim]."""
    return _Integers(right, rows) if right.dtype == np.int8 else _Floats(right, rows)


class _Integers:
    """Exact, in int32."""

    def __init__(self, right: np.ndarray, rows: int) -> None:
        self.out = np.empty((rows, right.shape[1]), np.int32)
        # kept: threads that come at once make a session each, and a binding belongs to its own
        self._session = _session()
        self._binding = self._session.io_binding()
        self._binding.bind_cpu_input("right", right)
        self._binding.bind_cpu_input("middle", MIDDLE)
        self._binding.bind_output("out", "cpu", 0, np.int32, self.out.shape, self.out.ctypes.data)

    def __call__(self, left: np.ndarray) -> np.ndarray:
        self._binding.bind_cpu_input("left", left)
        self._session.run_with_iobinding(self._binding)
        return self.out


class _Floats:
    def __init__(self, right: np.ndarray, rows: int) -> None:
        columns, dimension = right.shape
        self.out = np.empty((rows, columns), np.float32)
        self._transform = faiss.LinearTransform(dimension, columns, False)
        faiss.copy_array_to_vector(right.ravel(), self._transform.A)
        self._transform.is_trained = True

    def __call__(self, left: np.ndarray) -> np.ndarray:
        left_at, out_at = faiss.swig_ptr(left), faiss.swig_ptr(self.out)
        self._transform.apply_noalloc(len(left), left_at, out_at)  # type: ignore[attr-defined]  # not in its stubs
        return self.out


@cache
def widest() -> int:
    """The largest int8 whose products come out right: 127, or 64 where the CPU adds pairs of products in 16 bits
    that saturate (x86 without VNNI)."""
    found = _Integers(np.full((64, 64), 127, np.int8), 64)(np.full((64, 64), 255, np.uint8))
    return 127 if (found == 64 * 127 * 127).all() else 64


@cache
def _session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(_model(), options, providers=["CPUExecutionProvider"])


def _model() -> bytes:
    """A ModelProto of one node, spelt out (field numbers of onnx.proto) since `onnx` is not in the plain install."""
    inputs = {"left": UINT8, "right": INT8, "middle": UINT8}
    node = b"".join(_field(1, name.encode()) for name in inputs) + _field(2, b"out") + _field(4, b"MatMulInteger")
    graph = _field(1, node) + _field(2, b"product")
    graph += b"".join(_field(11, _value(name, kind)) for name, kind in inputs.items())
    graph += _field(12, _value("out", INT32))
    return _number(1, IR_VERSION) + _field(7, graph) + _field(8, _number(2, OPSET))


def _value(name: str, kind: int) -> bytes:
    """ValueInfoProto of a matrix of free size, of a scalar for `middle`."""
    sizes = () if name == "middle" else (f"{name} rows", f"{name} columns")
    shape = b"".join(_field(1, _field(2, size.encode())) for size in sizes)
    return _field(1, name.encode()) + _field(2, _field(1, _number(1, kind) + _field(2, shape)))


def _field(number: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])
    return bytes([number << 3 | 2]) + length + content


def _number(number: int, value: int) -> bytes:
    return bytes([number << 3, value])
