"""Who is there in team mode: by the cookie of a password's visit, or by what the OpenID provider said."""

import dataclasses
import hashlib
import re
import secrets
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.services import accounts, vault
from app.services.accounts import Answer
from app.services.throttle import Throttle
from app.services.vault import Vault, Visit
from curation_db import access
from curation_db.people import appointing
from curation_db.store import Store
from pipeline.workspace import Workspace

LOOPBACK = ("127.0.0.1", "localhost", "::1")
OPEN = (
    "{address}: others than this machine would rate under any name; expected 127.0.0.1, or team mode, in which people "
    "sign in: start with `lexalign app --team --address {address}`"
)
EMAIL = re.compile(r"[^\s@:]{1,64}@[^\s@:]{1,255}")
COOKIE = "lexalign_visit"
ENTER = "/account/enter"
VISIT = timedelta(days=14)
TICKET = 60.0
"""Seconds between a right password and the request that fetches its cookie."""
THROTTLE = Throttle()


def team(workspace: Workspace) -> bool:
    return vault.there(workspace)


def person(
    workspace: Workspace, cookies: Mapping[str, str], claims: Mapping[str, Any], *, at: datetime
) -> str | None:
    """The person's name, None for nobody and for an outsider. Asked at every click: what was taken away is gone."""
    known = vault.read(workspace)
    visit = known.visits.get(_digest(cookies.get(COOKIE, "")))
    if visit is not None and visit.until > at.timestamp() and visit.name in known.accounts:
        return visit.name
    return next((known.allowed[one] for one in identities(claims) if one in known.allowed), None)


def identities(claims: Mapping[str, Any]) -> list[str]:
    """What the allow-list may name of a person that the provider let in: sub:SUBJECT, and their e-mail address unless
    the provider says that nobody verified it."""
    if not claims.get("is_logged_in"):
        return []
    found = [f"sub:{claims['sub']}"] if claims.get("sub") else []
    email = str(claims.get("email", "")).strip().lower()
    if EMAIL.fullmatch(email) and claims.get("email_verified") is not False:
        found.append(email)
    return found


def has_provider(workspace: Workspace) -> bool:
    return vault.read(workspace).provider is not None


def by_password(workspace: Workspace, cookies: Mapping[str, str]) -> bool:
    """Whether the browser was signed in with a password."""
    return _digest(cookies.get(COOKIE, "")) in vault.read(workspace).visits


def enter(workspace: Workspace, name: str, *, at: datetime) -> str:
    """A visit begins: the token that its browser keeps, of which only the hash is kept here."""
    token = secrets.token_urlsafe(32)
    visit = Visit(name, (at + VISIT).timestamp())

    def act(before: Vault) -> Vault:
        current = vault.without(before.visits, lambda _, one: one.until > at.timestamp())
        return dataclasses.replace(before, visits=current | {_digest(token): visit})

    vault.change(workspace, act)
    return token


def leave(workspace: Workspace, cookies: Mapping[str, str]) -> None:
    """The browser's visit ends, in all its windows."""
    token = _digest(cookies.get(COOKIE, ""))
    vault.change(
        workspace,
        lambda before: dataclasses.replace(
            before, visits=vault.without(before.visits, lambda one, _: one != token)
        ),
    )


def setup_code(workspace: Workspace, store: Store) -> str | None:
    """A new code for the first administrator where no administrator has a way in; None, and no code, where one has."""
    known, roles = vault.read(workspace), access.roles(store)
    ways = {*known.accounts, *(known.allowed.values() if known.provider else ())}
    code = None if any(roles.get(name) == "administrator" for name in ways) else accounts.new_code()
    hashed = accounts.hash_of(code) if code else None
    vault.change(workspace, lambda before: dataclasses.replace(before, setup=hashed))
    return code


def waits_for_setup(workspace: Workspace) -> bool:
    return vault.read(workspace).setup is not None


def set_up(
    workspace: Workspace,
    store: Store,
    code: str,
    name: str,
    password: str,
    address: str,
    *,
    at: datetime,
    now: float,
) -> Answer:
    """Make the first administrator; the code opens nothing after that. Raises InputError for a name or password
    that cannot be."""
    password = accounts.fit(password)
    wait = THROTTLE.attempt("", address, now)
    if wait:
        return Answer("wait", wait=wait)
    hashed = vault.read(workspace).setup
    if hashed is None or not accounts.same(hashed, code):
        return Answer("wrong")
    THROTTLE.forgive("", address)
    name = appointing.appoint(store, name, "administrator", at=at)
    accounts.give_password(workspace, name, password)
    vault.change(workspace, lambda before: dataclasses.replace(before, setup=None))
    return Answer("in", name)


class Tickets:
    """From the screen that saw a right password to the request that sets the cookie, which a screen cannot do."""

    def __init__(self) -> None:
        self._names: dict[str, tuple[str, float]] = {}
        self._alone = threading.Lock()

    def give(self, name: str, now: float) -> str:
        ticket = secrets.token_urlsafe(32)
        with self._alone:
            self._names = {key: one for key, one in self._names.items() if now - one[1] < TICKET}
            self._names[ticket] = (name, now)
        return ticket

    def take(self, ticket: str, now: float) -> str | None:
        """Whose it is; None once it was taken or is too old."""
        with self._alone:
            name, given = self._names.pop(ticket, ("", -TICKET))
        return name if now - given < TICKET else None


TICKETS = Tickets()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
