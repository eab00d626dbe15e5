"""Finished runs, and which of them the people rate."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.services import keeper
from curation_db import access, commands, queries
from curation_db.store import Store
from pipeline.encoders import catalogue
from pipeline.encoders.card import Card
from pipeline.errors import WorkspaceError
from pipeline.files import read_json
from pipeline.progress import Progress, silent
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Run:
    folder: Path
    manifest: dict[str, Any]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def at(self) -> str:
        return self.manifest.get("at", "")[:16].replace("T", " ")

    @property
    def encoders(self) -> list[str]:
        return [encoder["name"] for encoder in self.manifest.get("encoders", [])]


def finished(workspace: Workspace) -> list[Run]:
    """The newest first."""
    return [Run(folder, read_json(folder / "manifest.json")) for folder in reversed(workspace.finished_runs())]


def in_use(store: Store) -> str | None:
    run = queries.current_run(store)
    return run.name if run else None


def use(
    workspace: Workspace, store: Store, by: str, name: str, *, at: datetime, progress: Progress = silent
) -> queries.RunInfo | None:
    """Make a finished run the one that people rate, after a backup. Every rating is kept; only what is new is asked
    for."""
    access.require(store, by, "prepare")
    if in_use(store) not in (None, name):
        keeper.before_risk(store, at=at)
    _load(workspace, store, name, at=at, progress=progress)
    return queries.current_run(store)


def _load(workspace: Workspace, store: Store, name: str, *, at: datetime, progress: Progress = silent) -> None:
    folder = workspace.runs / name
    if not (folder / "manifest.json").is_file():
        raise WorkspaceError(f"{folder}: not a finished run; choose one of the list")
    lexicon = workspace.sources / read_json(folder / "manifest.json")["lexicon"]
    commands.load_run(store, folder, lexicon, at=at, progress=progress)


def use_first(workspace: Workspace, store: Store, *, at: datetime) -> bool:
    """Take the latest run by itself where none was ever in use. True where it did."""
    if queries.current_run(store) is not None or not workspace.finished_runs():
        return False
    _load(workspace, store, workspace.latest_run().name, at=at)
    return True


def ready(workspace: Workspace, store: Store, *, at: datetime) -> bool:
    """Whether there is a run to rate; the first one is taken by itself."""
    return use_first(workspace, store, at=at) or in_use(store) is not None


def encoders() -> list[Card]:
    """The encoders that are installed."""
    return [catalogue.card(name) for name in catalogue.folders()]
