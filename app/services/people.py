"""What administrators do with people: let them in, change what they may, end it."""

import dataclasses
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.services import accounts, vault
from app.services.membership import EMAIL
from app.services.vault import Provider, Vault
from curation_db import access
from curation_db.access import Role
from curation_db.people import appointing
from curation_db.store import Store
from pipeline.errors import InputError, Refused
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Member:
    """`password`, `code`: whether they have one; `code_until` in seconds since 1970; `allowed`: their e-mail addresses
    and subjects at the OpenID provider."""

    name: str
    role: Role
    password: bool
    code_until: float | None
    allowed: tuple[str, ...]


def members(workspace: Workspace, store: Store, by: str) -> list[Member]:
    """Everybody, in the order in which they joined. Refused for who is no administrator, as all that follows."""
    access.require(store, by, "people")
    return known_members(workspace, store)


def known_members(workspace: Workspace, store: Store) -> list[Member]:
    """As `members`, for the command line."""
    known = vault.read(workspace) if vault.there(workspace) else Vault("")
    found = []
    for name, role in access.roles(store).items():
        account = known.accounts.get(name)
        until = account.code_until if account else None
        allowed = tuple(one for one, person in known.allowed.items() if person == name)
        found.append(Member(name, role, account is not None and until is None, until, allowed))
    return found


def invite(workspace: Workspace, store: Store, by: str, name: str, role: Role, *, at: datetime) -> str:
    """A person with a password account, whose one-time code this is."""
    _in_a_team(workspace)
    name = appointing.invite(store, by, name, role, at=at)
    return accounts.give_code(workspace, name, at=at)


def new_code(workspace: Workspace, store: Store, by: str, name: str, *, at: datetime) -> str:
    """A one-time code in place of a password that somebody forgot."""
    access.require(store, by, "people")
    access.role(store, name)  # nobody else gets an account
    _in_a_team(workspace)
    return accounts.give_code(workspace, name, at=at)


def allow(
    workspace: Workspace, store: Store, by: str, identity: str, name: str, role: Role, *, at: datetime
) -> None:
    """Let in whom the OpenID provider knows by this e-mail address, or sub:SUBJECT, as this person."""
    _in_a_team(workspace)
    identity = known_as(identity)
    let_in(workspace, identity, appointing.invite(store, by, name, role, at=at))


def set_role(workspace: Workspace, store: Store, by: str, name: str, role: Role, *, at: datetime) -> None:
    """From the next click on. "former" takes their ways in away, too; what they did stays."""
    access.set_role(store, by, name, role, at=at)
    if role == "former" and vault.there(workspace):
        accounts.remove(workspace, name)


def known_as(identity: str) -> str:
    """An e-mail address in lower case, or sub:SUBJECT as it is. Raises InputError."""
    identity = identity.strip()
    if not re.fullmatch(r"sub:\S{1,255}", identity) and not EMAIL.fullmatch(identity):
        raise InputError(
            f"{identity!r}: expected an e-mail address, or sub: and the provider's subject of the person"
        )
    return identity if identity.startswith("sub:") else identity.lower()


def let_in(workspace: Workspace, identity: str, name: str) -> None:
    """Write the allow-list; the person is there already."""
    vault.change(
        workspace,
        lambda before: dataclasses.replace(before, allowed=before.allowed | {identity: name}),
    )


def use_provider(workspace: Workspace, provider: Provider) -> None:
    """From the next start of the server on. Raises InputError where an address is none."""
    for address in (provider.metadata, provider.address):
        if not address.startswith(("https://", "http://")):
            raise InputError(f"address {address!r}: expected one that begins with https://")
    vault.change(workspace, lambda before: dataclasses.replace(before, provider=provider))


def secrets_of(workspace: Workspace) -> dict[str, Any] | None:
    """What Streamlit's st.login reads of the provider; None where there is none."""
    if not vault.there(workspace):
        return None
    known = vault.read(workspace)
    if known.provider is None:
        return None
    return {
        "auth": {
            "redirect_uri": f"{known.provider.address.rstrip('/')}/oauth2callback",
            "cookie_secret": known.cookie_secret,
            "client_id": known.provider.client_id,
            "client_secret": known.provider.client_secret,
            "server_metadata_url": known.provider.metadata,
        }
    }


def _in_a_team(workspace: Workspace) -> None:
    if not vault.there(workspace):
        raise Refused(
            f"{workspace.root}: found local mode, expected team mode; start it with `lexalign app --team`"
        )
