"""An exported fp32 encoder as OpenVINO's model.xml: as it is, bf16, INT8 weights, static INT8 by NNCF."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.encoders.engines import INPUTS
from pipeline.encoders.quantise.layers import linears
from pipeline.encoders.quantise.onnx_file import OnnxFile
from pipeline.encoders.recipe import Recipe
from pipeline.encoders.tokens import batches
from pipeline.errors import EncoderError
from pipeline.extras import INSTALL

CALIBRATION_TOKENS = 256


def convert(
    folder: Path, to: Path, recipe: Recipe, *, calibration: Sequence[Sequence[int]], pad_to: int = 0
) -> None:
    """<folder>/model.onnx to <to>/model.xml and model.bin. `calibration`: token ids of texts, for static INT8."""
    openvino, nncf = _libraries()
    model = openvino.Core().read_model(str(folder / "model.onnx"))
    with _quiet():
        if recipe.precision == "int8-weights":
            model = nncf.compress_weights(
                model, mode=nncf.CompressWeightsMode.INT8_SYM, ignored_scope=_ignored(nncf, folder, recipe)
            )
        elif recipe.precision == "int8-static":
            model = _static(nncf, model, folder, recipe, list(_feeds(model, calibration, pad_to)))
    openvino.save_model(model, str(to / "model.xml"), compress_to_fp16=False)


def _static(nncf: Any, model: Any, folder: Path, recipe: Recipe, feeds: list[dict[str, np.ndarray]]) -> Any:
    if not feeds:
        raise EncoderError("static INT8 without calibration texts; give some with --texts FILE")
    alpha = -1 if recipe.alpha is None else recipe.alpha  # NNCF's way of saying: do not smooth
    return nncf.quantize(
        model,
        nncf.Dataset(feeds),
        preset=nncf.QuantizationPreset.PERFORMANCE,
        model_type=nncf.ModelType.TRANSFORMER,
        subset_size=len(feeds),
        ignored_scope=_ignored(nncf, folder, recipe),
        advanced_parameters=nncf.AdvancedQuantizationParameters(
            smooth_quant_alphas=nncf.AdvancedSmoothQuantParameters(matmul=alpha)
        ),
    )


def _ignored(nncf: Any, folder: Path, recipe: Recipe) -> Any:
    """OpenVINO calls a node as the ONNX file does."""
    known = {layer.name for layer in linears(OnnxFile(folder / "model.onnx"))}
    if absent := [name for name in recipe.excluded if name not in known]:
        raise EncoderError(f"no layer {', '.join(absent)}; the model has {', '.join(sorted(known))}")
    return nncf.IgnoredScope(names=list(recipe.excluded)) if recipe.excluded else None


def _feeds(model: Any, calibration: Sequence[Sequence[int]], pad_to: int) -> Iterator[dict[str, np.ndarray]]:
    names = [name for name in INPUTS if any(name in port.names for port in model.inputs)]
    for _, ids, mask in batches(calibration, batch_tokens=CALIBRATION_TOKENS, pad_to=pad_to):
        both = dict(zip(INPUTS, (ids, mask, np.zeros_like(ids)), strict=True))
        yield {name: both[name] for name in names}


def _libraries() -> tuple[Any, Any]:
    try:
        import nncf
        import openvino
    except ImportError as error:
        raise EncoderError(
            f"{error}; OpenVINO's precisions need the extra `openvino`: run {INSTALL}, or take --engine onnxruntime"
        ) from error
    return openvino, nncf


@contextmanager
def _quiet() -> Iterator[None]:
    """NNCF tells its steps on stdout, which is for data."""
    import contextlib
    import io

    logging.getLogger("nncf").setLevel(logging.ERROR)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield
