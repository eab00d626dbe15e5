"""Who may do what. A command asks here, in its own transaction: what is hidden on screen is refused here, too."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, get_args

import duckdb

from curation_db import ledger, rules
from curation_db.store import Store
from pipeline.errors import InputError, Refused

Role = Literal["reader", "annotator", "adjudicator", "curator", "administrator", "former"]
Action = Literal[
    "look", "rate", "figures", "export", "adjudicate", "publish", "prepare", "design", "people", "safety"
]
ROLES: tuple[Role, ...] = get_args(Role)
MAY: Mapping[Action, frozenset[Role]] = {
    "look": frozenset({"reader", "annotator", "adjudicator", "curator", "administrator"}),
    "rate": frozenset({"annotator", "adjudicator", "curator", "administrator"}),
    # What people said, of all people: not for those who still have to rate blind
    "figures": frozenset({"reader", "adjudicator", "curator", "administrator"}),
    "export": frozenset({"reader", "adjudicator", "curator", "administrator"}),
    "adjudicate": frozenset({"adjudicator", "curator", "administrator"}),
    "publish": frozenset({"adjudicator", "curator", "administrator"}),
    "prepare": frozenset({"curator", "administrator"}),
    "design": frozenset({"curator", "administrator"}),
    "people": frozenset({"administrator"}),
    "safety": frozenset({"administrator"}),
}
"""look: the project's pages without judgements; prepare: sources, encoders, runs, settings; design: who rates what,
guideline, reasons; people: roles and accounts; safety: backups, restoring, the project's archive."""


def role(store: Store, person: str) -> Role:
    """The person's role. Raises Refused where nobody was added under this name."""
    return store.kept(("role", person), lambda cursor: _role(cursor, person))


def may(store: Store, person: str, action: Action) -> bool:
    """Whether the person's role allows it; not for somebody unknown."""
    try:
        return role(store, person) in MAY[action]
    except Refused:
        return False


def require(store: Store, person: str, action: Action) -> None:
    """Raises Refused where the person's role does not allow it: for services that write nothing in the store."""
    _refuse(person, role(store, person), action)


def check(cursor: duckdb.DuckDBPyConnection, person: str, action: Action) -> None:
    """As `require`, within a command's own transaction."""
    _refuse(person, _role(cursor, person), action)


def _refuse(person: str, has: Role, action: Action) -> None:
    if has not in MAY[action]:
        allowed = ", ".join(one for one in ROLES if one in MAY[action])
        raise Refused(f"{person} is {has}, expected {allowed} for this ({action}); ask an administrator")


def allowed(cursor: duckdb.DuckDBPyConnection, person: str, action: Action) -> bool:
    """As `may`, within a command's own transaction; raises Refused for somebody unknown."""
    return _role(cursor, person) in MAY[action]


def roles(store: Store) -> dict[str, Role]:
    """Everybody's role by name, in the order in which they joined."""
    with store.cursor() as cursor:
        rows = cursor.execute(
            "SELECT name, role FROM person JOIN person_role USING (name) ORDER BY event_id"
        ).fetchall()
    return dict(rows)


def set_role(store: Store, by: str, name: str, role: Role, *, at: datetime) -> None:
    """Give somebody a role; "former" ends what they may do and keeps what they did.

    Refused for whoever is not an administrator, and for the last administrator's own.
    """
    check_role(role)
    with store.writing() as cursor:
        check(cursor, by, "people")
        before = _role(cursor, name)
        if before == role:
            return
        [(others,)] = cursor.execute(
            "SELECT count(*) FROM person_role WHERE role = 'administrator' AND name <> ?", [name]
        ).fetchall()
        if before == "administrator" and not others:
            raise Refused(f"{name} is the only administrator; make somebody else one first")
        give(cursor, by, name, role, at)


def check_role(role: str) -> None:
    """Raises InputError where there is no such role."""
    if role not in ROLES:
        raise InputError(f"role {role!r}: expected {', '.join(ROLES)}")


def give(cursor: duckdb.DuckDBPyConnection, by: str, name: str, role: Role, at: datetime) -> None:
    """Record a role within a command's transaction; who asks was checked."""
    event = ledger.append(cursor, str(uuid.uuid4()), at, "role", person=by, target=name, text=role)
    cursor.execute("INSERT INTO role_use VALUES (?, ?, ?)", [event.event_id, name, role])


def _role(cursor: duckdb.DuckDBPyConnection, person: str) -> Role:
    [(role,)] = cursor.execute("SELECT max_by(role, event_id) FROM role_use WHERE name = ?", [person]).fetchall()
    if role is None:
        rules.known_person(cursor, person)
    assert role is not None  # everybody joins with one
    return role
