"""The store as it was at a past moment: the same views, over the ledger read up to then."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from curation_db import ledger
from curation_db.figures import reports
from curation_db.store import Store
from pipeline.errors import WorkspaceError

VIEWS = "SELECT sql FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal AND NOT temporary ORDER BY view_oid"
# run, entry and alignment have no event_id: what a run proposed never changes, and run_use says when it was in use
DATED = """
SELECT table_name FROM duckdb_columns() JOIN duckdb_tables() USING (database_name, schema_name, table_name)
WHERE column_name = 'event_id' AND schema_name = 'main' AND database_name = current_database()
"""


class Past(Store):
    """What the store held after the event `cut`. Every query of an open store can be asked of it; no command can.

    It reads the open store's own file, through views of each cursor's own that shadow the tables.
    """

    def __init__(self, store: Store, cut: int) -> None:
        self.path = store.path
        self.cut = cut
        self._present = store
        self._kept = {}

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._present.cursor() as cursor:
            _shadow(cursor, self.cut)
            yield cursor

    @contextmanager
    def writing(self, *, judging: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        raise WorkspaceError(f"{self.path}: this is its past, which is only read; ask the open store")
        yield

    def close(self) -> None:
        """Nothing to let go of."""


def at(store: Store, moment: datetime) -> Past:
    """The store after the last event that was recorded at `moment` or before it.

    Events are taken in the order in which they came, so that a clock that was once put back makes no state that
    never was.
    """
    with store.cursor() as cursor:
        [(cut,)] = cursor.execute(
            "SELECT coalesce(max(event_id), 0) FROM event WHERE at_utc <= ?",
            [ledger.utc(moment).replace(tzinfo=None)],
        ).fetchall()
    return Past(store, cut)


def judgements(store: Store, moment: datetime) -> pa.Table:
    """As reports.judgements, of what stood then."""
    return reports.judgements(at(store, moment))


def verdicts(store: Store, moment: datetime) -> pa.Table:
    """As reports.verdicts, of what stood then."""
    return reports.verdicts(at(store, moment))


def curated(store: Store, moment: datetime) -> pa.Table:
    """As reports.curated, of what stood then; `encoders` are those of the run that was in use."""
    return reports.curated(at(store, moment))


def span(store: Store) -> tuple[datetime, datetime] | None:
    """When the first and the last event were recorded, in UTC; None where there is none."""
    with store.cursor() as cursor:
        [(first, last)] = cursor.execute("SELECT min(at_utc), max(at_utc) FROM event").fetchall()
    return (first.replace(tzinfo=UTC), last.replace(tzinfo=UTC)) if first else None


def _shadow(cursor: duckdb.DuckDBPyConnection, cut: int) -> None:
    [(database,)] = cursor.execute("SELECT current_database()").fetchall()
    place = '"' + database.replace('"', '""') + '".main'
    views = cursor.execute(VIEWS).fetchall()
    for (table,) in cursor.execute(DATED).fetchall():
        cursor.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM {place}.{table} WHERE event_id <= {cut:d}")
    for (sql,) in views:
        cursor.execute(sql.replace("CREATE VIEW", "CREATE TEMP VIEW", 1))
