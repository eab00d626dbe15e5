"""Take back a chosen event of one's own, however long ago; `commands.undo` takes back the last."""

from datetime import datetime
from typing import get_args

import duckdb

from curation_db import ledger
from curation_db.commands import Undone
from curation_db.ledger import Event
from curation_db.store import Store
from curation_db.undoing import check_right
from pipeline.errors import Refused

FOR_GOOD = ("person", "role", "policy", "run", "reveal", "publish", "restore", "undo")
RETRACTABLE = tuple(kind for kind in get_args(ledger.Kind) if kind not in FOR_GOOD)


def retract(store: Store, person: str, event_id: int, *, command_id: str, at: datetime) -> Undone:
    """Take back that event of the person's; what they said before it counts again.

    Twice is once, whatever the command_id. Refused for somebody else's event, for one that is FOR_GOOD, and for
    what the person may no longer do.
    """
    command_id = ledger.identifier(command_id)
    with store.writing() as cursor:
        of = _own(cursor, person, event_id)
        check_right(cursor, person, of.kind)
        undo = _undo_of(cursor, event_id)
        if undo is None:
            pair = {"entry_id": of.entry_id, "cui": of.cui}
            undo = ledger.append(cursor, command_id, at, "undo", person=person, undoes=event_id, **pair)
            if undo.undoes != event_id:
                raise Refused(f"command {command_id} took back event {undo.undoes}; expected a new identifier")
        return Undone(undo, of.kind, str(of.entry_id), of.cui)


def _own(cursor: duckdb.DuckDBPyConnection, person: str, event_id: int) -> Event:
    row = cursor.execute(f"{ledger.SELECT} WHERE event_id = ?", [event_id]).fetchone()
    if row is None:
        raise Refused(f"event {event_id}: not in the ledger; choose one of your own history")
    event = ledger.from_row(row)
    if event.person != person:
        raise Refused(f"event {event_id} is {event.person}'s; expected one of {person}'s own")
    if event.kind not in RETRACTABLE:
        raise Refused(f"event {event_id} is a {event.kind}; expected one of {', '.join(RETRACTABLE)}")
    return event


def _undo_of(cursor: duckdb.DuckDBPyConnection, event_id: int) -> Event | None:
    row = cursor.execute(f"{ledger.SELECT} WHERE undoes = ? ORDER BY event_id LIMIT 1", [event_id]).fetchone()
    return ledger.from_row(row) if row else None
