"""How far people agree on their ratings: all of them, by stage, encoder and semantic type, two by two, one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contracts import BLIND, check
from pipeline.evaluate import reliability
from pipeline.evaluate.compared import Why
from pipeline.evaluate.people import Couple, Person, couples, people
from pipeline.evaluate.ratings import Ratings, coded, of_encoders, of_types
from pipeline.evaluate.resampling import Estimate, by_entry, estimates
from pipeline.progress import Progress, silent


@dataclass(frozen=True)
class Agreement:
    """Over the `pairs` with two ratings or more, `ratings` in all by `people`: Krippendorff's ordinal alpha and the
    share of equal ratings. `why` says why alpha is not defined, None where it is."""

    pairs: int
    ratings: int
    people: int
    alpha: Estimate
    same: Estimate
    why: Why | None


@dataclass(frozen=True)
class Report:
    """`ratings` and `pairs` count all; each group of `stages`, `encoders` and `types` has an Agreement of its own,
    those with the most pairs first."""

    ratings: int
    pairs: int
    overall: Agreement
    stages: dict[str, Agreement]
    encoders: dict[str, Agreement]
    types: dict[str, Agreement]
    people: tuple[Person, ...]
    couples: tuple[Couple, ...]


def report(
    table: pa.Table, types: Mapping[str, Sequence[str]] | None = None, *, progress: Progress = silent
) -> Report:
    """Of rows of contracts.BLIND; `types` are the semantic types by CUI. The same rows give the same report.

    Raises FormatError where a column is missing or of another type.
    """
    table = check(table, BLIND, "ratings")
    ratings = coded(table)
    tables = reliability.coincidences(ratings.counts())
    everybody = _agreement(ratings, tables, np.ones(len(ratings.entry), bool))
    progress(1, 4, "agreement")
    by_encoder = _groups(of_encoders(table, ratings), ratings, tables)
    progress(2, 4, "agreement")
    by_type = _groups(of_types(types or {}, ratings), ratings, tables)
    progress(3, 4, "agreement")
    one_by_one = people(table, ratings)
    progress(4, 4, "agreement")
    return Report(
        ratings=len(table),
        pairs=len(ratings.entry),
        overall=everybody,
        stages=_stages(table, everybody),
        encoders=by_encoder,
        types=by_type,
        people=one_by_one,
        couples=couples(ratings, progress=progress),
    )


def _groups(members: Mapping[str, np.ndarray], ratings: Ratings, tables: np.ndarray) -> dict[str, Agreement]:
    """Of each group's pairs (bool), those with the most pairs first."""
    found = {name: _agreement(ratings, tables, chosen) for name, chosen in members.items()}
    return dict(sorted(found.items(), key=lambda item: (-item[1].pairs, item[0])))


def _stages(table: pa.Table, everybody: Agreement) -> dict[str, Agreement]:
    """A stage takes ratings rather than pairs, so it is counted anew; one alone is the whole."""
    names = sorted(pc.unique(table["stage"]).to_pylist())
    if len(names) < 2:
        return dict.fromkeys(names, everybody)
    found = {}
    for name in names:
        ratings = coded(table.filter(pc.equal(table["stage"], name)))
        tables = reliability.coincidences(ratings.counts())
        found[name] = _agreement(ratings, tables, np.ones(len(ratings.entry), bool))
    return found


def _agreement(ratings: Ratings, tables: np.ndarray, chosen: np.ndarray) -> Agreement:
    """Of the chosen pairs (bool); `tables` are the coincidences of every pair. A pair with one rating says nothing
    of agreement, and its entry is not drawn."""
    several = chosen & (np.bincount(ratings.pair, minlength=len(chosen)) > 1)
    taken = several[ratings.pair]
    there = len(np.unique(ratings.person[chosen[ratings.pair]]))
    if not several.any():
        why: Why = "one_person" if there < 2 else "no_overlap"
        return Agreement(0, 0, 0, Estimate(), Estimate(), why)
    parts = by_entry(tables[several], ratings.entry[several])
    found = estimates(parts, {"alpha": reliability.alpha, "same": reliability.same})
    return Agreement(
        pairs=int(several.sum()),
        ratings=int(taken.sum()),
        people=len(np.unique(ratings.person[taken])),
        why=None if found["alpha"].value is not None else "no_variation",
        **found,
    )
