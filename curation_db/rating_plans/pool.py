"""The open pool: each entry is given to the first people who come, as many as its quota says.

Who rated what is read of the ledger once, then event by event: a key-press costs what happened since the last one.
"""

import threading
from collections import defaultdict

import duckdb
import numpy as np

from curation_db.rating_plans.claims import Claims

COUNTS = ("rate", "none", "absent")  # what makes a person one of an entry's raters
FEW = 100


class Pool:
    """The entries of a run with their quotas. `places`: position by entry, 0 to n - 1 in the lexicon's order.
    Safe to share between threads."""

    def __init__(self, places: dict[str, int], quotas: dict[str, int], claims: Claims) -> None:
        self._places = places
        self._quotas = np.zeros(max(places.values(), default=-1) + 1, np.int16)
        for entry_id, quota in quotas.items():
            self._quotas[places[entry_id]] = quota
        self._counts = np.zeros_like(self._quotas)
        self._raters: dict[str, set[str]] = {}
        self._begun: defaultdict[str, set[str]] = defaultdict(set)
        self._claims = claims
        self._seen = 0
        self._lock = threading.Lock()

    def room(self, cursor: duckdb.DuckDBPyConnection, person: str) -> np.ndarray:
        """int64 [n], ascending: positions of the entries that the person began, or that one more may rate."""
        with self._lock:
            self._refresh(cursor)
            free = self._counts < self._quotas
            for entry_id, holders in self._claims.held().items():
                if (place := self._places.get(entry_id)) is not None:
                    others = (self._raters.get(entry_id, set()) | holders) - {person}
                    free[place] = len(others) < self._quotas[place]
            free[[self._places[entry_id] for entry_id in self._begun[person]]] = True
        return np.flatnonzero(free)

    def take(self, cursor: duckdb.DuckDBPyConnection, entry_id: str, person: str) -> bool:
        """Claim the entry for the person, or hold it on. False where others were there first."""
        if entry_id not in self._places:
            return False
        wanted = int(self._quotas[self._places[entry_id]])
        if not self._claims.take(entry_id, person, raters=self._now(cursor, entry_id), wanted=wanted):
            return False
        # somebody may have rated it and left between the look at the ledger and the claim
        raters = self._now(cursor, entry_id)
        if person not in raters and len(raters) >= wanted:
            self._claims.release(person)
            return False
        return True

    def _now(self, cursor: duckdb.DuckDBPyConnection, entry_id: str) -> set[str]:
        with self._lock:
            self._refresh(cursor)
            return set(self._raters.get(entry_id, ()))

    def _refresh(self, cursor: duckdb.DuckDBPyConnection) -> None:
        [(last,)] = cursor.execute("SELECT coalesce(max(event_id), 0) FROM event").fetchall()
        if last <= self._seen:
            return
        for entry_id, people in _raters(cursor, self._seen).items():
            if entry_id not in self._places:
                continue
            for person in self._raters.get(entry_id, set()) - people:
                self._begun[person].discard(entry_id)
            for person in people:
                self._begun[person].add(entry_id)
            self._raters[entry_id] = people
            self._counts[self._places[entry_id]] = len(people)
        self._seen = last


def _raters(cursor: duckdb.DuckDBPyConnection, since: int) -> dict[str, set[str]]:
    """The people whose ratings or verdicts stand, by entry, of the entries of the events after `since`."""
    rows = cursor.execute("SELECT DISTINCT entry_id FROM event WHERE event_id > ?", [since]).fetchall()
    raters: dict[str, set[str]] = {entry_id: set() for (entry_id,) in rows if entry_id is not None}
    sql, values = "SELECT event_id, kind, entry_id, person, undoes FROM event", list(raters)
    if len(raters) <= FEW:  # the index serves a short list; a long one is a scan, once, when the pool begins
        sql += f" WHERE entry_id IN ({', '.join('?' * len(raters)) or 'NULL'})"
    rows = cursor.execute(sql, values if len(raters) <= FEW else []).fetchall()
    undone = {undoes for *_, undoes in rows}  # an undo carries the entry of what it takes back
    for event_id, kind, entry_id, person, _ in rows:
        if kind in COUNTS and event_id not in undone and entry_id in raters:
            raters[entry_id].add(person)
    return raters
