"""The one writer's place: opens curation.duckdb, brings it up to date, hands out cursors."""

import os
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from curation_db import opening, schema
from pipeline.errors import StoreBusy, WorkspaceError

PATIENCE = 10.0
"""Seconds that `shut` waits for readers."""

_opened: set[Path] = set()
_opened_lock = threading.Lock()

Kept = TypeVar("Kept")


class Store:
    """An open curation store; made by `open_store`. Safe to share between threads.

    One process has it at a time. Readers take a cursor each; commands run one after the other, each in a
    transaction that is on disk (the write-ahead log is synced) before the command returns.
    """

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = path
        self._connection = connection
        self._writer = threading.RLock()
        self._cursors = threading.Condition()
        self._out = 0
        self._shutting = False
        self._kept: dict[Hashable, Any] = {}
        self._own = threading.local()
        self._closed = False
        self._opened = self._commands = 0

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A fresh cursor for one call: a connection shared by threads returns wrong rows without an error.

        Raises WorkspaceError once the store is closed.
        """
        depth = getattr(self._own, "depth", 0)
        with self._cursors:
            # whoever reads already may finish, for which they may need another cursor
            self._cursors.wait_for(lambda: depth or not self._shutting)
            if self._closed:
                raise WorkspaceError(f"{self.path}: this store was closed; open it again")
            cursor = self._connection.cursor()
            self._out += 1
        self._own.depth = depth + 1
        try:
            yield cursor
        except duckdb.ConnectionException as error:
            if not self._closed:
                raise
            raise WorkspaceError(f"{self.path}: closed before this was read; open it again") from error
        finally:
            cursor.close()
            self._own.depth = depth
            with self._cursors:
                self._out -= 1
                self._cursors.notify_all()

    def kept(self, name: Hashable, read: Callable[[duckdb.DuckDBPyConnection], Kept]) -> Kept:
        """What changes seldom (a role, the run in use), read once: every command but a judgement forgets it."""
        kept = self._kept  # what is forgotten meanwhile is another dictionary's
        if name not in kept:
            with self.cursor() as cursor:
                kept[name] = read(cursor)
        return kept[name]

    @contextmanager
    def writing(self, *, judging: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor in a transaction that no other command shares: all of it is committed, or nothing. `judging` says
        that it changes nothing that is `kept`.

        Raises WorkspaceError where the disk does not take it.
        """
        with self._writer, self.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield cursor
                cursor.execute("COMMIT")
                self._commands += 1
                if not judging:
                    self._kept = {}
            except (duckdb.IOException, duckdb.FatalException) as error:
                # DuckDB has rolled back by itself, and after a fatal error takes no further statement
                raise WorkspaceError(
                    f"{self.path}: not written ({schema.told(error)}); is the disk full? Free some space and "
                    "start Lexalign again: everything acknowledged before is safe"
                ) from error
            except BaseException:
                cursor.execute("ROLLBACK")
                raise

    @property
    def version(self) -> tuple[int, int]:
        """(exchanges of the file, commands) so far: what was worked out of the ledger holds while both stand."""
        return self._opened, self._commands

    @property
    def closed(self) -> bool:
        """Whether it was let go of; not while its file is exchanged."""
        return self._closed and not self._shutting

    def backup(self, to: Path) -> None:
        """A consistent copy at `to` of what is committed now; people may go on rating meanwhile.

        Raises WorkspaceError where `to` exists or cannot be written.
        """
        if to.exists():
            raise WorkspaceError(f"{to}: exists already, expected a new name; a backup never replaces one")
        with self.cursor() as cursor:
            schema.copy_database(cursor, to)

    @contextmanager
    def shut(self) -> Iterator[Path]:
        """The file with nobody in it, for whoever puts another in its place; it is opened again on the way out.

        Commands and readers wait meanwhile, and find what is there then. Raises WorkspaceError where a reader does
        not end in time, or where the file cannot be opened again: the store is closed then.
        """
        with self._writer, self._cursors:
            self._shutting = True
            try:
                if not self._cursors.wait_for(lambda: self._out == 0, PATIENCE):
                    raise WorkspaceError(f"{self.path}: still read after {PATIENCE:.0f} seconds; try again")
                if self._closed:
                    raise WorkspaceError(f"{self.path}: this store was closed; open it again")
                self._connection.close()
                self._closed = True
                try:
                    yield self.path
                finally:
                    self._connection = opening.ready(self.path, schema.migrations(schema.MIGRATIONS))
                    self._closed, self._kept = False, {}
                    self._opened += 1
            finally:
                self._shutting = False
                self._cursors.notify_all()

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
            raise StoreBusy(opening.busy(path, os.getpid()))
        _opened.add(path)
    try:
        return Store(path, opening.ready(path, schema.migrations(migrations)))
    except BaseException:
        with _opened_lock:
            _opened.discard(path)
        raise
