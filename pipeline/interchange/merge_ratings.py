"""The reference work's merge of rated alignments, and its Table 4.

Source: Bouaggad and Grabar 2025, "Search-Optimized Quantization in Biomedical Ontology Alignment"
(doi:10.3389/frai.2025.1662984), the merging of its two encoders' rated alignments and Table 4: take every
alignment rated 5 of the first encoder, then those rated 5 of the second that are not in yet, then 4 of the first,
and so on down. Its published set keeps 3 and above. Here for any number of encoders, in the settings' order.
"""

from collections.abc import Sequence
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contracts import TEXT, check
from pipeline.errors import InputError

PUBLISHED_MINIMUM = 3
RATINGS = range(6)
COMBINATION = "combination"
NO_ENCODER = "no encoder"  # pairs that people found by search: in the mapping, in no encoder's list

RATED = pa.schema([("entry_id", TEXT), ("CUI", TEXT), ("encoder", TEXT), ("rating", pa.int8())])
TABLE4 = pa.schema(
    [("alignments", TEXT), *((f"@{rating}", pa.int64()) for rating in RATINGS), ("total", pa.int64())]
)


def merge(rated: pa.Table, encoders: Sequence[str], *, minimum: int = PUBLISHED_MINIMUM) -> pa.Table:
    """RATED rows of several encoders to RATED rows with each (entry, CUI) once, in the order that they come in.

    `encoder` is the one that brought the pair in; where encoders' ratings of a pair differ the highest stands, and
    of equal ones the first encoder's. Within a step the order of `rated` is kept. Raises InputError for an encoder
    that `encoders` does not place.
    """
    rated = check(rated, RATED, "rated alignments")
    place = {encoder: index for index, encoder in enumerate(encoders)}
    if unknown := sorted(set(rated["encoder"].to_pylist()) - set(place)):
        raise InputError(
            f"merge: encoder {', '.join(map(str, unknown))} has no place; found {', '.join(encoders)}; name all"
        )
    steps = zip(rated["rating"].to_pylist(), rated["encoder"].to_pylist(), strict=True)
    keys = [(-rating, place[encoder]) for rating, encoder in steps]
    pairs = list(zip(rated["entry_id"].to_pylist(), rated["CUI"].to_pylist(), strict=True))
    taken: dict[tuple[str, str], int] = {}
    for index in sorted(range(len(keys)), key=keys.__getitem__):
        if -keys[index][0] >= minimum:
            taken.setdefault(pairs[index], index)
    return rated.take(pa.array(taken.values(), pa.int64()))


def table4(rated: pa.Table, encoders: Sequence[str], others: pa.Table | None = None) -> pa.Table:
    """TABLE4: how many alignments of each encoder, and of their merge, have each rating.

    `others` are RATED rows of no encoder: counted in a last row, so that combination and last row add up to the
    whole mapping. Raises InputError as `merge` does.
    """
    combination = merge(rated, encoders, minimum=min(RATINGS))
    named = [(name, rated.filter(pc.equal(rated["encoder"], name))) for name in encoders]
    rows = [_count(name, table) for name, table in chain(named, [(COMBINATION, combination)])]
    if others is not None:
        rows.append(_count(NO_ENCODER, others))
    return pa.Table.from_pylist(rows, schema=TABLE4)


def _count(name: str, rated: pa.Table) -> dict[str, object]:
    ratings = rated["rating"].to_pylist()
    return {"alignments": name, "total": len(ratings)} | {
        f"@{rating}": ratings.count(rating) for rating in RATINGS
    }


def as_text(table: pa.Table) -> str:
    """TABLE4 as aligned columns, a line a row, names to the left and counts to the right."""
    rows = [table.column_names, *([str(value) for value in row.values()] for row in table.to_pylist())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])] for row in rows)
    return "".join("  ".join(line).rstrip() + "\n" for line in lines)
