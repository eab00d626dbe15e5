"""What a sample of queries says of a difference, and what it is too small to say. All intervals are of 95 %."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from pipeline.evaluate.linking import wilson

RESAMPLES = 2000


@dataclass(frozen=True)
class Loss:
    """Of `n` queries the original has `right` right; another has `lost` of them wrong and has `won` others right.

    `value` = (lost - won) / n, with its interval: what accuracy loses.
    """

    n: int
    right: int
    lost: int
    won: int
    value: float
    low: float
    high: float

    @property
    def points(self) -> dict[str, float]:
        """`value`, `low` and `high` in points of a hundred."""
        return {name: 100 * getattr(self, name) for name in ("value", "low", "high")}


@dataclass(frozen=True)
class Mean:
    value: float
    low: float
    high: float


def loss(original: np.ndarray, other: np.ndarray) -> Loss:
    """Both bool [queries], True where the same query has the right answer."""
    n, right = len(original), int(original.sum())
    lost, won = int((original & ~other).sum()), int((other & ~original).sum())
    return Loss(n, right, lost, won, (lost - won) / n, *newcombe(right - lost, lost, won, n - right - won))


def newcombe(both: int, first: int, second: int, neither: int) -> tuple[float, float]:
    """Interval of the difference of two paired shares, first less second: counts of queries right by both, by the
    first alone, by the second alone, by neither (Newcombe 1998, method 10)."""
    n = both + first + second + neither
    p, q = (both + first) / n, (both + second) / n
    (p_low, p_high), (q_low, q_high) = _wilson(both + first, n), _wilson(both + second, n)
    phi = _correlation(both, first, second, neither)
    down = _length(p - p_low, q_high - q, phi)
    up = _length(p_high - p, q - q_low, phi)
    return p - q - down, p - q + up


def mean(values: Sequence[float] | np.ndarray) -> Mean:
    """By the percentiles of bootstrap samples, the same each time."""
    found = np.asarray(values, np.float64)
    rows = np.random.default_rng(0).integers(len(found), size=(RESAMPLES, len(found)), dtype=np.int32)
    low, high = np.percentile(found[rows].mean(axis=1), [2.5, 97.5])
    return Mean(float(found.mean()), float(low), float(high))


def visible(n: int, right: int, won: int = 0) -> float | None:
    """The smallest loss of which `n` queries, `right` of them right by the original, could have said that it is not
    zero, where `won` queries change for the better. None where no loss could."""
    for lost in range(won, right + 1):
        if newcombe(right - lost, lost, won, n - right - won)[0] > 0:
            return (lost - won) / n
    return None


def _wilson(hits: int, n: int) -> list[float]:
    return wilson(hits, n) or [0.0, 1.0]


def _correlation(both: int, first: int, second: int, neither: int) -> float:
    """Corrected for continuity where it is positive."""
    margins = (both + first) * (second + neither) * (both + second) * (first + neither)
    if not margins:
        return 0.0
    product = both * neither - first * second
    n = both + first + second + neither
    return (max(product - n / 2, 0) if product > 0 else product) / sqrt(margins)


def _length(a: float, b: float, phi: float) -> float:
    return sqrt(max(a * a - 2 * phi * a * b + b * b, 0.0))
