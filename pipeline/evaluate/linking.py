"""Linking against gold CUIs: is the right concept first, among the first five, and at which reciprocal rank?"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Literal

import pyarrow as pa

from pipeline.contracts import ENTRIES
from pipeline.errors import FormatError

COLUMNS = ("term", "explanation", "cuis", "source", "match")
MATCHES = ("exact", "inflected", "different")
By = Literal["match", "source", "length", "explanation"]


@dataclass(frozen=True)
class Gold:
    """`entries` as in contracts, ids by place in the file; `cuis`, `match` and `source` of each."""

    entries: pa.Table
    cuis: list[frozenset[str]]
    match: list[str]
    source: list[str]

    def groups(self, by: By) -> list[str]:
        """The group of each entry: its match, its source, its term's length in words, whether it is explained."""
        if by == "match":
            return self.match
        if by == "source":
            return self.source
        if by == "length":
            return [_length(term) for term in self.entries["term"].to_pylist()]
        return ["explained" if text else "bare" for text in self.entries["explanation"].to_pylist()]


def read_gold(path: Path) -> Gold:
    """A tab-separated file with the columns of COLUMNS, gold CUIs joined by |.

    Raises FormatError where a column is missing, a line is cut or no CUI stands in it.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, escapechar="\\"))
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: {error}; expected a tab-separated file in UTF-8") from error
    if not rows or (missing := [name for name in COLUMNS if name not in rows[0]]):
        found = ", ".join(map(str, rows[0])) if rows else "no row"
        raise FormatError(
            f"{path}: no column {', '.join(missing) if rows else 'at all'}; found {found}, "
            f"expected {', '.join(COLUMNS)}"
        )
    for line, row in enumerate(rows, 2):
        if None in row or None in row.values() or not row["cuis"]:
            raise FormatError(
                f"{path} line {line}: expected {len(COLUMNS)} cells and a CUI, found {list(row.values())}"
            )
    number = [f"G{place:06d}" for place in range(len(rows))]
    columns = {
        "entry_id": number,
        "term": [r["term"] for r in rows],
        "explanation": [r["explanation"] or None for r in rows],
        "line": range(2, len(rows) + 2),
    }
    entries = pa.table(
        {field.name: pa.array(columns.get(field.name, [None] * len(rows)), field.type) for field in ENTRIES}
    )
    return Gold(
        entries,
        [frozenset(r["cuis"].split("|")) for r in rows],
        *([r[name] for r in rows] for name in ("match", "source")),
    )


def first_right(gold: Gold, candidates: pa.Table) -> list[int]:
    """Of each entry the rank of its first right candidate, 0 where none is (columns entry_id, rank, CUI)."""
    place = {entry: number for number, entry in enumerate(gold.entries["entry_id"].to_pylist())}
    first = [0] * len(place)
    for entry, rank, cui in zip(
        *(candidates[name].to_pylist() for name in ("entry_id", "rank", "CUI")), strict=True
    ):
        number = place[entry]
        if cui in gold.cuis[number] and (not first[number] or rank < first[number]):
            first[number] = rank
    return first


def score(gold: Gold, candidates: pa.Table, by: By = "match") -> dict[str, dict[str, float]]:
    """Of one system's candidates (columns entry_id, rank, CUI): "all" and each group of `Gold.groups` -> n,
    accuracy@1, accuracy@5, mrr, and the 95 % Wilson interval of both accuracies (Wilson 1927).

    Reciprocal rank is 0 where no candidate is right.
    """
    first, groups = first_right(gold, candidates), gold.groups(by)
    names = MATCHES if by == "match" else sorted(set(groups))
    kinds = {"all": first} | {
        name: [rank for rank, group in zip(first, groups, strict=True) if group == name] for name in names
    }
    return {kind: figures(ranks) for kind, ranks in kinds.items()}


def figures(ranks: Sequence[int]) -> dict[str, float]:
    """As `score`, of ranks as of `first_right`."""
    n = len(ranks)
    found: dict = {"n": n}
    for k in (1, 5):
        hits = sum(0 < rank <= k for rank in ranks)
        found[f"accuracy@{k}"] = hits / n if n else None
        found[f"accuracy@{k}_interval"] = wilson(hits, n)
    found["mrr"] = sum(1 / rank for rank in ranks if rank) / n if n else None
    return found


def _length(term: str) -> str:
    words = len(term.split())
    return "1 word" if words == 1 else "2-3 words" if words < 4 else "4 words and more"


def wilson(hits: int, n: int, z: float = 1.959964) -> list[float] | None:
    if not n:
        return None
    centre, spread = (hits + z * z / 2) / (n + z * z), z * sqrt(hits * (n - hits) / n + z * z / 4) / (n + z * z)
    return [max(0.0, centre - spread), min(1.0, centre + spread)]
