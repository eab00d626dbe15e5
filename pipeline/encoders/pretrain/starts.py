"""What learns, as it begins: a new BERT with a vocabulary of its own, or an encoder that goes on."""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from pipeline.encoders.export import architectures, source
from pipeline.encoders.export.extra import models_extra, quiet
from pipeline.encoders.pretrain.vocabulary import MARKS
from pipeline.errors import EncoderError
from pipeline.files import sha256

HEADS = {"bert": "cls", **dict.fromkeys(architectures.ROBERTA, "lm_head")}
"""Architecture -> the part of it that guesses."""
WIDTHS = (64, 32)
"""Of a head of attention, the first that divides the hidden size."""


class Start(Protocol):
    """`length`: tokens of a row; weights that are not in a file come from torch's generator, as it was seeded."""

    @property
    def length(self) -> int: ...

    @property
    def about(self) -> str: ...

    def tokenizer(self) -> Any: ...

    def model(self) -> Any: ...

    def to_json(self) -> dict[str, Any]: ...


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Of a BERT; its feed-forward part is four times as wide as `hidden`. Raises EncoderError where `hidden` cannot
    be divided into heads."""

    layers: int = 6
    hidden: int = 384

    def __post_init__(self) -> None:
        if self.hidden % WIDTHS[-1]:
            near = max(1, round(self.hidden / WIDTHS[-1])) * WIDTHS[-1]
            raise EncoderError(
                f"hidden size {self.hidden}, expected a multiple of {WIDTHS[-1]}: a head of attention has "
                f"{WIDTHS[0]} or {WIDTHS[-1]} numbers; take --hidden {near}"
            )

    @property
    def heads(self) -> int:
        return next(self.hidden // width for width in WIDTHS if self.hidden % width == 0)


@dataclass(frozen=True, kw_only=True)
class Scratch:
    """`vocabulary` is a tokenizer.json, from `vocabulary.learn`."""

    vocabulary: str
    pieces: int
    shape: Shape
    length: int

    @property
    def about(self) -> str:
        return (
            f"a new BERT of {self.shape.layers} layers, {self.shape.hidden} wide, with {self.pieces:,} word pieces"
        )

    def tokenizer(self) -> Any:
        with models_extra():
            from transformers import PreTrainedTokenizerFast
        from tokenizers import Tokenizer

        pieces = Tokenizer.from_str(self.vocabulary)
        return PreTrainedTokenizerFast(tokenizer_object=pieces, model_max_length=self.length, **MARKS)

    def model(self) -> Any:
        with models_extra():
            from transformers import BertConfig, BertForMaskedLM
        return BertForMaskedLM(
            BertConfig(
                vocab_size=self.pieces,
                hidden_size=self.shape.hidden,
                num_hidden_layers=self.shape.layers,
                num_attention_heads=self.shape.heads,
                intermediate_size=4 * self.shape.hidden,
                max_position_embeddings=self.length,
                pad_token_id=0,
            )
        )

    def to_json(self) -> dict[str, Any]:
        vocabulary = hashlib.sha256(self.vocabulary.encode()).hexdigest()
        return {"vocabulary_sha256": vocabulary, "shape": asdict(self.shape), "length": self.length}


@dataclass(frozen=True, kw_only=True)
class Continued:
    """`folder` is a transformers or sentence-transformers one, which is read only. Raises EncoderError where its
    architecture is not known here, or rows of `length` are too long for it."""

    folder: Path
    length: int

    def __post_init__(self) -> None:
        about = source.read(self.folder)
        if about.architecture not in HEADS:
            raise EncoderError(
                f"{self.folder}: {about.architecture}, expected one of {', '.join(HEADS)}; take another --from"
            )
        if self.length > about.max_length:
            raise EncoderError(
                f"{self.folder}: rows of {self.length} tokens wanted, expected {about.max_length} at most, as many "
                f"as it reads; give --length {about.max_length}"
            )

    @property
    def about(self) -> str:
        return f"{self.folder} goes on"

    def tokenizer(self) -> Any:
        from pipeline.encoders.export.tokenizer import read

        about = source.read(self.folder)
        with models_extra(), quiet():
            found = read(about.transformer)
        if len(found) > about.vocabulary:
            raise EncoderError(
                f"{self.folder}: a tokenizer of {len(found):,} pieces, but config.json has vocab_size "
                f"{about.vocabulary:,}; are the tokenizer and the model of one checkpoint?"
            )
        return found

    def model(self) -> Any:
        from pipeline.encoders.pretrain.heads import with_head

        about = source.read(self.folder)
        with quiet():
            return with_head(about, HEADS[about.architecture])

    def to_json(self) -> dict[str, Any]:
        weights = [sha256(file) for file in source.read(self.folder).weights]
        return {"source": str(self.folder.resolve()), "source_sha256": weights, "length": self.length}
