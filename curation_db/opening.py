"""Open curation.duckdb: whose it is, which version, whether it is whole, and its pending migrations."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from curation_db import schema
from pipeline.errors import StoreBusy, WorkspaceError

# Half of the cores: an encoder or a translator often runs beside, and a key-press is no faster with more
THREADS = max(1, (os.cpu_count() or 1) // 2)
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "threads": THREADS,
}
HEADER = 3 * 4096  # a DuckDB file is three header pages, then whole blocks


def ready(path: Path, known: list[schema.Migration]) -> duckdb.DuckDBPyConnection:
    """The file, open for writing, whole and up to date. Raises as `store.open_store`."""
    if path.exists():
        _peek(path, known)
    connection = _connect(path, read_only=False)
    try:
        version = schema.version(connection, path)
        _check_version(version, known, path)
        _write_ahead(connection, path)
        pending = [step for step in known if step.version > version]
        if pending and version:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
            name = f"{path.stem}-{stamp}-before-{pending[0].version:04d}{path.suffix}"
            schema.copy_database(connection, path.with_name(name))
        schema.migrate(connection, pending, path)
        _write_ahead(connection, path)
        _check_whole(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _peek(path: Path, known: list[schema.Migration]) -> None:
    """Read-only first: opening for writing would replay and rewrite a file that is not ours to touch."""
    try:
        with _connect(path, read_only=True) as peek:
            _check_version(schema.version(peek, path), known, path)
    except WorkspaceError as error:
        # a log that makes an index, as a killed migration leaves one, is replayed by a writer only
        if "replaying WAL" not in str(error):
            raise


def _connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return duckdb.connect(str(path), read_only=read_only, config=CONFIG)
    except duckdb.Error as error:
        if "Could not set lock" in str(error):
            pid = re.search(r"PID (\d+)", str(error))
            raise StoreBusy(busy(path, int(pid[1]) if pid else None)) from error
        raise WorkspaceError(_damaged(path, error)) from error
    except OSError as error:
        raise WorkspaceError(f"{path}: cannot be opened ({error.strerror}); check the permissions") from error


def _write_ahead(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Take what a killed process left in the write-ahead log into the file, now: DuckDB 1.5 loses these rows from
    every index that nobody used before the file is closed, and lookups then find nothing."""
    try:
        connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        raise WorkspaceError(
            f"{path}: cannot be written ({schema.told(error)}); is the disk full? Nothing is lost: free some space "
            "and start again"
        ) from error


def _check_version(found: int, known: list[schema.Migration], path: Path) -> None:
    if found > known[-1].version:
        raise WorkspaceError(
            f"{path}: schema version {found}, expected {known[-1].version} or less; a newer Lexalign wrote it: "
            "update this one. The file was left as it is"
        )


def _check_whole(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """A cut file opens without an error: compare its length, and read the ledger, whose blocks have checksums.

    Free blocks do not count: DuckDB cuts them off the end of a file itself.
    """
    try:
        [(blocks, size)] = connection.execute(
            "SELECT used_blocks, block_size FROM pragma_database_size()"
        ).fetchall()
        expected = HEADER + blocks * size if blocks else 0
        if path.stat().st_size < expected:
            raise WorkspaceError(_damaged(path, f"{path.stat().st_size} bytes, expected {expected}"))
        connection.execute("SELECT sum(hash(e) & 1) FROM event e").fetchall()
    except duckdb.Error as error:
        raise WorkspaceError(_damaged(path, error)) from error


def busy(path: Path, pid: int | None) -> str:
    """Who has the file, and what to do about it; `pid` None where nobody knows."""
    who = "this process" if pid == os.getpid() else f"process {pid}" if pid else "another process"
    return (
        f"{path}: open in {who}, and one process may have it at a time; close the other Lexalign window or "
        f"stop {'that process' if pid != os.getpid() else 'the other session'}, then try again"
    )


def _damaged(path: Path, reason: object) -> str:
    return (
        f"{path}: cannot be read ({schema.told(reason)}); expected a whole DuckDB file. Nothing was deleted: "
        f"put it aside and restore a backup ({path.stem}-*-before-*{path.suffix} beside it, or one of your own)"
    )
