"""Cosines of given pairs, the reference that every faster estimate is held against."""

import numpy as np

from pipeline.errors import InputError
from pipeline.retrieve.shapes import Target

STEP = 256
PIECE = 4_096
UNIT = 1e-3


def check(vectors: np.ndarray, numbers: np.ndarray, what: str) -> None:
    """Raises InputError that names the first of the rows `numbers` that is not of length one (NaN is not)."""
    length = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    wrong = np.flatnonzero(~(np.abs(length - 1) <= UNIT))
    if len(wrong):
        raise InputError(
            f"{what} {numbers[wrong[0]]}: a vector of length {length[wrong[0]]:.3g}, expected 1 "
            f"({len(wrong)} such in {len(vectors)}); is the encoder damaged? Delete its embeddings and encode again"
        )


def dots(left: np.ndarray, i: np.ndarray, right: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Float32 `left[i] · right[j]`, each summed alone in double precision: the same bits whatever stands beside."""
    found = np.empty(len(i), np.float32)
    for start in range(0, len(i), STEP):
        part = slice(start, start + STEP)
        found[part] = np.vecdot(left[i[part]].astype(np.float64), right[j[part]].astype(np.float64))
    return found


def cosines(queries: np.ndarray, target: Target, rows: np.ndarray, concepts: np.ndarray) -> np.ndarray:
    """Float32 [pairs]: cosine of query `rows[i]` to the nearest string of concept `concepts[i]`; NaN where the
    target has no string of it. The target is read once, a piece at a time."""
    order = np.argsort(target.members, kind="stable")
    string = np.repeat(np.arange(len(target.vectors)), np.diff(target.starts))[order]
    first, last = (np.searchsorted(target.members[order], concepts, side=side) for side in ("left", "right"))
    pair = np.repeat(np.arange(len(rows)), last - first)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
    string = string[first[pair] + within]
    nearest = np.full(len(rows), -np.inf, np.float32)
    by_string = np.argsort(string, kind="stable")
    for start in range(0, len(pair), PIECE):
        part = by_string[start : start + PIECE]
        numbers, place = np.unique(string[part], return_inverse=True)
        np.maximum.at(nearest, pair[part], dots(queries, rows[pair[part]], target.vectors[numbers], place))
    nearest[last == first] = np.nan
    return nearest
