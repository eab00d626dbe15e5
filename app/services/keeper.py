"""Backups on a schedule, in the process that has the store: at its start, then every so many hours."""

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from weakref import WeakSet

from curation_db import policy
from curation_db.safety import backups
from curation_db.store import Store
from pipeline.errors import LexalignError

EVERY = 24
"""Hours between two backups, where nobody agreed on another number (policy "backup_hours"); 0 is never."""
LOOK = 60.0

_troubles: dict[Path, str] = {}
_kept: WeakSet[Store] = WeakSet()
_starting = threading.Lock()


def folder(store: Store) -> Path:
    return store.path.parent / "backups"


def hours(store: Store) -> int:
    agreed = policy.agreed(store, "backup_hours")
    return EVERY if agreed is None else agreed


def trouble(store: Store) -> str | None:
    """Why the last scheduled backup was not written, None where it was."""
    return _troubles.get(store.path)


def look(store: Store, *, at: datetime) -> bool:
    """Take a scheduled backup if one is due, and thin out the old ones; True where one was taken.

    What prevents it is kept for the page to tell: rating goes on.
    """
    try:
        every = hours(store)
        if not every or not backups.due(backups.found(folder(store)), timedelta(hours=every), at=at):
            return False
        backups.take(store, folder(store), "schedule", at=at)
        backups.thin(folder(store))
    except LexalignError as error:
        _troubles[store.path] = str(error)
        return False
    _troubles.pop(store.path, None)
    return True


def before_risk(store: Store, *, at: datetime) -> None:
    """A backup before something that changes much. Raises WorkspaceError where it cannot be written: the risk is
    then not to be taken."""
    backups.take(store, folder(store), "risk", at=at)
    backups.thin(folder(store))


def start(store: Store) -> None:
    """Look now and every minute until the store is closed, in a thread that ends with the process; once a store."""
    with _starting:
        if store in _kept:
            return
        _kept.add(store)
    threading.Thread(target=_keep, args=(store,), name="backups", daemon=True).start()


def _keep(store: Store) -> None:
    while not store.closed:
        look(store, at=datetime.now(UTC))
        time.sleep(LOOK)
