"""Agreement on the project's ratings, for those who may see what everybody said."""

import pyarrow as pa
from pyarrow.csv import write_csv

from curation_db import access
from curation_db.figures import blind_ratings
from curation_db.store import Store
from pipeline.evaluate import agreement, flat
from pipeline.evaluate.agreement import Report
from pipeline.evaluate.types_table import types_of
from pipeline.workspace import Workspace


def version(store: Store, by: str) -> int:
    """What a report depends on: the last event. Raises Refused for those who may not see everybody's ratings."""
    access.require(store, by, "figures")
    return blind_ratings.version(store)


def report(workspace: Workspace, store: Store, by: str) -> Report:
    """As the ratings stand now; without semantic types where the project has no release. Raises Refused as `version`
    does."""
    access.require(store, by, "figures")
    ratings = blind_ratings.blind_ratings(store)
    if not workspace.has_release("umls"):
        return agreement.report(ratings)
    return agreement.report(ratings, types_of(workspace.release("umls") / "semantic_types.parquet", ratings))


def downloads(report: Report) -> dict[str, bytes]:
    """File name -> content: every figure as a row, and the whole report."""
    table = pa.BufferOutputStream()
    write_csv(flat.as_table(report), table)
    return {
        "agreement.csv": b"\xef\xbb\xbf" + table.getvalue().to_pybytes(),  # Excel reads accents by this mark
        "agreement.json": flat.as_json(report).encode(),
    }
