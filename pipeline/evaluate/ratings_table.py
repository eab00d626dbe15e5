"""An exported table of ratings as rows of contracts.BLIND."""

from pathlib import Path

import pandas as pd
import pyarrow as pa

from pipeline.contracts import BLIND
from pipeline.encoders.ratings_file import rows
from pipeline.errors import FormatError

GIVEN = {"entry_id": "entry_id", "CUI": "CUI", "person": "person", "rating": "rating"}
MAYBE = {"at": "rated_at", "seconds": "seconds", "encoders": "encoders", "stage": "stage"}
"""Columns of BLIND -> those of the file; the second may be missing, and then their figures are, too."""


def read(path: Path) -> pa.Table:
    """The rows of a file of `lexalign export ratings` that were given blind, or that do not say.

    Decisions and second passes are not in such a file. Raises FormatError where it is another file.
    """
    found = rows(path)
    if "blind" in found.columns:
        found = found[found["blind"].map(str).str.lower() != "false"]
    columns = {name: found[given] for name, given in (GIVEN | MAYBE).items() if given in found.columns}
    columns["rating"] = columns["rating"].astype("int8")
    columns["at"] = pd.to_datetime(columns.get("at", pd.Series(pd.NaT, found.index)), utc=True, format="ISO8601")
    columns["stage"] = columns.get("stage", pd.Series("main", found.index)).fillna("main")
    columns["encoders"] = columns.get("encoders", pd.Series(None, found.index, object)).map(_names)
    return _table(columns, path)


def _table(columns: dict[str, pd.Series], path: Path) -> pa.Table:
    try:
        arrays = {
            name: pa.array(column, BLIND.field(name).type, from_pandas=True) for name, column in columns.items()
        }
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise FormatError(f"{path}: {error}; export the ratings again") from error
    empty = {f.name: pa.nulls(len(arrays["rating"]), f.type) for f in BLIND if f.name not in arrays}
    return pa.table(arrays | empty).select(BLIND.names)


def _names(cell: object) -> list[str]:
    """A list, or what CSV and XLSX make of it."""
    if isinstance(cell, str):
        return [name for name in cell.split("|") if name]
    return [] if cell is None or isinstance(cell, float) else list(cell)  # type: ignore[call-overload]
