"""Lay phrases of concepts: cuis (joined by |, names of one thing), register, phrase."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.encoders.train.lessons import Taught
from pipeline.encoders.train.sources.tsv import rows


def read(path: Path) -> Iterator[Taught]:
    for row in rows(path):
        yield Taught(tuple(f"UMLS:{cui}" for cui in row["cuis"].split("|")), row["phrase"], "fr", "lay")
