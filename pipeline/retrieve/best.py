"""The best concepts of each query so far."""

import numpy as np

from pipeline.retrieve.shapes import Nearest

PENDING = 2
"""Strings a query, on average, that wait to be taken in together: sorting them one by one costs more."""


class Best:
    """A `Nearest` that grows: some queries' rows of it, which one thread at a time may write.

    What is added counts once PENDING is reached, or at `settle`; until then `last` is lower than it could be.
    """

    def __init__(self, found: Nearest, queries: slice) -> None:
        self.concepts, self.strings = found.concepts[queries], found.strings[queries]
        self.cosines = found.cosines[queries]
        self._pending: list[tuple[np.ndarray, ...]] = []

    def last(self) -> np.ndarray:
        """Float32 [queries]: the k-th best cosine, -inf while there are fewer than k concepts."""
        return self.cosines[:, -1]

    def add(self, rows: np.ndarray, concepts: np.ndarray, strings: np.ndarray, cosines: np.ndarray) -> None:
        """Take in that query `rows[i]` has `cosines[i]` with `strings[i]`, a string of `concepts[i]`."""
        self._pending.append((rows, concepts, strings, cosines))
        if sum(len(part[0]) for part in self._pending) > PENDING * len(self.concepts):
            self.settle()

    def settle(self) -> None:
        """Sort what waits in between what is held."""
        if not self._pending:
            return
        touched = np.unique(np.concatenate([part[0] for part in self._pending]))
        place, held = np.nonzero(self.concepts[touched] >= 0)
        at = (touched[place], held)
        self._pending.append((at[0], self.concepts[at], self.strings[at], self.cosines[at]))
        self._put(*map(np.concatenate, zip(*self._pending, strict=True)))
        self._pending.clear()

    def _put(self, rows: np.ndarray, concepts: np.ndarray, strings: np.ndarray, cosines: np.ndarray) -> None:
        nearest = np.lexsort((strings, -cosines, concepts, rows))
        nearest = nearest[_first(rows[nearest], concepts[nearest])]
        order = nearest[np.lexsort((concepts[nearest], -cosines[nearest], rows[nearest]))]
        starts = np.flatnonzero(_first(rows[order]))
        rank = np.arange(len(order)) - np.repeat(starts, np.diff([*starts, len(order)]))
        keep = rank < self.concepts.shape[1]
        order, place = order[keep], (rows[order[keep]], rank[keep])
        self.concepts[place], self.strings[place] = concepts[order], strings[order]
        self.cosines[place] = cosines[order]


def _first(*columns: np.ndarray) -> np.ndarray:
    """Bool: where a run of equal values begins, in columns sorted together."""
    begins = np.ones(len(columns[0]), bool)
    begins[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return begins
