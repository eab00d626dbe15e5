"""Agreement beyond chance, of tables of counts: Krippendorff's alpha and Cohen's weighted kappa.

They take many tables at once, since an interval needs a thousand; no library does. The tests hold them to published
examples and to the package krippendorff, whose licence (GPL) keeps it out of what is installed.
"""

from collections.abc import Callable

import numpy as np

VALUES = 6
_APART = np.abs(np.subtract.outer(np.arange(VALUES), np.arange(VALUES))).astype(np.float64)
LINEAR, QUADRATIC = _APART, _APART**2
"""How far two ratings of 0-5 are apart, for `kappa`."""


def coincidences(counts: np.ndarray) -> np.ndarray:
    """How often two ratings of one unit are c and k: float64 [units, values, values] of counts [units, values], the
    number of people who gave the unit each value.

    Each ordered pair of a unit's m ratings counts 1 / (m - 1), so that the unit counts m in all; with one rating it
    counts nothing (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C).
    """
    counts = counts.astype(np.float64)
    pairs = counts[:, :, None] * counts[:, None, :]
    diagonal = np.arange(counts.shape[1])
    pairs[:, diagonal, diagonal] -= counts
    return pairs / np.maximum(counts.sum(axis=1) - 1, 1)[:, None, None]


def ordinal(totals: np.ndarray) -> np.ndarray:
    """Distances [..., values, values] of values with these totals [..., values]: the square of the ratings that lie
    between two values, half of each one's own among them. That is how far their mean ranks are apart, squared."""
    ranks = np.cumsum(totals, axis=-1) - totals / 2
    return (ranks[..., :, None] - ranks[..., None, :]) ** 2


def alpha(tables: np.ndarray, distance: Callable[[np.ndarray], np.ndarray] = ordinal) -> np.ndarray:
    """Krippendorff's alpha of coincidences summed over units, [..., values, values] -> [...]: 1 is agreement, 0 what
    chance gives. NaN where it is not defined: no two ratings of a unit, or all ratings the same."""
    totals = tables.sum(axis=-1)
    apart = distance(totals)
    observed = np.einsum("...ck,...ck->...", tables, apart) * (totals.sum(axis=-1) - 1)
    return 1 - _ratio(observed, np.einsum("...c,...ck,...k->...", totals, apart, totals))


def kappa(tables: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Cohen's weighted kappa of counts [..., values, values], one person's values down, the other's across;
    `weights` say how bad a disagreement is, 0 on the diagonal (Cohen 1968). NaN where it is not defined: no unit in
    common, or both always said the same value."""
    first, second = tables.sum(axis=-1), tables.sum(axis=-2)
    observed = np.einsum("...ck,ck->...", tables, weights) * first.sum(axis=-1)
    return 1 - _ratio(observed, np.einsum("...k,...k->...", first @ weights, second))


def same(tables: np.ndarray) -> np.ndarray:
    """The share of equal ratings, of either kind of table; NaN of an empty one."""
    return _ratio(np.trace(tables, axis1=-2, axis2=-1), tables.sum(axis=(-2, -1)))


def difference(tables: np.ndarray) -> np.ndarray:
    """By how much the ratings down are higher than those across, on average; NaN of an empty table."""
    signed = np.subtract.outer(np.arange(VALUES), np.arange(VALUES))
    return _ratio(np.einsum("...ck,ck->...", tables, signed), tables.sum(axis=(-2, -1)))


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.full(np.shape(below), np.nan), where=np.asarray(below) != 0)
