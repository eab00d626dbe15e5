"""access.json: the ways into a project in team mode. All secrets are in this file, and only its owner may read it."""

import dataclasses
import json
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.errors import FormatError, WorkspaceError
from pipeline.files import whole
from pipeline.locks import lock, open_or_explain, unlock
from pipeline.workspace import Workspace


def _secret() -> Any:
    """A field that no log and no traceback shows."""
    return dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True)
class Account:
    """An argon2id hash: of a password, or of a one-time code where `code_until` (seconds since 1970) ends it."""

    hash: str = _secret()
    code_until: float | None = None


@dataclasses.dataclass(frozen=True)
class Provider:
    """An OpenID provider: the address of its metadata, who we are to it, and the address that people open us at."""

    metadata: str
    client_id: str
    address: str
    client_secret: str = _secret()


@dataclasses.dataclass(frozen=True)
class Visit:
    """A browser that signed in with a password, until (seconds since 1970)."""

    name: str
    until: float


@dataclasses.dataclass(frozen=True)
class Vault:
    """`accounts` by person, `allowed`: e-mail address or subject -> person, `visits` by the SHA-256 of the browser's
    token, `setup`: hash of the code that makes the first administrator."""

    cookie_secret: str = _secret()
    accounts: dict[str, Account] = dataclasses.field(default_factory=dict)
    allowed: dict[str, str] = dataclasses.field(default_factory=dict)
    visits: dict[str, Visit] = dataclasses.field(default_factory=dict, repr=False)
    provider: Provider | None = None
    setup: str | None = dataclasses.field(default=None, repr=False)


_known: dict[Path, tuple[tuple[int, int, int], Vault]] = {}
_threads = threading.Lock()


def path(workspace: Workspace) -> Path:
    return workspace.root / "access.json"


def there(workspace: Workspace) -> bool:
    """Whether the project is in team mode."""
    return path(workspace).exists()


def read(workspace: Workspace) -> Vault:
    """As it is on disk. Raises WorkspaceError where others may read it, FormatError where it is damaged."""
    file = path(workspace)
    state = file.stat()
    if os.name != "nt" and state.st_mode & 0o077:
        raise WorkspaceError(
            f"{file}: others on this machine may read it (mode {state.st_mode & 0o777:o}), expected 600; "
            f"run `chmod 600 {file}`, and give new passwords if you do not trust them"
        )
    stamp = (state.st_mtime_ns, state.st_size, state.st_ino)
    known = _known.get(file)
    if known is None or known[0] != stamp:
        known = _known[file] = (stamp, _parsed(file))
    return known[1]


def change(workspace: Workspace, act: Callable[[Vault], Vault]) -> Vault:
    """Write what `act` makes of the vault; made where there is none. One process and thread at a time."""
    with _alone(workspace):
        before = read(workspace) if there(workspace) else Vault(secrets.token_urlsafe(48))
        after = act(before)
        if after != before or not there(workspace):
            with whole(path(workspace), secret=True) as part:
                part.write_text(json.dumps(dataclasses.asdict(after), ensure_ascii=False, indent=1), "utf8")
        return after


def without(mapping: dict[str, Any], keep: Callable[[str, Any], bool]) -> dict[str, Any]:
    """The items that are kept."""
    return {key: value for key, value in mapping.items() if keep(key, value)}


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    with _threads, open_or_explain(workspace.root / ".access.lock") as file:
        lock(file, wait=True)
        try:
            yield
        finally:
            unlock(file)


def _parsed(file: Path) -> Vault:
    try:
        found = json.loads(file.read_text("utf8"))
        return Vault(
            cookie_secret=found["cookie_secret"],
            accounts={name: Account(**one) for name, one in found["accounts"].items()},
            allowed=dict(found["allowed"]),
            visits={token: Visit(**one) for token, one in found["visits"].items()},
            provider=Provider(**found["provider"]) if found["provider"] else None,
            setup=found["setup"],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # its text could hold a secret: not told
        raise FormatError(
            f"{file}: not what Lexalign writes ({type(error).__name__}); put an older copy in its place, or delete it "
            "and give everybody a new password"
        ) from None
