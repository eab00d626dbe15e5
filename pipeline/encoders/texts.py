"""The texts that an encoder is calibrated and measured on: the user's own, or the sample's."""

import random
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.errors import InputError
from pipeline.workspace import Workspace

SAMPLE = Path(__file__).parents[2] / "assets" / "sample" / "lexicon.txt"
MOST = 400
LEAST = 32


def sample(*, most: int = MOST) -> list[str]:
    """Terms and explanations of the sample lexicon, in French, shuffled in a fixed order; `most` 0 gives all."""
    rows = [line.split("\t") for line in SAMPLE.read_text("utf-8").splitlines()[1:]]
    return _some([cell for row in rows for cell in (row[0], row[3]) if cell], most)


def of_project(workspace: Workspace) -> list[str]:
    """Every distinct term, explanation and atom of the project's current releases."""
    found: dict[str, None] = {}
    for kind, table, columns in (("lexicon", "entries", ("term", "explanation")), ("umls", "atoms", ("STR",))):
        if workspace.has_release(kind):
            read_ = pq.read_table(workspace.release(kind) / f"{table}.parquet", columns=list(columns))
            for column in columns:
                found |= dict.fromkeys(text for text in read_[column].to_pylist() if text)
    return list(found)


def read(path: Path) -> list[str]:
    """A text a line, UTF-8; at most 400 of them in a fixed random order. Raises InputError for fewer than 32."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}; expected a text a line in UTF-8") from error
    found = _some([line.strip() for line in lines if line.strip()])
    if len(found) < LEAST:
        raise InputError(f"{path}: {len(found)} distinct texts, expected {LEAST} or more, a text a line")
    return found


def _some(texts: list[str], most: int = MOST) -> list[str]:
    distinct = list(dict.fromkeys(texts))
    random.Random(0).shuffle(distinct)
    return distinct[: most or None]
