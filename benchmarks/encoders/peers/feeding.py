"""Orders in which texts are fed, and the pooling of what comes back."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import numpy as np
from tokenizers import Tokenizer

Ids = list[int]
Forward = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""(ids, mask), both int64 [rows, length], to a vector a row."""
BATCH_TOKENS = 2048


def exact(lengths: Sequence[int], tokens: int = BATCH_TOKENS) -> Iterator[list[int]]:
    """Places of texts of one length each, at most `tokens` tokens a batch: nothing is padded."""
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    for length, same in groupby(order, key=lambda place: lengths[place]):
        yield from _slices(list(same), max(1, tokens // length))


def in_order(count: int, rows: int) -> Iterator[list[int]]:
    yield from _slices(list(range(count)), rows)


def longest_first(lengths: Sequence[int], rows: int) -> Iterator[list[int]]:
    """As sentence-transformers feeds: sorted by length, then `rows` at a time."""
    yield from _slices(sorted(range(len(lengths)), key=lambda place: -lengths[place]), rows)


def padded(ids: Sequence[Ids], pad: int, length: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(ids, mask) int64 [rows, the longest or `length`]."""
    width = length or max(map(len, ids))
    table = np.full((len(ids), width), pad, np.int64)
    mask = np.zeros_like(table)
    for row, tokens in enumerate(ids):
        table[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
    return table, mask


def pooled(hidden: np.ndarray, mask: np.ndarray, kind: str) -> np.ndarray:
    """[rows, length, dim] to [rows, dim]: the first position's, or the mean of those that `mask` keeps."""
    if kind == "cls":
        return hidden[:, 0]
    kept = mask[:, :, None].astype(hidden.dtype)
    return (hidden * kept).sum(axis=1) / kept.sum(axis=1)


def tokens_of(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Ids]:
    return [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts))]


def gather(ids: Sequence[Ids], batches: Iterator[list[int]], forward: Forward, pad: int) -> np.ndarray:
    """The vectors of all texts in their order, each batch padded to its longest."""
    order, found = [], []
    for places in batches:
        order += places
        found.append(forward(*padded([ids[place] for place in places], pad)))
    return np.concatenate(found)[np.argsort(order)]


def _slices(places: list[int], rows: int) -> Iterator[list[int]]:
    for start in range(0, len(places), rows):
        yield places[start : start + rows]
