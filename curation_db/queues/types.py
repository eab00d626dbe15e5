"""The semantic types of a UMLS release, for narrowing a queue to one of them."""

import functools
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


@functools.lru_cache(maxsize=2)
def types(release: Path) -> tuple[str, ...]:
    """Their names, sorted; a release never changes."""
    names = pq.read_table(_file(release), columns=["STY"])["STY"]
    return tuple(sorted(pc.unique(names).to_pylist()))


@functools.lru_cache(maxsize=8)
def concepts(release: Path, sty: str) -> pa.Array:
    """The CUIs of a type, text [n]."""
    rows = pq.read_table(_file(release), columns=["CUI"], filters=[("STY", "=", sty)])
    return pc.unique(rows["CUI"])


def _file(release: Path) -> Path:
    return release / "semantic_types.parquet"
