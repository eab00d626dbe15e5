"""Activations of one layer, token by channel, before and after smoothing (Figure 4 of SmoothQuant and of the reference
work)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.encoders.card import Card
from pipeline.encoders.quantise.activations import Activations, smoothing, watch
from pipeline.encoders.quantise.layers import Linear, linears
from pipeline.encoders.quantise.onnx_file import OnnxFile
from pipeline.errors import EncoderError
from pipeline.progress import Progress, silent


@dataclass(frozen=True)
class Maps:
    """`before` and `after`: |x| float32 [tokens, inputs] of the first texts, as they are and divided by SmoothQuant's
    s at `alpha`; `weights_before` and `weights_after`: max |w| of each input, float32 [inputs]."""

    layer: str
    alpha: float
    before: np.ndarray
    after: np.ndarray
    weights_before: np.ndarray
    weights_after: np.ndarray


def maps(
    source: Card,
    tokens: Sequence[Sequence[int]],
    *,
    alpha: float,
    layer: str = "",
    progress: Progress = silent,
) -> Maps:
    """Of `layer` of the fp32 encoder `source`; if not named, of the one whose channels differ most.

    Raises EncoderError that lists the layers where there is none of that name.
    """
    file = OnnxFile(source.folder / "model.onnx")
    layers = linears(file)
    chosen = [found for found in layers if found.name == layer] or ([] if layer else layers)
    if not chosen:
        raise EncoderError(
            f"{source.name}: no linear layer {layer!r}, expected one of {', '.join(l_.name for l_ in layers)}"
        )
    names = list(dict.fromkeys(found.x for found in chosen))
    seen = watch(source.folder, tokens, mapped=names, pad_to=source.pad_to, progress=progress)
    shown = max(chosen, key=lambda found: _unevenness(seen, found))
    divisor = smoothing(source.folder, seen, alpha)[shown.x]
    weights = np.abs(file.weight(shown.weight)).max(axis=0 if shown.transposed else 1)
    before = seen.maps[shown.x]
    return Maps(shown.name, alpha, before, before / divisor, weights, weights * divisor)


def _unevenness(seen: Activations, layer: Linear) -> float:
    """The largest channel against the usual one: what costs a scale for all its precision."""
    largest = seen.largest[layer.x]
    return float(largest.max() / max(np.median(largest), 1e-9))
