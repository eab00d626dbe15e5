"""What is in a release, and what looks wrong in it: one JSON-able dict a side, made by SQL over its Parquet files.

Every count is exact but for distinct texts, which are counted through 64-bit hashes so that memory stays bounded:
among ten million texts, any two share a hash with a chance below 1 in 300,000.
"""

from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import ATOMS, ENTRIES
from pipeline.ingest.report_sql import connected, distribution, duplicates, groups, missing, outliers, rows
from pipeline.ingest.report_text import as_text
from pipeline.progress import Progress, silent

__all__ = ["as_text", "report_lexicon", "report_umls"]


def report_lexicon(folder: Path, *, memory_limit: str = "600MB") -> dict[str, Any]:
    """The report of a folder with entries, rejects and duplicates in Parquet."""
    with connected(folder, memory_limit) as sql:
        sql.execute(_view("entries", folder / "entries.parquet"))
        sql.execute(_view("rejects", folder / "rejects.parquet"))
        sql.execute(_view("repeats", folder / "duplicates.parquet"))
        return {
            "kind": "lexicon",
            "entries": rows(sql, "entries"),
            "rejects": rows(sql, "rejects"),
            "rejects_by_reason": groups(sql, "rejects", "reason"),
            "exact_duplicates": rows(sql, "repeats"),
            "missing": missing(sql, "entries", ENTRIES.names),
            "term_duplicates": duplicates(sql, "entries", "term"),
            "term_length": distribution(sql, "entries", "term"),
            "explanation_length": distribution(sql, "entries", "explanation"),
            "term_outliers": outliers(sql, "entries", "term", "line"),
            "explanation_outliers": outliers(sql, "entries", "explanation", "line", short=3, long=4000),
            "sources": groups(sql, "entries", "sources"),
        }


def report_umls(
    folder: Path,
    tables: dict[str, Any],
    *,
    memory_limit: str = "600MB",
    work: Path | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """The report of a folder with atoms, semantic_types, definitions and rejects; `tables` from its manifest."""
    with connected(work or folder, memory_limit) as sql:
        for name in ("atoms", "semantic_types", "definitions", "rejects"):
            sql.execute(_view(name, folder / f"{name}.parquet"))
        steps = {
            "missing": lambda: missing(sql, "atoms", ATOMS.names),
            "string_duplicates": lambda: duplicates(sql, "atoms", "STR"),
            "string_length": lambda: distribution(sql, "atoms", "STR"),
            "string_outliers": lambda: outliers(sql, "atoms", "STR", "AUI", long=500),
            "languages": lambda: groups(sql, "atoms", "LAT"),
            "sources": lambda: groups(sql, "atoms", "SAB"),
            "term_types": lambda: groups(sql, "atoms", "TTY"),
            "semantic_types": lambda: groups(sql, "semantic_types", "STY"),
            "concepts": lambda: _concepts(sql),
            "rejects_by_reason": lambda: groups(sql, "rejects", "reason"),
        }
        report: dict[str, Any] = {"kind": "umls", "read": tables, "atoms": rows(sql, "atoms")}
        for done, (name, step) in enumerate(steps.items()):
            progress(done, len(steps), "integrity report")
            report[name] = step()
        progress(len(steps), len(steps), "integrity report")
        return report


def _concepts(sql: duckdb.DuckDBPyConnection) -> dict[str, int]:
    [counts] = sql.execute("""
        WITH kept AS (SELECT DISTINCT hash(CUI) AS id FROM atoms),
             typed AS (SELECT DISTINCT hash(CUI) AS id FROM semantic_types),
             defined AS (SELECT DISTINCT hash(CUI) AS id FROM definitions)
        SELECT (SELECT count(*) FROM kept), (SELECT count(*) FROM typed), (SELECT count(*) FROM defined),
               (SELECT count(*) FROM semantic_types), (SELECT count(*) FROM definitions)
    """).fetchall()
    names = ("concepts", "with_semantic_type", "with_definition", "semantic_type_rows", "definition_rows")
    return dict(zip(names, counts, strict=True))


def _view(name: str, path: Path) -> str:
    quoted = str(path).replace("'", "''")
    return f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{quoted}')"
