"""Mentions marked with CUIs in French text (QUAERO, flattened): a mention of several CUIs is of none for certain."""

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.encoders.train.lessons import Taught
from pipeline.encoders.train.sources.tsv import rows

CUI = re.compile(r"C\d{7}")
SHORTEST = 3


def read(path: Path) -> Iterator[Taught]:
    for row in rows(path):
        if CUI.fullmatch(row["cui"]) and len(row["mention"]) >= SHORTEST:
            yield Taught((f"UMLS:{row['cui']}",), row["mention"], "fr", "mention")
