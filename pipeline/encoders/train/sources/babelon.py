"""Babelon TSV: translated labels and definitions of an ontology (hp-fr.babelon.tsv)."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.encoders.train.lessons import Kind, Taught
from pipeline.encoders.train.sources.tsv import rows

PREDICATES: dict[str, Kind] = {"rdfs:label": "name", "IAO:0000115": "definition"}


def read(path: Path) -> Iterator[Taught]:
    for row in rows(path):
        kind, text = PREDICATES.get(row["predicate_id"]), row["translation_value"].strip()
        if kind and text and row["translation_status"] != "NOT_TRANSLATED":
            yield Taught((row["subject_id"],), text, row["translation_language"], kind)
