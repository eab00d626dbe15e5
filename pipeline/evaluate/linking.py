"""Linking against gold CUIs: is the right concept first, among the first five, and at which reciprocal rank?"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import pyarrow as pa

from pipeline.contracts import ENTRIES
from pipeline.errors import FormatError

COLUMNS = ("term", "explanation", "cuis", "source", "match")
MATCHES = ("exact", "inflected", "different")


@dataclass(frozen=True)
class Gold:
    """`entries` as in contracts, ids by place in the file; `cuis` and `match` of each."""

    entries: pa.Table
    cuis: list[frozenset[str]]
    match: list[str]


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
    return Gold(entries, [frozenset(r["cuis"].split("|")) for r in rows], [r["match"] for r in rows])


def score(gold: Gold, candidates: pa.Table) -> dict[str, dict[str, float]]:
    """Of one system's candidates (columns entry_id, rank, CUI): all|exact|inflected|different -> n, accuracy@1,
    accuracy@5, mrr, and the 95 % Wilson interval of both accuracies (Wilson 1927).

    Reciprocal rank is 0 where no candidate is right.
    """
    place = {entry: number for number, entry in enumerate(gold.entries["entry_id"].to_pylist())}
    first = [0] * len(place)
    for entry, rank, cui in zip(
        *(candidates[name].to_pylist() for name in ("entry_id", "rank", "CUI")), strict=True
    ):
        number = place[entry]
        if cui in gold.cuis[number] and (not first[number] or rank < first[number]):
            first[number] = rank
    kinds = {"all": first} | {
        kind: [rank for rank, match in zip(first, gold.match, strict=True) if match == kind] for kind in MATCHES
    }
    return {kind: _figures(ranks) for kind, ranks in kinds.items()}


def _figures(ranks: Sequence[int]) -> dict[str, float]:
    n = len(ranks)
    figures: dict = {"n": n}
    for k in (1, 5):
        hits = sum(0 < rank <= k for rank in ranks)
        figures[f"accuracy@{k}"] = hits / n if n else None
        figures[f"accuracy@{k}_interval"] = wilson(hits, n)
    figures["mrr"] = sum(1 / rank for rank in ranks if rank) / n if n else None
    return figures


def wilson(hits: int, n: int, z: float = 1.959964) -> list[float] | None:
    if not n:
        return None
    centre, spread = (hits + z * z / 2) / (n + z * z), z * sqrt(hits * (n - hits) / n + z * z / 4) / (n + z * z)
    return [max(0.0, centre - spread), min(1.0, centre + spread)]
