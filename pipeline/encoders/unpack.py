"""A registered encoder's weights as a transformers folder, read back from its model: what the methods that make an
encoder of another start from where the folder that it was made from is not at hand (it came in the box, or from
somebody who shared it)."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tokenizers import Tokenizer

from pipeline.encoders import catalogue
from pipeline.encoders.card import Card
from pipeline.encoders.export.extra import models_extra, quiet
from pipeline.errors import EncoderError
from pipeline.files import whole_folder

if TYPE_CHECKING:
    from pipeline.encoders.quantise.onnx_file import OnnxFile

CONFIGURATION = "configuration"
"""Tag of a card: the config.json of the transformers folder."""
NETWORK, HEAD = "transformer.", "head."
"""What begins the names of an exported graph's weights: the transformer's, and those of layers after the pooling."""


def unpacked(card: Card) -> Path:
    """The folder of the encoder's weights among the user's own encoders, made where it is not there yet. Raises as
    `unpack`."""
    folder = catalogue.own() / "unpacked" / f"{card.name}-{card.model_sha256[:12]}"
    if not folder.is_dir():
        unpack(card, folder)
    return folder


def unpack(card: Card, to: Path) -> None:
    """Write `to`: config.json, model.safetensors in fp32 and the tokenizer, without the pooling, which the card says.

    An fp32 model gives its weights back as they were, an INT8 one each value times its scale, so that the folder's
    vectors are near the encoder's and not the same. Raises EncoderError where the card does not hold the
    configuration, the model is of another engine or precision than ONNX Runtime's fp32 and INT8 by rows, or its
    weights are not those that the configuration describes (dense layers after the pooling, narrowed layers).
    """
    _check(card)
    with models_extra():
        import torch
        from safetensors.torch import save_file
        from transformers import AutoConfig, AutoModel

        from pipeline.encoders.quantise.onnx_file import OnnxFile
        from pipeline.encoders.quantise.rows import PREFIX
    file = OnnxFile(card.folder / "model.onnx")
    stated = dict(card.tags[CONFIGURATION])
    if trimmed := card.tags.get("trimmed"):
        stated["vocab_size"] = trimmed["kept"]
    configuration = AutoConfig.for_model(stated.pop("model_type"), **stated)
    with torch.device("meta"), quiet():
        model = AutoModel.from_config(configuration)
    turned = {f"{name}.weight" for name, layer in model.named_modules() if isinstance(layer, torch.nn.Linear)}
    wanted = {name: tuple(w.shape) for name, w in model.named_parameters() if not name.startswith("pooler.")}
    weights = {name: _weight(file, name, transposed=name in turned) for name in wanted}
    after = [name for name in file.names if name.removeprefix(PREFIX).startswith(HEAD)]
    if wrong := _unlike(weights, wanted) + after:
        raise _refused(card, f"{len(wrong)} weights are not those of its configuration ({', '.join(wrong[:3])})")
    with whole_folder(to) as part, quiet():
        found = {name: torch.from_numpy(values) for name, values in weights.items() if values is not None}
        save_file(found, part / "model.safetensors", metadata={"format": "pt"})
        configuration.save_pretrained(part)
        _tokenizer(card, stated).save_pretrained(part)


def _check(card: Card) -> None:
    if CONFIGURATION not in card.tags:
        raise _refused(card, "its card does not hold the network's configuration")
    smoothed = card.tags.get("recipe", {}).get("alpha")
    if card.engine != "onnxruntime" or card.precision not in ("fp32", "int8") or smoothed:
        raise _refused(card, f"{card.precision} on {card.engine} does not give its weights back")


def _weight(file: "OnnxFile", name: str, *, transposed: bool) -> np.ndarray | None:
    """Float32 as torch has it, None where the model has none of that name; a linear layer's is [inputs, outputs] in
    the graph, with a scale for each output in INT8, and the word table has a scale for each word."""
    from pipeline.encoders.quantise.rows import PREFIX

    whole, packed = f"{NETWORK}{name}", f"{PREFIX}{NETWORK}{name}"
    if whole in file:
        values = np.array(file.weight(whole), np.float32)
    elif f"{packed}.values" in file:
        values = file.weight(f"{packed}.values") * file.weight(f"{packed}.scale")
    else:
        return None
    return np.ascontiguousarray(values.T if transposed else values)


def _unlike(weights: dict[str, np.ndarray | None], wanted: dict[str, tuple[int, ...]]) -> list[str]:
    """Names of those that are absent or of another shape."""
    return [name for name, shape in wanted.items() if (found := weights[name]) is None or found.shape != shape]


def _tokenizer(card: Card, configuration: dict[str, Any]) -> Any:
    """Its special tokens are its post-processor's; what transformers must know besides is the padding."""
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer.from_file(str(card.folder / "tokenizer.json"))
    padding = tokenizer.id_to_token(configuration.get("pad_token_id", 0)) or ""
    if "pad" not in padding.lower():
        raise _refused(card, f"its token {configuration.get('pad_token_id', 0)} is {padding!r}, not a padding")
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token=padding, model_max_length=card.max_length)


def _refused(card: Card, found: str) -> EncoderError:
    return EncoderError(
        f"{card.name}: the folder that it was made from is not on this machine, and its weights cannot be read back: "
        f"{found}; give the folder of its weights"
    )
