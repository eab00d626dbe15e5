"""What flows into the linear layers of an fp32 encoder: the channels' largest values, and whole maps of some texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.encoders.quantise.layers import Linear, linears
from pipeline.encoders.quantise.onnx_file import OnnxFile
from pipeline.encoders.quantise.tap import Tap
from pipeline.errors import EncoderError
from pipeline.progress import Progress, silent


@dataclass(frozen=True)
class Activations:
    """`largest`: name of a layer's activations -> max |x| of each channel, float32 [inputs], over all texts;
    `maps`: the same of the first texts alone, |x| float32 [tokens, inputs], for those that were asked for."""

    largest: dict[str, np.ndarray]
    maps: dict[str, np.ndarray]


def watch(
    folder: Path,
    tokens: Sequence[Sequence[int]],
    *,
    mapped: Sequence[str] = (),
    pad_to: int = 0,
    progress: Progress = silent,
) -> Activations:
    """Run <folder>/model.onnx over `tokens` (ids of each text) and look at what its linear layers are given."""
    file = OnnxFile(folder / "model.onnx")
    names = list(dict.fromkeys(layer.x for layer in linears(file)))
    tap = Tap(file.model, folder, names)
    largest: dict[str, np.ndarray] = {}
    maps: dict[str, np.ndarray] = {}
    done = 0
    for places, flowed in tap.runs(tokens, pad_to=pad_to):
        for name, found in flowed.items():
            rows = np.abs(found).reshape(-1, found.shape[-1])
            largest[name] = np.maximum(largest.get(name, 0), rows.max(axis=0))
            if name in mapped and name not in maps:
                maps[name] = rows[: 4 * found.shape[-2]]
        done += len(places)
        progress(done, len(tokens), "watch activations")
    if broken := [name for name, values in largest.items() if not np.isfinite(values).all()]:
        raise EncoderError(
            f"{folder}/model.onnx: NaN or infinite activations in {broken[0]}; expected finite ones; are its weights "
            "whole? Add the encoder again from its source"
        )
    return Activations(largest, maps)


def smoothing(folder: Path, found: Activations, alpha: float) -> dict[str, np.ndarray]:
    """SmoothQuant's divisors, s_j = max|x_j|^alpha / max|w_j|^(1 - alpha) (Xiao et al. 2023, equation 4): name of
    the activations -> float32 [inputs]; layers that share their activations share the divisor."""
    file = OnnxFile(folder / "model.onnx")
    weights: dict[str, np.ndarray] = {}
    for layer in linears(file):
        weights[layer.x] = np.maximum(weights.get(layer.x, 0), _inputs(file, layer))
    floor = np.float32(1e-5)
    return {
        name: np.maximum(largest, floor) ** alpha / np.maximum(weights[name], floor) ** (1 - alpha)
        for name, largest in found.largest.items()
    }


def _inputs(file: OnnxFile, layer: Linear) -> np.ndarray:
    """max |w| of each input channel."""
    return np.abs(file.weight(layer.weight)).max(axis=0 if layer.transposed else 1)
