"""Which entries a person is to rate, by the design in force."""

import dataclasses
import json
import threading
from weakref import WeakKeyDictionary

import duckdb
import numpy as np

from curation_db.rating_plans import claims, dealing, designs
from curation_db.rating_plans.dealing import Design
from curation_db.rating_plans.pool import Pool
from curation_db.store import Store

_kept: "WeakKeyDictionary[Store, _Kept]" = WeakKeyDictionary()
_kept_lock = threading.Lock()


@dataclasses.dataclass(frozen=True)
class Restriction:
    """Positions (from 0, int64 [n], ascending) of entries of the current run. `calibration` is rated before anything
    else; `main` is None where everybody rates everything."""

    calibration: np.ndarray
    main: np.ndarray | None

    def stages(self) -> tuple[np.ndarray | None, ...]:
        """What to look for an open card in, one after the other."""
        return (self.calibration, self.main) if len(self.calibration) else (self.main,)


EVERYTHING = Restriction(np.empty(0, np.int64), None)


class _Kept:
    """What was read of one design for one run; a new run, design or extension begins another."""

    def __init__(self, store: Store, cursor: duckdb.DuckDBPyConnection, key: tuple) -> None:
        self.key, self._run_no = key, key[2]
        row = cursor.execute("SELECT value FROM policy WHERE name = 'design'").fetchone()
        self.design = designs.from_json(json.loads(row[0])) if row else Design()
        self.pool = self._pool(store, cursor) if self.design.way == "pool" else None
        self.of: dict[str, Restriction] = {}

    def restriction(self, cursor: duckdb.DuckDBPyConnection, person: str) -> Restriction:
        if person not in self.of:
            self.of[person] = self._read(cursor, person)
        kept = self.of[person]
        if self.pool is not None and kept.main is None:
            return Restriction(kept.calibration, self.pool.room(cursor, person))
        return kept

    def _read(self, cursor: duckdb.DuckDBPyConnection, person: str) -> Restriction:
        if self.design.people and person not in self.design.people:
            return Restriction(EVERYTHING.calibration, np.empty(0, np.int64))
        # whoever joins an open design later is calibrated, too
        calibration = self._positions(cursor, list(self.design.calibration))
        if not self.design.dealt:
            return Restriction(calibration, None)
        rows = cursor.execute(
            "SELECT entry_id FROM assigned WHERE person = ? AND stage = 'main'", [person]
        ).fetchall()
        return Restriction(calibration, self._positions(cursor, [entry_id for (entry_id,) in rows]))

    def _positions(self, cursor: duckdb.DuckDBPyConnection, entry_ids: list[str]) -> np.ndarray:
        rows = cursor.execute(
            "SELECT position FROM entry WHERE run_no = ? AND entry_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY 1",
            [self._run_no, entry_ids],
        ).fetchall()
        return np.array([position for (position,) in rows], np.int64)

    def _pool(self, store: Store, cursor: duckdb.DuckDBPyConnection) -> Pool:
        rows = cursor.execute(
            "SELECT entry_id, position, candidates FROM entry WHERE run_no = ?", [self._run_no]
        ).fetchall()
        places = {entry_id: position for entry_id, position, _ in rows}
        calibrated = set(self.design.calibration)
        open_ones = [entry_id for entry_id, _, count in rows if count and entry_id not in calibrated]
        return Pool(places, dealing.quotas(self.design, open_ones), claims.of(store))


def restriction(store: Store, cursor: duckdb.DuckDBPyConnection, person: str) -> Restriction:
    """What the person is to rate in the current run. A reading: it claims nothing."""
    kept = _keep(store, cursor)
    return kept.restriction(cursor, person) if kept else EVERYTHING


def take(store: Store, person: str, entry_id: str) -> bool:
    """Claim an entry of a pool as its card is drawn, or hold it on; False where others were there first.

    Always True where the design in force is no pool, and in its calibration.
    """
    with store.cursor() as cursor:
        kept = _keep(store, cursor)
        if kept is None or kept.pool is None or entry_id in kept.design.calibration:
            return True
        return kept.pool.take(cursor, entry_id, person)


def _keep(store: Store, cursor: duckdb.DuckDBPyConnection) -> _Kept | None:
    """The design in force, read anew where it, its extensions or the run changed; None where there is none."""
    key = store.kept("design in force", _key)
    if key is None:
        return None
    with _kept_lock:
        kept = _kept.get(store)
        if kept is None or kept.key != key:
            kept = _kept[store] = _Kept(store, cursor, key)
        return kept


def _key(cursor: duckdb.DuckDBPyConnection) -> tuple[int, int | None, int] | None:
    """Events of the design and of its last extension, and the run; None without a design or a run."""
    [(event, extension)] = cursor.execute(
        "SELECT (SELECT max(event_id) FROM policy_use WHERE name = 'design'), (SELECT max(event_id) FROM assignment)"
    ).fetchall()
    run = cursor.execute("SELECT run_no FROM current_run").fetchone()
    return None if event is None or run is None else (event, extension, run[0])
