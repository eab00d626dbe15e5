"""The measures of an integrity report, each one query over a view. Table and column names come from contracts."""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

EXAMPLES = 20
GROUPS = 200
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
BINS = (0, 1, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120)
# UTF-8 read as Latin-1 or CP1252: a lead byte shown as a letter, then a continuation byte; or a lost character
MOJIBAKE = "[ÃÂ][\\x{80}-\\x{BF}‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|Å“|\\x{FFFD}"
KINDS = {
    "control_characters": "regexp_matches({0}, '[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F]')",
    "mojibake": f"regexp_matches({{0}}, '{MOJIBAKE}')",
    "html": "regexp_matches({0}, '</?[A-Za-z][A-Za-z0-9]*( [^<>]*)?/?>|&(#[0-9]+|[A-Za-z]+);')",
    "only_digits": "regexp_full_match({0}, '[0-9 .,]*[0-9][0-9 .,]*')",
}


@contextmanager
def connected(work: Path, memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that spills into `work` and leaves nothing there."""
    spill = work / "report-spill"
    options: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": str(spill),
        "preserve_insertion_order": True,
    }
    with duckdb.connect(":memory:", config=options) as sql:
        yield sql
    if spill.is_dir():
        for file in spill.iterdir():
            file.unlink()
        spill.rmdir()


def rows(sql: duckdb.DuckDBPyConnection, table: str) -> int:
    return sql.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]


def groups(sql: duckdb.DuckDBPyConnection, table: str, column: str) -> dict[str, int]:
    """Rows by value, the most frequent first; past GROUPS values the rest is summed as "…"."""
    found = sql.execute(
        f"SELECT coalesce({column}, ''), count(*) AS n FROM {table} GROUP BY 1 ORDER BY n DESC, 1"
    ).fetchall()
    shown = dict(found[:GROUPS])
    return shown | {"…": sum(n for _, n in found[GROUPS:])} if len(found) > GROUPS else shown


def missing(sql: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> dict[str, int]:
    """Null or empty cells a column."""
    tests = ", ".join(
        f"count(*) FILTER (CAST({name} AS VARCHAR) IS NULL OR CAST({name} AS VARCHAR) = '')" for name in columns
    )
    return dict(zip(columns, sql.execute(f"SELECT {tests} FROM {table}").fetchall()[0], strict=True))


def duplicates(sql: duckdb.DuckDBPyConnection, table: str, column: str) -> dict[str, Any]:
    """Texts that occur again, as they stand and folded: without case, accents and punctuation."""
    folded = f"lower(strip_accents(regexp_replace({column}, '[^\\pL\\pN]+', ' ', 'g')))"
    [(total,)] = sql.execute(f"SELECT count(*) FROM {table}").fetchall()
    [(exact,)] = sql.execute(f"SELECT count(*) FROM (SELECT DISTINCT hash({column}) FROM {table})").fetchall()
    [(alike,)] = sql.execute(
        f"SELECT count(*) FROM (SELECT DISTINCT hash(trim({folded})) FROM {table})"
    ).fetchall()
    return {"rows": total, "exact": total - exact, "folded": total - alike}


def distribution(sql: duckdb.DuckDBPyConnection, table: str, column: str) -> dict[str, Any]:
    """Lengths in characters: quantiles and a histogram; empty texts are left out."""
    # One row a length, so that quantiles are exact whatever the number of texts.
    lengths = sql.execute(
        f"SELECT length({column}) AS n, count(*) FROM {table} WHERE {column} <> '' GROUP BY n ORDER BY n"
    ).fetchall()
    total = sum(count for _, count in lengths)
    if not total:
        return {"texts": 0, "quantiles": {}, "histogram": {}}
    quantiles = {f"{share:.2f}": _quantile(lengths, share, total) for share in QUANTILES}
    histogram = {
        f"{low}-{high - 1}": sum(count for n, count in lengths if low <= n < high)
        for low, high in itertools.pairwise(BINS[1:])
    }
    histogram[f"{BINS[-1]}+"] = sum(count for n, count in lengths if n >= BINS[-1])
    return {"texts": total, "quantiles": quantiles, "histogram": histogram}


def outliers(
    sql: duckdb.DuckDBPyConnection, table: str, column: str, key: str, *, short: int = 2, long: int = 200
) -> dict[str, Any]:
    """Counts and at most EXAMPLES a kind: {kind: {"count", "examples": [[key, text]]}}; one query."""
    tests = {"too_short": f"length({{0}}) < {short}", "too_long": f"length({{0}}) > {long}"} | KINDS
    example = f"arg_min([CAST({key} AS VARCHAR), {column}[:300]], {key}, {EXAMPLES})"
    holds = [test.replace("{0}", column) for test in tests.values()]
    columns = ", ".join(f"count(*) FILTER ({test}), {example} FILTER ({test})" for test in holds)
    [found] = sql.execute(f"SELECT {columns} FROM {table} WHERE {column} <> ''").fetchall()
    return {kind: {"count": found[2 * i], "examples": found[2 * i + 1] or []} for i, kind in enumerate(tests)}


def _quantile(lengths: list[tuple[int, int]], share: float, total: int) -> int:
    """The least length that `share` of the texts do not exceed."""
    seen = 0
    for length, count in lengths:
        seen += count
        if seen >= share * total:
            return length
    return lengths[-1][0]
