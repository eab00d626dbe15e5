"""The layman lexicon (LEX) to entries with identifiers that a reordered, re-encoded or re-quoted file keeps."""

import dataclasses
import hashlib
import time
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline import __version__
from pipeline.contracts import ENTRIES, REJECTS
from pipeline.errors import FormatError, InputError
from pipeline.files import write_json
from pipeline.ingest import publish
from pipeline.ingest.lexicon_file import COLUMNS, read_file
from pipeline.ingest.report import report_lexicon
from pipeline.progress import Progress, silent
from pipeline.workspace import Workspace

DUPLICATES = pa.schema(
    [("entry_id", pa.string()), ("file", pa.string()), ("line", pa.int64()), ("text", pa.string())]
)
SHOWN = 5


def ingest_lexicon(
    paths: Sequence[Path], workspace: Workspace, *, allow_rejects: bool = False, progress: Progress = silent
) -> Path:
    """The folder of the release: entries, rejects and duplicates in Parquet, report and manifest.

    Blank lines and rows without a term are rejects that do not stop; a row of broken structure stops unless
    `allow_rejects`. Raises InputError where a file cannot be read or no entry is found, FormatError that names the
    first broken rows, or the columns found where `Terme` is not among them.
    """
    if not paths:
        raise InputError("no lexicon file given, expected one or more")
    started = time.monotonic()
    layouts, rows, refused, broken = [], [], [], 0
    for done, path in enumerate(paths):
        progress(done, len(paths), "reading the lexicon")
        layout, found, rejects, bad = read_file(path)
        layouts.append(layout)
        rows += found
        refused += rejects
        broken += bad
        if bad and not allow_rejects:
            raise FormatError(_broken(path.name, rejects, bad))
    entries, repeats = identified(rows)
    if not entries:
        raise InputError(f"{paths[0].name}: no row with a term in {len(refused)} rows; is it the lexicon?")
    progress(len(paths), len(paths), "reading the lexicon")
    name = publish.release_name("lexicon", [[layout.file, layout.sha256] for layout in layouts])
    if folder := publish.published(workspace, "lexicon", name, allow_rejects):
        return folder
    manifest = {
        "kind": "lexicon",
        "tool": f"lexalign {__version__}",
        "release": name,
        "files": [dataclasses.asdict(layout) for layout in layouts],
        "rows": len(rows) + len(refused),
        "entries": len(entries),
        "rejects": len(refused),
        "duplicates": len(repeats),
        "broken_rows": broken,
        "options": {"allow_rejects": allow_rejects},
    }
    with publish.staging(workspace, "lexicon") as staged:
        publish.write_table(staged / "entries.parquet", entries, ENTRIES)
        publish.write_table(staged / "rejects.parquet", refused, REJECTS)
        publish.write_table(staged / "duplicates.parquet", repeats, DUPLICATES)
        write_json(staged / "report.json", report_lexicon(staged))
        manifest |= {"seconds": round(time.monotonic() - started, 3), "peak_megabytes": publish.peak_megabytes()}
        write_json(staged / "manifest.json", manifest)
        return publish.publish(workspace, "lexicon", name, staged)


def identified(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(entries, duplicates): rows with `entry_id`, and those whose term and explanation came before.

    The identifier is "E" and 12 hexadecimals of the term's SHA-256 (NFC, spaces collapsed), or of term, U+001F and
    explanation where the term has several explanations; so it does not depend on the order of rows.
    """
    explanations = defaultdict(set)
    for row in rows:
        explanations[_key(row["term"])].add(_key(row["explanation"]))
    entries: dict[str, dict[str, Any]] = {}
    keys: dict[str, str] = {}
    repeats = []
    for row in rows:
        term, explanation = _key(row["term"]), _key(row["explanation"])
        key = term if len(explanations[term]) == 1 else f"{term}\x1f{explanation}"
        entry_id = "E" + hashlib.sha256(key.encode("utf8")).hexdigest()[:12]
        if keys.setdefault(entry_id, key) != key:
            raise FormatError(
                f"{row['file']} line {row['line']}: {row['term']!r} and {entries[entry_id]['term']!r} "
                f"have the same identifier {entry_id}, expected one each; change the spelling of one"
            )
        if entry_id in entries:
            text = "\t".join(row[column] for column in COLUMNS)
            repeats.append({"entry_id": entry_id, "file": row["file"], "line": row["line"], "text": text})
        else:
            entries[entry_id] = {"entry_id": entry_id, **row}
    return list(entries.values()), repeats


def _key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _broken(name: str, rejects: list[dict[str, Any]], count: int) -> str:
    shown = [one for one in rejects if one["reason"] not in ("blank line", "no term")]
    first, *others = shown[:SHOWN]
    more = "".join(f"; line {one['line']}: {one['reason']}" for one in others)
    return (
        f"{name} line {first['line']}: {first['reason']}; mend the file or pass --allow-rejects to leave such "
        f"rows out ({count} broken rows{more})"
    )
