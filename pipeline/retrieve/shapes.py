"""What is searched, and what is found."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np


class Rows(Protocol):
    """Float32 [n, dim] that may lie on disk: an array, or whatever gives the rows asked for."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __len__(self) -> int: ...

    def __getitem__(self, numbers: np.ndarray, /) -> np.ndarray:
        """Float32 [len(numbers), dim] of int64 row numbers."""


@dataclass(frozen=True)
class Target:
    """The strings of a terminology and their concepts.

    `vectors` [strings, dim], unit rows; string s belongs to the concepts (numbers)
    `members[starts[s]:starts[s + 1]]`, ascending.
    """

    vectors: Rows
    starts: np.ndarray
    members: np.ndarray


@dataclass(frozen=True)
class Nearest:
    """int64 [queries, k] numbers of concepts and of their nearest strings, -1 where there are fewer than k
    concepts; float32 [queries, k] cosines, descending; ties by concept number, then by string number."""

    concepts: np.ndarray
    strings: np.ndarray
    cosines: np.ndarray


def target(vectors: Rows, strings: np.ndarray, concepts: np.ndarray) -> Target:
    """Target from int64 pairs: string `strings[i]` (a row of `vectors`) names concept `concepts[i]`."""
    order = np.lexsort((concepts, strings))
    starts = np.searchsorted(strings[order], np.arange(len(vectors) + 1))
    return Target(vectors, starts, concepts[order])


def memberships(target: Target, strings: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(places in `strings`, concepts) of every concept of every string, in the order of `strings`."""
    first, count = target.starts[strings], target.starts[strings + 1] - target.starts[strings]
    places = np.repeat(np.arange(len(strings)), count)
    within = np.arange(len(places)) - np.repeat(np.cumsum(count) - count, count)
    return places, target.members[first[places] + within]
