"""What a transformers or sentence-transformers folder says of itself, before any weight is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.encoders.export import architectures
from pipeline.encoders.export.entries import entries, front_matter, words
from pipeline.encoders.export.extra import models_extra, said
from pipeline.encoders.export.modules import Dense, read_modules
from pipeline.errors import EncoderError

TOKENIZERS = (
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "sentencepiece.bpe.model",
    "spm.model",
    "spiece.model",
    "tokenizer.model",
)
UNSTATED = 1_000_000  # transformers writes 1e30 where a tokenizer states no length


@dataclass(frozen=True, kw_only=True)
class Source:
    """`transformer` is the folder of config.json, weights and tokenizer, `architecture` its model_type.

    `max_length` counts tokens, special ones included. `pooling` is None where the folder says nothing (a plain
    transformers folder); `dimension` is that of the vectors, after the dense layers. `lowercase` asks for lower case
    before the tokenizer; what the tokenizer does by itself is in its tokenizer.json.
    """

    folder: Path
    transformer: Path
    architecture: str
    hidden: int
    layers: int
    vocabulary: int
    max_length: int
    first_position: int
    weights: tuple[Path, ...]
    pooling: str | None
    denses: tuple[Dense, ...]
    normalise: bool
    prompts: Mapping[str, str] = field(hash=False)
    default_prompt: str | None
    lowercase: bool
    languages: tuple[str, ...]
    licence: str | None

    @property
    def dimension(self) -> int:
        return self.denses[-1].outputs if self.denses else self.hidden

    @property
    def prefix(self) -> str:
        """What sentence-transformers puts before a text when nobody asks for another prompt."""
        return self.prompts.get(self.default_prompt or "", "")


def read(folder: Path) -> Source:
    """Raises EncoderError where the folder is no text encoder that can be exported, or lacks a part.

    Weights are only looked at by their headers; their values and shapes are checked when they are loaded.
    """
    if not folder.is_dir():
        raise EncoderError(f"{folder}: no such folder, expected one with config.json, weights and a tokenizer")
    modules = read_modules(folder)
    place = modules.transformer
    config = _config(place)
    _check_denses(modules.denses, config["hidden_size"])
    sentence = _sentence_config(place)
    said = entries(folder / "config_sentence_transformers.json")
    about = front_matter(folder / "README.md")
    return Source(
        folder=folder,
        transformer=place,
        architecture=config["model_type"],
        hidden=config["hidden_size"],
        layers=config["num_hidden_layers"],
        vocabulary=config["vocab_size"],
        max_length=_max_length(place, config, sentence),
        first_position=architectures.first_position(config),
        weights=_weights(place),
        pooling=modules.pooling,
        denses=modules.denses,
        normalise=modules.normalise,
        prompts=_prompts(said),
        default_prompt=said.get("default_prompt_name"),
        lowercase=bool(sentence.get("do_lower_case")),
        languages=words(about.get("language")),
        licence=next(iter(words(about.get("license"))), None),
    )


def _config(place: Path) -> dict[str, Any]:
    """config.json, with the architecture's defaults and its common names."""
    path = place / "config.json"
    if not path.is_file():
        raise EncoderError(f"{place}: no config.json; expected a transformers or sentence-transformers folder")
    stated = entries(path)
    architectures.check(stated, str(path))
    _check_tokenizer(place)
    with models_extra():
        from transformers import AutoConfig
    try:
        config = AutoConfig.from_pretrained(place, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # each architecture checks its values in its own way
        raise EncoderError(f"{path}: {said(error)}; was it edited? Fetch the folder again") from error
    common = ("hidden_size", "num_hidden_layers", "vocab_size", "max_position_embeddings")
    values = config.to_dict() | {name: getattr(config, name) for name in common}
    for name in common:
        if not isinstance(values[name], int) or values[name] < 1:
            raise EncoderError(f"{path}: {name} {values[name]!r}, expected a whole number above zero")
    return values


def _check_tokenizer(place: Path) -> None:
    if not any((place / name).is_file() for name in TOKENIZERS):
        raise EncoderError(f"{place}: no tokenizer, expected one of {', '.join(TOKENIZERS)}")


def _check_denses(denses: tuple[Dense, ...], hidden: int) -> None:
    given = hidden
    for dense in denses:
        if dense.inputs != given:
            raise EncoderError(
                f"{dense.weights.parent}/config.json: in_features {dense.inputs}, but the module before it gives "
                f"{given}; fetch the folder again"
            )
        given = dense.outputs


def _sentence_config(place: Path) -> dict[str, Any]:
    """sentence_bert_config.json, or one of the older names (sentence_camembert_config.json)."""
    return next((entries(path) for path in sorted(place.glob("sentence_*_config.json"))), {})


def _max_length(place: Path, config: dict[str, Any], sentence: dict[str, Any]) -> int:
    """The smallest length stated, special tokens included."""
    stated = [
        sentence.get("max_seq_length"),
        entries(place / "tokenizer_config.json").get("model_max_length"),
        config["max_position_embeddings"] - architectures.first_position(config),
    ]
    lengths = [int(n) for n in stated if isinstance(n, int | float) and 0 < n < UNSTATED]
    if not lengths or min(lengths) < 3:
        raise EncoderError(f"{place}: a greatest length of {lengths}, expected 3 tokens or more; fetch it again")
    return min(lengths)


def _prompts(said: dict[str, Any]) -> dict[str, str]:
    prompts = said.get("prompts") or {}
    return {str(name): str(text) for name, text in prompts.items()} if isinstance(prompts, dict) else {}


def _weights(place: Path) -> tuple[Path, ...]:
    """The files of weights, safetensors before pytorch_model.bin, checked to be whole where headers tell."""
    for name, kind in (("model", "safetensors"), ("pytorch_model", "bin")):
        if (place / f"{name}.{kind}").is_file():
            files = [place / f"{name}.{kind}"]
        elif index := entries(place / f"{name}.{kind}.index.json").get("weight_map"):
            files = [place / shard for shard in sorted(set(index.values()))]
        else:
            continue
        for file in files:
            _check_whole(file)
        return tuple(files)
    raise EncoderError(f"{place}: no weights, expected model.safetensors or pytorch_model.bin; fetch it again")


def _check_whole(file: Path) -> None:
    if not file.is_file():
        raise EncoderError(f"{file}: named in the index, but not there; fetch the folder again")
    if file.suffix != ".safetensors":
        return
    with models_extra():
        from safetensors import SafetensorError, safe_open
    try:
        with safe_open(file, framework="pt"):
            pass
    except (SafetensorError, OSError) as error:
        raise EncoderError(
            f"{file}: {error} ({file.stat().st_size:,} bytes), expected a whole safetensors file; "
            "was the download cut short? Fetch it again"
        ) from error
