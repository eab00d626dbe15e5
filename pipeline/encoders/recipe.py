"""How an encoder is made from its fp32 export: engine, precision, and what each precision lets one choose."""

import dataclasses
import importlib.util
from typing import Any

from pipeline.encoders.engines.cpu import has_vnni
from pipeline.errors import EncoderError

PRECISIONS = {
    "onnxruntime": {
        "fp32": "as exported",
        "int8": "a scale for every row of activations, one for every column of weights",
        "int8-tensor": "ONNX Runtime's own dynamic quantisation, one scale a batch: breaks the law of invariance, "
        "for comparison only",
        "fp16": "for a GPU",
    },
    "openvino": {
        "fp32": "as exported",
        "bf16": "where the CPU multiplies bf16",
        "int8-weights": "INT8 weights, activations quantised by groups",
        "int8-static": "INT8 weights and activations, SmoothQuant, calibrated on texts",
    },
}
COMPARISON = "int8-tensor"
ALPHA = 0.8
"""SmoothQuant's balance between activations and weights (Xiao et al. 2023, equation 4). 0.5 in the reference work;
0.8 keeps far more of e5's and MiniLM's nearest neighbours (docs/encoders.md)."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Recipe:
    """`alpha`: SmoothQuant's, None for no smoothing; `group`: activations that share a scale in "int8-weights";
    `bits` of the weights in "int8" (7 are exact on every CPU, 8 need VNNI); `excluded`: names of linear layers left
    in fp32."""

    engine: str
    precision: str
    alpha: float | None = None
    group: int = 0
    bits: int = 0
    excluded: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.precision not in PRECISIONS.get(self.engine, {}):
            known = "; ".join(f"{engine}: {', '.join(names)}" for engine, names in PRECISIONS.items())
            raise EncoderError(f"precision {self.precision!r} on engine {self.engine!r}, expected one of: {known}")

    @property
    def label(self) -> str:
        """As people read it: openvino int8-static α 0.9."""
        more = [
            f"α {self.alpha:.2f}" if self.alpha is not None else "",
            f"group {self.group}" if self.group else "",
        ]
        more += [f"{self.bits} bits" if self.bits else "", f"−{len(self.excluded)}" if self.excluded else ""]
        return " ".join(filter(None, [self.engine, self.precision, *more]))

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads; only what differs from the defaults."""
        fields = {field.name: field.default for field in dataclasses.fields(self)}
        values = {name: getattr(self, name) for name in fields}
        return {name: value for name, value in values.items() if value != fields[name]}


PORTABLE = Recipe(engine="onnxruntime", precision="int8", bits=7)
"""Exact on every CPU and with the plain install: for what is made to be handed on."""


def from_json(values: dict[str, Any]) -> Recipe:
    return Recipe(**values | {"excluded": tuple(values.get("excluded", ()))})


def recipe(engine: str = "auto", precision: str = "int8", **choices: Any) -> Recipe:
    """The recipe that is best on this machine for what is asked; `choices` are Recipe's other fields.

    "auto" with "int8" is static INT8 on OpenVINO where the CPU has VNNI and OpenVINO is installed, and per-row INT8
    on ONNX Runtime elsewhere: without VNNI OpenVINO's INT8 is no faster than fp32 (benchmarks/results).
    """
    if engine == "auto":
        engine, precision = _best(precision)
    if precision == "int8" and engine == "openvino":
        precision = "int8-static"
    given = {name: value for name, value in choices.items() if value not in (None, 0, ())}
    defaults: dict[str, Any] = {}
    if precision == "int8":
        defaults["bits"] = 8 if has_vnni() else 7
    if precision == "int8-static":
        defaults["alpha"] = ALPHA
    if precision == "int8-weights":
        defaults["group"] = 32
    return Recipe(engine=engine, precision=precision, **(defaults | given))


def _best(precision: str) -> tuple[str, str]:
    if precision == "int8" and has_vnni() and importlib.util.find_spec("openvino"):
        return "openvino", "int8-static"
    if precision in PRECISIONS["onnxruntime"]:
        return "onnxruntime", precision
    return "openvino", precision
