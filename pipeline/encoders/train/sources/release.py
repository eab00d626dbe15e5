"""What a project's own UMLS release teaches: its French and English strings and definitions."""

from collections.abc import Iterator

import pyarrow.parquet as pq

from pipeline.encoders.train.lessons import Taught
from pipeline.workspace import Workspace

LANGUAGES = {"FRE": "fr", "ENG": "en"}
LAY_TYPES = ("LPT", "CN", "LAY")
"""MRCONSO's TTY of consumer names: HPO's layperson terms, the consumer vocabularies'."""


def read(workspace: Workspace) -> Iterator[Taught]:
    """Suppressed strings were left out when the release was ingested. Raises WorkspaceError where there is none."""
    folder = workspace.release("umls")
    columns = ["CUI", "LAT", "TTY", "STR"]
    for row in pq.read_table(folder / "atoms.parquet", columns=columns).to_pylist():
        if row["LAT"] in LANGUAGES and row["STR"]:
            kind = "lay" if row["TTY"] in LAY_TYPES else "name"
            yield Taught((f"UMLS:{row['CUI']}",), row["STR"], LANGUAGES[row["LAT"]], kind)  # type: ignore[arg-type]
    if (folder / "definitions.parquet").exists():
        for row in pq.read_table(folder / "definitions.parquet", columns=["CUI", "DEF"]).to_pylist():
            if row["DEF"]:
                yield Taught((f"UMLS:{row['CUI']}",), row["DEF"], "en", "definition")
