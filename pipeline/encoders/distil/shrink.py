"""An encoder's folder with fewer layers, each of them a layer of the whole one."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.encoders.export import architectures, source
from pipeline.encoders.export.entries import entries
from pipeline.encoders.export.extra import models_extra, said
from pipeline.errors import EncoderError
from pipeline.files import whole_folder, write_json

if TYPE_CHECKING:
    from torch import Tensor

KINDS = ("bert", *architectures.ROBERTA)
"""Those whose layers are all alike and lie in `encoder.layer`."""
LAYER = re.compile(r"(?:^|\.)encoder\.layer\.(\d+)\.")
WEIGHTS = (".safetensors", ".bin", ".h5", ".msgpack", ".ot", ".index.json")
OTHERS = ("onnx", "openvino")
"""Folders of the whole encoder's exports, beside its weights."""


def spread(whole: int, wanted: int) -> tuple[int, ...]:
    """Numbers of `wanted` layers out of `whole`, evenly apart, first and last among them: of 12 and 6 those that
    DistilBERT takes, 0, 2, 4, 7, 9, 11. A single one is the first: it is the one that reads the word table."""
    if wanted == 1:
        return (0,)
    return tuple((2 * place * (whole - 1) + wanted - 1) // (2 * (wanted - 1)) for place in range(wanted))


def shrink(folder: Path, to: Path, layers: int) -> Path:
    """`to`, a folder as `folder` but with `layers` of its layers, their weights bit for bit, in one safetensors file.

    Raises EncoderError where `folder` is no BERT, RoBERTa or XLM-R encoder, or has fewer layers.
    """
    about = source.read(folder)
    check(about, layers)
    kept = spread(about.layers, layers)
    with whole_folder(to) as part:
        shutil.copytree(folder, part, ignore=_without_weights(about.transformer), dirs_exist_ok=True)
        place = part / about.transformer.relative_to(folder)
        write_json(
            place / "config.json", entries(about.transformer / "config.json") | {"num_hidden_layers": layers}
        )
        _save(_renumbered(_tensors(about), about, kept), place / "model.safetensors")
    return to


def check(about: source.Source, layers: int) -> None:
    """Raises EncoderError where it cannot have so many layers."""
    if about.architecture not in KINDS:
        raise EncoderError(
            f"{about.folder}: {about.architecture}, expected one of {', '.join(KINDS)}; the layers of others are "
            "shared or lie elsewhere, so they cannot be taken out one by one"
        )
    if not 1 <= layers <= about.layers:
        raise EncoderError(
            f"{about.folder}: {layers} layers wanted, expected 1 to {about.layers}, as many as it has; give other "
            "--layers"
        )


def _without_weights(transformer: Path) -> Callable[[str, list[str]], list[str]]:
    """What copytree leaves out: the transformer's weights in every form, but not those of dense layers."""

    def ignored(folder: str, names: list[str]) -> list[str]:
        if Path(folder) != transformer:
            return []
        return [name for name in names if name.endswith(WEIGHTS) or name in OTHERS or name.startswith(".")]

    return ignored


def _tensors(about: source.Source) -> "dict[str, Tensor]":
    with models_extra():
        import torch
        from safetensors.torch import load_file
    found: dict[str, Tensor] = {}
    for file in about.weights:
        try:
            if file.suffix == ".safetensors":
                found |= load_file(file)
            else:
                found |= torch.load(file, map_location="cpu", weights_only=True)
        except Exception as error:  # torch, safetensors, pickle and zip each raise their own
            raise EncoderError(f"{file}: {said(error)}, expected whole weights; fetch the folder again") from error
    return found


def _renumbered(tensors: "dict[str, Tensor]", about: source.Source, kept: tuple[int, ...]) -> "dict[str, Tensor]":
    """Without the layers that are not kept. Raises EncoderError where one that is has no weight."""
    places = {layer: place for place, layer in enumerate(kept)}
    smaller, seen = {}, set()
    for name, values in tensors.items():
        if not (found := LAYER.search(name)):
            smaller[name] = values
        elif (layer := int(found[1])) in places:
            smaller[f"{name[: found.start(1)]}{places[layer]}{name[found.end(1) :]}"] = values
            seen.add(layer)
    if absent := sorted(set(kept) - seen):
        raise EncoderError(
            f"{about.weights[0]}: no weights of layers {', '.join(map(str, absent))}, expected all "
            f"{about.layers} that config.json states; fetch the folder again"
        )
    return smaller


def _save(tensors: "dict[str, Tensor]", file: Path) -> None:
    from safetensors.torch import save_file

    save_file({name: values.contiguous().clone() for name, values in tensors.items()}, file, {"format": "pt"})
