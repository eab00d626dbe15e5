"""encoder.json: what the runtime must know of an encoder's folder."""

import dataclasses
import hashlib
from pathlib import Path
from typing import Any

from pipeline.errors import EncoderError
from pipeline.files import read_json, sha256

WEIGHTS = {  # engine -> (the files it needs, those that it may have besides)
    "onnxruntime": (("model.onnx",), ("model.onnx.data",)),
    "openvino": (("model.xml", "model.bin"), ()),
}
BATCH_TOKENS = 2048
"""Tokens of a call where nobody searched for a better number."""
NO_LICENCE = "not stated"
"""`licence` of an encoder whose source names none, and which nobody gave one."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Card:
    """`prefix` and `suffix` stand around every text, which is lower-cased first where `lowercase` says so;
    `max_length` counts tokens, special ones included; `pad_to` is the length that every text is padded to, 0 where
    nothing is padded; `min_rows` is the fewest rows of one call at which the kernels no longer depend on how many
    rows there are; `batch_tokens` is the tokens of a call that were the fastest, where they were searched for; they
    reach no bit of a vector; `revision` is the source's own, empty where it has none; `tags` is all that the
    runtime does not need: how the encoder was made, its drift and its speed."""

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
    engine: str = "onnxruntime"
    suffix: str = ""
    pad_to: int = 0
    batch_tokens: int = BATCH_TOKENS
    revision: str = ""
    tags: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def marks(self) -> tuple[str, str] | None:
        """What a mention stands between, for an encoder that was trained so; None for others."""
        return (self.prefix, self.suffix) if self.suffix else None

    @property
    def bytes(self) -> int:
        """Of the weights and the vocabulary, on disk."""
        files = [*weights(self.folder, self.engine), self.folder / "tokenizer.json"]
        return sum(file.stat().st_size for file in files)


def weights(folder: Path, engine: str) -> list[Path]:
    """The files of the model. Raises EncoderError where one is absent or the engine is not known."""
    if engine not in WEIGHTS:
        raise EncoderError(
            f"{folder}/encoder.json: engine {engine!r}, expected one of {', '.join(WEIGHTS)}; is Lexalign older "
            "than this encoder? Install the newest, or add the encoder again"
        )
    needed, more = WEIGHTS[engine]
    if absent := [name for name in needed if not (folder / name).is_file()]:
        raise EncoderError(
            f"{folder}: no {', '.join(absent)}; an encoder's folder holds encoder.json, tokenizer.json, "
            f"{', '.join(needed)}; add the encoder again"
        )
    return [folder / name for name in needed] + [folder / name for name in more if (folder / name).is_file()]


def weights_sha256(folder: Path, engine: str) -> str:
    """Hex digest of the model's file; of its files' digests where there are several."""
    digests = [sha256(file) for file in weights(folder, engine)]
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()


def read_card(folder: Path) -> Card:
    """Raises EncoderError where a file or key is absent or of another kind."""
    if absent := [name for name in ("encoder.json", "tokenizer.json") if not (folder / name).is_file()]:
        raise EncoderError(f"{folder}: no {', '.join(absent)}; add the encoder again")
    values = read_json(folder / "encoder.json")
    fields = {field.name: field for field in dataclasses.fields(Card) if field.name not in ("folder", "tags")}
    required = {name for name, field in fields.items() if field.default is dataclasses.MISSING}
    if not isinstance(values, dict) or (missing := sorted(required - set(values))):
        found = ", ".join(sorted(values)) if isinstance(values, dict) else type(values).__name__
        raise EncoderError(
            f"{folder}/encoder.json: no key {', '.join(missing)}; found {found}; add the encoder again"
        )
    known = {name: values[name] for name in fields if name in values}
    for name, value in known.items():
        _check(folder, name, value, fields[name].type)
    known["languages"] = tuple(values["languages"])
    tags = {key: value for key, value in values.items() if key not in fields}
    card = Card(folder=folder, tags=tags, **known)
    weights(folder, card.engine)
    return card


def to_json(card: Card) -> dict[str, Any]:
    """What `read_card` reads back."""
    values = dataclasses.asdict(card) | {"languages": list(card.languages)}
    del values["folder"]
    tags = values.pop("tags")
    return values | tags


def _check(folder: Path, name: str, value: Any, kind: Any) -> None:
    expected = list if kind == tuple[str, ...] else kind
    if type(value) is not expected:
        raise EncoderError(
            f"{folder}/encoder.json: {name} is {value!r}, expected {expected.__name__}; add the encoder again"
        )
