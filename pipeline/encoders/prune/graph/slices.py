"""An exported graph's weights with fewer channels, written anew."""

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.encoders.prune.graph.block import Block
from pipeline.encoders.quantise.onnx_file import OnnxFile, Weights, originals, save

if TYPE_CHECKING:
    from onnx import NodeProto


class Slices:
    """`narrow` any number of blocks, then `write`. A weight that several nodes read, as equal biases and layers that
    are the same layer do, is cut for each of them by itself, and stored once where the cuts are the same."""

    def __init__(self, file: OnnxFile) -> None:
        self._file = file
        self._new: Weights = {}

    def narrow(self, block: Block, keep: np.ndarray) -> None:
        """Only the channels that `keep`, bool [channels], says."""
        for side in block.into:
            self._cut(side.linear.node, 1, keep, axis=0 if side.linear.transposed else 1)
            if side.linear.bias:
                self._cut(side.linear.node, 2, keep, axis=-1)
            for node, place in side.biases:
                self._cut(node, place, keep, axis=-1)
        self._cut(block.out.node, 1, keep, axis=1 if block.out.transposed else 0)

    def write(self, folder: Path) -> None:
        """In place of <folder>/model.onnx, and of the weights beside it."""
        graph = self._file.graph
        del graph.value_info[:]  # shapes as they were; they are optional
        used = dict.fromkeys(name for node in graph.node for name in node.input)
        weights = originals(self._file, [name for name in used if name in self._file])
        weights |= {name: make for name, make in self._new.items() if name in used}
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            save(self._file.model, weights, Path(scratch))
            for file in folder.glob("model.onnx*"):
                file.unlink()
            for file in Path(scratch).iterdir():
                file.rename(folder / file.name)

    def _cut(self, node: "NodeProto", place: int, keep: np.ndarray, *, axis: int) -> None:
        old = node.input[place]
        name = f"{old}.{hashlib.sha256(keep.tobytes() + bytes([axis % 2])).hexdigest()[:12]}"
        whole = self._new.get(old, lambda: self._file.weight(old))
        self._new[name] = lambda: np.compress(keep, whole(), axis=axis)
        node.input[place] = name
