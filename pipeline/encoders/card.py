"""encoder.json: what the runtime must know of an encoder's folder."""

import dataclasses
from pathlib import Path
from typing import Any

from pipeline.errors import EncoderError
from pipeline.files import read_json

FILES = ("encoder.json", "tokenizer.json", "model.onnx")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Card:
    """`prefix` goes before every text, which is lower-cased first where `lowercase` says so; `max_length` counts
    tokens, special ones included; `min_rows` is the fewest rows of one call at which the kernels no longer depend
    on how many rows there are."""

    folder: Path
    name: str
    dimension: int
    prefix: str
    lowercase: bool
    languages: tuple[str, ...]
    max_length: int
    min_rows: int
    precision: str
    pooling: str
    licence: str
    model_sha256: str
    source: str
    tags: dict[str, Any]


def read_card(folder: Path) -> Card:
    """Raises EncoderError where a file or key is absent."""
    if absent := [name for name in FILES if not (folder / name).is_file()]:
        raise EncoderError(f"{folder}: no {', '.join(absent)}; an encoder's folder holds {', '.join(FILES)}")
    values = read_json(folder / "encoder.json")
    names = {field.name for field in dataclasses.fields(Card)} - {"folder", "tags"}
    if missing := sorted(names - set(values)):
        raise EncoderError(
            f"{folder}/encoder.json: no key {', '.join(missing)}; found {', '.join(sorted(values))}"
        )
    known = {name: values[name] for name in names} | {"languages": tuple(values["languages"])}
    return Card(folder=folder, tags={k: v for k, v in values.items() if k not in names}, **known)
