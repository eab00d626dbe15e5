"""The semantic types of concepts, out of a release."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import FormatError


def types_of(path: Path, table: pa.Table) -> dict[str, list[str]]:
    """CUI -> the names of its types, of the CUIs in `table` (column CUI) that semantic_types.parquet at `path` has.

    Raises FormatError where it is another file.
    """
    cuis = table["CUI"].unique()
    try:
        rows = pq.read_table(path, columns=["CUI", "STY"], filters=pc.field("CUI").isin(cuis))
    except (OSError, pa.ArrowInvalid) as error:
        raise FormatError(f"{path}: {error}; expected semantic_types.parquet of a release") from error
    found: dict[str, list[str]] = {}
    for cui, name in zip(rows["CUI"].to_pylist(), rows["STY"].to_pylist(), strict=True):
        found.setdefault(cui, []).append(name)
    return found
