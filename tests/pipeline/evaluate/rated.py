"""Ratings of French terms as rows of contracts.BLIND, with the parts that most tests do not care about filled in."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa

from pipeline.contracts import BLIND

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
GIVEN = {"seconds": 4.0, "stage": "main", "encoders": ["e5"]}


def rated(*rows: dict) -> pa.Table:
    """Each row with `said`, (entry_id, CUI, person, rating); a minute lies between two."""
    made = [
        dict.fromkeys(BLIND.names)
        | GIVEN
        | {"at": AT + timedelta(minutes=minute)}
        | dict(zip(("entry_id", "CUI", "person", "rating"), row["said"], strict=True))
        | {name: value for name, value in row.items() if name != "said"}
        for minute, row in enumerate(rows)
    ]
    return pa.Table.from_pylist(made, schema=BLIND)


def many(people: dict[str, list[int]], **values) -> pa.Table:
    """Each person's ratings of œdème, fièvre, …: one pair an entry."""
    said = [
        {"said": (f"{place:04d}", f"C{place:07d}", person, rating)} | values
        for person, ratings in people.items()
        for place, rating in enumerate(ratings)
    ]
    return rated(*said)
