"""Weights that lie outside of model.onnx, mapped from their file instead of read.

Needs onnx (the extra `models`).
"""

import math
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

from pipeline.errors import EncoderError


def outside(tensor: TensorProto) -> bool:
    return tensor.data_location == TensorProto.EXTERNAL


def stored(folder: Path, tensor: TensorProto) -> np.ndarray:
    """An outside weight's bytes as they lie in their file: uint8 [rows, bytes of a row].

    Raises EncoderError where the file is absent, too short or not in `folder`.
    """
    place = {entry.key: entry.value for entry in tensor.external_data}
    path, start = folder / place["location"], int(place.get("offset", 0))
    if path.resolve().parent != folder.resolve():
        raise EncoderError(f"{path}: {tensor.name} lies there, expected a file beside model.onnx; export it so")
    size = helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize * math.prod(tensor.dims)
    length = int(place.get("length", size))
    end = path.stat().st_size if path.is_file() else 0
    if length != size or start + length > end:
        raise EncoderError(
            f"{path}: {end} bytes, {tensor.name} is {length} from {start} and should be {size}; is the file cut "
            "short? Export the encoder again"
        )
    if not size:
        return np.empty((1, 0), np.uint8)
    rows = tensor.dims[0] if tensor.dims else 1
    return np.memmap(path, np.uint8, "r", start, (rows, size // rows))
