"""Two ratings of each pair side by side: two people's, a person's two passes, a person's and the decision."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.evaluate import reliability
from pipeline.evaluate.reliability import LINEAR, QUADRATIC, VALUES
from pipeline.evaluate.resampling import Estimate, by_entry, estimates

Why = Literal["one_person", "no_overlap", "no_variation"]
"""Why a figure is not defined: one person only, no pair rated twice, all ratings the same."""


@dataclass(frozen=True)
class Compared:
    """Of `pairs` with both ratings: `table[i][j]`, how many have i by the first and j by the second; `same`, the
    share of equal ones; kappa by both weightings; `difference`, the mean of first less second. `why` says why kappa
    is not defined, None where it is."""

    pairs: int
    table: tuple[tuple[int, ...], ...]
    same: Estimate
    linear: Estimate
    quadratic: Estimate
    difference: Estimate
    why: Why | None


def compare(first: np.ndarray, second: np.ndarray, entries: np.ndarray) -> Compared:
    """Two ratings (0-5) of the same pairs, and the codes of the pairs' entries, ascending."""
    cells = np.zeros((len(first), VALUES * VALUES))
    cells[np.arange(len(first)), first * VALUES + second] = 1
    parts = by_entry(cells, entries).reshape(-1, VALUES, VALUES)
    table = parts.sum(axis=0)
    found = estimates(
        parts,
        {
            "same": reliability.same,
            "linear": lambda tables: reliability.kappa(tables, LINEAR),
            "quadratic": lambda tables: reliability.kappa(tables, QUADRATIC),
            "difference": reliability.difference,
        },
    )
    why: Why | None = None if found["linear"].value is not None else "no_variation" if len(first) else "no_overlap"
    counted = tuple(tuple(int(count) for count in row) for row in table)
    return Compared(pairs=len(first), table=counted, why=why, **found)
