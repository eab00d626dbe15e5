"""Babelon's table of synonyms (hp-fr.synonyms.tsv), French strings joined by |.

The file is not all French: strings without any translation have a status of their own and are left out.
"""

from collections.abc import Iterator
from pathlib import Path

from pipeline.encoders.train.lessons import Taught, fold
from pipeline.encoders.train.sources.tsv import rows

TRANSLATED = ("CANDIDATE", "OFFICIAL")
SHORTEST = 4  # shorter ones are fragments and abbreviations


def read(path: Path) -> Iterator[Taught]:
    for row in rows(path):
        if row["Status"] not in TRANSLATED:
            continue
        for text in (row["translation_value"] or "").split("|"):
            text = text.replace("&quot;", "").replace("quot;", "").strip(' "')
            if len(fold(text)) >= SHORTEST:
                yield Taught((row["subject_id"],), text, "fr", "mention")
