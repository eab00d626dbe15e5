"""Intervals of 95 % for figures of ratings: the ratings of one entry depend on each other, so entries are drawn."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import exp, factorial

import numpy as np

RESAMPLES = 1000
LEAST = 10
"""Entries below which no interval is told: resampling fewer says less than it seems."""
UNDEFINED = 0.05
"""The share of resamples that may be without the figure, as where all drawn ratings are the same."""
CELLS = 65_536
"""Of the drawn weights at once: as many as stay in a core's cache."""
_CHANCES = np.cumsum([exp(-1) / factorial(k) for k in range(8)])  # of up to k draws, when one is expected
_TIMES = np.searchsorted(_CHANCES, np.arange(65_536) / 65_536, side="right").astype(np.float32)
Statistic = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Estimate:
    """A figure and its interval; `value` None where it is not defined, `low` and `high` None where entries are too
    few."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


def estimates(parts: np.ndarray, statistics: Mapping[str, Statistic], *, seed: int = 0) -> dict[str, Estimate]:
    """Each statistic of the sum of `parts` [entries, values, values], with the interval of percentiles over
    RESAMPLES draws. A statistic takes [n, values, values] and gives [n], NaN
    where it is not defined. The same seed gives the same interval."""
    whole = parts.sum(axis=0, keepdims=True)
    values = {name: _number(statistic(whole)[0]) for name, statistic in statistics.items()}
    if len(parts) < LEAST:
        return {name: Estimate(value) for name, value in values.items()}
    drawn = list(_drawn(parts.reshape(len(parts), -1), np.random.default_rng(seed)))
    sums = np.concatenate(drawn).astype(np.float64).reshape(-1, *parts.shape[1:])
    lows, highs = _middle(np.array([statistic(sums) for statistic in statistics.values()]))
    return {
        name: Estimate(value) if np.isnan(low) else Estimate(value, float(low), float(high))
        for (name, value), low, high in zip(values.items(), lows, highs, strict=True)
    }


def mean(values: np.ndarray, entries: np.ndarray) -> Estimate:
    """The mean of `values`, each of the entry of that code (codes ascending), with its interval by the sandwich
    formula for clusters and the normal quantile. A closed form: there is one of these a person and window."""
    if not len(values):
        return Estimate()
    centre = float(values.mean())
    sums = by_entry(values - centre, entries)
    count = len(sums)
    if count < LEAST:
        return Estimate(centre)
    half = 1.959964 * float(np.sqrt(count / (count - 1) * (sums**2).sum())) / len(values)
    return Estimate(centre, centre - half, centre + half)


def by_entry(parts: np.ndarray, entries: np.ndarray) -> np.ndarray:
    """The sums of the rows of `parts` over equal codes, which are in ascending order."""
    starts = np.flatnonzero(np.diff(entries, prepend=-1))
    return np.add.reduceat(parts, starts, axis=0) if len(entries) else parts


def _drawn(parts: np.ndarray, random: np.random.Generator) -> Iterator[np.ndarray]:
    """Blocks of rows, each the sum of one resample: every entry comes in as often as a Poisson variable of mean 1
    says, which is drawing with replacement where they are many (Chamandy et al. 2012), and far quicker."""
    parts = parts.astype(np.float32)
    block = max(1, CELLS // len(parts))
    for start in range(0, RESAMPLES, block):
        rows = min(block, RESAMPLES - start)
        bits = np.frombuffer(random.bytes(2 * rows * len(parts)), np.uint16)
        yield _TIMES[bits].reshape(rows, len(parts)) @ parts


def _middle(resampled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each row the percentiles 2.5 and 97.5 of what is defined; NaN where too much is not."""
    ordered = np.sort(resampled, axis=1)  # NaN comes last
    defined = np.count_nonzero(~np.isnan(ordered), axis=1)
    enough = defined >= (1 - UNDEFINED) * resampled.shape[1]
    rows = np.arange(len(ordered))
    low, high = (
        np.where(enough, ordered[rows, np.rint(share * np.maximum(defined - 1, 0)).astype(np.int64)], np.nan)
        for share in (0.025, 0.975)
    )
    return low, high


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
