"""Queries and blocks of the target in the numbers that are multiplied, with what that can cost.

A cosine q·x is estimated as `product * scale of q * scale of x + shift of q + offset of x`. With the target's mean
c, q·x = (q - c)·(x - c) + (q - c)·c + c·x, and only the first term is rounded to integers: vectors that all
point one way (cosines within 0.95 to 1) use the whole grid for what tells them apart. In fp32 c is 0, the scales 1.

With p = q - c rounded to p̂, y = x - c to ŷ, |p·y - p̂·ŷ| <= ‖p‖ ‖y - ŷ‖ + ‖p - p̂‖ ‖ŷ‖ (Cauchy and Schwarz): no
assumption on how errors fall. `slack` is the same bound for sums in single precision.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.retrieve.pairs import check
from pipeline.retrieve.product import MIDDLE, widest
from pipeline.retrieve.shapes import Rows

Precision = Literal["fp32", "int8"]

TILE = 1_024
"""Rows of the target in one product."""

PIECE = 256
"""Rows that are rounded at a time, within a core's cache."""

TINY = np.float32(1e-30)


@dataclass(frozen=True)
class Queries:
    """`exact` float32 [n, dim]; `values` int8 [dim, n] or `exact` itself, for `product`; the others float [n]."""

    exact: np.ndarray
    values: np.ndarray
    scale: np.ndarray
    shift: np.ndarray
    error: np.ndarray
    length: np.ndarray


@dataclass(frozen=True)
class Block:
    """Rows `numbers` of the target: `exact` float32 [m, dim] in that order, `values` [padded to whole tiles, dim]
    and `offset` in the order of `exact[order]`, ascending by `offset`, -inf below the padding."""

    numbers: np.ndarray
    exact: np.ndarray
    order: np.ndarray
    values: np.ndarray
    offset: np.ndarray
    scale: float
    error: float
    length: float


def slack(dimension: int) -> float:
    """What any order of single-precision sums over unit vectors can be off by, three times over."""
    return 3 * (dimension + 32) * 2.0**-24


class Grid:
    """How vectors are rounded: to 8 bits (7 for queries where `widest` says so) about `centre`, or not at all."""

    def __init__(self, precision: Precision, centre: np.ndarray) -> None:
        self.whole = precision == "int8"
        self.centre = centre.astype(np.float32) if self.whole else np.zeros(len(centre), np.float32)

    def queries(self, exact: np.ndarray) -> Queries:
        n = len(exact)
        if not self.whole:
            one, nought = np.ones(n, np.float32), np.zeros(n)
            return Queries(exact, exact, one, nought, nought, nought)
        centred = exact - self.centre
        scale = np.maximum(np.abs(centred).max(axis=1), TINY) / np.float32(widest())
        values = np.rint(centred / scale[:, None])
        error = _lengths(centred - values * scale[:, None])
        shift = centred.astype(np.float64) @ self.centre.astype(np.float64)
        return Queries(exact, values.T.astype(np.int8, order="C"), scale, shift, error, _lengths(centred))

    def block(self, vectors: Rows, numbers: np.ndarray) -> Block:
        """Reads the rows; raises InputError where one is not of length one."""
        exact = np.ascontiguousarray(vectors[numbers])
        check(exact, numbers, "row of the target")
        padded = -(-len(exact) // TILE) * TILE
        offset = np.full(padded, -np.inf, np.float32)
        if not self.whole:
            offset[: len(exact)] = 0
            values = exact if len(exact) == padded else np.pad(exact, ((0, padded - len(exact)), (0, 0)))
            return Block(numbers, exact, np.arange(len(exact)), values, offset, 1.0, 0.0, 1.0)
        values, scale, error, length = self._rounded(exact)
        by_centre = exact @ self.centre
        order = np.argsort(by_centre)
        offset[: len(exact)] = by_centre[order]
        padding = np.full((padded - len(exact), exact.shape[1]), MIDDLE)
        return Block(numbers, exact, order, np.concatenate([values[order], padding]), offset, scale, error, length)

    def _rounded(self, exact: np.ndarray) -> tuple[np.ndarray, float, float, float]:
        """Uint8 of `exact`'s shape, their scale, the largest rounding error, the greatest length."""
        pieces = [exact[start : start + PIECE] - self.centre for start in range(0, len(exact), PIECE)]
        scale = max(TINY, *(max(piece.max(), -piece.min()) for piece in pieces)) / np.float32(127)
        values, error, length = np.empty(exact.shape, np.uint8), 0.0, 0.0
        for number, piece in enumerate(pieces):
            length = max(length, _lengths(piece).max())
            piece *= 1 / scale
            rounded = np.rint(piece)
            piece -= rounded
            error = max(error, scale * _lengths(piece).max())
            part = values[number * PIECE : number * PIECE + len(piece)]
            np.add(rounded, np.float32(MIDDLE), out=part, casting="unsafe")
        return values, float(scale), float(error), float(length + error)


def margin(queries: Queries, block: Block) -> np.ndarray:
    """Float64 [n]: no estimate of the block is off by more."""
    rounding = queries.length * block.error + queries.error * block.length
    return 1.001 * rounding + slack(queries.exact.shape[1])


def _lengths(rows: np.ndarray) -> np.ndarray:
    return np.sqrt(np.einsum("ij,ij->i", rows, rows))
