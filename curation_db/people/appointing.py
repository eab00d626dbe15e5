"""Letting people in with a role, where they do not join by themselves."""

from datetime import datetime

from curation_db import access, commands
from curation_db.access import Role
from curation_db.store import Store


def invite(store: Store, by: str, name: str, role: Role, *, at: datetime) -> str:
    """On an administrator's word: the person's name as stored, now with this role. Refused as `access.set_role`."""
    access.check_role(role)
    name = commands.add_person(store, name, role=role, by=by, at=at)
    access.set_role(store, by, name, role, at=at)
    return name


def appoint(store: Store, name: str, role: Role, *, at: datetime) -> str:
    """As `invite`, on the word of whoever runs the machine: the command line, or the set-up code that it printed."""
    access.check_role(role)
    name = commands.add_person(store, name, role=role, at=at)
    with store.writing() as cursor:
        access.give(cursor, name, name, role, at)
    return name
