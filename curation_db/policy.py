"""What the project has agreed on (design, guideline, reasons, …): a JSON value by name, each change an event."""

import json
import uuid
from datetime import datetime
from typing import Any

import duckdb

from curation_db import access, ledger
from curation_db.store import Store


def agreed(store: Store, name: str) -> Any | None:
    """The value that stands, None where nobody set one."""
    value = store.kept(("policy", name), lambda cursor: _value(cursor, name))
    return None if value is None else json.loads(value)


def agree(store: Store, by: str, name: str, value: Any, *, at: datetime) -> None:
    """Set it; the same value again is no event. Refused for those who may not `design`. The caller has checked
    that the value is what the name holds."""
    with store.writing() as cursor:
        record(cursor, by, name, value, at)


def record(cursor: duckdb.DuckDBPyConnection, by: str, name: str, value: Any, at: datetime) -> ledger.Event | None:
    """As `agree`, within a command's own transaction; None where that value stands already."""
    access.check(cursor, by, "design")
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    if cursor.execute("SELECT 1 FROM policy WHERE name = ? AND value = ?", [name, text]).fetchone():
        return None
    event = ledger.append(cursor, str(uuid.uuid4()), at, "policy", person=by, target=name)
    cursor.execute("INSERT INTO policy_use VALUES (?, ?, ?)", [event.event_id, name, text])
    return event


def _value(cursor: duckdb.DuckDBPyConnection, name: str) -> str | None:
    row = cursor.execute("SELECT value FROM policy WHERE name = ?", [name]).fetchone()
    return row[0] if row else None
