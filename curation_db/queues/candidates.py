"""The current run's candidates as arrays, read once: a queue is then a matter of microseconds."""

import dataclasses
import functools
from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa

from curation_db.figures.overview import folded
from curation_db.sql import query

AFTER_RANKS = 32_767  # the place, after every candidate, of a concept that no candidate proposes
Key = tuple[int, int, str]
"""Where a card stands in the lexicon's order: (position, rank, CUI)."""


@dataclasses.dataclass(frozen=True, eq=False)
class Candidates:
    """A row a candidate, in the lexicon's order and by rank.

    `key` int64 [rows], ascending: position * 65536 + rank. `cui` text [rows]; `score` float32 [rows], NaN where
    the run gave none; `proposers` uint32 [rows]: bit i for `encoders[i]`; `dispute` float32 [rows], 0 to 1.
    `entry_id` and `term` text [entries], by position; `starts` int64 [entries + 1]: an entry's first row.
    """

    run_no: int
    encoders: tuple[str, ...]
    key: np.ndarray
    cui: pa.Array
    score: np.ndarray
    proposers: np.ndarray
    dispute: np.ndarray
    entry_id: pa.Array
    term: pa.Array
    starts: np.ndarray

    def __len__(self) -> int:
        return len(self.key)

    @property
    def entries(self) -> int:
        return len(self.entry_id)

    def of(self, position: int) -> Iterator[tuple[int, str]]:
        """(row, CUI) of an entry's candidates, by rank."""
        low, high = self.starts[position : position + 2].tolist()
        yield from enumerate(self.cui[low:high].to_pylist(), low)

    def place(self, key: Key) -> tuple[str, str]:
        return self.entry_id[key[0]].as_py(), key[2]

    def at(self, row: int) -> Key:
        position, rank = divmod(int(self.key[row]), 65536)
        return position, rank, self.cui[row].as_py()

    def rows(self, keys: np.ndarray) -> np.ndarray:
        """The rows of these keys, all of which are there."""
        return np.searchsorted(self.key, keys)

    def positions(self, rows: np.ndarray) -> np.ndarray:
        """Which entry each row is of."""
        return self.key[rows] // 65536

    def position_of(self, entry_id: str) -> int | None:
        return self._positions.get(entry_id)

    @functools.cached_property
    def sizes(self) -> np.ndarray:
        """int64 [entries]: how many candidates each has."""
        return np.diff(self.starts)

    @functools.cached_property
    def folded_terms(self) -> pa.Array:
        """The terms as searches compare them."""
        return pa.array([folded(term) for term in self.term.to_pylist()], pa.string())

    @functools.cached_property
    def _positions(self) -> dict[str, int]:
        return {entry_id: position for position, entry_id in enumerate(self.entry_id.to_pylist())}


def read(cursor: duckdb.DuckDBPyConnection) -> Candidates | None:
    """The candidates of the current run, None where none is loaded. About a second a million."""
    run = cursor.execute("SELECT run_no, encoders FROM current_run").fetchone()
    if run is None:
        return None
    run_no, encoders = run
    values = {"run": run_no, "encoders": encoders}
    found = cursor.execute(query("queue_candidates"), values).to_arrow_table().combine_chunks()
    entries = cursor.execute(
        "SELECT entry_id, coalesce(term, '') AS term FROM entry WHERE run_no = ? ORDER BY position", [run_no]
    ).to_arrow_table()
    key = found["key"].to_numpy()
    return Candidates(
        run_no=run_no,
        encoders=tuple(encoders),
        key=key,
        cui=_whole(found["cui"]),
        score=found["score"].to_numpy(),
        proposers=found["proposers"].to_numpy(),
        dispute=found["dispute"].to_numpy(),
        entry_id=_whole(entries["entry_id"]),
        term=_whole(entries["term"]),
        starts=np.searchsorted(key, np.arange(len(entries) + 1, dtype=np.int64) * 65536),
    )


def fresh(cursor: duckdb.DuckDBPyConnection, candidates: Candidates) -> np.ndarray:
    """bool [rows]: what no earlier run in use had."""
    new = np.zeros(len(candidates), bool)
    keys = cursor.execute(query("queue_fresh")).fetchnumpy()["key"]
    new[candidates.rows(keys)] = True
    return new


def _whole(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole
