"""The project's sources and settings, as a screen shows them."""

import dataclasses
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from curation_db import access
from curation_db.store import Store
from pipeline.errors import InputError
from pipeline.files import read_json, whole
from pipeline.settings import Settings, changed
from pipeline.workspace import Workspace

SHOWN = 500


@dataclasses.dataclass(frozen=True)
class Release:
    """A current release: its folder's name, manifest and integrity report."""

    kind: str
    name: str
    manifest: dict[str, Any]
    report: dict[str, Any]


def release(workspace: Workspace, kind: str) -> Release | None:
    """None where none was ingested."""
    if not workspace.has_release(kind):
        return None
    folder = workspace.release(kind)
    report = folder / "report.json"
    return Release(
        kind, folder.name, read_json(folder / "manifest.json"), read_json(report) if report.exists() else {}
    )


def rejects(workspace: Workspace, kind: str) -> pd.DataFrame:
    """The first SHOWN rows that could not be read: file, line, reason, text."""
    path = workspace.release(kind) / "rejects.parquet"
    if not path.exists():
        return pd.DataFrame(columns=["file", "line", "reason", "text"])
    return pq.read_table(path).slice(0, SHOWN).to_pandas()


def filled(histogram: dict[str, int]) -> dict[str, int]:
    """The histogram without the empty bins at its end."""
    last = max((place for place, count in enumerate(histogram.values()) if count), default=-1)
    return dict(list(histogram.items())[: last + 1])


def keep_upload(workspace: Workspace, store: Store, by: str, name: str, content: bytes) -> Path:
    """An uploaded file, put under sources/uploads/ by its bare name. Raises InputError for a name that is none."""
    access.require(store, by, "prepare")
    bare = Path(name.replace("\\", "/")).name
    if not bare or bare.startswith("."):
        raise InputError(f"{name!r}: no file name; rename the file and upload it again")
    path = workspace.sources / "uploads" / bare
    with whole(path) as part:
        part.write_bytes(content)
    return path


def existing(path: str) -> Path:
    """A path that a person typed. Raises InputError where nothing is there."""
    found = Path(path.strip().strip('"')).expanduser()
    if not path.strip() or not found.exists():
        raise InputError(
            f"{path.strip() or '(empty)'}: not there; give the path of a file or folder on this machine"
        )
    return found


def save(workspace: Workspace, store: Store, by: str, **values: Any) -> Settings:
    """Change settings of the project. Raises FormatError where a value is not allowed."""
    access.require(store, by, "prepare")
    settings = changed(workspace.settings(), **values)
    workspace.save_settings(settings)
    return settings
