"""Candidates of several encoders into one list an entry."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Merged:
    """One row a (entry, concept), by entry, then `score` descending, then concept number.

    `entries`, `concepts` int64 [rows]; `scores` float32 [rows]; `ranks` int64 [rows], from 1 within the entry; of
    each encoder: `encoder_ranks` int64 [rows, encoders], 0 where it did not propose the pair; `cosines` and
    `encoder_scores` float32 [rows, encoders], NaN where it knows no string of the concept.
    """

    entries: np.ndarray
    concepts: np.ndarray
    ranks: np.ndarray
    scores: np.ndarray
    encoder_ranks: np.ndarray
    cosines: np.ndarray
    encoder_scores: np.ndarray


def pairs(proposed: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All (entry, concept) pairs that any encoder proposes, and at which rank each does.

    `proposed`: of each encoder int64 [entries, k] concept numbers, -1 for none. Returns entries and concepts
    int64 [pairs], sorted, and ranks int64 [pairs, encoders], 0 for not proposed.
    """
    width = max((int(concepts.max(initial=0)) for concepts in proposed), default=0) + 1
    codes, ranks = [], []
    for concepts in proposed:
        row, column = np.nonzero(concepts >= 0)
        codes.append(row * width + concepts[row, column])
        ranks.append(column + 1)
    every = np.unique(np.concatenate(codes))
    table = np.zeros((len(every), len(proposed)), np.int64)
    for encoder, (code, rank) in enumerate(zip(codes, ranks, strict=True)):
        table[np.searchsorted(every, code), encoder] = rank
    return every // width, every % width, table


def merge(
    entries: np.ndarray,
    concepts: np.ndarray,
    encoder_ranks: np.ndarray,
    cosines: np.ndarray,
    encoder_scores: np.ndarray,
    shares: Sequence[float],
) -> Merged:
    """Rank each entry's pairs by the weighted mean of the encoders' recalibrated scores; `shares`, one an encoder,
    sum to 1.

    An encoder that did not propose a pair still scores it, so that a concept is not punished for one encoder's
    cut; one that knows no string of the concept (NaN) counts as the lowest score of a candidate, 0.
    """
    scores = (np.nan_to_num(encoder_scores, nan=0.0).astype(np.float64) @ np.array(shares)).astype(np.float32)
    order = np.lexsort((concepts, -scores, entries))
    entries = entries[order]
    first = np.searchsorted(entries, entries)
    ranks = np.arange(len(entries)) - first + 1
    return Merged(
        entries, concepts[order], ranks, scores[order], encoder_ranks[order], cosines[order], encoder_scores[order]
    )
