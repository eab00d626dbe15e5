"""A report of agreement for other programs: a table of one figure a row, and JSON."""

import dataclasses
import json
from collections.abc import Iterator
from typing import NamedTuple

import pyarrow as pa

from pipeline.contracts import TEXT
from pipeline.evaluate.agreement import Report
from pipeline.evaluate.compared import Compared
from pipeline.evaluate.people import Person
from pipeline.evaluate.resampling import Estimate

FIGURES = pa.schema(
    [
        ("figure", TEXT),
        ("of", TEXT),  # the group or person
        ("and", TEXT),  # the other person
        ("n", pa.int64()),  # pairs, or ratings of seconds
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("why", TEXT),  # it is not defined
    ]
)


class Row(NamedTuple):
    figure: str
    of: str
    other: str
    n: int
    value: float | None
    low: float | None = None
    high: float | None = None
    why: str | None = None


def as_json(report: Report) -> str:
    return json.dumps(dataclasses.asdict(report), ensure_ascii=False, indent=1)


def as_table(report: Report) -> pa.Table:
    """FIGURES: overall, the groups, the people, every two of them. Windows are in the JSON alone."""
    columns = zip(*_rows(report), strict=True)
    return pa.Table.from_arrays(
        [pa.array(c, f.type) for c, f in zip(columns, FIGURES, strict=True)], schema=FIGURES
    )


def _rows(report: Report) -> Iterator[Row]:
    kinds = {
        "overall": {"": report.overall},
        "stage": report.stages,
        "encoder": report.encoders,
        "type": report.types,
    }
    for kind, groups in kinds.items():
        for name, group in groups.items():
            yield _row(f"{kind} alpha", name, "", group.pairs, group.alpha, group.why)
            yield _row(f"{kind} same", name, "", group.pairs, group.same)
    for person in report.people:
        yield from _person(person)
    for couple in report.couples:
        yield from _compared("couple", couple.first, couple.second, couple.compared)


def _person(person: Person) -> Iterator[Row]:
    yield _row("person deviation", person.name, "", person.shared, person.deviation)
    yield from _compared("decided", person.name, "", person.decided)
    yield from _compared("twice", person.name, "", person.twice)
    if spread := person.seconds:
        for name in ("lower", "median", "upper"):
            yield Row(f"seconds {name}", person.name, "", spread.n, getattr(spread, name))


def _compared(kind: str, of: str, other: str, found: Compared) -> Iterator[Row]:
    for name in ("linear", "quadratic"):
        yield _row(f"{kind} {name} kappa", of, other, found.pairs, getattr(found, name), found.why)
    for name in ("same", "difference"):
        yield _row(f"{kind} {name}", of, other, found.pairs, getattr(found, name))


def _row(figure: str, of: str, other: str, n: int, estimate: Estimate, why: str | None = None) -> Row:
    return Row(figure, of, other, n, estimate.value, estimate.low, estimate.high, why)
