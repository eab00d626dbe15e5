"""Which module writes the model of a recipe."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pipeline.encoders.card import Card, weights
from pipeline.encoders.quantise.activations import smoothing, watch
from pipeline.encoders.quantise.rows import to_int8
from pipeline.encoders.recipe import Recipe
from pipeline.progress import Progress, silent


def write(
    source: Card, recipe: Recipe, to: Path, *, tokens: Sequence[Sequence[int]], progress: Progress = silent
) -> None:
    """The fp32 encoder `source` as `recipe` says, in the folder `to`; `tokens` (ids of texts) calibrate it."""
    if recipe.engine == "openvino":
        _openvino(source, recipe, to, tokens, progress)
    elif recipe.precision == "int8":
        divisors = None
        if recipe.alpha is not None:
            seen = watch(source.folder, tokens, pad_to=source.pad_to, progress=progress)
            divisors = smoothing(source.folder, seen, recipe.alpha)
        to_int8(
            source.folder,
            to,
            bits=recipe.bits,
            excluded=recipe.excluded,
            smoothing=divisors,
            progress=progress,
        )
    elif recipe.precision == "fp32":
        for file in weights(source.folder, source.engine):
            shutil.copyfile(file, to / file.name)
    else:
        from pipeline.encoders.quantise import ort_tools

        {"int8-tensor": ort_tools.per_tensor, "fp16": ort_tools.half}[recipe.precision](source.folder, to)


def _openvino(source: Card, recipe: Recipe, to: Path, tokens: Sequence[Sequence[int]], progress: Progress) -> None:
    from pipeline.encoders.quantise import ov

    progress(0, None, f"make {recipe.label}")
    with tempfile.TemporaryDirectory(dir=to.parent) as folder:
        read = source.folder
        if recipe.precision.startswith("int8"):  # the word table becomes int8 before NNCF sees the graph
            read = Path(folder)
            to_int8(source.folder, read, bits=7, products=False, progress=progress)
        ov.convert(read, to, recipe, calibration=tokens, pad_to=source.pad_to)
