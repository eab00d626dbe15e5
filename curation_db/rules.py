"""What a command may speak of: people, entries, runs and concepts that the store knows."""

import duckdb

from curation_db.store import Store
from pipeline.errors import Refused


def known_person(cursor: duckdb.DuckDBPyConnection, person: str) -> None:
    """Raises Refused where nobody was added under this name."""
    if not isinstance(person, str) or not _any(cursor, "SELECT 1 FROM person WHERE name = ?", person):
        raise Refused(f"person {person!r} is not known; add them first")


def known_run(store: Store, run: str | None) -> None:
    """Raises Refused where no run of this name was loaded; None is no run."""
    if run is not None and run not in store.kept("runs", _runs):
        raise Refused(f"run {run!r} is not loaded; load it first")


def proposed_by(cursor: duckdb.DuckDBPyConnection, entry_id: str, cui: str | None) -> set[str]:
    """Names of the loaded runs that proposed the concept for the entry. Refused where none has the entry."""
    rows = (
        isinstance(entry_id, str)
        and cursor.execute("SELECT run_no, position FROM entry WHERE entry_id = ?", [entry_id]).fetchall()
    )
    if not rows:
        raise Refused(f"entry {entry_id!r} is in no loaded run; load the run that has it first")
    # by place, not by entry_id: zone maps then leave all but one block of the million rows unread
    proposed = "SELECT 1 FROM alignment WHERE run_no = ? AND position = ? AND cui = ?"
    found = [run_no for run_no, position in rows if cui and _any(cursor, proposed, run_no, position, cui)]
    names = dict(cursor.execute("SELECT run_no, name FROM run").fetchall()) if found else {}
    return {names[run_no] for run_no in found}


def _runs(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    return [name for (name,) in cursor.execute("SELECT name FROM run").fetchall()]


def _any(cursor: duckdb.DuckDBPyConnection, sql: str, *values: object) -> bool:
    return cursor.execute(sql, values).fetchone() is not None
