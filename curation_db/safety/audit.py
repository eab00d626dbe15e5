"""The ledger, looked through: who did what, when, on what, and what was shown."""

import dataclasses
from collections.abc import Iterable
from datetime import datetime

import duckdb
import pyarrow as pa

from curation_db import access, ledger
from curation_db.ledger import Event
from curation_db.store import Store
from pipeline.errors import InputError

WHERE = """
WHERE ($person IS NULL OR person = $person) AND ($kind IS NULL OR kind = $kind)
  AND ($entry IS NULL OR entry_id = $entry OR entry_id IN (
      SELECT entry_id FROM entry WHERE lower(strip_accents(term)) = lower(strip_accents($entry))))
  AND ($since IS NULL OR at_utc >= $since) AND ($until IS NULL OR at_utc < $until)
"""
# A cell of CSV holds no list
COLUMNS = ledger.SQL_COLUMNS.replace("encoders", "array_to_string(encoders, ' ') AS encoders")
UNDONE = "event_id IN (SELECT undoes FROM event WHERE kind = 'undo')"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Filter:
    """Which events; None is all of them. `entry` is an identifier, or a term, whatever its case and accents; `since`
    counts, `until` does not."""

    person: str | None = None
    kind: str | None = None
    entry: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def values(self) -> dict[str, object]:
        times = {name: getattr(self, name) for name in ("since", "until")}
        naive = {name: at and ledger.utc(at).replace(tzinfo=None) for name, at in times.items()}
        return dataclasses.asdict(self) | naive


def page(store: Store, by: str, which: Filter, *, limit: int, offset: int = 0) -> tuple[int, tuple[Event, ...]]:
    """How many events there are, and `limit` of them after the first `offset`, the newest first.

    Refused for whoever may not see figures, unless they ask for their own: those come without encoders, rank and
    score, since a rating that was undone may have to be given again, blind.
    """
    if limit < 0 or offset < 0:
        raise InputError(f"limit {limit}, offset {offset}: expected 0 or more")
    with store.cursor() as cursor:
        everything = _check(cursor, by, which)
        [(total,)] = cursor.execute(f"SELECT count(*) FROM event {WHERE}", which.values()).fetchall()
        rows = cursor.execute(
            f"SELECT {ledger.SQL_COLUMNS}, {UNDONE} FROM event {WHERE} "
            "ORDER BY event_id DESC LIMIT $limit OFFSET $offset",
            which.values() | {"limit": limit, "offset": offset},
        ).fetchall()
    events = tuple(map(ledger.from_row, rows))
    if not everything:
        events = tuple(dataclasses.replace(one, encoders=None, rank=None, score=None) for one in events)
    return total, events


def table(store: Store, by: str, which: Filter) -> pa.Table:
    """All of these events, the oldest first: the ledger's columns, times in UTC, and whether each was undone.
    Refused for whoever may not see figures."""
    with store.cursor() as cursor:
        access.check(cursor, by, "figures")
        found = cursor.execute(
            f"SELECT {COLUMNS}, {UNDONE} AS undone FROM event {WHERE} ORDER BY event_id", which.values()
        )
        return found.to_arrow_table()


def terms(store: Store, entry_ids: Iterable[str]) -> dict[str, str]:
    """The terms of these entries, where a loaded run has them."""
    with store.cursor() as cursor:
        ask = "SELECT entry_id, term FROM entry WHERE entry_id = ? AND term IS NOT NULL LIMIT 1"
        found = (cursor.execute(ask, [one]).fetchone() for one in set(entry_ids))
        return dict(row for row in found if row)


def _check(cursor: duckdb.DuckDBPyConnection, by: str, which: Filter) -> bool:
    """Whether they may see everything."""
    access.check(cursor, by, "look" if which.person == by else "figures")
    return access.allowed(cursor, by, "figures")
