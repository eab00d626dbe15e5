"""The ledger as one number: what a backup notes of it, and what a later check compares."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import duckdb

CHUNK = 50_000


def digests(cursor: duckdb.DuckDBPyConnection, marks: Iterable[int], columns: Sequence[str]) -> dict[int, str]:
    """For each mark, the SHA-256 (hex) of the events up to it, of these columns (ledger.COLUMNS or older ones), in
    their order; one reading for all of them."""
    names = ", ".join("at_utc" if name == "at" else name for name in columns)
    left, found, digest = sorted(set(marks)), {}, hashlib.sha256()
    for row in rows(cursor, f"SELECT event_id, {names} FROM event ORDER BY event_id"):
        while left and row[0] > left[0]:
            found[left.pop(0)] = digest.hexdigest()
        if not left:
            break
        digest.update(repr(row[1:]).encode("utf8"))
    return found | dict.fromkeys(left, digest.hexdigest())


def rows(cursor: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, fetched in chunks."""
    found = cursor.execute(sql)
    while chunk := found.fetchmany(CHUNK):
        yield from chunk
