"""Medians, ratios and products of turns."""

import statistics
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.encoders.contenders import CHAIN, OURS, RATIOS
from benchmarks.encoders.turns import Turn

Turns = Mapping[str, Sequence[Turn]]


def rate(turns: Sequence[Turn]) -> float:
    """Median strings a second."""
    return statistics.median(turn.rate for turn in turns)


def ratio(ours: Sequence[Turn], peer: Sequence[Turn]) -> dict[str, float]:
    """How many times faster ours is: the ratio of medians, and the median, least and most of the rounds' own."""
    each = [one.rate / other.rate for one, other in zip(ours, peer, strict=True)]
    return {
        "of_medians": rate(ours) / rate(peer),
        "median_of_rounds": statistics.median(each),
        "min": min(each),
        "max": max(each),
    }


def ratios(turns: Turns) -> dict[str, dict[str, float] | None]:
    """Every key of RATIOS; None where one of the two was not measured."""
    return {
        key: ratio(turns[OURS], turns[peer]) if OURS in turns and peer in turns else None
        for key, peer in RATIOS.items()
    }


def product(turns: Turns, start: str, dedup: float) -> dict[str, float] | None:
    """Factors from the contender `start` to OURS and their product, which is the ratio of medians, to the bit of
    rounding; None where a step was not measured. `dedup`, strings for each distinct one, is 1 in the strings
    measured, so it stands beside the total and leaves it as it is."""
    steps = [start, *CHAIN.values()]
    if any(step not in turns for step in steps):
        return None
    rates = [rate(turns[step]) for step in steps]
    factors = {name: after / before for name, (before, after) in zip(CHAIN, pairwise(rates), strict=True)}
    return {"dedup": dedup, **factors, "total": rates[-1] / rates[0]}


def cosines(vectors: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Mean and least cosine, row by row, of float32 [n, dim] to the first n rows of `truth`."""
    one, other = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (vectors, truth[: len(vectors)]))
    found = (one * other).sum(axis=1)
    return {"mean": float(found.mean()), "min": float(found.min())}


def described(turns: Sequence[Turn]) -> dict[str, Any]:
    """For the report: medians with their spread, peak memory, and every round's raw figures."""
    rates = [turn.rate for turn in turns]
    return {
        "strings_per_second": {"median": statistics.median(rates), "min": min(rates), "max": max(rates)},
        "peak_mb": max(turn.peak_mb for turn in turns),
        "strings": turns[0].strings,
        "seconds": [turn.seconds for turn in turns],
    }
