"""From the store to a file in exports/."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from curation_db import access, queries
from curation_db.store import Store
from pipeline import interchange
from pipeline.errors import WorkspaceError
from pipeline.files import read_json
from pipeline.interchange import Curation, Exported
from pipeline.workspace import Workspace

PREVIEW = 50


def formats() -> dict[str, str]:
    """Name -> what it holds."""
    return {name: form.description for name, form in interchange.FORMATS.items()}


def curation(workspace: Workspace, store: Store, said: queries.Said | None = None) -> Curation:
    """What was said (None: what stands now), with the run in use and its releases. Raises WorkspaceError without
    a run."""
    run = queries.current_run(store)
    if run is None:
        raise WorkspaceError(f"{workspace.root}: no run is in use; choose one on the page of the runs first")
    folder = workspace.runs / run.name
    manifest = read_json(folder / "manifest.json")
    said = said or queries.said(store)
    return Curation(
        judgements=said.judgements,
        verdicts=said.verdicts,
        decisions=said.decisions,
        lexicon=workspace.sources / manifest["lexicon"],
        umls=workspace.sources / manifest["umls"],
        run=folder,
    )


def write(
    workspace: Workspace,
    store: Store,
    by: str,
    format: str,
    *,
    minimum: int,
    withhold: bool = True,
    proposals: bool = False,
    at: datetime,
) -> Exported:
    """Write exports/<format>-<time>.<suffix>; nothing that is there is replaced. Refused for those who may not
    export."""
    access.require(store, by, "export")
    suffix = interchange.FORMATS[format].suffix
    path = workspace.exports / f"{format}-{at:%Y%m%dT%H%M%S}{suffix}"
    number = 2
    while path.exists():
        path, number = path.with_name(f"{format}-{at:%Y%m%dT%H%M%S}-{number}{suffix}"), number + 1
    return _export(curation(workspace, store), format, path, minimum, withhold, proposals)


def preview(
    workspace: Workspace,
    store: Store,
    by: str,
    format: str,
    *,
    minimum: int,
    withhold: bool,
    proposals: bool,
    folder: Path,
) -> tuple[pd.DataFrame, int]:
    """The first PREVIEW rows that the format's table would hold, and how many it has; `folder` is for scratch.
    Refused for those who may not export."""
    access.require(store, by, "export")
    table = interchange.FORMATS[format].table
    wanted = "main-parquet" if table == "sssom" else f"{table}-parquet"
    path = folder / "preview.parquet"
    done = _export(curation(workspace, store), wanted, path, minimum, withhold, proposals)
    return pq.read_table(path).slice(0, PREVIEW).to_pandas(), done.rows


def _export(what: Curation, format: str, path: Path, minimum: int, withhold: bool, proposals: bool) -> Exported:
    return interchange.export(
        what,
        format,
        path,
        minimum_rating=minimum,
        withhold_restricted=withhold,
        include_proposals=proposals,
    )
