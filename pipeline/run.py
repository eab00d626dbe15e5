"""A run: what the current releases, encoders and settings gave, kept in runs/<run>/."""

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq

from pipeline import __version__, contracts
from pipeline.align import Prepare, propose
from pipeline.contracts import Encoder
from pipeline.files import whole_folder, write_json
from pipeline.progress import Progress, silent
from pipeline.recalibrate import Bounds
from pipeline.settings import Settings
from pipeline.terms import read_release
from pipeline.workspace import Workspace


def align(
    workspace: Workspace,
    encoders: Sequence[Encoder],
    settings: Settings,
    *,
    prepare: Prepare,
    progress: Progress = silent,
    at: datetime | None = None,
) -> Path:
    """A run over the current releases: runs/<run>/ with candidates.parquet, merged.parquet and manifest.json.

    Vectors are cached as they come, so a killed run goes on where it was when it is started again; the folder is
    there only when whole.
    """
    at = at or datetime.now(UTC)
    lexicon, umls = workspace.release("lexicon"), workspace.release("umls")
    entries = contracts.check(pq.read_table(lexicon / "entries.parquet"), contracts.ENTRIES, str(lexicon))
    atoms, definitions = read_release(umls)
    found = propose(
        entries,
        atoms,
        encoders,
        settings,
        prepare=prepare,
        definitions=definitions,
        cache=workspace.embeddings,
        progress=progress,
    )
    made_of = {
        "lexalign": __version__,
        "lexicon": lexicon.name,
        "umls": umls.name,
        "settings": dataclasses.asdict(settings),
        "encoders": [_about(encoder, found.bounds[encoder.name]) for encoder in encoders],
    }
    content = hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()
    run = f"{at:%Y%m%dT%H%M%S}-{content[:8]}"
    with whole_folder(workspace.runs / run) as part:
        pq.write_table(found.candidates, part / "candidates.parquet", compression="zstd")
        pq.write_table(found.merged, part / "merged.parquet", compression="zstd")
        write_json(
            part / "manifest.json",
            {
                "run": run,
                "at": at.isoformat(),
                **made_of,
                "content": content,
                "counts": {
                    "entries": len(entries),
                    "atoms": len(atoms),
                    "candidates": len(found.candidates),
                    "merged": len(found.merged),
                },
                "seconds": {name: round(value, 3) for name, value in found.seconds.items()},
            },
        )
    return workspace.runs / run


def _about(encoder: Encoder, bounds: Bounds) -> dict:
    return {
        "name": encoder.name,
        "fingerprint": encoder.fingerprint,
        "dimension": encoder.dimension,
        "bounds": dataclasses.asdict(bounds),
        "precision": encoder.precision,
    }
