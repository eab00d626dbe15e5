"""The Disease Ontology's report of cross references: id, label, xref, quoted."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from pipeline.encoders.train.lessons import Taught

UMLS = "UMLS_CUI:"


def read(path: Path) -> Iterator[Taught]:
    cuis: dict[tuple[str, str], list[str]] = defaultdict(list)
    with path.open(encoding="utf8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found = cuis[row["id"], row["label"]]
            if row["xref"].startswith(UMLS):
                found.append("UMLS:" + row["xref"].removeprefix(UMLS))
    for (name, label), same in cuis.items():
        yield Taught((name, *same), label, "en", "name")
