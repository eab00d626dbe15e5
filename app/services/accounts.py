"""Password accounts: argon2id hashes in the vault, one-time codes that become passwords, attempts that are slowed."""

import dataclasses
import secrets
import threading
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from app.services import vault
from app.services.throttle import Throttle
from app.services.vault import Account, Vault
from curation_db.commands import folded
from pipeline.errors import InputError
from pipeline.workspace import Workspace

SHORTEST, LONGEST = 10, 200
CODE_DAYS = 7
CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without those that are mistaken for one another."""
_hasher = PasswordHasher()  # argon2id with the costs of RFC 9106 for 64 MiB
_at_once = threading.BoundedSemaphore(2)  # each takes 64 MiB and a core


@dataclass(frozen=True)
class Answer:
    """To a password. "choose": it was a one-time code, which only opens the choice of a password; `wait` in seconds."""

    kind: Literal["in", "choose", "wrong", "wait"]
    name: str = ""
    wait: float = 0.0


@dataclass(frozen=True)
class Attempt:
    """Somebody types a password at an address; `now` is in seconds of a steady clock."""

    name: str
    password: str = dataclasses.field(repr=False)
    address: str
    now: float


def check(workspace: Workspace, throttle: Throttle, attempt: Attempt, *, at: datetime) -> Answer:
    """Whether the password is that person's. An unknown name takes as long as a wrong password."""
    wait = throttle.attempt(folded(attempt.name.strip()), attempt.address, attempt.now)
    if wait:
        return Answer("wait", wait=wait)
    found = _find(vault.read(workspace), attempt.name)
    account = found[1] if found else None
    right = _same(account.hash if account else _nobodys(), attempt.password)
    if found is None or account is None or not right or _over(account, at):
        return Answer("wrong")
    throttle.forgive(folded(attempt.name.strip()), attempt.address)
    if account.code_until is not None:
        return Answer("choose", found[0])
    if _hasher.check_needs_rehash(account.hash):
        _keep(workspace, found[0], Account(_hash(attempt.password)), leave=False)
    return Answer("in", found[0])


def choose(workspace: Workspace, throttle: Throttle, attempt: Attempt, password: str, *, at: datetime) -> Answer:
    """A password in place of the one-time code, or password, of the attempt: "in" where that was right.

    Raises InputError for one that is too short, too long or the same.
    """
    password = fit(password)
    if password == _plain(attempt.password):
        raise InputError("the new password is the old one; choose another")
    answer = check(workspace, throttle, attempt, at=at)
    if answer.kind not in ("in", "choose"):
        return answer
    give_password(workspace, answer.name, password)
    return Answer("in", answer.name)


def give_password(workspace: Workspace, name: str, password: str) -> None:
    """Set it; browsers that were signed in by the old one are signed out. Raises InputError as `fit`."""
    _keep(workspace, name, Account(_hash(fit(password))), leave=True)


def give_code(workspace: Workspace, name: str, *, at: datetime) -> str:
    """A one-time code in place of the person's password, good for CODE_DAYS; only its hash is kept."""
    code = new_code()
    until = (at + timedelta(days=CODE_DAYS)).timestamp()
    _keep(workspace, name, Account(_hash(code), until), leave=True)
    return code


def remove(workspace: Workspace, name: str) -> None:
    """Take all the person's ways in away, and sign their browsers out."""

    def act(before: Vault) -> Vault:
        return dataclasses.replace(
            before,
            accounts=vault.without(before.accounts, lambda person, _: person != name),
            allowed=vault.without(before.allowed, lambda _, person: person != name),
            visits=vault.without(before.visits, lambda _, visit: visit.name != name),
        )

    vault.change(workspace, act)


def new_code() -> str:
    """XXXX-XXXX-XXXX-XXXX: 78 random bits."""
    return "-".join("".join(secrets.choice(CODE_LETTERS) for _ in range(4)) for _ in range(4))


def fit(password: str) -> str:
    """The password as it is hashed. Raises InputError where it is too short or too long."""
    password = _plain(password)
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(
            f"password of {len(password)} characters: expected {SHORTEST} to {LONGEST}; a few words are easiest"
        )
    return password


def hash_of(code: str) -> str:
    return _hash(code)


def same(hashed: str, code: str) -> bool:
    """Whether a hash is of this code."""
    return _same(hashed, code.strip().upper())


def _keep(workspace: Workspace, name: str, account: Account, *, leave: bool) -> None:
    def act(before: Vault) -> Vault:
        visits = vault.without(before.visits, lambda _, visit: not leave or visit.name != name)
        return dataclasses.replace(before, accounts=before.accounts | {name: account}, visits=visits)

    vault.change(workspace, act)


def _find(known: Vault, name: str) -> tuple[str, Account] | None:
    wanted = folded(name.strip())
    return next(((one, account) for one, account in known.accounts.items() if folded(one) == wanted), None)


def _over(account: Account, at: datetime) -> bool:
    return account.code_until is not None and at.timestamp() > account.code_until


@cache
def _nobodys() -> str:
    return _hash(new_code())


def _hash(password: str) -> str:
    with _at_once:
        return _hasher.hash(_plain(password))


def _same(hashed: str, password: str) -> bool:
    try:
        with _at_once:
            return _hasher.verify(hashed, _plain(password)[:LONGEST])
    except VerificationError:
        return False


def _plain(password: str) -> str:
    """One spelling of an accented letter, however the keyboard makes it."""
    return unicodedata.normalize("NFC", password)
