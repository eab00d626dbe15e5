"""modules.json: what sentence-transformers puts after the transformer (pooling, dense layers, length one)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.encoders.export.entries import entries, load
from pipeline.errors import EncoderError

POOLINGS = {
    "cls": "cls",
    "mean": "mean",
    "max": "max",
    "mean_sqrt_len_tokens": "mean-sqrt",
    "lasttoken": "last",
}
"""sentence-transformers' name -> ours."""

LEGACY = {  # one flag a mode, before version 6
    "pooling_mode_cls_token": "cls",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
ACTIVATIONS = ("Identity", "Tanh", "ReLU", "GELU", "Sigmoid", "SiLU")
ORDER = ("Transformer", "Pooling", "Dense", "Normalize")


@dataclass(frozen=True, kw_only=True)
class Dense:
    """A linear layer after the pooling; `activation` is a class of torch.nn, `weights` its file."""

    inputs: int
    outputs: int
    bias: bool
    activation: str
    weights: Path


@dataclass(frozen=True, kw_only=True)
class Modules:
    """`transformer` is the folder of config.json; pooling None where the folder says nothing of it."""

    transformer: Path
    pooling: str | None = None
    denses: tuple[Dense, ...] = ()
    normalise: bool = False


def read_modules(folder: Path) -> Modules:
    """Raises EncoderError for a kind of module, or an order, that the export does not have."""
    listed = folder / "modules.json"
    if not listed.is_file():
        return Modules(transformer=folder)
    kinds = [(kind, folder / path) for kind, path in _listed(listed) if kind != "Dropout"]
    _check_order(listed, [kind for kind, _ in kinds])
    places: dict[str, list[Path]] = {kind: [path for k, path in kinds if k == kind] for kind in ORDER}
    return Modules(
        transformer=places["Transformer"][0],
        pooling=_pooling(places["Pooling"][0]),
        denses=tuple(_dense(path) for path in places["Dense"]),
        normalise=bool(places["Normalize"]),
    )


def _listed(listed: Path) -> list[tuple[str, str]]:
    """(class, folder) of every module; only sentence-transformers' own classes."""
    found = load(listed)
    try:
        pairs = [(str(module["type"]), str(module["path"])) for module in found]
    except (TypeError, KeyError):
        raise EncoderError(f"{listed}: no list of modules with type and path; fetch the folder again") from None
    for kind, path in pairs:
        if not kind.startswith("sentence_transformers."):
            raise EncoderError(
                f"{listed}: the module {kind}, expected sentence-transformers' own; code of others is never run"
            )
        if Path(path).is_absolute() or ".." in Path(path).parts:
            raise EncoderError(f"{listed}: the path {path!r} leads out of the folder; expected one inside it")
    return [(kind.rpartition(".")[2], path) for kind, path in pairs]


def _check_order(listed: Path, kinds: list[str]) -> None:
    ordered = sorted(kinds, key=lambda kind: ORDER.index(kind) if kind in ORDER else -1)
    once = all(kinds.count(kind) == 1 for kind in ("Transformer", "Pooling"))
    if kinds != ordered or not once or not set(kinds) <= set(ORDER):
        raise EncoderError(
            f"{listed}: the modules {', '.join(kinds) or '(none)'}; expected Transformer, Pooling, any number of "
            "Dense, then Normalize or nothing; other kinds of model cannot be exported"
        )


def _pooling(folder: Path) -> str:
    values = entries(folder / "config.json")
    modes = values.get("pooling_mode") or [mode for key, mode in LEGACY.items() if values.get(key)] or "mean"
    modes = [modes] if isinstance(modes, str) else list(modes)
    if len(modes) != 1 or modes[0] not in POOLINGS:
        raise EncoderError(
            f"{folder}/config.json: pooling {' + '.join(map(str, modes))}, expected one of {', '.join(POOLINGS)}"
        )
    if values.get("include_prompt") is False:
        raise EncoderError(
            f"{folder}/config.json: a pooling that leaves the prompt's tokens out (include_prompt false), "
            "expected one over all tokens; take another encoder"
        )
    return POOLINGS[modes[0]]


def _dense(folder: Path) -> Dense:
    values = entries(folder / "config.json")
    path, activation = folder / "config.json", str(values.get("activation_function", ""))
    if not activation.startswith("torch.nn.") or activation.rpartition(".")[2] not in ACTIVATIONS:
        raise EncoderError(f"{path}: the activation {activation!r}, expected torch.nn's {', '.join(ACTIVATIONS)}")
    _check_plain(path, values)
    files = [folder / name for name in ("model.safetensors", "pytorch_model.bin") if (folder / name).is_file()]
    if not files:
        raise EncoderError(f"{folder}: no model.safetensors or pytorch_model.bin; fetch the folder again")
    return Dense(
        inputs=values["in_features"],
        outputs=values["out_features"],
        bias=values.get("bias", True),
        activation=activation.rpartition(".")[2],
        weights=files[0],
    )


def _check_plain(path: Path, values: dict[str, Any]) -> None:
    sizes = [values.get("in_features"), values.get("out_features")]
    if not all(isinstance(size, int) and size > 0 for size in sizes):
        raise EncoderError(f"{path}: in_features and out_features {sizes}, expected two whole numbers above zero")
    names = {values.get(name) or "sentence_embedding" for name in ("module_input_name", "module_output_name")}
    if values.get("use_residual") or names != {"sentence_embedding"}:
        raise EncoderError(f"{path}: a dense layer with a side path, expected sentence_embedding in and out only")
