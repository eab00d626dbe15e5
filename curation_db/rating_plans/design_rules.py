"""What a design must be: people who may rate, entries of the current run, numbers that fit them."""

from typing import get_args

import duckdb

from curation_db import access
from curation_db.rating_plans import dealing
from curation_db.rating_plans.dealing import Design
from curation_db.sql import query
from pipeline.errors import InputError


def check(cursor: duckdb.DuckDBPyConnection, wanted: Design) -> None:
    """Raises InputError where a design is none for these people and the current run."""
    everybody = able(cursor)
    if wanted.way not in get_args(dealing.Way):
        raise InputError(f"way {wanted.way!r}: expected {', '.join(get_args(dealing.Way))}")
    if strangers := sorted({*wanted.people, *(line.person for line in wanted.table)} - set(everybody)):
        raise InputError(f"{', '.join(strangers)}: expected people who may rate ({', '.join(everybody)})")
    if strangers := sorted({line.person for line in wanted.table} - set(wanted.people)):
        raise InputError(
            f"{', '.join(strangers)}: in the table, but not taking part; choose them, or drop their lines"
        )
    if wanted.dealt and not wanted.people:
        raise InputError(
            f"way {wanted.way!r}: nobody takes part, expected the people whom the entries are dealt to"
        )
    most = len(wanted.people or everybody)
    if not 1 <= wanted.raters <= most:
        raise InputError(f"raters {wanted.raters}: expected 1 to {most}, the number of people who take part")
    if not 0 <= wanted.overlap <= 1:
        raise InputError(f"overlap {wanted.overlap}: expected a share from 0 to 1")
    if wanted.way == "hand" and not wanted.table:
        raise InputError("way 'hand': an empty table, expected at least one line (person, by, value)")
    known = {entry_id for entry_id, _ in cursor.execute(query("design_items"), {"all": True}).fetchall()}
    if strangers := [entry_id for entry_id in wanted.calibration if entry_id not in known]:
        raise InputError(
            f"calibration: {', '.join(strangers[:5])}: expected entries of the current run with candidates"
        )


def able(cursor: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The people who may rate, in the order in which they joined."""
    rows = cursor.execute(
        "SELECT name, role FROM person JOIN person_role USING (name) ORDER BY event_id"
    ).fetchall()
    return tuple(name for name, role in rows if role in access.MAY["rate"])


def still_able(cursor: duckdb.DuckDBPyConnection, agreed: Design) -> tuple[str, ...]:
    """Those of the design's people who may still rate. Raises InputError where nobody is left."""
    people = tuple(person for person in agreed.people if person in able(cursor))
    if not people:
        raise InputError(
            f"the design's people ({', '.join(agreed.people)}) may no longer rate; choose others and agree again"
        )
    return people
