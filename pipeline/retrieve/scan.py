"""One block of the target against some queries: every string that may be among the best, and no other."""

from collections.abc import Iterator

import numpy as np

from pipeline.retrieve.grid import TILE, Block, Queries, margin
from pipeline.retrieve.product import product

GROUP = 32
"""Rows of a block whose greatest product stands for them all; only where it suffices are they looked at."""

LOWEST = -1e30
"""Below every cosine and above the padding."""


def survivors(queries: Queries, block: Block, floor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(queries, places in `block.exact`) of every pair whose cosine is `floor` of its query (float [n], -inf for
    everything) or more, and of some below; memory grows with these pairs."""
    need = np.maximum(floor - queries.shift - margin(queries, block), LOWEST)
    need = np.nextafter(need.astype(np.float32), np.float32(-np.inf))
    scale = queries.scale * np.float32(block.scale)
    found = [
        (query, block.order[start + row])
        for start, products in _products(queries, block)
        for query, row in [_above(products, scale, block.offset[start : start + TILE], need)]
        if len(query)
    ]
    nothing = np.empty(0, np.int64)
    query, row = zip(*found, strict=True) if found else ((nothing,), (nothing,))
    return np.concatenate(query), np.concatenate(row)


def kth(queries: Queries, block: Block, k: int) -> np.ndarray:
    """Float64 [n]: a cosine that k rows of the block reach at least, -inf where it has too few. Found from the
    greatest of each of some groups, 8 k of them where there are rows enough."""
    size = max(1, min(GROUP, len(block.numbers) // (8 * k)))
    scale = queries.scale * np.float32(block.scale)
    tops = []
    for start, products in _products(queries, block):
        estimate = products * scale + block.offset[start : start + TILE, None]
        starts = np.arange(0, TILE, size)
        tops.append(np.maximum.reduceat(estimate, starts, axis=0))
    top = np.concatenate([*tops, np.empty((0, len(scale)), np.float32)])
    if len(top) < k:
        return np.full(len(scale), -np.inf)
    return np.partition(top, -k, axis=0)[-k] + queries.shift - margin(queries, block)


def _products(queries: Queries, block: Block) -> Iterator[tuple[int, np.ndarray]]:
    multiply = product(queries.values, TILE)
    for start in range(0, len(block.values), TILE):
        yield start, multiply(block.values[start : start + TILE])


def _above(
    products: np.ndarray, scale: np.ndarray, offset: np.ndarray, need: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(columns, rows) of `products` [TILE, n] where `products * scale + offset >= need`."""
    groups = products.reshape(TILE // GROUP, GROUP, -1)
    offsets = offset.reshape(-1, GROUP)
    top = groups.max(axis=1).astype(np.float32)  # numpy takes int32 by float32 to double, at twice the cost
    top *= scale
    top += offsets.max(axis=1)[:, None]
    group, column = np.nonzero(top >= need)
    close = groups[group, :, column].astype(np.float32) * scale[column, None] + offsets[group]
    hit, row = np.nonzero(close >= need[column, None])
    return column[hit], group[hit] * GROUP + row
