"""The candidates of a run as a table for people and scripts."""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet as pq

from pipeline.contracts import CANDIDATES, MERGED, check
from pipeline.errors import InputError
from pipeline.files import read_json, whole
from pipeline.workspace import Workspace

COLUMNS = ("entry_id", "term", "explanation", "rank", "cui", "name", "language", "encoders", "score", "cosine")


def read_candidates(workspace: Workspace, run: Path, encoder: str | None = None) -> pa.Table:
    """Columns of COLUMNS, in the run's order; `encoders` joined by |. Of the merged list, or of one encoder's.

    `cosine` is the best of the encoders that proposed the candidate. Raises InputError where the run has no such
    encoder.
    """
    manifest = read_json(run / "manifest.json")
    names = [about["name"] for about in manifest["encoders"]]
    if encoder is not None and encoder not in names:
        raise InputError(f"run {run.name}: no encoder {encoder!r}; it has {', '.join(names)}")
    table = _one(run, encoder) if encoder else _merged(run)
    entries = pq.read_table(
        workspace.sources / manifest["lexicon"] / "entries.parquet", columns=["entry_id", "term", "explanation"]
    )
    place = pc.index_in(table["entry_id"], entries["entry_id"].combine_chunks())
    for name in ("term", "explanation"):
        table = table.append_column(name, entries[name].take(place))
    return table.rename_columns({"CUI": "cui", "LAT": "language"}).select(COLUMNS)


def write(table: pa.Table, form: str, output: Path | None) -> None:
    """As tsv, json (one array of objects) or parquet, into a file that is whole or absent, or to stdout."""
    if output is None:
        _put(table, form, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    with whole(output) as part, part.open("wb") as stream:
        _put(table, form, stream)


def _put(table: pa.Table, form: str, stream) -> None:
    if form == "parquet":
        pq.write_table(table, stream)
    elif form == "json":
        text = table.to_pandas().to_json(orient="records", force_ascii=False, indent=1)
        stream.write(text.encode("utf8") + b"\n")
    else:
        table.to_pandas().to_csv(stream, sep="\t", index=False, lineterminator="\n", encoding="utf8")


def _one(run: Path, encoder: str) -> pa.Table:
    table = check(pq.read_table(run / "candidates.parquet"), CANDIDATES, str(run))
    table = table.filter(pc.equal(table["encoder"], encoder))
    return table.rename_columns(["encoders" if name == "encoder" else name for name in table.column_names])


def _merged(run: Path) -> pa.Table:
    table = check(pq.read_table(run / "merged.parquet"), MERGED, str(run))
    evidence = table["evidence"].combine_chunks()
    each = evidence.flatten()
    rows = pa.table(
        {
            "row": pc.list_parent_indices(evidence),
            "cosine": pc.if_else(
                pc.is_valid(pc.struct_field(each, "rank")), pc.struct_field(each, "cosine"), None
            ),
        }
    )
    best = rows.group_by("row").aggregate([("cosine", "max")]).sort_by("row")
    joined = pa.array(["|".join(names) for names in table["encoders"].to_pylist()])
    table = table.set_column(table.column_names.index("encoders"), "encoders", joined)
    return table.append_column("cosine", best["cosine_max"])
