"""Scores of the runs' candidates, by encoder and format of its weights."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

from app.services.density import Curve, kde
from app.services.runs import Run, finished
from curation_db import access, queries
from curation_db.store import Store
from pipeline.workspace import Workspace

MEASURES = ("cosine", "score")
BINS = 40


@dataclass(frozen=True)
class Series:
    """The candidates' values of one encoder in one format; `bins` are the histogram's edges, `counts` its bars."""

    encoder: str
    precision: str
    run: str
    curve: Curve
    bins: np.ndarray
    counts: np.ndarray
    median: float

    @property
    def label(self) -> str:
        return f"{self.encoder} · {self.precision}" if self.precision else self.encoder


def series(workspace: Workspace, store: Store, by: str, measure: str) -> list[Series]:
    """One an encoder and format, of the latest run that used it; those of the newest run first."""
    access.require(store, by, "figures")
    found: dict[tuple[str, str], Series] = {}
    for run in finished(workspace):
        for encoder in run.manifest.get("encoders", []):
            key = (encoder["name"], encoder.get("precision", ""))
            if key not in found and (one := _one(run, *key, measure)):
                found[key] = one
    return list(found.values())


def versions(workspace: Workspace) -> tuple[str, ...]:
    """What `series` depends on: runs never change once they are finished."""
    return tuple(folder.name for folder in workspace.finished_runs())


def by_rating(store: Store, by: str) -> pd.DataFrame:
    """One row a rating of a candidate that stands: rating, score, encoders."""
    access.require(store, by, "figures")
    table = queries.judgements(store)
    rated = table.filter(pc.and_(pc.is_valid(table["rating"]), pc.is_valid(table["score"])))
    return rated.select(["rating", "score", "encoders", "rank"]).to_pandas()


def _one(run: Run, encoder: str, precision: str, measure: str) -> Series | None:
    values = _values(run.folder, encoder, measure)
    values = values[np.isfinite(values)]
    curve = kde(values)
    if curve is None:
        return None
    counts, bins = np.histogram(values, BINS)
    return Series(encoder, precision, run.name, curve, bins, counts, float(np.median(values)))


def _values(folder: Path, encoder: str, measure: str) -> np.ndarray:
    rows = pq.read_table(folder / "candidates.parquet", columns=[measure], filters=pc.field("encoder") == encoder)
    return rows[measure].to_numpy()
