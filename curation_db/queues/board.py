"""The arrays behind the queues of one store, kept up to date with its ledger."""

import logging
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

import duckdb
import numpy as np

from curation_db.queues import candidates, usefulness
from curation_db.queues.candidates import Candidates
from curation_db.queues.voices import RATED, Voices
from curation_db.sql import query
from curation_db.store import Store

EVERY = 200  # events after which an order by usefulness is made anew, beside the work
MANY = 1000  # entries touched since: reading everything again is then quicker
NEWS = """
SELECT event_id, kind, entry_id, person, at_utc, undoes IS NOT NULL FROM event
WHERE event_id > ? ORDER BY event_id
"""
DECIDING = ("decide", "reopen")

_log = logging.getLogger(__name__)
_boards: "weakref.WeakKeyDictionary[Store, Board]" = weakref.WeakKeyDictionary()
_making = threading.Lock()
_ranking = ThreadPoolExecutor(1, thread_name_prefix="ranking")


class News(NamedTuple):
    """What the board hears of an event; `at` is in UTC, without a zone."""

    event_id: int
    kind: str
    entry_id: str | None
    person: str | None
    at: datetime
    undoes: bool


class Board:
    """Candidates of the current run, what was said of them, and the orders of the ranked queues.

    `up_to_date` holds a lock while its caller looks: a queue's step takes about a millisecond.
    """

    candidates: Candidates
    voices: Voices
    _version: tuple[int, int]
    _heard: int
    _fresh: np.ndarray | None
    _job: Future | None

    def __init__(self, store: Store) -> None:
        self._store = weakref.proxy(store)
        self._lock = threading.Lock()
        self._begin(opened=0)

    @contextmanager
    def up_to_date(self, cursor: duckdb.DuckDBPyConnection) -> Iterator["Board | None"]:
        """The board as the ledger stands now, None where no run is loaded."""
        with self._lock:
            self._catch_up(cursor)
            yield self if self._loaded else None

    def fresh(self, cursor: duckdb.DuckDBPyConnection) -> np.ndarray:
        """bool [rows]: what no earlier run in use had; worked out once."""
        if self._fresh is None:
            self._fresh = candidates.fresh(cursor, self.candidates)
        return self._fresh

    def order(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """(rows in the order of "useful", "near" or "near_judged", the place of each row in it), int32 [rows]."""
        if name not in self._orders:
            self._orders[name] = rank(self.candidates, self.voices.middle, name)
        elif self._heard - self._ranked.get(name, 0) >= EVERY and (self._job is None or self._job.done()):
            self._ranked[name] = self._heard
            middle = self.voices.middle.copy()
            self._job = _ranking.submit(self._rank_again, self.candidates, middle, name)
        self._ranked.setdefault(name, self._heard)
        return self._orders[name]

    def rated_since(self, cursor: duckdb.DuckDBPyConnection, person: str, since: datetime) -> int:
        """How many of the person's ratings given since then (UTC, without a zone) stand. The whole ledger is read for
        the first answer alone."""
        if person not in self._rated or self._rated[person][0] != since:
            values = {"person": person, "since": since, "heard": self._heard}
            [(count,)] = cursor.execute(query("rated_since"), values).fetchall()
            self._rated[person] = (since, count)
        return self._rated[person][1]

    def _rank_again(self, candidates: Candidates, middle: np.ndarray, name: str) -> None:
        made = rank(candidates, middle, name)
        with self._lock:
            if candidates is self.candidates:  # no other run came into use meanwhile
                self._orders[name] = made

    def _catch_up(self, cursor: duckdb.DuckDBPyConnection) -> None:
        version = self._store.version  # before the reading: a command that ends meanwhile is then read again
        if version == self._version:
            return
        if version[0] != self._version[0]:
            self._begin(opened=version[0])
        news = [News(*row) for row in cursor.execute(NEWS, [self._heard]).fetchall()]
        if news:
            self._hear(cursor, news)
            self._heard = news[-1].event_id
        self._version = version

    def _hear(self, cursor: duckdb.DuckDBPyConnection, news: list[News]) -> None:
        touched = {one.entry_id for one in news if one.entry_id is not None}
        if not self._loaded or any(one.kind == "run" for one in news):
            self._load(cursor)
        elif len(touched) > MANY:
            self.voices = Voices(cursor, self.candidates)
        else:
            found = (self.candidates.position_of(entry_id) for entry_id in touched)
            self.voices.hear(cursor, [position for position in found if position is not None])
            if any(one.undoes or one.kind in DECIDING for one in news):
                self.voices.decide(cursor)
        for one in news:
            self._count(one)

    def _count(self, one: News) -> None:
        since, count = self._rated.get(one.person, (one.at, 0))
        if one.undoes:
            self._rated.pop(one.person, None)
        elif one.kind == "rate" and one.person in self._rated and one.at >= since:
            self._rated[one.person] = (since, count + 1)

    def _load(self, cursor: duckdb.DuckDBPyConnection) -> None:
        now = candidates.read(cursor)
        self._loaded = now is not None
        if now is not None:
            self.candidates, self.voices = now, Voices(cursor, now)
            self._forget()

    def _begin(self, *, opened: int) -> None:
        self._version, self._heard, self._loaded = (opened, -1), -1, False
        self._rated: dict[str | None, tuple[datetime, int]] = {}
        self._forget()

    def _forget(self) -> None:
        self._orders: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self._ranked: dict[str, int] = {}
        self._fresh = None
        self._job = None


def board(store: Store) -> Board:
    """The store's board, made at its first use."""
    with _making:
        if store not in _boards:
            _boards[store] = Board(store)
        return _boards[store]


def rank(candidates: Candidates, middle: np.ndarray, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The rows in a ranked queue's order, equals in the lexicon's, and the place of each row in it.

    "useful": most useful first. "near": expected rating nearest 3 first; "near_judged": the lower median of the
    people's ratings in its stead where there is one. `middle` is as in `Voices`.
    """
    rated = middle >= RATED
    calibration = usefulness.calibrate(candidates.score[rated], middle[rated] - float(RATED))
    expected, uncertainty = calibration(candidates.score)
    if name == "useful":
        value = -usefulness.usefulness(expected, uncertainty, candidates.dispute)
    else:
        known = rated & (name == "near_judged")
        value = usefulness.distance(np.where(known, middle - float(RATED), expected))
    order = np.argsort(value, kind="stable").astype(np.int32)
    place = np.empty_like(order)
    place[order] = np.arange(len(order), dtype=np.int32)
    return order, place
