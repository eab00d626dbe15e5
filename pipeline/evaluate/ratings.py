"""Ratings as arrays of codes, which is what the figures of agreement are computed from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contracts import BLIND, check
from pipeline.evaluate.reliability import VALUES

SEARCH = "search"
"""The group of the pairs that no encoder proposed."""


@dataclass(frozen=True)
class Ratings:
    """One item a rating: `person` codes into `people`, `pair` codes of (entry, concept), and `rating`, int8.

    `entry` is one item a pair, ascending: the code of its entry; `concept` the code of its concept in `concepts`.
    """

    people: tuple[str, ...]
    concepts: tuple[str, ...]
    person: np.ndarray
    pair: np.ndarray
    rating: np.ndarray
    entry: np.ndarray
    concept: np.ndarray

    def counts(self) -> np.ndarray:
        """How many people gave each pair each rating, int [pairs, values]."""
        flat = np.bincount(self.pair * VALUES + self.rating, minlength=len(self.entry) * VALUES)
        return flat.reshape(-1, VALUES)


def coded(table: pa.Table) -> Ratings:
    """The rows of BLIND in their order; people by name. Raises FormatError where a column is missing."""
    table = check(table, BLIND, "ratings")
    people, person = _codes(table["person"])
    _, entry = _codes(table["entry_id"])
    concepts, concept = _codes(table["CUI"])
    keys, pair = np.unique(entry * max(1, len(concepts)) + concept, return_inverse=True)
    return Ratings(
        people=people,
        concepts=concepts,
        person=person,
        pair=pair,
        rating=table["rating"].to_numpy().astype(np.int64),
        entry=keys // max(1, len(concepts)),
        concept=keys % max(1, len(concepts)),
    )


def of_encoders(table: pa.Table, ratings: Ratings) -> dict[str, np.ndarray]:
    """Encoder -> bool [pairs]: those that it proposed, by name; last SEARCH, where there are such pairs."""
    named = table["encoders"].combine_chunks()
    names, encoder = _codes(pc.list_flatten(named))
    pair = ratings.pair[pc.list_parent_indices(named).to_numpy()]
    found = {name: _marked(pair[encoder == code], ratings) for code, name in enumerate(names)}
    searched = ~_marked(pair, ratings)
    return found | ({SEARCH: searched} if searched.any() else {})


def of_types(types: Mapping[str, Sequence[str]], ratings: Ratings) -> dict[str, np.ndarray]:
    """Semantic type -> bool [pairs] of `types`, the types of each CUI; a pair is of each of its concept's types."""
    members: dict[str, list[int]] = {}
    for code, cui in enumerate(ratings.concepts):
        for name in types.get(cui, ()):
            members.setdefault(name, []).append(code)
    found = {}
    for name in sorted(members):
        chosen = np.zeros(len(ratings.concepts), bool)
        chosen[members[name]] = True
        found[name] = chosen[ratings.concept]
    return found


def _marked(pairs: np.ndarray, ratings: Ratings) -> np.ndarray:
    marked = np.zeros(len(ratings.entry), bool)
    marked[pairs] = True
    return marked


def _codes(column: pa.ChunkedArray | pa.Array) -> tuple[tuple[str, ...], np.ndarray]:
    """The sorted values, and the place of each row's among them (int64)."""
    values = pc.unique(column).sort()
    return tuple(values.to_pylist()), np.asarray(pc.index_in(column, values), np.int64)
