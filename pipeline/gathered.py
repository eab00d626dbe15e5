"""A concept's strings drawn toward what they have in common: one that says little by itself, such as an abbreviation
or a word of everyday, then lies nearer to what the others say."""

import numpy as np

from pipeline.retrieve import Rows, Target, target
from pipeline.retrieve.pairs import check

SHARE = 0.4
"""Of the common direction in a string's vector: of 0.1 to 0.5 the open gold likes 0.3 and 0.4, lay phrases 0.5."""
TINY = np.float32(1e-12)


class Gathered:
    """Row i of float32 [pairs, dim] is v + SHARE (m - v), of length one, where v is `rows[text[i]]` and m the mean of
    all such rows of concept `concept[i]`, of length one. `concept` ascends.

    Rows are made when they are asked for: each by itself, so with the same bits whatever else is asked for, and with
    memory for what is asked for alone.
    """

    def __init__(self, rows: Rows, text: np.ndarray, concept: np.ndarray) -> None:
        self.shape = (len(text), rows.shape[1])
        self._rows, self._text = rows, text
        self._first, self._group, self._size = np.unique(
            concept, return_index=True, return_inverse=True, return_counts=True
        )[1:]

    def __len__(self) -> int:
        return len(self._text)

    def __getitem__(self, numbers: np.ndarray) -> np.ndarray:
        """Raises InputError where a vector is not of length one."""
        groups, group = np.unique(self._group[numbers], return_inverse=True)
        size = self._size[groups]
        starts = np.cumsum(size) - size
        every = np.repeat(self._first[groups] - starts, size) + np.arange(size.sum())
        vectors = self._rows[self._text[every]]
        check(vectors, self._text[every], "row of the target")
        means = _unit(np.add.reduceat(vectors, starts, axis=0)) if len(groups) else vectors
        drawn = vectors[starts[group] + numbers - self._first[groups[group]]]
        drawn *= np.float32(1 - SHARE)
        drawn += np.float32(SHARE) * means[group]
        return _unit(drawn)


def gathered(rows: Rows, text: np.ndarray, concept: np.ndarray) -> tuple[Target, np.ndarray]:
    """The target of the pairs "text `text[i]`, a row of `rows`, names concept `concept[i]`", each a string of its own;
    and the text of each of its strings."""
    order = np.lexsort((text, concept))
    text, concept = text[order], concept[order]
    return target(Gathered(rows, text, concept), np.arange(len(text)), concept), text


def _unit(rows: np.ndarray) -> np.ndarray:
    """A row of zeros, the mean of opposites, stays one."""
    return rows / np.maximum(np.sqrt(np.vecdot(rows, rows)), TINY)[:, None]
