"""A UMLS release in RRF to atoms, semantic types and definitions."""

import dataclasses
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.contracts import ATOMS, DEFINITIONS, REJECTS, SEMANTIC_TYPES
from pipeline.errors import InputError
from pipeline.files import write_json
from pipeline.ingest import publish, release
from pipeline.ingest.accounted import Job, read_table
from pipeline.ingest.lines import Table
from pipeline.ingest.report import report_umls
from pipeline.ingest.scan import Rule, literal
from pipeline.progress import Progress, silent
from pipeline.workspace import Workspace

MRCONSO = Table("MRCONSO", ATOMS, "STR")
MRSTY = Table("MRSTY", SEMANTIC_TYPES, "TUI")
MRDEF = Table("MRDEF", DEFINITIONS, "DEF")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Options:
    """What is kept: an empty tuple keeps all."""

    languages: tuple[str, ...]
    sources: tuple[str, ...]
    term_types: tuple[str, ...]
    include_suppressed: bool

    def rules(self) -> list[Rule]:
        lists = (
            ("filtered_by_language", "LAT", self.languages),
            ("filtered_by_source", "SAB", self.sources),
            ("filtered_by_term_type", "TTY", self.term_types),
        )
        rules = [
            Rule(name, f"{column} NOT IN ({', '.join(map(literal, values))})")
            for name, column, values in lists
            if values
        ]
        return rules + self.suppression()

    def suppression(self) -> list[Rule]:
        return [] if self.include_suppressed else [Rule("suppressed", "SUPPRESS IN ('O', 'E', 'Y')")]


def ingest_umls(
    path: Path | Sequence[Path],
    workspace: Workspace,
    *,
    languages: Sequence[str] = ("FRE", "ENG"),
    sources: Sequence[str] = (),
    term_types: Sequence[str] = (),
    include_suppressed: bool = False,
    allow_rejects: bool = False,
    memory_limit: str = "600MB",
    progress: Progress = silent,
) -> Path:
    """The folder of the release: atoms, semantic_types, definitions and rejects in Parquet, report and manifest.

    Rows keep the order of the file; an empty cell stays an empty string. What was ingested before with the same
    options is found again, not made again. Raises InputError where there is no MRCONSO, or no row is left;
    FormatError where a file is damaged or a line is no row (unless `allow_rejects`).
    """
    files = release.find(path)
    options = Options(
        languages=tuple(languages),
        sources=tuple(sources),
        term_types=tuple(term_types),
        include_suppressed=include_suppressed,
    )
    started = time.monotonic()
    with publish.staging(workspace, "umls") as staged:
        work = staged / "work"
        work.mkdir()
        job = Job(work, allow_rejects, memory_limit, progress)
        manifest = _tables(files, staged, options, job)
        hashes = {table: [one["sha256"] for one in value["files"]] for table, value in manifest["tables"].items()}
        name = publish.release_name("umls", [hashes, dataclasses.asdict(options)])
        if folder := publish.published(workspace, "umls", name, allow_rejects):
            return folder
        read = time.monotonic() - started
        report = report_umls(staged, manifest["tables"], memory_limit=memory_limit, work=work, progress=progress)
        shutil.rmtree(work)
        write_json(staged / "report.json", report)
        manifest |= {
            "release": name,
            "options": dataclasses.asdict(options)
            | {"allow_rejects": allow_rejects, "memory_limit": memory_limit},
            "seconds": {"read": round(read, 3), "report": round(time.monotonic() - started - read, 3)},
            "peak_megabytes": publish.peak_megabytes(),
        }
        write_json(staged / "manifest.json", manifest)
        return publish.publish(workspace, "umls", name, staged)


def _tables(files: dict[str, list[Path]], staged: Path, options: Options, job: Job) -> dict[str, Any]:
    """Read what is there; the manifest so far."""
    atoms = staged / "atoms.parquet"
    plans: tuple[tuple[Table, Path, list[Rule], Path | None], ...] = (
        (MRCONSO, atoms, options.rules(), None),
        (MRSTY, staged / "semantic_types.parquet", [], atoms),
        (MRDEF, staged / "definitions.parquet", options.suppression(), atoms),
    )
    tables: dict[str, Any] = {}
    rejects: list[dict[str, Any]] = []
    for table, out, rules, concepts in plans:
        if table.name in files:
            counts, refused = read_table(table, files[table.name], rules, out, concepts, job)
            tables[table.name] = counts
            rejects += refused
        else:
            publish.write_table(out, [], table.schema)
        if table is MRCONSO and not tables["MRCONSO"]["kept"]:
            raise InputError(_nothing_left(tables["MRCONSO"], options))
    publish.write_table(staged / "rejects.parquet", rejects, REJECTS)
    return {"kind": "umls", "tool": f"lexalign {__version__}", "tables": tables, "broken_rows": len(rejects)}


def _nothing_left(counts: dict[str, Any], options: Options) -> str:
    return (
        f"MRCONSO: none of {counts['lines']} lines is left after the filters ({counts}); expected rows in "
        f"{', '.join(options.languages) or 'any language'}; widen the languages, sources or term types"
    )
