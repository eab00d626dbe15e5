"""Load a finished run and its lexicon into the store, so that the queue answers at a million candidates."""

import dataclasses
import hashlib
import json
import uuid
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from curation_db import ledger
from curation_db.store import Store
from pipeline import files
from pipeline.contracts import ENTRIES, MERGED, check
from pipeline.errors import FormatError, WorkspaceError
from pipeline.progress import Progress, silent

ENTRY = """
INSERT INTO entry
SELECT $run_no, e.position, e.* EXCLUDE (position), coalesce(m.candidates, 0), m.first_cui
FROM loaded_entries e
LEFT JOIN (
    SELECT entry_id, count(*) AS candidates, arg_min(CUI, rank) AS first_cui FROM loaded_merged GROUP BY entry_id
) m USING (entry_id)
ORDER BY e.position
"""
ALIGNMENT = """
INSERT INTO alignment
SELECT $run_no, e.position, m.rank, m.entry_id, m.CUI, m.AUI, m.name, m.LAT, m.score, m.encoders, m.evidence
FROM loaded_merged m JOIN loaded_entries e USING (entry_id)
ORDER BY e.position, m.rank
"""


@dataclasses.dataclass(frozen=True)
class _Run:
    """A run as it lies on disk, checked. `fingerprint` changes whenever a row of it could."""

    name: str
    fingerprint: str
    manifest: dict
    entries: pa.Table
    merged: pa.Table


def load_run(store: Store, run: Path, lexicon: Path, *, at: datetime, progress: Progress = silent) -> int:
    """Load a run folder (manifest.json, merged.parquet) with the lexicon release it aligned (entries.parquet)
    and make it the current run; return its number of alignments.

    One transaction. The same run again only becomes current, or nothing happens where it is. Ratings stay: they
    belong to (entry, CUI). Entries keep the order of the file, candidates of an entry go by rank.
    Raises WorkspaceError where a file is absent, FormatError where it breaks its contract or names an entry that
    the lexicon does not have.
    """
    at = ledger.utc(at)
    read = _read(run, lexicon, progress)
    with store.writing() as cursor:
        known = cursor.execute("SELECT 1 FROM run WHERE fingerprint = ?", [read.fingerprint]).fetchone()
        if not known:
            progress(2, 4, "loading the run")
            _insert(cursor, read)
        current = cursor.execute("SELECT fingerprint FROM current_run").fetchone()
        if current != (read.fingerprint,):
            event = ledger.append(cursor, str(uuid.uuid4()), at, "run", run=read.name, text=read.fingerprint)
            use = [event.event_id, read.fingerprint, at.replace(tzinfo=None)]
            cursor.execute("INSERT INTO run_use VALUES (?, ?, ?)", use)
    progress(4, 4, "loading the run")
    return len(read.merged)


def _read(run: Path, lexicon: Path, progress: Progress) -> _Run:
    manifest = files.read_json(run / "manifest.json")
    name = manifest.get("run", run.name) if isinstance(manifest, dict) else None
    if not isinstance(name, str) or not name or not isinstance(manifest.get("encoders", []), list):
        raise FormatError(
            f'{run / "manifest.json"}: expected {{"run": name, "encoders": [names], …}}; run align again'
        )
    progress(0, 4, "loading the run")
    entries = _table(lexicon / "entries.parquet", ENTRIES)
    merged = _table(run / "merged.parquet", MERGED)
    progress(1, 4, "loading the run")
    entries = entries.append_column("position", pa.array(range(len(entries)), pa.int64()))
    digests = [name, files.sha256(run / "merged.parquet"), files.sha256(lexicon / "entries.parquet")]
    fingerprint = hashlib.sha256("\n".join(digests).encode()).hexdigest()
    return _Run(name, fingerprint, manifest, entries, merged)


def _table(path: Path, schema: pa.Schema) -> pa.Table:
    if not path.is_file():
        raise WorkspaceError(f"{path}: not there, expected a Parquet file; was the step that writes it run?")
    try:
        return check(pq.read_table(path), schema, str(path))
    except pa.ArrowInvalid as error:
        raise FormatError(f"{path}: not a whole Parquet file ({error}); run its step again") from error


def _insert(cursor: duckdb.DuckDBPyConnection, read: _Run) -> None:
    cursor.register("loaded_entries", read.entries)
    cursor.register("loaded_merged", read.merged)
    try:
        _check_rows(cursor, read.name)
        [(run_no,)] = cursor.execute("SELECT coalesce(max(run_no), 0) + 1 FROM run").fetchall()
        cursor.execute(ENTRY, {"run_no": run_no})
        cursor.execute(ALIGNMENT, {"run_no": run_no})
        cursor.execute(
            "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                run_no,
                read.name,
                read.fingerprint,
                [_encoder_name(encoder) for encoder in read.manifest.get("encoders", [])],
                json.dumps(read.manifest, ensure_ascii=False),
                len(read.entries),
                len(read.merged),
            ],
        )
    finally:
        cursor.unregister("loaded_entries")
        cursor.unregister("loaded_merged")


def _check_rows(cursor: duckdb.DuckDBPyConnection, run: str) -> None:
    """Every alignment has its entry and its place; no entry, pair or rank is there twice."""
    faults = {
        "SELECT entry_id FROM loaded_entries GROUP BY 1 HAVING count(*) > 1 OR entry_id IS NULL": "entry twice",
        "SELECT DISTINCT entry_id FROM loaded_merged m ANTI JOIN loaded_entries e USING (entry_id)": (
            "entry that the lexicon does not have"
        ),
        "SELECT entry_id FROM loaded_merged WHERE CUI IS NULL OR rank IS NULL": "alignment without CUI or rank",
        "SELECT entry_id FROM loaded_merged GROUP BY entry_id, CUI HAVING count(*) > 1": "CUI twice in an entry",
        "SELECT entry_id FROM loaded_merged GROUP BY entry_id, rank HAVING count(*) > 1": "rank twice in an entry",
    }
    for query, fault in faults.items():
        if row := cursor.execute(f"{query} LIMIT 1").fetchone():
            raise FormatError(
                f"run {run}: {fault} (entry_id {row[0]!r}); expected the run of this lexicon release, each entry, "
                "concept and rank once; align again"
            )


def _encoder_name(encoder: object) -> str:
    # a manifest may describe an encoder at length: {"name": …, "fingerprint": …}
    return str(encoder.get("name", encoder)) if isinstance(encoder, dict) else str(encoder)
