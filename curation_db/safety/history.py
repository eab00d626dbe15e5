"""What was done to an entry: who, when, what, what was shown, and whether it was undone."""

import dataclasses

import duckdb

from curation_db import access, ledger
from curation_db.ledger import Event
from curation_db.store import Store


def of_entry(store: Store, by: str, entry_id: str) -> tuple[Event, ...]:
    """Every event of the entry, the newest first: all people's for those with "figures", else `by`'s own.

    The encoders' names, ranks and scores are then left out: a rating that was undone may have to be given again,
    blind. Refused for somebody who may not look.
    """
    with store.cursor() as cursor:
        access.check(cursor, by, "look")
        events = rows(cursor, entry_id)[::-1]
        if access.allowed(cursor, by, "figures"):
            return events
    return tuple(
        dataclasses.replace(one, encoders=None, rank=None, score=None) for one in events if one.person == by
    )


def rows(cursor: duckdb.DuckDBPyConnection, entry_id: str) -> tuple[Event, ...]:
    """The entry's events, the oldest first, for callers that checked who asks."""
    # by entry_id alone, which the index serves; an undo carries the entry of what it takes back
    found = cursor.execute(f"{ledger.SELECT} WHERE entry_id = ? ORDER BY event_id", [entry_id]).fetchall()
    events = [ledger.from_row(row) for row in found]
    undone = {one.undoes for one in events if one.kind == "undo"}
    return tuple(dataclasses.replace(one, undone=one.event_id in undone) for one in events)
