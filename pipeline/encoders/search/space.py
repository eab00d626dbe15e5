"""What is searched: an engine's precision, and under each only the choices that it has."""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.encoders.engines.cpu import has_vnni
from pipeline.encoders.recipe import ALPHA, Recipe
from pipeline.encoders.search.speed import BATCHES, USUAL
from pipeline.errors import EncoderError
from pipeline.extras import INSTALL

PATHS = (
    "onnxruntime int8",
    "openvino int8-static",
    "openvino int8-weights",
    "openvino bf16",
    "onnxruntime fp32",
    "openvino fp32",
)
"""ONNX Runtime's INT8 with one scale a batch is not among them: it breaks the law of the same vector."""
SMOOTHED = ("onnxruntime int8", "openvino int8-static")
GROUPS = (16, 32, 64, 128)
ALPHAS = (0.3, 0.95, 0.05)
MOST_EXCLUDED = 8


@dataclass(frozen=True)
class Choice:
    recipe: Recipe
    batch_tokens: int


def paths(engines: Sequence[str] = ()) -> list[str]:
    """Those that this machine can make and run, of `engines` (all, if empty), the likeliest first.

    Raises EncoderError where none is left.
    """
    found = [path for path in PATHS if (not engines or path.split()[0] in engines) and _runs(path)]
    if not found:
        raise EncoderError(
            f"no precision to search on {', '.join(engines)}, expected openvino and nncf to be installed; "
            f"run {INSTALL}, or take --engine onnxruntime"
        )
    return found


def suggest(trial: Any, allowed: Sequence[str], worst: Sequence[str]) -> Choice:
    """A point of the space by an Optuna trial; `worst`: the linear layers, the worst quantised first."""
    path = trial.suggest_categorical("path", list(allowed))
    engine, precision = path.split()
    chosen: dict[str, Any] = {}
    if path in SMOOTHED and trial.suggest_categorical(f"smooth {path}", [True, False]):
        chosen["alpha"] = round(trial.suggest_float(f"alpha {path}", *ALPHAS[:2], step=ALPHAS[2]), 2)
    if path == "onnxruntime int8":
        chosen["bits"] = trial.suggest_categorical("bits", _bits())
    if precision == "int8-weights":
        chosen["group"] = trial.suggest_categorical("group", list(GROUPS))
    if precision.startswith("int8"):
        count = trial.suggest_int(f"excluded {path}", 0, min(MOST_EXCLUDED, len(worst) - 1))
        chosen["excluded"] = tuple(worst[:count])
    batch = trial.suggest_categorical("batch_tokens", list(BATCHES))
    return Choice(Recipe(engine=engine, precision=precision, **chosen), batch)


def first(allowed: Sequence[str]) -> list[dict[str, Any]]:
    """What is tried before anything is known: each path as a user would take it."""
    usual = {"batch_tokens": USUAL, "bits": _bits()[0], "group": 32}
    return [
        {
            "path": path,
            f"smooth {path}": path == "openvino int8-static",
            f"alpha {path}": ALPHA,
            f"excluded {path}": 0,
        }
        | usual
        for path in allowed
    ]


def _bits() -> list[int]:
    """Eight bits saturate in silence without VNNI."""
    return [8, 7] if has_vnni() else [7]


def _runs(path: str) -> bool:
    engine, precision = path.split()
    if engine == "onnxruntime":
        return True
    if not all(importlib.util.find_spec(name) for name in ("openvino", "nncf")):
        return False
    return precision != "bf16" or _multiplies_bf16()


def _multiplies_bf16() -> bool:
    import openvino

    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
