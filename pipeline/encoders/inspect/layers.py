"""How much each linear layer loses when its inputs and weights become eight bits."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.encoders.card import Card
from pipeline.encoders.quantise.activations import smoothing, watch
from pipeline.encoders.quantise.int8 import FLOOR, quantise
from pipeline.encoders.quantise.layers import Linear, linears
from pipeline.encoders.quantise.onnx_file import OnnxFile
from pipeline.encoders.quantise.tap import Tap
from pipeline.encoders.recipe import ALPHA
from pipeline.progress import Progress, silent

LARGEST = 127


@dataclass(frozen=True)
class LayerError:
    """|y' - y| / |y| of a layer's own outputs over all tokens, its inputs and weights in eight bits and nothing else.

    `rows`: a scale for each row of inputs, as our INT8 has it; `tensor`: one scale for all, as static INT8 has it;
    `smoothed_…`: the same after SmoothQuant. Weights have a scale a column in all four.
    """

    name: str
    inputs: int
    outputs: int
    rows: float
    tensor: float
    smoothed_rows: float
    smoothed_tensor: float


def errors(
    source: Card, tokens: Sequence[Sequence[int]], *, alpha: float = ALPHA, progress: Progress = silent
) -> list[LayerError]:
    """Of the fp32 encoder `source` with the activations of `tokens` (ids of each text), the worst by `rows` first."""
    seen = watch(source.folder, tokens, pad_to=source.pad_to, progress=progress)
    divisors = smoothing(source.folder, seen, alpha)
    file = OnnxFile(source.folder / "model.onnx")
    layers = [_Layer(file, layer, seen.largest[layer.x], divisors[layer.x]) for layer in linears(file)]
    tap = Tap(file.model, source.folder, list(dict.fromkeys(layer.x for layer in layers)))
    done = 0
    for places, flowing in tap.runs(tokens, pad_to=source.pad_to):
        for layer in layers:
            layer.add(flowing[layer.x])
        done += len(places)
        progress(done, len(tokens), "quantise layers alone")
    return sorted((layer.error() for layer in layers), key=lambda error: -error.rows)


class _Layer:
    """Sums |y' - y|² and |y|² over batches."""

    def __init__(self, file: OnnxFile, layer: Linear, largest: np.ndarray, divisor: np.ndarray) -> None:
        self.x = layer.x
        self._file, self._layer, self._divisor = file, layer, divisor
        self._scales = {False: _scale(largest.max()), True: _scale((largest / divisor).max())}
        self._apart, self._whole = np.zeros(4), 0.0

    def add(self, x: np.ndarray) -> None:
        rows, weight = x.reshape(-1, x.shape[-1]), self._weight()
        exact = rows @ weight
        self._whole += float((exact.astype(np.float64) ** 2).sum())
        found = [
            *self._both(rows, weight, False),
            *self._both(rows / self._divisor, weight * self._divisor[:, None], True),
        ]
        self._apart += [float(((one - exact).astype(np.float64) ** 2).sum()) for one in found]

    def error(self) -> LayerError:
        inputs, outputs = self._weight().shape
        apart: list[float] = np.sqrt(self._apart / max(self._whole, FLOOR)).tolist()
        return LayerError(self._layer.name, inputs, outputs, *apart)

    def _both(self, rows: np.ndarray, weight: np.ndarray, smoothed: bool) -> list[np.ndarray]:
        """By a scale a row, and by one for all."""
        columns = quantise(weight, largest=LARGEST).dequantised()
        scales = _scale(np.abs(rows).max(axis=1, keepdims=True)), self._scales[smoothed]
        return [np.clip(np.rint(rows / scale), -LARGEST, LARGEST) * scale @ columns for scale in scales]

    def _weight(self) -> np.ndarray:
        """Float32 [inputs, outputs]."""
        found = np.asarray(self._file.weight(self._layer.weight), np.float32)
        return found.T if self._layer.transposed else found


def _scale(largest: np.ndarray) -> np.ndarray:
    return np.maximum(largest, np.float32(FLOOR)) / np.float32(LARGEST)
