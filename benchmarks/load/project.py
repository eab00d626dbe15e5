"""The project that is rated under load: a lexicon, its release, one run, and what people rated before."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from curation_db import commands
from curation_db.store import open_store
from pipeline.contracts import ATOMS, DEFINITIONS, ENTRIES, MERGED, SEMANTIC_TYPES
from pipeline.files import write_json
from pipeline.progress import Progress, silent
from pipeline.settings import Settings
from pipeline.workspace import Workspace, create

STARTED = datetime(2026, 1, 5, 9, tzinfo=UTC)
TOP = 10
LEXICON, UMLS, RUN = "lexicon-load", "umls-load", "20260105T090000-load"
CONCEPTS = 400_000
GROUP = 122_880
"""Rows of a row group of the Parquet that a release is ingested to."""
TABLES = {
    "entries": (LEXICON, ENTRIES),
    "atoms": (UMLS, ATOMS),
    "semantic_types": (UMLS, SEMANTIC_TYPES),
    "definitions": (UMLS, DEFINITIONS),
}


def names(raters: int) -> list[str]:
    return [f"Évaluatrice {number:02d}" for number in range(1, raters + 1)]


def make(root: Path, raters: int, candidates: int, ratings: int, *, progress: Progress = silent) -> Workspace:
    """A project with so many candidates, ten an entry, of which `raters` have given about `ratings` ratings.

    Half of a person's are of entries that all have rated. Raises InputError where a name is no name.
    """
    workspace = create(root, Settings(title="Charge", encoders=("e5", "use"), top_k=TOP))
    entries = candidates // TOP
    progress(0, 2, "making the project")
    _write(workspace, entries, min(CONCEPTS, candidates))
    progress(1, 2, "making the project")
    with open_store(workspace.curation) as store:
        commands.load_run(store, workspace.runs / RUN, workspace.sources / LEXICON, at=STARTED)
        for person in ["Responsable", *names(raters)]:  # the first to join administers the project
            commands.add_person(store, person, at=STARTED)
        shared = ratings // (2 * TOP * raters)
        values = {"raters": names(raters), "shared": shared, "from": STARTED.replace(tzinfo=None)}
        if shared:
            with store.writing() as cursor:
                cursor.execute(_sql("past"), values)
    progress(2, 2, "making the project")
    return workspace


def _write(workspace: Workspace, entries: int, concepts: int) -> None:
    with duckdb.connect() as made:
        made.execute("SET enable_progress_bar = false")  # it draws over ours
        for statement in duckdb.extract_statements(_sql("synthetic")):
            values = {"entries": entries, "concepts": concepts}
            made.execute(statement, {name: values[name] for name in statement.named_parameters})
        for table, (release, schema) in TABLES.items():
            _save(made, table, schema, workspace.sources / release / f"{table}.parquet")
        _save(made, "merged", MERGED, workspace.runs / RUN / "merged.parquet")
    for release, kind in ((LEXICON, "lexicon"), (UMLS, "umls")):
        write_json(workspace.sources / release / "manifest.json", {"kind": kind, "broken_rows": 0, "files": []})
        workspace.make_current(kind, release)
    about = {"run": RUN, "at": STARTED.isoformat(), "lexicon": LEXICON, "umls": UMLS, "encoders": ["e5", "use"]}
    write_json(workspace.runs / RUN / "manifest.json", about)


def _save(made: duckdb.DuckDBPyConnection, table: str, schema: pa.Schema, path: Path) -> None:
    """The table in the contract's columns; those that it lacks are empty."""
    found = made.table(table).to_arrow_table()
    for name in schema.names:
        if name not in found.column_names:
            found = found.append_column(name, pa.nulls(len(found), pa.string()).fill_null(""))
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(found.select(schema.names).cast(schema), path, row_group_size=GROUP)


def _sql(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf8")
