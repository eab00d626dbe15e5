"""Everything that was said of one pair, side by side, for whoever decides on it."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import duckdb

from curation_db import access
from curation_db.adjudication import decisions
from curation_db.ledger import Event, Relation
from curation_db.moment import moment
from curation_db.queues.order import Place
from curation_db.safety import history
from curation_db.store import Store


@dataclasses.dataclass(frozen=True)
class Side:
    """One person's judgement. `blind` is whether scores and others' ratings were hidden, None where not recorded;
    `seconds` the time taken. `rating` is None for one who only flagged or commented."""

    person: str
    rating: int | None
    relation: Relation | None
    reason: str | None
    comment: str
    flagged: bool
    origin: str
    blind: bool | None
    seconds: float | None
    at: datetime


@dataclasses.dataclass(frozen=True)
class Verdict:
    """ "none" (no candidate fits) or "absent" (no concept does), of the pair's whole entry."""

    person: str
    verdict: str
    comment: str
    at: datetime


@dataclasses.dataclass(frozen=True)
class Hearing:
    """`sides` by rating, the highest first; `past` are the decisions and reopenings, the oldest first, undone ones
    among them; `standing` the decision that counts. `seen` is the last event on the pair: give it to `decide`."""

    place: Place
    sides: tuple[Side, ...]
    verdicts: tuple[Verdict, ...]
    past: tuple[Event, ...]
    standing: Event | None
    seen: int


def hearing(store: Store, by: str, place: Place) -> Hearing:
    """Refused for those who may not adjudicate. A pair that nobody judged has no sides."""
    with moment(store) as cursor:  # `seen` speaks for what is shown
        access.check(cursor, by, "adjudicate")
        return _read(cursor, place)


def _read(cursor: duckdb.DuckDBPyConnection, place: Place) -> Hearing:
    past = tuple(
        one
        for one in history.rows(cursor, place.entry_id)
        if one.cui == place.cui and one.kind in ("decide", "reopen")
    )
    stands = [one for one in past if not one.undone]
    last = decisions.last_word(cursor, place)
    return Hearing(
        place,
        _sides(cursor, place),
        _verdicts(cursor, place.entry_id),
        past,
        stands[-1] if stands and stands[-1].kind == "decide" else None,
        last.event_id if last else 0,
    )


def _sides(cursor: duckdb.DuckDBPyConnection, place: Place) -> tuple[Side, ...]:
    rows = cursor.execute(
        "SELECT person, rating, relation, reason, comment, flagged, origin, blind, seconds, at_utc FROM judgement "
        "WHERE entry_id = ? AND cui = ? AND (rating IS NOT NULL OR flagged OR comment <> '') "
        "ORDER BY rating DESC NULLS LAST, person",
        [place.entry_id, place.cui],
    ).fetchall()
    return tuple(Side(*_aware(row)) for row in rows)


def _verdicts(cursor: duckdb.DuckDBPyConnection, entry_id: str) -> tuple[Verdict, ...]:
    rows = cursor.execute(
        "SELECT person, verdict, coalesce(comment, ''), at_utc FROM verdict WHERE entry_id = ? ORDER BY person",
        [entry_id],
    ).fetchall()
    return tuple(Verdict(*_aware(row)) for row in rows)


def _aware(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row with the zone of its last value, a time kept in UTC without one."""
    return (*row[:-1], row[-1].replace(tzinfo=UTC))
