"""A source's tokenizer as one tokenizer.json, with the ids that transformers gives."""

from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from pipeline.encoders.export.extra import models_extra, quiet, said
from pipeline.encoders.export.source import Source
from pipeline.errors import EncoderError

PROBE = (
    "",
    "fièvre",
    "Œdème aigu du poumon",
    "taux de β-hCG > 5 UI/l",
    "l’hypertension (stade 2), 12,5 %",
    "ﬁbrose hépatique 🤒",
    "  high  blood\tpressure ",
)


def write(source: Source, to: Path) -> Tokenizer:
    """Write `to`/tokenizer.json: special tokens by its post-processor, no padding, no truncation; and return it.

    Raises EncoderError where it cannot be read or turned into one, gives other ids than transformers, or knows
    more tokens than the model.
    """
    with models_extra(), quiet():
        theirs = read(source.transformer)
        ours = _ours(theirs, source.transformer)
        _check(theirs, ours, source)
    to.mkdir(parents=True, exist_ok=True)
    ours.save(str(to / "tokenizer.json"))
    return ours


def read(folder: Path) -> Any:
    """transformers' own. Raises EncoderError where it cannot be read."""
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # each tokenizer fails in its own way
        raise EncoderError(
            f"{folder}: {said(error)}; expected a whole tokenizer, fetch the folder again"
        ) from error


def _ours(theirs: Any, folder: Path) -> Tokenizer:
    from transformers.convert_slow_tokenizer import convert_slow_tokenizer

    try:
        fast = getattr(theirs, "backend_tokenizer", None) or convert_slow_tokenizer(theirs)
    except Exception as error:  # each tokenizer fails in its own way
        raise EncoderError(
            f"{folder}: {said(error)}; {type(theirs).__name__} has no form for `tokenizers`"
        ) from error
    made = Tokenizer.from_str(fast.to_str())
    made.no_padding()
    made.no_truncation()
    return made


def _check(theirs: Any, ours: Tokenizer, source: Source) -> None:
    for text in PROBE:
        expected, found = theirs(text, verbose=False)["input_ids"], ours.encode(text).ids
        if found != expected:
            raise EncoderError(
                f"{source.transformer}: the converted tokenizer gives {found} for {text!r}, transformers {expected}; "
                "this kind cannot be exported"
            )
    most = max(ours.get_vocab().values(), default=0)
    if most >= source.vocabulary:
        raise EncoderError(
            f"{source.transformer}: a token of id {most}, but config.json has vocab_size {source.vocabulary}; "
            "are the tokenizer and the model of one checkpoint?"
        )
