"""A comparison: two encoders on the current releases, kept in comparisons/<comparison>/; people do not rate it."""

import dataclasses
import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline import contracts
from pipeline.align import Prepare, propose
from pipeline.contracts import Encoder
from pipeline.encode import encode
from pipeline.encoders import measure
from pipeline.errors import InputError, WorkspaceError
from pipeline.files import read_json, whole_folder, write_json
from pipeline.progress import Progress, silent
from pipeline.settings import Settings
from pipeline.terms import read_release
from pipeline.workspace import Workspace

LEAST_DEPTH = 10
DRIFT_TEXTS = 2000
DEPENDS = ("entry_text", "languages", "translator", "normalise", "wordings", "definitions", "lemmas", "top_k")
"""The settings that candidates depend on."""


@dataclasses.dataclass(frozen=True)
class Sides:
    """Rows of CANDIDATES of the two encoders; `origin`: the folder they were read from, a run or a comparison;
    `drift`: as measure.Drift, None where their vectors cannot be compared or were not."""

    before: pa.Table
    after: pa.Table
    origin: Path
    manifest: dict[str, Any]
    drift: dict[str, Any] | None


def folder_of(workspace: Workspace) -> Path:
    return workspace.root / "comparisons"


def took_part(workspace: Workspace) -> Iterator[tuple[Path, set[str]]]:
    """Every comparison and finished run, the newest first, and the encoders that took part in it."""
    kept = [path.parent for path in folder_of(workspace).glob("*/manifest.json")]
    for folder in sorted([*kept, *workspace.finished_runs()], key=lambda folder: folder.name, reverse=True):
        yield folder, {about["name"] for about in read_json(folder / "manifest.json").get("encoders", [])}


def find(workspace: Workspace, before: str, after: str) -> Path | None:
    """The newest comparison or finished run in which both took part."""
    return next((folder for folder, names in took_part(workspace) if {before, after} <= names), None)


def read(folder: Path, before: str, after: str) -> Sides:
    """The two encoders' rows of a run or comparison. Raises WorkspaceError where one of them took no part."""
    manifest = read_json(folder / "manifest.json")
    names = [about["name"] for about in manifest["encoders"]]
    if absent := [name for name in (before, after) if name not in names]:
        raise WorkspaceError(f"{folder}: no {', '.join(absent)}, found {', '.join(names)}; compare them again")
    return Sides(_rows(folder, before), _rows(folder, after), folder, manifest, manifest.get("drift"))


def make(
    workspace: Workspace,
    encoders: Sequence[Encoder],
    settings: Settings,
    *,
    prepare: Prepare,
    same_space: bool,
    progress: Progress = silent,
    at: datetime | None = None,
) -> Path:
    """The two encoders' candidates on the current releases, from a finished run that has them or found now, and
    with `same_space` the drift of the second's vectors of the entries from the first's."""
    settings = dataclasses.replace(settings, top_k=max(settings.top_k, LEAST_DEPTH))
    made_of = _made_of(workspace, encoders, settings)
    entries = _table(workspace.release("lexicon") / "entries.parquet", contracts.ENTRIES)
    run = _finished(workspace, made_of)
    if run:
        rows = pq.read_table(
            run / "candidates.parquet", filters=pc.field("encoder").isin([e.name for e in encoders])
        )
    else:
        atoms, definitions = read_release(workspace.release("umls"))
        rows = propose(
            entries,
            atoms,
            encoders,
            settings,
            prepare=prepare,
            definitions=definitions,
            cache=workspace.embeddings,
            progress=progress,
        ).candidates
    drift = _drift(workspace, entries, encoders, prepare, progress) if same_space else None
    at = at or datetime.now(UTC)
    content = hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()
    folder = folder_of(workspace) / f"{at:%Y%m%dT%H%M%S}-{content[:8]}"
    with whole_folder(folder) as part:
        pq.write_table(rows, part / "candidates.parquet", compression="zstd")
        about = {"run": run.name if run else None, "at": at.isoformat(), "entries": len(entries), "drift": drift}
        write_json(part / "manifest.json", {**about, **made_of})
    return folder


def _made_of(workspace: Workspace, encoders: Sequence[Encoder], settings: Settings) -> dict[str, Any]:
    if len({encoder.name for encoder in encoders}) != 2:
        raise InputError(f"{', '.join(e.name for e in encoders)}: expected two encoders; name another one")
    return {
        "lexicon": workspace.release("lexicon").name,
        "umls": workspace.release("umls").name,
        "settings": _depends(dataclasses.asdict(settings)),
        "encoders": [
            {"name": one.name, "fingerprint": one.fingerprint, "precision": one.precision} for one in encoders
        ],
    }


def _finished(workspace: Workspace, made_of: dict[str, Any]) -> Path | None:
    """The newest run of the same releases, settings and encoders, to the bit."""
    wanted = {(about["name"], about["fingerprint"]) for about in made_of["encoders"]}
    for run in reversed(workspace.finished_runs()):
        manifest = read_json(run / "manifest.json")
        same = all(manifest.get(key) == made_of[key] for key in ("lexicon", "umls"))
        took = {(about["name"], about.get("fingerprint")) for about in manifest.get("encoders", [])}
        if same and wanted <= took and _depends(manifest.get("settings", {})) == made_of["settings"]:
            return run
    return None


def _depends(settings: dict[str, Any]) -> dict[str, Any]:
    """As JSON has them, so that they compare with a manifest's."""
    values = {name: settings.get(name) for name in DEPENDS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _rows(folder: Path, name: str) -> pa.Table:
    path = folder / "candidates.parquet"
    rows = pq.read_table(path, filters=pc.field("encoder") == name)
    return contracts.check(rows, contracts.CANDIDATES, str(path))


def _drift(
    workspace: Workspace, entries: pa.Table, encoders: Sequence[Encoder], prepare: Prepare, progress: Progress
) -> dict[str, Any]:
    terms = list(dict.fromkeys(entries["term"].to_pylist()))
    random.Random(0).shuffle(terms)
    before, after = (
        encode(prepare.entries(one, terms[:DRIFT_TEXTS]), one, cache=workspace.embeddings, progress=progress)
        for one in encoders
    )
    return dataclasses.asdict(measure.drift(after, before))


def _table(path: Path, schema: pa.Schema) -> pa.Table:
    return contracts.check(pq.read_table(path), schema, str(path))
