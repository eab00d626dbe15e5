"""What a step hides: rows drawn, and pieces of them that are to be guessed, from the seed and the step alone."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipeline.encoders.pretrain.corpus import Corpus, Marks

HIDDEN, REPLACED = 0.8, 0.1
"""Of the pieces to be guessed: behind [MASK]; behind another piece. The rest stand as they are (Devlin et al. 2019,
section 3.1)."""


@dataclass(frozen=True)
class Batch:
    """`ids` int64 [rows, length] as the network sees them, `seen` bool alike, False on padding; `places` int64 [n],
    rising, in the flattened ids; `right` int64 [n], what stood there."""

    ids: np.ndarray
    seen: np.ndarray
    places: np.ndarray
    right: np.ndarray


def masked(rows: np.ndarray, marks: Marks, *, share: float, chance: np.random.Generator) -> Batch:
    """`share` of the pieces that are no marks are to be guessed, one at least."""
    ids = rows.astype(np.int64)
    flat = ids.reshape(-1)
    ordinary = np.flatnonzero(np.isin(flat, marks.ordinary))
    count = min(len(ordinary), max(1, round(share * len(ordinary))))
    places = np.sort(chance.choice(ordinary, count, replace=False))
    right = flat[places]
    lot = chance.random(count)
    others = chance.choice(marks.ordinary, count)
    flat[places] = np.where(lot < HIDDEN, marks.mask, np.where(lot < HIDDEN + REPLACED, others, right))
    return Batch(ids, rows != marks.pad, places, right)


class Draw:
    """Every row once, in another order each time round; each time it is hidden otherwise."""

    def __init__(self, corpus: Corpus, *, batch: int, share: float, seed: int) -> None:
        self._corpus = corpus
        self._batch = batch
        self._share = share
        self._seed = seed
        self._order: tuple[int, np.ndarray] = (-1, np.empty(0, np.int64))

    def __call__(self, step: int) -> Batch:
        chance = np.random.default_rng([self._seed, 0, step])
        rows = self._corpus.learnt[self._numbers(step)]
        return masked(rows, self._corpus.marks, share=self._share, chance=chance)

    def _numbers(self, step: int) -> np.ndarray:
        rows = len(self._corpus.learnt)
        rounds, places = np.divmod(np.arange(step * self._batch, (step + 1) * self._batch), rows)
        return np.concatenate([self._ordered(int(one))[places[rounds == one]] for one in np.unique(rounds)])

    def _ordered(self, one: int) -> np.ndarray:
        if self._order[0] != one:
            order = np.random.default_rng([self._seed, 1, one]).permutation(len(self._corpus.learnt))
            self._order = (one, order)
        return self._order[1]


def held(corpus: Corpus, *, batch: int, share: float, seed: int) -> Iterator[Batch]:
    """What is held out, hidden the same each time."""
    chance = np.random.default_rng([seed, 2])
    for start in range(0, len(corpus.held), batch):
        yield masked(corpus.held[start : start + batch], corpus.marks, share=share, chance=chance)
