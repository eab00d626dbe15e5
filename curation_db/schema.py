"""Migrations: numbered SQL files, each run with its record in one transaction."""

import dataclasses
import re
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipeline.errors import WorkspaceError
from pipeline.files import whole

MIGRATIONS = Path(__file__).parent / "migrations"
RECORD = (
    "CREATE TABLE schema_migration (version INTEGER PRIMARY KEY, name VARCHAR NOT NULL, at_utc TIMESTAMP NOT NULL)"
)


@dataclasses.dataclass(frozen=True)
class Migration:
    version: int
    name: str
    sql: str


def migrations(folder: Path) -> list[Migration]:
    """The migrations NNNN_name.sql of a folder, in order."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        if match := re.fullmatch(r"(\d{4})_(\w+)", path.stem):
            found.append(Migration(int(match[1]), match[2], path.read_text(encoding="utf8")))
    return found


def version(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Version of the open file's schema, 0 where it holds nothing yet.

    Raises WorkspaceError where it holds the tables of something else.
    """
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "schema_migration" in tables:
        [row] = connection.execute("SELECT coalesce(max(version), 0) FROM schema_migration").fetchall()
        return row[0]
    if tables:
        raise WorkspaceError(
            f"{path}: a DuckDB file with the tables {', '.join(sorted(tables)[:5])}, expected a Lexalign curation "
            "store; it was left as it is, give another path"
        )
    return 0


def migrate(connection: duckdb.DuckDBPyConnection, pending: list[Migration], path: Path) -> None:
    """Run the pending migrations; one that fails leaves the file as it was after the one before.

    Raises WorkspaceError that names the migration.
    """
    for step in pending:
        connection.execute("BEGIN")
        try:
            if step.version == 1:
                connection.execute(RECORD)
            connection.execute(step.sql)
            at = datetime.now(UTC).replace(tzinfo=None)
            connection.execute("INSERT INTO schema_migration VALUES (?, ?, ?)", [step.version, step.name, at])
            connection.execute("COMMIT")
        except duckdb.Error as error:
            connection.execute("ROLLBACK")
            raise WorkspaceError(
                f"{path}: migration {step.version:04d}_{step.name} failed ({told(error)}); the file is at version "
                f"{step.version - 1} and keeps every rating. Use the Lexalign that wrote it and report this"
            ) from error


def copy_database(connection: duckdb.DuckDBPyConnection, to: Path) -> None:
    """A consistent copy of the open database at `to`, whole or absent.

    It goes through DuckDB: closing a second handle on the file would let go of the process's POSIX lock on it.
    Raises WorkspaceError where it cannot be written.
    """
    with whole(to) as part:
        part.unlink()
        [(name,)] = connection.execute("SELECT current_database()").fetchall()
        try:
            connection.execute(f"ATTACH {_quoted(str(part), chr(39))} AS lexalign_copy")
            try:
                connection.execute(f"COPY FROM DATABASE {_quoted(name, chr(34))} TO lexalign_copy")
            finally:
                connection.execute("DETACH lexalign_copy")
        except duckdb.Error as error:
            raise WorkspaceError(
                f"{to}: no backup written ({told(error)}); check the space and permissions"
            ) from error


def told(error: object) -> str:
    """DuckDB's words on one line."""
    return " ".join(str(error).split())


def _quoted(text: str, quote: str) -> str:
    # ATTACH and COPY FROM DATABASE take no bound parameters
    return quote + text.replace(quote, quote * 2) + quote
