"""Each person against the others, the decisions and themselves; and how they change as they go on."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pyarrow as pa

from pipeline.evaluate.compared import Compared, compare
from pipeline.evaluate.ratings import Ratings
from pipeline.evaluate.resampling import Estimate, mean
from pipeline.progress import Progress, silent

WINDOW = 50
WINDOWS = 20
"""A window has WINDOW consecutive ratings of a person, more where they would have over WINDOWS of them."""


@dataclass(frozen=True)
class Spread:
    """Of `n` values: the median, both quartiles, and what a tenth is below and above."""

    n: int
    tenth: float
    lower: float
    median: float
    upper: float
    ninetieth: float


@dataclass(frozen=True)
class Window:
    """A person's ratings from the `first` to the `last`, counted from 1: `deviation` as in Person over `shared` pairs
    among them, and the seconds that they took."""

    first: int
    last: int
    shared: int
    deviation: Estimate
    seconds: Spread | None


@dataclass(frozen=True)
class Person:
    """`deviation`: by how much their ratings are higher than the mean of the others', over the `shared` pairs that
    others rated, too. `decided`: their ratings and the decisions; `twice`: what they said in the second pass, and
    before. `seconds` is None where no time was kept."""

    name: str
    ratings: int
    shared: int
    deviation: Estimate
    decided: Compared
    twice: Compared
    seconds: Spread | None
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class Couple:
    """Two people and the pairs that both rated: the first's ratings down, the second's across."""

    first: str
    second: str
    compared: Compared


def couples(ratings: Ratings, *, progress: Progress = silent) -> tuple[Couple, ...]:
    """Every two people, by name."""
    said = np.full((len(ratings.people), len(ratings.entry)), -1, np.int8)
    said[ratings.person, ratings.pair] = ratings.rating
    every = list(combinations(range(len(ratings.people)), 2))
    found = []
    for done, (one, other) in enumerate(every, 1):
        both = np.flatnonzero((said[one] >= 0) & (said[other] >= 0))
        compared = compare(said[one, both], said[other, both], ratings.entry[both])
        found.append(Couple(ratings.people[one], ratings.people[other], compared))
        progress(done, len(every), "couples")
    return tuple(found)


def people(table: pa.Table, ratings: Ratings) -> tuple[Person, ...]:
    """Everybody who rated, by name; `table` are the rows of BLIND that `ratings` codes."""
    away = _away(ratings)
    columns = {name: np.asarray(table[name].cast("float64")) for name in ("seconds", "decision", "first", "again")}
    columns["at"] = np.asarray(table["at"])
    return tuple(
        _person(name, np.flatnonzero(ratings.person == code), ratings, away, columns)
        for code, name in enumerate(ratings.people)
    )


def _away(ratings: Ratings) -> np.ndarray:
    """Each rating less the mean of the others' of its pair; NaN where there is no other."""
    others = np.bincount(ratings.pair)[ratings.pair] - 1
    total = np.bincount(ratings.pair, ratings.rating)[ratings.pair] - ratings.rating
    return ratings.rating - np.divide(total, others, out=np.full(len(total), np.nan), where=others > 0)


def _person(
    name: str, rows: np.ndarray, ratings: Ratings, away: np.ndarray, columns: dict[str, np.ndarray]
) -> Person:
    rows = rows[np.argsort(ratings.pair[rows], kind="stable")]
    entry = ratings.entry[ratings.pair[rows]]
    decided, first, again = (columns[which][rows] for which in ("decision", "first", "again"))
    ruled, twice = ~np.isnan(decided), ~np.isnan(again)
    return Person(
        name=name,
        ratings=len(rows),
        shared=int((~np.isnan(away[rows])).sum()),
        deviation=_mean(rows, ratings, away),
        decided=compare(ratings.rating[rows][ruled], decided[ruled].astype(np.int64), entry[ruled]),
        twice=compare(again[twice].astype(np.int64), first[twice].astype(np.int64), entry[twice]),
        seconds=spread(columns["seconds"][rows]),
        windows=tuple(_windows(rows[np.argsort(columns["at"][rows], kind="stable")], ratings, away, columns)),
    )


def _windows(
    rows: np.ndarray, ratings: Ratings, away: np.ndarray, columns: dict[str, np.ndarray]
) -> Iterator[Window]:
    """`rows` in the order of time; what is too short for a window of its own belongs to the last one."""
    count = min(WINDOWS, max(1, len(rows) // WINDOW))
    done = 0
    for part in np.array_split(rows, count):
        yield Window(
            first=done + 1,
            last=done + len(part),
            shared=int((~np.isnan(away[part])).sum()),
            deviation=_mean(part, ratings, away),
            seconds=spread(columns["seconds"][part]),
        )
        done += len(part)


def _mean(rows: np.ndarray, ratings: Ratings, away: np.ndarray) -> Estimate:
    shared = rows[~np.isnan(away[rows])]
    shared = shared[np.argsort(ratings.pair[shared], kind="stable")]
    return mean(away[shared], ratings.entry[ratings.pair[shared]])


def spread(values: np.ndarray) -> Spread | None:
    """None of no value; a missing one is NaN."""
    kept = values[~np.isnan(values)]
    return Spread(len(kept), *(float(p) for p in np.percentile(kept, [10, 25, 50, 75, 90]))) if len(kept) else None
