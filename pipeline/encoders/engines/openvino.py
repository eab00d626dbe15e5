"""OpenVINO on the CPU: fp32, bf16, INT8 weights with activations quantised by groups, static INT8."""

import queue
from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.encoders.card import Card
from pipeline.encoders.engines import INPUTS, OUTPUT
from pipeline.errors import EncoderError
from pipeline.extras import INSTALL
from pipeline.settings import Device


class OpenVinoEngine:
    """A stream a call and a thread a stream, so that no call is split over threads."""

    device = "cpu"

    def __init__(self, card: Card, *, calls: int, device: Device) -> None:
        if device == "cuda":
            raise EncoderError(f"{card.name}: OpenVINO runs on the CPU, expected --device cpu or auto")
        self._card = card
        core, self._tensor, self._type = _library()
        if card.precision == "bf16" and "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            raise EncoderError(
                f"{card.name}: made in bf16, which this CPU does not multiply; add it again with another --precision"
            )
        path = card.folder / "model.xml"
        try:
            compiled = core.compile_model(str(path), "CPU", _configuration(card, calls))
        except RuntimeError as error:
            raise EncoderError(f"{path}: {_first_line(error)}; is it whole? Add the encoder again") from error
        self._inputs = _inputs(compiled, card)
        self._requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(calls):
            self._requests.put(compiled.create_infer_request())

    def run(self, feeds: Mapping[str, np.ndarray]) -> np.ndarray:
        request = self._requests.get()
        try:
            for name in self._inputs:
                request.set_tensor(name, self._owned(feeds[name]))
            request.infer()
            return request.get_output_tensor(0).data.copy()
        except RuntimeError as error:
            raise EncoderError(
                f"{self._card.folder}/model.xml: {_first_line(error)}; is it whole? Add the encoder again"
            ) from error
        finally:
            self._requests.put(request)

    def _owned(self, values: np.ndarray) -> Any:
        """The values in memory of OpenVINO's own. A tensor that shares an array's takes the interpreter's lock when
        a request lets go of it, inside a lock of OpenVINO's: two threads that do so wait for each other for ever."""
        tensor = self._tensor(self._type(values.dtype), values.shape)
        tensor.data[:] = values
        return tensor


def _library() -> tuple[Any, Any, Any]:
    """(a Core, the classes of tensors and of their types)."""
    try:
        import openvino
    except ImportError as error:
        raise EncoderError(
            f"OpenVINO is not installed ({error}), which this encoder runs on; run {INSTALL}, or add the encoder "
            "again with --engine onnxruntime"
        ) from error
    return openvino.Core(), openvino.Tensor, openvino.Type


def _configuration(card: Card, calls: int) -> dict[str, Any]:
    found = {
        "INFERENCE_NUM_THREADS": calls,
        "NUM_STREAMS": calls,
        "ENABLE_CPU_PINNING": False,  # other processes of the same machine, the application's, would be pinned off
        "INFERENCE_PRECISION_HINT": "bf16" if card.precision == "bf16" else "f32",
    }
    if group := card.tags.get("recipe", {}).get("group"):
        found["DYNAMIC_QUANTIZATION_GROUP_SIZE"] = group
    return found


def _inputs(compiled: Any, card: Card) -> list[str]:
    inputs = {name: port.get_any_name() for port in compiled.inputs for name in port.names if name in INPUTS}
    shapes = [port.partial_shape for port in compiled.outputs if OUTPUT in port.names]
    wrong = len(inputs) != len(compiled.inputs) or "input_ids" not in inputs or len(shapes) != 1
    if wrong or len(shapes[0]) != 2 or shapes[0][1] != card.dimension:
        raise EncoderError(
            f"{card.folder}/model.xml: inputs {[sorted(port.names) for port in compiled.inputs]} and outputs "
            f"{[str(shape) for shape in shapes]}; expected input_ids and {OUTPUT} [rows, {card.dimension}]; add "
            "the encoder again"
        )
    return list(inputs)


def _first_line(error: Exception) -> str:
    """OpenVINO's messages start with places in its source and hold what happened last."""
    return next((line for line in reversed(str(error).splitlines()) if line.strip()), str(error)).strip()
