"""The one writer's place: opens curation.duckdb, brings it up to date, hands out cursors."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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

_opened: set[Path] = set()
_opened_lock = threading.Lock()


class Store:
    """An open curation store; made by `open_store`. Safe to share between threads.

    One process has it at a time. Readers take a cursor each; commands run one after the other, each in a
    transaction that is on disk (the write-ahead log is synced) before the command returns.
    """

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = path
        self._connection = connection
        self._writer = threading.RLock()
        self._cursors = threading.Lock()
        self._closed = False

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A fresh cursor for one call: a connection shared by threads returns wrong rows without an error.

        Raises WorkspaceError once the store is closed.
        """
        with self._cursors:
            if self._closed:
                raise WorkspaceError(f"{self.path}: this store was closed; open it again")
            cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor in a transaction that no other command shares: all of it is committed, or nothing.

        Raises WorkspaceError where the disk does not take it.
        """
        with self._writer, self.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield cursor
                cursor.execute("COMMIT")
            except (duckdb.IOException, duckdb.FatalException) as error:
                # DuckDB has rolled back by itself, and after a fatal error takes no further statement
                raise WorkspaceError(
                    f"{self.path}: not written ({schema.told(error)}); is the disk full? Free some space and "
                    "start Lexalign again: everything acknowledged before is safe"
                ) from error
            except BaseException:
                cursor.execute("ROLLBACK")
                raise

    def backup(self, to: Path) -> None:
        """A consistent copy at `to` of what is committed now; people may go on rating meanwhile.

        Raises WorkspaceError where `to` exists or cannot be written.
        """
        if to.exists():
            raise WorkspaceError(f"{to}: exists already, expected a new name; a backup never replaces one")
        with self.cursor() as cursor:
            schema.copy_database(cursor, to)

    def close(self) -> None:
        """Let the file go, after the command in progress. Twice is once."""
        with self._writer, self._cursors:
            if self._closed:
                return
            self._closed = True
            self._connection.close()
        with _opened_lock:
            _opened.discard(self.path)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(path: Path, *, migrations: Path = schema.MIGRATIONS) -> Store:
    """The curation store at `path`, made where there is none, with its pending migrations run.

    Before an existing file is migrated, a copy curation-YYYYMMDDTHHMMSS-before-NNNN.duckdb is left beside it.
    Raises StoreBusy where a process, this one included, has it open; WorkspaceError where it is of a newer
    version, damaged or not a DuckDB file: it is then left as it is.
    """
    path = path.resolve()
    with _opened_lock:
        if path in _opened:
            raise StoreBusy(_busy(path, os.getpid()))
        _opened.add(path)
    try:
        return Store(path, _ready(path, schema.migrations(migrations)))
    except BaseException:
        with _opened_lock:
            _opened.discard(path)
        raise


def _ready(path: Path, known: list[schema.Migration]) -> duckdb.DuckDBPyConnection:
    if path.exists():
        # Read-only first: opening for writing would replay and rewrite a file that is not ours to touch
        with _connect(path, read_only=True) as peek:
            _check_version(schema.version(peek, path), known, path)
    connection = _connect(path, read_only=False)
    try:
        version = schema.version(connection, path)
        _check_version(version, known, path)
        pending = [step for step in known if step.version > version]
        if pending and version:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
            name = f"{path.stem}-{stamp}-before-{pending[0].version:04d}{path.suffix}"
            schema.copy_database(connection, path.with_name(name))
        schema.migrate(connection, pending, path)
        _check_whole(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return duckdb.connect(str(path), read_only=read_only, config=CONFIG)
    except duckdb.Error as error:
        if "Could not set lock" in str(error):
            pid = re.search(r"PID (\d+)", str(error))
            raise StoreBusy(_busy(path, int(pid[1]) if pid else None)) from error
        raise WorkspaceError(_damaged(path, error)) from error
    except OSError as error:
        raise WorkspaceError(f"{path}: cannot be opened ({error.strerror}); check the permissions") from error


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


def _busy(path: Path, pid: int | None) -> str:
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
