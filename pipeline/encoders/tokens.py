"""Texts to token ids, and ids to batches of one exact length."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from tokenizers import Tokenizer

from pipeline.encoders.card import Card
from pipeline.errors import EncoderError


@dataclass(frozen=True)
class Tokens:
    """`ids` of each distinct sequence; `rows` int64 [texts], the place in `ids` of each text's own; how many texts
    were cut at the maximum length, and how many hold a piece that the vocabulary does not know."""

    ids: list[tuple[int, ...]]
    rows: np.ndarray
    truncated: int
    unknown: int


class Spelling:
    """A card's tokenizer with its prefix, suffix and case. Raises EncoderError where the file is damaged."""

    def __init__(self, card: Card) -> None:
        self._card = card
        path = card.folder / "tokenizer.json"
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # tokenizers raises Exception itself
            raise EncoderError(f"{path}: {error}; is it whole? Add the encoder again") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(card.max_length)
        self._unknown = _unknown(self._tokenizer)

    def tokens(self, texts: Sequence[str]) -> Tokens:
        """What is the same to the model is encoded once."""
        places: dict[tuple[int, ...], int] = {}
        rows = np.empty(len(texts), np.int64)
        truncated = unknown = 0
        for row, encoding in enumerate(self._tokenizer.encode_batch_fast([self._spelt(text) for text in texts])):
            truncated += bool(encoding.overflowing)
            ids = tuple(encoding.ids)
            unknown += self._unknown in ids
            rows[row] = places.setdefault(ids, len(places))
        return Tokens(list(places), rows, truncated, unknown)

    def _spelt(self, text: str) -> str:
        card = self._card
        if card.marks and card.suffix in text:
            return text  # a mention in its context is marked already
        return card.prefix + (text.lower() if card.lowercase else text) + card.suffix


def batches(
    tokens: Sequence[Sequence[int]], *, batch_tokens: int, pad_to: int = 0
) -> Iterator[tuple[list[int], np.ndarray, np.ndarray]]:
    """(places, ids int64 [rows, length], mask int64 [rows, length]), the longest first, at most `batch_tokens`
    tokens each.

    The rows of a batch have one length: their own, so that nothing is padded, or `pad_to` (then ids are padded with
    0, where the mask is 0 too).
    """
    buckets: dict[int, list[int]] = defaultdict(list)
    for place, own in enumerate(tokens):
        buckets[max(len(own), pad_to)].append(place)
    for length in sorted(buckets, reverse=True):
        places = iter(buckets[length])
        while rows := list(islice(places, max(1, batch_tokens // length))):
            ids = np.zeros((len(rows), length), np.int64)
            mask = np.zeros_like(ids)
            for at, row in enumerate(rows):
                ids[at, : len(tokens[row])], mask[at, : len(tokens[row])] = tokens[row], 1
            yield rows, ids, mask


def _unknown(tokenizer: Tokenizer) -> int:
    """The id of unknown pieces, -1 where the vocabulary knows every byte."""
    for name in ("<unk>", "[UNK]", "<|unk|>"):
        if (found := tokenizer.token_to_id(name)) is not None:
            return found
    return -1
