"""One pass of DuckDB over an RRF file: the rows to keep into Parquet, the others counted by the rule they met.

The reader pads short lines and has one column more than a good line, so that a row with a field too few or too
many shows in SQL. Sequences count what each rule drops: they cost less than a second reading or a call of Python.
"""

import dataclasses
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.ingest.lines import Table
from pipeline.progress import Progress

PARQUET = (
    "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 100000, DICTIONARY_SIZE_LIMIT 1000"
)


@dataclasses.dataclass(frozen=True)
class Rule:
    """Drops the rows for which `sql` holds, under a name that the manifest counts."""

    name: str
    sql: str


@dataclasses.dataclass(frozen=True)
class Scan:
    kept: int
    dropped: dict[str, int]

    @property
    def rows(self) -> int:
        return self.kept + sum(self.dropped.values())


def connect(work: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """A database in memory that spills into `work`."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory_limit,
            "temp_directory": str(work / "spill"),
            "preserve_insertion_order": True,
        },
    )
    # query_progress() answers only with the bar on
    connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    return connection


def scan(
    path: Path,
    table: Table,
    rules: Sequence[Rule],
    out: Path,
    *,
    work: Path,
    memory_limit: str,
    concepts: Path | None = None,
    progress: Progress,
) -> Scan:
    """Rows of `path` that no rule drops, to the Parquet file `out` in their order.

    `concepts`: Parquet whose CUIs alone are kept (counted as other_concepts). Raises duckdb.Error where the reader
    stumbles (a carriage return inside a line, a line too long): the caller then reads a mended copy.
    """
    rules = [Rule("broken", _broken(table)), *rules]
    if concepts:
        rules = [*rules, Rule("other_concepts", "known IS NULL")]
    with connect(work, memory_limit) as connection:
        for number in range(len(rules)):
            connection.execute(f"CREATE SEQUENCE rule_{number}")
        with _polled(connection, path.stat().st_size, progress, f"reading {table.name}"):
            [(kept,)] = connection.execute(_copy(path, table, rules, out, concepts)).fetchall()
        counts = dict(connection.execute("SELECT sequence_name, last_value FROM duckdb_sequences()").fetchall())
    dropped = {rule.name: counts[f"rule_{number}"] or 0 for number, rule in enumerate(rules)}
    dropped.pop("broken")
    return Scan(kept, dropped)


def literal(value: str) -> str:
    """A SQL string: COPY takes no bound parameters."""
    return "'" + value.replace("'", "''") + "'"


def _copy(path: Path, table: Table, rules: Sequence[Rule], out: Path, concepts: Path | None) -> str:
    names = table.schema.names
    padded = [*names, "after", "surplus"]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in padded)
    # nullstr keeps an empty cell apart from the NULL of a padded one
    reader = (
        f"read_csv({literal(_escaped(path))}, delim='|', header=false, quote='', escape='', nullstr='\x01', "
        f"auto_detect=false, null_padding=true, ignore_errors=true, new_line='\\n', columns={{{columns}}})"
    )
    verdicts = " ".join(f"WHEN {rule.sql} THEN nextval('rule_{n}') < 0" for n, rule in enumerate(rules))
    source = reader
    if concepts:
        known = f"(SELECT DISTINCT CUI AS known FROM read_parquet({literal(str(concepts))}))"
        source = f"{reader} LEFT JOIN {known} ON CUI = known"
    return f"""
        COPY (
            SELECT {", ".join(names)} FROM {source}
            WHERE CASE {verdicts} ELSE true END
        ) TO {literal(str(out))} ({PARQUET})"""


def _broken(table: Table) -> str:
    """Holds for what `lines.reason` refuses, as far as the reader lets it through and a comparison can tell."""
    return (
        "after IS NULL OR after <> '' OR surplus IS NOT NULL OR strlen(CUI) <> 8 "
        f"OR CUI NOT BETWEEN 'C0000000' AND 'C9999999' OR {table.needed} = '' OR {table.needed} IS NULL"
    )


def _escaped(path: Path) -> str:
    """The path with its glob characters taken as letters."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path))


@contextmanager
def _polled(connection: duckdb.DuckDBPyConnection, total: int, progress: Progress, label: str) -> Iterator[None]:
    stop = threading.Event()

    def poll() -> None:
        while not stop.wait(0.5):
            share = connection.query_progress()
            if share >= 0:
                progress(min(total, int(total * share / 100)), total, label)

    thread = threading.Thread(target=poll, daemon=True)
    thread.start()
    try:
        yield
        progress(total, total, label)
    finally:
        stop.set()
        thread.join()
