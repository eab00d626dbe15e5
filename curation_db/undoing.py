"""Taking back: the last command of a person, or all of a batch that they gave in one go."""

import dataclasses
import uuid
from datetime import datetime

import duckdb

from curation_db import access, ledger, rules
from curation_db.ledger import Event
from curation_db.store import Store
from pipeline.errors import Refused

SETTLES = ("decide", "reopen")
BATCH = "SELECT event_id FROM batch_use WHERE batch = (SELECT batch FROM batch_use WHERE event_id = ?)"


@dataclasses.dataclass(frozen=True)
class Undone:
    """What was taken back, and the event that did it. `cui` is None for a word on the whole entry; `count` is the
    number of commands, more than one for a batch, of which the last is shown."""

    event: Event
    kind: ledger.Kind
    entry_id: str
    cui: str | None
    count: int = 1


def undo(store: Store, person: str, *, command_id: str, at: datetime) -> Undone | None:
    """Take back the person's last command that stands, with the rest of its batch; again, the one before. None where
    none is left.

    An undo is itself never undone. The same command_id twice takes back one command. Refused for whoever may no
    longer do what they did.
    """
    command_id = ledger.identifier(command_id)
    with store.writing(judging=True) as cursor:
        rules.known_person(cursor, person)
        event = ledger.find(cursor, command_id)
        if event is None:
            [(last,)] = cursor.execute("SELECT max(event_id) FROM standing WHERE person = ?", [person]).fetchall()
            if last is None:
                return None
            check_right(cursor, person, _event(cursor, last).kind)
            event = _take_back(cursor, person, last, command_id, at)
            for other in _batch(cursor, last)[1:]:
                _take_back(cursor, person, other, _derived(command_id, other), at)
        elif (event.kind, event.person) != ("undo", person):
            raise Refused(f"command {command_id} was a {event.kind} of {event.person}; expected a new identifier")
        back = _event(cursor, event.undoes)
        count = len(_batch(cursor, back.event_id))
        return Undone(event, back.kind, str(back.entry_id), back.cui, count)


def check_right(cursor: duckdb.DuckDBPyConnection, person: str, kind: ledger.Kind) -> None:
    """Who may no longer do something may no longer take it back either. Raises Refused."""
    access.check(cursor, person, "adjudicate" if kind in SETTLES else "rate")


def _take_back(
    cursor: duckdb.DuckDBPyConnection, person: str, event_id: int, command_id: str, at: datetime
) -> Event:
    of = _event(cursor, event_id)
    return ledger.append(
        cursor, command_id, at, "undo", person=person, undoes=event_id, entry_id=of.entry_id, cui=of.cui
    )


def _batch(cursor: duckdb.DuckDBPyConnection, event_id: int) -> list[int]:
    """The events given in one go with this one, the last first; itself alone where it was given by itself."""
    rows = cursor.execute(f"{BATCH} ORDER BY event_id DESC", [event_id]).fetchall()
    return [one for (one,) in rows] or [event_id]


def _derived(command_id: str, event_id: int) -> str:
    return str(uuid.uuid5(uuid.UUID(command_id), str(event_id)))


def _event(cursor: duckdb.DuckDBPyConnection, event_id: int | None) -> Event:
    [row] = cursor.execute(f"{ledger.SELECT} WHERE event_id = ?", [event_id]).fetchall()
    return ledger.from_row(row)
