"""Copies of the store while people rate: one file each, whole or absent, with a note of what is in it."""

import dataclasses
import itertools
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import duckdb

from curation_db import ledger
from curation_db.safety.sealing import digests
from curation_db.store import Store
from pipeline.errors import WorkspaceError
from pipeline.files import read_json, sha256, write_json

Why = Literal["schedule", "hand", "risk"]
DAYS, WEEKS, OTHERS = 7, 4, 10
RESERVE = 256 << 20
"""Bytes that a backup leaves free on its disk, so that rating can go on."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Backup:
    """A copy and what was noted of it when it was made: `last_event`, the event_id up to which it speaks; `ledger`,
    the digest of those events' `columns`; `bytes` and `sha256` of the file."""

    path: Path
    at: datetime
    why: Why
    bytes: int
    sha256: str
    last_event: int
    ledger: str
    columns: tuple[str, ...]


def take(store: Store, folder: Path, why: Why, *, at: datetime) -> Backup:
    """A copy of what is committed now, in the folder; people may go on rating meanwhile.

    Raises WorkspaceError, with nothing half-written, where the disk cannot take it and keep RESERVE free.
    """
    at = ledger.utc(at)
    _check_space(store, folder)
    path = next(path for path in _names(folder, f"curation-{at:%Y%m%dT%H%M%SZ}-{why}") if not path.exists())
    try:
        store.backup(path)
        backup = _noted(path, why, at)
        values = dataclasses.asdict(backup) | {"path": path.name, "at": at.isoformat()}
        write_json(_note(path), values)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return backup


def found(folder: Path) -> tuple[Backup, ...]:
    """The backups of a folder, the newest first. One without its note was never whole and does not count."""
    backups = [read(note.with_suffix(".duckdb")) for note in folder.glob("curation-*.json")]
    return tuple(sorted((one for one in backups if one), key=lambda one: (one.at, one.path.name), reverse=True))


def read(path: Path) -> Backup | None:
    """What was noted of the backup at `path`, None where nothing was. Raises WorkspaceError where that is damaged."""
    if not (path.is_file() and _note(path).is_file()):
        return None
    values = read_json(_note(path))
    try:
        at = ledger.utc(datetime.fromisoformat(values["at"]))
        return Backup(**values | {"path": path, "at": at, "columns": tuple(values["columns"])})
    except (KeyError, TypeError, ValueError) as error:
        raise WorkspaceError(
            f"{_note(path)}: not the note of a backup ({error}); move it and {path.name} away"
        ) from error


def thin(folder: Path) -> tuple[Path, ...]:
    """Remove scheduled backups but the newest of each of the last 7 days and 4 weeks that have one, and of the
    others all but the last 10; return what went."""
    backups = found(folder)
    stay = kept(backups)
    gone = tuple(one.path for one in backups if one not in stay)
    for path in gone:
        _note(path).unlink()
        path.unlink()
    return gone


def kept(backups: Iterable[Backup]) -> set[Backup]:
    """Those that `thin` leaves."""
    newest = sorted(backups, key=lambda one: one.at, reverse=True)
    scheduled = [one for one in newest if one.why == "schedule"]
    others = [one for one in newest if one.why != "schedule"]
    days = _first_of(scheduled, lambda at: (at.year, at.timetuple().tm_yday))
    weeks = _first_of(scheduled, lambda at: at.isocalendar()[:2])
    return {*days[:DAYS], *weeks[:WEEKS], *others[:OTHERS]}


def due(backups: Iterable[Backup], every: timedelta, *, at: datetime) -> bool:
    """Whether the last scheduled backup is older than `every`, or there is none."""
    times = [one.at for one in backups if one.why == "schedule"]
    return not times or ledger.utc(at) - max(times) >= every


def _first_of(backups: list[Backup], span: Callable[[datetime], tuple[int, ...]]) -> list[Backup]:
    return [next(group) for _, group in itertools.groupby(backups, key=lambda one: span(one.at))]


def _noted(path: Path, why: Why, at: datetime) -> Backup:
    try:
        with duckdb.connect(str(path), read_only=True) as copy:
            [(last,)] = copy.execute("SELECT coalesce(max(event_id), 0) FROM event").fetchall()
            seal = digests(copy, [last], ledger.COLUMNS)[last]
    except duckdb.Error as error:
        raise WorkspaceError(f"{path}: the copy cannot be read back ({error}); check the disk") from error
    return Backup(
        path=path,
        at=at,
        why=why,
        bytes=path.stat().st_size,
        sha256=sha256(path),
        last_event=last,
        ledger=seal,
        columns=ledger.COLUMNS,
    )


def _check_space(store: Store, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise WorkspaceError(f"{folder}: no backup written ({error.strerror}); check the permissions") from error
    wanted = store.path.stat().st_size + RESERVE
    if free < wanted:
        raise WorkspaceError(
            f"{folder}: no backup written, {free >> 20} MB are free, expected {wanted >> 20} MB; free some space. "
            "Rating goes on"
        )


def _names(folder: Path, name: str) -> Iterable[Path]:
    yield folder / f"{name}.duckdb"
    yield from (folder / f"{name}-{number}.duckdb" for number in itertools.count(2))


def _note(path: Path) -> Path:
    return path.with_suffix(".json")
