"""SSSOM/TSV of exact matches: the labels of both sides are names, in English."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.encoders.train.lessons import Taught
from pipeline.encoders.train.sources.tsv import rows

EXACT = "skos:exactMatch"
SKIPPED = "Not"


def read(path: Path) -> Iterator[Taught]:
    for row in rows(path):
        if row["predicate_id"] != EXACT or row.get("predicate_modifier") == SKIPPED:
            continue
        concepts = (_curie(row["subject_id"]), _curie(row["object_id"]))
        for label in (row.get("subject_label"), row.get("object_label")):
            if label:
                yield Taught(concepts, label, "en", "name")


def _curie(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{prefix.upper()}:{local}"
