"""Tables for export, agreement and plots."""

import dataclasses

import duckdb
import pyarrow as pa

from curation_db import ledger
from curation_db.moment import moment
from curation_db.sql import query
from curation_db.store import Store
from pipeline.contracts import DECISIONS, JUDGEMENTS, TEXT, VERDICTS, check
from pipeline.errors import InputError

CURATED = pa.schema(
    [
        ("entry_id", TEXT),
        ("CUI", TEXT),
        ("rating", pa.int8()),
        ("raters", pa.int64()),
        ("encoders", pa.list_(TEXT)),
        ("at", pa.timestamp("us", tz="UTC")),
        ("relation", TEXT),
        ("decided", pa.bool_()),
        ("decided_by", TEXT),
    ]
)
VERDICT_ROWS = "SELECT *, at_utc AT TIME ZONE 'UTC' AS \"at\" FROM verdict ORDER BY 1, 2"
SCORES = pa.schema([("encoder", TEXT), ("rank", pa.int16()), ("cosine", pa.float32()), ("score", pa.float32())])
RATING_COUNTS = pa.schema([("encoder", TEXT), ("rating", pa.int8()), ("count", pa.int64())])


@dataclasses.dataclass(frozen=True)
class Said:
    """What stands at one moment: contracts.JUDGEMENTS, VERDICTS and DECISIONS, and the last event that they know
    of."""

    judgements: pa.Table
    verdicts: pa.Table
    decisions: pa.Table
    event_id: int


def said(store: Store) -> Said:
    """Everything that an export is made of, all of one moment."""
    with moment(store) as cursor:
        return Said(
            _read(cursor, query("judgements"), JUDGEMENTS),
            _read(cursor, VERDICT_ROWS, VERDICTS),
            _read(cursor, query("decisions"), DECISIONS),
            cursor.execute("SELECT coalesce(max(event_id), 0) FROM event").fetchall()[0][0],
        )


def judgements(store: Store) -> pa.Table:
    """contracts.JUDGEMENTS, by entry, CUI and person: what stands now. A pair that a person only skipped is left
    out."""
    return _table(store, query("judgements"), JUDGEMENTS)


def verdicts(store: Store) -> pa.Table:
    """contracts.VERDICTS, by entry and person: each "none of these" and "no concept exists" that stands."""
    return _table(store, VERDICT_ROWS, VERDICTS)


def decisions(store: Store) -> pa.Table:
    """contracts.DECISIONS, by entry and CUI: each that stands."""
    return _table(store, query("decisions"), DECISIONS)


def curated(store: Store) -> pa.Table:
    """CURATED, one row a rated or decided (entry, CUI), by entry and CUI: the one rule that exports go by.

    `rating` is the decision; without one the lower median of the people's current ratings (of 2 and 5 it is 2).
    `relation` goes with it: the decision's, else what more than half of the raters chose. `raters` counts those who
    rated, `at` is the decision's time, else the last rating's. `encoders` are those that propose the pair in the
    current run; for a pair that it does not have, those that the raters saw; none for one found by search.
    """
    return _table(
        store,
        "SELECT * RENAME (cui AS CUI), at_utc AT TIME ZONE 'UTC' AS \"at\" FROM curated ORDER BY 1, 2",
        CURATED,
    )


def rating_counts(store: Store) -> pa.Table:
    """RATING_COUNTS: curated pairs at each rating 0-5, in six rows an encoder, zeros included.

    The encoders go by name; then "combined" counts every pair that any encoder proposed once, and "search" those
    that no encoder did.
    """
    return _table(store, query("rating_counts"), RATING_COUNTS)


def scores(store: Store, sample: int | None = 20_000) -> pa.Table:
    """SCORES: cosine and recalibrated score by encoder in the current run, for plots of their densities.

    The evidence of `sample` alignments (None: all of them), picked by hash, so the same ones every time. Evidence
    without a cosine is left out; by encoder, then cosine.
    """
    if sample is not None and sample < 0:
        raise InputError(f"sample {sample}: expected 0 or more, or None for everything")
    return _table(store, query("scores"), SCORES, [2**62 if sample is None else sample])


def events(
    store: Store, *, entry_id: str | None = None, person: str | None = None, limit: int = 200
) -> tuple[ledger.Event, ...]:
    """The history, the newest first: who did what and when, undone or not."""
    if limit < 0:
        raise InputError(f"limit {limit}: expected 0 or more")
    with store.cursor() as cursor:
        rows = cursor.execute(
            f"SELECT {ledger.SQL_COLUMNS}, event_id IN (SELECT undoes FROM event WHERE kind = 'undo') "
            "FROM event WHERE ($entry IS NULL OR entry_id = $entry) AND ($person IS NULL OR person = $person) "
            "ORDER BY event_id DESC LIMIT $limit",
            {"entry": entry_id, "person": person, "limit": limit},
        ).fetchall()
    return tuple(map(ledger.from_row, rows))


def _table(store: Store, sql: str, schema: pa.Schema, values: list[object] | None = None) -> pa.Table:
    with store.cursor() as cursor:
        return _read(cursor, sql, schema, values)


def _read(
    cursor: duckdb.DuckDBPyConnection, sql: str, schema: pa.Schema, values: list[object] | None = None
) -> pa.Table:
    return check(cursor.execute(sql, values or []).to_arrow_table(), schema, "curation store")
