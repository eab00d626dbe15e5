"""Searches for the fastest make of an encoder: started, watched, their winner registered."""

import importlib.util
from pathlib import Path

import plotly.graph_objects as go

from app.services import jobs
from curation_db import access
from curation_db.store import Store
from pipeline.encoders import catalogue
from pipeline.encoders.search import figure, report, study
from pipeline.encoders.search.study import Study
from pipeline.workspace import Workspace

NEEDED = ("optuna", "torch", "onnx")


def missing() -> list[str]:
    """What a search needs and is not installed; studies that are there can be looked at without it."""
    return [name for name in NEEDED if importlib.util.find_spec(name) is None]


def studies() -> dict[str, Path]:
    """Encoder -> its study's folder, those that were begun."""
    found = sorted(catalogue.own().glob(f"studies/*/{study.ASKED}"))
    return {file.parent.name: file.parent for file in found}


def read(folder: Path) -> Study:
    """As far as it has come."""
    return study.read(folder)


def words(found: Study, language: str) -> str:
    """The report in Markdown, as far as the search has come."""
    return report.words(found, language)


def pareto(found: Study, language: str) -> go.Figure:
    return figure.pareto(found, language)


def start(
    workspace: Workspace,
    store: Store,
    by: str,
    encoder: str,
    *,
    trials: int,
    minutes: float,
    least_gain: int,
    language: str,
) -> None:
    """Where a search of this encoder was stopped, it goes on. `language`: of the files that it leaves."""
    access.require(store, by, "prepare")
    asked = [
        "--trials",
        str(trials),
        "--least-gain",
        str(least_gain),
        "--language",
        language,
        "--progress",
        "json",
    ]
    if minutes:
        asked += ["--minutes", str(minutes)]
    jobs.start(workspace, "search", ["encoders", "search", encoder, *asked])


def register(workspace: Workspace, store: Store, by: str, folder: Path, name: str) -> None:
    """Make the winner again, to stay. Raises EncoderError where the name is taken."""
    access.require(store, by, "prepare")
    asked = ["--name", catalogue.free(name.strip()), "--progress", "json"]
    jobs.start(workspace, "register", ["encoders", "register", str(folder), *asked])
