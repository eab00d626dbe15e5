"""ONNX Runtime: on every machine; fp32, INT8 with a scale a row, and CUDA where its GPU build is installed."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnxruntime

from pipeline.encoders.card import Card
from pipeline.encoders.engines import INPUTS, OUTPUT
from pipeline.encoders.engines.cpu import has_vnni
from pipeline.errors import EncoderError
from pipeline.settings import Device

CUDA = "CUDAExecutionProvider"
ON_GPU = ("fp32", "fp16")  # MatMulInteger of unsigned rows has no kernel on CUDA


class OrtEngine:
    def __init__(self, card: Card, *, device: Device) -> None:
        self._card = card
        self.device = _device(card, device)
        self._session = _session(card, self.device)
        _check_shape(self._session, card)
        self._inputs = [entry.name for entry in self._session.get_inputs()]

    def run(self, feeds: Mapping[str, np.ndarray]) -> np.ndarray:
        try:
            [found] = self._session.run([OUTPUT], {name: feeds[name] for name in self._inputs})
        except Exception as error:  # onnxruntime has no error class of its own above Exception
            raise EncoderError(
                f"{self._card.folder}/model.onnx: {error}; is it whole? Add the encoder again"
            ) from error
        return np.asarray(found, np.float32)


def _device(card: Card, wanted: Device) -> str:
    """Raises EncoderError where CUDA was asked for and cannot be had."""
    there = CUDA in onnxruntime.get_available_providers()
    fits = card.precision in ON_GPU
    if wanted == "cuda" and not (there and fits):
        found = f"a model in {card.precision}" if there else "an ONNX Runtime without CUDA"
        raise EncoderError(
            f"{card.name}: {found}, expected {' or '.join(ON_GPU)} and onnxruntime-gpu to run on cuda; add the "
            "encoder with --precision fp16, install onnxruntime-gpu in the place of onnxruntime, or take --device cpu"
        )
    return "cuda" if there and fits and wanted != "cpu" else "cpu"


def _session(card: Card, device: str) -> onnxruntime.InferenceSession:
    _check_saturation(card)
    path = card.folder / "model.onnx"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    cuda: list[Any] = [(CUDA, {"use_tf32": "0"})] if device == "cuda" else []
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=[*cuda, "CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has no error class of its own above Exception
        raise EncoderError(f"{path}: {error}; is it whole? Add the encoder again") from error


def _check_saturation(card: Card) -> None:
    """Signed weights of eight bits are only exact where four products are summed in 32 bits at once."""
    if card.tags.get("recipe", {}).get("bits") == 8 and card.precision == "int8" and not has_vnni():
        raise EncoderError(
            f"{card.name}: its weights have 8 bits, which saturate in silence on this CPU (no VNNI); add it again "
            "here, or with --bits 7 on the other machine"
        )


def _check_shape(session: onnxruntime.InferenceSession, card: Card) -> None:
    outputs: dict[str, Any] = {entry.name: entry.shape for entry in session.get_outputs()}
    inputs = {entry.name for entry in session.get_inputs()}
    if (
        OUTPUT not in outputs
        or len(outputs[OUTPUT]) != 2
        or outputs[OUTPUT][-1] not in (card.dimension, None)
        or "input_ids" not in inputs
        or not inputs <= set(INPUTS)
    ):
        raise EncoderError(
            f"{card.folder}/model.onnx: inputs {', '.join(sorted(inputs))} and outputs {outputs}; expected "
            f"input_ids (and at most {', '.join(INPUTS[1:])}) and {OUTPUT} [rows, {card.dimension}]; take the "
            "transformers or sentence-transformers folder itself with `lexalign encoders add`"
        )
