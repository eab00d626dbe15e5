"""Several readings of one and the same moment, whatever is written meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from curation_db.store import Store


@contextmanager
def moment(store: Store) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor whose readings all see what was committed before the first of them."""
    with store.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            yield cursor
        finally:
            cursor.execute("ROLLBACK")  # nothing was written; after an error there is nothing to commit
