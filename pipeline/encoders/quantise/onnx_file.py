"""An ONNX model whose weights stay on disk: read one at a time, written one at a time."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import onnx
from onnx import TensorProto, external_data_helper, helper, numpy_helper

from pipeline.errors import EncoderError

INLINE = 64 << 20
"""Weights beyond this many bytes go to model.onnx.data, which runtimes map instead of copying."""
SMALL = 1024
ALIGNED = 64


class OnnxFile:
    """`graph` to change; `weight(name)` an initializer as an array, mapped from the disk where it lies outside.

    Raises EncoderError where the file is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.model = onnx.load(str(path), load_external_data=False)
        except Exception as error:  # protobuf's DecodeError and onnx's own have no common class
            raise EncoderError(f"{path}: {error}; expected an ONNX model; export it again") from error
        self.graph = self.model.graph
        self._tensors = {tensor.name: tensor for tensor in self.graph.initializer}

    @property
    def names(self) -> list[str]:
        return list(self._tensors)

    def __contains__(self, name: str) -> bool:
        return name in self._tensors

    def shape(self, name: str) -> tuple[int, ...]:
        return tuple(self._tensors[name].dims)

    def weight(self, name: str) -> np.ndarray:
        tensor = self._tensors[name]
        if not external_data_helper.uses_external_data(tensor):
            return numpy_helper.to_array(tensor)
        where = {entry.key: entry.value for entry in tensor.external_data}
        file = self.path.parent / where["location"]
        dtype, shape = helper.tensor_dtype_to_np_dtype(tensor.data_type), tuple(tensor.dims)
        try:
            return np.memmap(file, dtype, "r", int(where.get("offset", 0)), shape)
        except (OSError, ValueError) as error:
            raise EncoderError(
                f"{file}: {error}; expected {name} {dtype} {shape} there; is the file cut short? Export again"
            ) from error


Weights = dict[str, Callable[[], np.ndarray]]
"""Name -> how to make an initializer; made when it is written, then let go."""


def save(model: onnx.ModelProto, weights: Weights, to: Path) -> None:
    """Write `model` with `weights` as its only initializers to <to>/model.onnx, large ones beside it."""
    del model.graph.initializer[:]
    total = 0
    data = to / "model.onnx.data"
    with data.open("wb") as file:
        for name, make in weights.items():
            values = np.asarray(make(), order="C")  # ascontiguousarray would give a scalar an axis
            total += values.nbytes
            model.graph.initializer.append(
                _outside(name, values, file) if values.nbytes > SMALL else _inside(name, values)
            )
    if total <= INLINE:
        external_data_helper.load_external_data_for_model(model, str(to))
        data.unlink()
    (to / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
    onnx.checker.check_model(str(to / "model.onnx"))


def originals(file: OnnxFile, names: Iterator[str] | list[str]) -> Weights:
    """The file's own initializers by name."""
    return {name: lambda name=name: file.weight(name) for name in names}  # type: ignore[misc]


def _inside(name: str, values: np.ndarray) -> TensorProto:
    return numpy_helper.from_array(values, name)


def _outside(name: str, values: np.ndarray, file: BinaryIO) -> TensorProto:
    file.write(b"\0" * (-file.tell() % ALIGNED))
    start = file.tell()
    values.tofile(file)
    tensor = TensorProto(name=name, data_type=helper.np_dtype_to_tensor_dtype(values.dtype), dims=values.shape)
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", "model.onnx.data"), ("offset", start), ("length", values.nbytes)):
        tensor.external_data.add(key=key, value=str(value))
    return tensor
