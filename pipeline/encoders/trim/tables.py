"""An ONNX model with fewer rows in its word tables; weights go from file to file, never whole through memory.

Needs onnx (the extra `models`).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from onnx import TensorProto, numpy_helper

from pipeline.encoders.trim.reading import reading
from pipeline.encoders.trim.weights import outside, stored
from pipeline.errors import EncoderError
from pipeline.progress import Progress, silent

DATA = "model.onnx.data"
ALIGN = 64 << 10  # where a weight can be mapped instead of read, on every system
LARGE = 1 << 20  # bytes from which a weight is aligned
CHUNK = 8 << 20  # bytes of a table in memory at a time


class Model:
    """model.onnx of a folder, opened and looked through: refusals come before the long work.

    Tables of any type go, one scale a row included, as long as they are gathered by `input_ids`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "model.onnx"
        try:
            self._model = onnx.load(self._path, load_external_data=False)
        except (OSError, DecodeError) as error:
            raise EncoderError(f"{self._path}: {error}; is it whole? Export the encoder again") from error
        for tensor in filter(outside, _tensors(self._model.graph)):
            stored(folder, tensor)  # raises where it is cut short
        try:
            self._reading = reading(self._model)
        except EncoderError as error:
            raise EncoderError(f"{self._path}: {error}") from error

    def check(self, ids: Sequence[int]) -> None:
        """Raises EncoderError where a table has no row of an id, or where an id moves that the graph looks for."""
        for tensor in self._model.graph.initializer:
            if tensor.name in self._reading.tables and tensor.dims[0] <= ids[-1]:
                raise EncoderError(
                    f"{self._path}: table {tensor.name} has {tensor.dims[0]} rows, the tokenizer has an id "
                    f"{ids[-1]}; do model.onnx and tokenizer.json belong together?"
                )
        for number in self._reading.compared:
            if number >= 0 and list(ids[number : number + 1]) != [number]:
                raise EncoderError(
                    f"{self._path}: the graph compares input_ids with {number}, a number that trimming would "
                    "change; export it with its attention mask as an input, or register it without trimming"
                )

    def write(self, to: Path, ids: Sequence[int], *, progress: Progress = silent) -> None:
        """model.onnx, and model.onnx.data where the source has weights outside. Only once: it changes self."""
        self.check(ids)
        rows = np.asarray(ids)
        self._forget_shapes()
        with (to / DATA).open("wb") as out:
            for tensor in _tensors(self._model.graph):
                kept = rows if tensor.name in self._reading.tables else None
                if outside(tensor):
                    self._copy(tensor, out, kept, progress)
                elif kept is not None:
                    tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor)[kept], tensor.name))
        if not (to / DATA).stat().st_size:
            (to / DATA).unlink()
        (to / "model.onnx").write_bytes(self._model.SerializeToString(deterministic=True))

    def _copy(self, tensor: TensorProto, out: BinaryIO, kept: np.ndarray | None, progress: Progress) -> None:
        found = stored(self._folder, tensor)
        if found.nbytes >= LARGE:
            out.write(b"\0" * (-out.tell() % ALIGN))
        start = out.tell()
        if kept is None:
            out.write(found.data)
        else:
            step = max(1, CHUNK // found.shape[1])
            for done in range(0, len(kept), step):
                out.write(found[kept[done : done + step]].data)
                progress(min(done + step, len(kept)), len(kept), f"rows of {tensor.name}")
            tensor.dims[0] = len(kept)
        del tensor.external_data[:]
        for key, value in (("location", DATA), ("offset", start), ("length", out.tell() - start)):
            tensor.external_data.add(key=key, value=str(value))

    def _forget_shapes(self) -> None:
        """Drop the declared shapes that hold the old number of rows; they are optional."""
        graph, old = self._model.graph, self._reading.tables | self._reading.between
        for declared in (graph.value_info, graph.input):
            left = [entry for entry in declared if entry.name not in old]
            del declared[:]
            declared.extend(left)


def _tensors(graph: onnx.GraphProto) -> Iterator[TensorProto]:
    """Every stored tensor, those of nodes and branches too."""
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            yield from [attribute.t, *attribute.tensors]
            for branch in [attribute.g, *attribute.graphs]:
                yield from _tensors(branch)
