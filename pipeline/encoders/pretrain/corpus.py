"""Lines cut into word pieces, some held out, the others packed into rows of one length."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.encoders.export.extra import quiet
from pipeline.errors import EncoderError, InputError
from pipeline.progress import Progress, silent

CHUNK = 5000
ONE_IN, MOST_HELD = 200, 2000


@dataclass(frozen=True, kw_only=True)
class Marks:
    """Ids of a vocabulary: those that frame, fill and hide; `ordinary` int64, all that stand for letters."""

    cls: int
    sep: int
    pad: int
    mask: int
    ordinary: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """`learnt` and `held` int32 [rows, length]: [CLS], then lines that end with [SEP] each, cut where a row is full
    (Geiping and Goldstein 2022); the last row is filled with padding. `held_lines` of `lines` are in
    `held`; `sha256` is of them all, in the order that was read."""

    learnt: np.ndarray
    held: np.ndarray
    marks: Marks
    lines: int
    held_lines: int
    sha256: str


def corpus(lines: Sequence[str], tokenizer: Any, *, length: int, seed: int, progress: Progress = silent) -> Corpus:
    """One line in ONE_IN, MOST_HELD at most, is held out. Lines come in an order drawn from `seed`: neighbours of a
    dictionary, alike in their letters, would give each other away.

    Raises InputError for fewer than two lines, EncoderError where the vocabulary lacks a mark or knows no word of
    the text.
    """
    if len(lines) < 2:
        raise InputError(f"{len(lines)} distinct line, expected two or more: one is held out; give more --text")
    marks = marks_of(tokenizer)
    order = np.random.default_rng(seed).permutation(len(lines))
    held = min(MOST_HELD, max(1, len(lines) // ONE_IN))
    mixed = [lines[place] for place in order]
    cut = list(_cut(mixed, tokenizer, progress))
    return Corpus(
        learnt=_packed(cut[held:], marks, length),
        held=_packed(cut[:held], marks, length),
        marks=marks,
        lines=len(lines),
        held_lines=held,
        sha256=hashlib.sha256("\n".join(lines).encode()).hexdigest(),
    )


def marks_of(tokenizer: Any) -> Marks:
    """Raises EncoderError where one is not in the vocabulary."""
    found = {name: getattr(tokenizer, f"{name}_token_id") for name in ("cls", "sep", "pad", "mask")}
    if absent := [name for name, number in found.items() if number is None]:
        raise EncoderError(
            f"{tokenizer.name_or_path}: its vocabulary has no {', '.join(absent)}, expected the marks of a masked "
            "language model; was it trimmed? Take the whole one, or start from scratch without --from"
        )
    ordinary = np.setdiff1d(np.arange(len(tokenizer)), tokenizer.all_special_ids)
    return Marks(**found, ordinary=ordinary)


def _cut(lines: Sequence[str], tokenizer: Any, progress: Progress) -> Iterator[np.ndarray]:
    """int32 pieces of each line, unframed."""
    for start in range(0, len(lines), CHUNK):
        progress(start, len(lines), "cutting texts")
        with quiet():
            some = tokenizer(list(lines[start : start + CHUNK]), add_special_tokens=False)["input_ids"]
        for pieces in some:
            yield np.array(pieces, np.int32)
    progress(len(lines), len(lines), "cutting texts")


def _packed(cut: Sequence[np.ndarray], marks: Marks, length: int) -> np.ndarray:
    end = np.array([marks.sep], np.int32)
    stream = np.concatenate([part for pieces in cut for part in (pieces, end)])
    if not np.isin(stream, marks.ordinary).any():
        raise EncoderError(
            "the vocabulary knows no word of the text, expected a text in its letters; take another --from, or none"
        )
    rows = -(-len(stream) // (length - 1))
    table = np.full((rows, length), marks.pad, np.int32)
    table[:, 0] = marks.cls
    filled = np.full(rows * (length - 1), marks.pad, np.int32)
    filled[: len(stream)] = stream
    table[:, 1:] = filled.reshape(rows, length - 1)
    return table
