"""One table of a release, with every line accounted for: kept, dropped by a rule, blank, or a named reject."""

import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import FormatError
from pipeline.ingest import release
from pipeline.ingest.lines import Sifted, Table, sift
from pipeline.ingest.scan import Rule, Scan, scan
from pipeline.progress import Progress

SHOWN = 5


@dataclasses.dataclass(frozen=True)
class Job:
    """What the reading of every table of one release shares."""

    work: Path
    allow_rejects: bool
    memory_limit: str
    progress: Progress


def read_table(
    table: Table, files: list[Path], rules: list[Rule], out: Path, concepts: Path | None, job: Job
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """One table to `out`; its part of the manifest, and its rejects."""
    started = time.monotonic()
    plain, name, parts = files[0], files[0].name, None
    if len(files) > 1 or release.is_gzip(files[0]):
        plain, name = job.work / f"{table.name}.RRF", f"{table.name}.RRF"
        parts = release.joined(files, plain, job.progress)
    release.check_text(plain, name, table.fields)
    with ThreadPoolExecutor(1) as beside:
        checked = beside.submit(sift, plain, table, name)
        first = _scan(plain, table, rules, out, concepts, job)
        found = checked.result()
    _refuse(found, name, job)
    if first is None or not _accounts(first, found):
        first = _mended(plain, table, rules, out, concepts, job, name)
    sources = parts or [release.Source(files[0].name, found.size, found.sha256)]
    counts = {
        "files": [dataclasses.asdict(source) for source in sources],
        "lines": found.lines,
        "kept": first.kept,
        **first.dropped,
        "rejects": len(found.rejects),
        "blank": found.blank,
        "seconds": round(time.monotonic() - started, 3),
    }
    if plain.parent == job.work:
        plain.unlink()
    return counts, found.rejects


def _scan(plain: Path, table: Table, rules: list[Rule], out: Path, concepts: Path | None, job: Job) -> Scan | None:
    """The pass; None where DuckDB's reader stumbled over a line, which `sift` then names."""
    try:
        return scan(
            plain,
            table,
            rules,
            out,
            work=job.work,
            memory_limit=job.memory_limit,
            concepts=concepts,
            progress=job.progress,
        )
    except duckdb.InvalidInputException as error:
        if "CSV" not in str(error):
            raise
        return None


def _mended(
    plain: Path, table: Table, rules: list[Rule], out: Path, concepts: Path | None, job: Job, name: str
) -> Scan:
    """The pass over a copy without the broken lines: slower, for files that DuckDB's reader stumbles over."""
    mended = job.work / f"{table.name}.mended"
    found = sift(plain, table, name, clean=mended)
    again = _scan(mended, table, rules, out, concepts, job)
    mended.unlink()
    if again is None or not _accounts(again, found):
        raise FormatError(
            f"{name}: {again.rows if again else 0} rows and {len(found.rejects)} rejects found, expected "
            f"{found.lines} lines in all; its layout is not understood, please tell the authors"
        )
    return again


def _accounts(scan: Scan, found: Sifted) -> bool:
    """Whether the rows and what is known to be none make up the lines of the file."""
    return scan.rows + len(found.rejects) + found.blank == found.lines


def _refuse(found: Sifted, name: str, job: Job) -> None:
    if not found.rejects or job.allow_rejects:
        return
    first = found.rejects[0]
    others = "".join(f"; line {one['line']}: {one['reason']}" for one in found.rejects[1:SHOWN])
    raise FormatError(
        f"{name} line {first['line']}: {first['reason']}; is the file cut short? Re-copy it or pass "
        f"--allow-rejects ({len(found.rejects)} broken of {found.lines} lines{others})"
    )
