"""Put a backup in the place of the present store; the present file is put aside first, never removed."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from curation_db import access, ledger
from curation_db.safety import backups
from curation_db.store import Store, open_store
from pipeline.errors import StoreBusy, WorkspaceError
from pipeline.files import sha256, whole_folder


def restore(store: Store, by: str, backup: Path, *, at: datetime) -> Path:
    """Go back to a backup in the open store: whoever has it open finds that state, and the ledger says who did it.
    Returns where the present file was put aside.

    Refused for whoever is not an administrator; WorkspaceError where the backup is damaged, which leaves the present
    state as it is.
    """
    access.require(store, by, "safety")
    with _prepared(backup, store.path) as candidate, store.shut() as path:
        aside = _exchange(path, candidate, at)
    with store.writing() as cursor:
        ledger.append(cursor, str(uuid.uuid4()), at, "restore", person=by, text=backup.name)
    return aside


def restore_file(path: Path, backup: Path, *, at: datetime) -> Path | None:
    """As `restore`, where no process has the store open; the present file may be damaged, or absent (then None).

    Raises StoreBusy where a process has it open.
    """
    try:
        if path.exists():
            open_store(path).close()
    except StoreBusy:
        raise
    except WorkspaceError:
        pass  # a damaged file is what one restores for; it is put aside like any other
    with _prepared(backup, path) as candidate:
        if path.exists():
            return _exchange(path, candidate, at)
        candidate.rename(path)
        return None


@contextmanager
def _prepared(backup: Path, path: Path) -> Iterator[Path]:
    """A copy of the backup beside `path`, found whole and brought up to date."""
    if not backup.is_file():
        raise WorkspaceError(f"{backup}: not there, expected a backup; choose one of the list")
    noted = backups.read(backup)
    folder = path.with_name(f".{path.name}.restoring")
    shutil.rmtree(folder, ignore_errors=True)  # of a process that was killed in the middle
    with whole_folder(folder) as part:
        shutil.copyfile(backup, part / path.name)
        if noted is not None and (found := sha256(part / path.name)) != noted.sha256:
            raise WorkspaceError(
                f"{backup}: damaged (SHA-256 {found[:12]}…, noted {noted.sha256[:12]}…); nothing was changed, "
                "choose another backup"
            )
    try:
        open_store(folder / path.name).close()
        yield folder / path.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _exchange(path: Path, candidate: Path, at: datetime) -> Path:
    name = f"{path.stem}-{ledger.utc(at):%Y%m%dT%H%M%SZ}-before-restore"
    tries = (path.with_name(f"{name}{number}{path.suffix}") for number in ("", *(f"-{n}" for n in range(2, 1000))))
    aside = next(one for one in tries if not one.exists())
    wal = path.with_name(f"{path.name}.wal")  # what a full disk, or a kill, left out of the file
    if wal.exists():
        wal.rename(aside.with_name(f"{aside.name}.wal"))
    path.rename(aside)
    candidate.rename(path)
    return aside
