"""Channels between products by weights, and which of them give nothing."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.encoders.quantise.layers import Linear
from pipeline.encoders.quantise.onnx_file import OnnxFile

if TYPE_CHECKING:
    from onnx import NodeProto


@dataclass(frozen=True)
class Side:
    """A product that writes the channels, and what more is added: (node, place of its input that is a vector)."""

    linear: Linear
    biases: "tuple[tuple[NodeProto, int], ...]"


@dataclass(frozen=True)
class Block:
    """`into` write the channels that `out` reads, in units of `size` (1 for neurons, a head's channels). With
    `silent_at_zero` a channel that the last of `into` leaves at zero reaches `out` as zero."""

    into: tuple[Side, ...]
    out: Linear
    size: int
    silent_at_zero: bool

    def alive(self, file: OnnxFile) -> np.ndarray:
        """Bool [channels]: those of units that give anything, or of the first unit where none does."""
        used = (file.weight(self.out.weight) != 0).any(axis=0 if self.out.transposed else 1)
        if self.silent_at_zero:
            used &= self._written(file)
        units = used.reshape(-1, self.size).any(axis=1)
        units[0] |= not units.any()
        return np.repeat(units, self.size)

    def _written(self, file: OnnxFile) -> np.ndarray:
        linear, biases = self.into[-1].linear, [node.input[place] for node, place in self.into[-1].biases]
        written = (file.weight(linear.weight) != 0).any(axis=1 if linear.transposed else 0)
        for name in [*biases, *filter(None, [linear.bias])]:
            written |= file.weight(name).reshape(-1) != 0
        return written
