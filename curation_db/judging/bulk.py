"""Many pairs rated in one go: which ones a filter finds, which of them are left out and why, and the ratings."""

import dataclasses
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, get_args
from weakref import WeakKeyDictionary

import duckdb

from curation_db import access, ledger
from curation_db.judging import blindness
from curation_db.rating_plans import assignments
from curation_db.sql import query
from curation_db.store import Store
from pipeline.errors import InputError

Left = Literal["rated", "flagged", "settled", "not_mine"]
MOST = 200  # pairs in one go: what a person can look through before they agree to it
AT_ONCE = 50  # pairs a transaction: others rate between two of them

_alike: WeakKeyDictionary[Store, tuple[int, list[tuple[int, str]]]] = WeakKeyDictionary()


@dataclasses.dataclass(frozen=True)
class Pair:
    """A candidate of the current run. `position` counts from 0; `left` says why it would not be rated: this person
    rated or flagged it, or settled its entry, or it is not theirs to rate (or first to be calibrated on)."""

    entry_id: str
    cui: str
    term: str
    name: str
    position: int
    rank: int
    score: float | None
    encoders: tuple[str, ...]
    run: str
    left: Left | None


def terms(store: Store) -> list[tuple[int, str]]:
    """(position from 0, term) of every entry of the current run, in the lexicon's order."""
    with store.cursor() as cursor:
        return cursor.execute(
            "SELECT position, coalesce(term, '') FROM entry "
            "WHERE run_no = (SELECT run_no FROM current_run) ORDER BY position"
        ).fetchall()


def identical(store: Store, person: str) -> list[Pair]:
    """The candidates whose name is the entry's term, case, accents and punctuation apart, in the lexicon's order.

    Refused for those who may not rate.
    """
    with store.cursor() as cursor:
        access.check(cursor, person, "rate")
        return _pairs(store, cursor, person, _named_alike(store, cursor))


def proposed(store: Store, person: str, positions: Iterable[int], cui: str) -> list[Pair]:
    """The entries at these positions (from 0) for which the current run proposes the concept, in the lexicon's order.

    Refused for those who may not rate.
    """
    with store.cursor() as cursor:
        access.check(cursor, person, "rate")
        return _pairs(store, cursor, person, [(position, cui) for position in positions])


def rate(
    store: Store,
    person: str,
    wanted: Sequence[tuple[int, str]],
    rating: int,
    *,
    relation: ledger.Relation | None = None,
    batch: str,
    queue: str,
    at: datetime,
) -> int:
    """Rate pairs, by (position from 0, CUI), each by an event of its own, in their order; their number in the batch.

    Pairs that this person rated, flagged or settled meanwhile are left out, and so are those of nobody's making or
    not theirs. The same batch again adds what is missing and nothing else. Raises InputError where the rating is no
    rating or the pairs are more than MOST, Refused for those who may not rate.
    """
    if type(rating) is not int or not 0 <= rating <= 5:
        raise InputError(f"rating {rating!r}: expected a whole number from 0 to 5")
    if len(wanted) > MOST:
        raise InputError(f"{len(wanted)} pairs in one go, expected {MOST} at most; narrow the filter")
    batch, relation_said = ledger.identifier(batch), ledger.relation(relation)
    for start in range(0, len(wanted), AT_ONCE):
        with store.writing(judging=True) as cursor:
            access.check(cursor, person, "rate")
            some = wanted[start : start + AT_ONCE]
            found = {(pair.position, pair.cui): pair for pair in _pairs(store, cursor, person, some)}
            for asked in some:
                if (pair := found.get(asked)) and pair.left is None:
                    _rate(store, cursor, person, pair, rating, relation_said, batch, queue, at)
    with store.cursor() as cursor:
        [(count,)] = cursor.execute("SELECT count(*) FROM batch_use WHERE batch = ?", [batch]).fetchall()
    return count


def _rate(
    store: Store,
    cursor: duckdb.DuckDBPyConnection,
    person: str,
    pair: Pair,
    rating: int,
    relation: str | None,
    batch: str,
    queue: str,
    at: datetime,
) -> None:
    event = ledger.append(
        cursor,
        str(uuid.uuid5(uuid.UUID(batch), f"{pair.entry_id} {pair.cui}")),
        at,
        "rate",
        person=person,
        entry_id=pair.entry_id,
        cui=pair.cui,
        rating=rating,
        relation=relation,
        origin="candidate",
        run=pair.run,
        encoders=pair.encoders,
        rank=pair.rank,
        score=pair.score,
        position=pair.position + 1,
        # the list that was looked through shows neither scores nor other people's ratings
        blind=blindness.blind(store, cursor, person, pair.entry_id, pair.cui),
        queue=queue,
    )
    cursor.execute("INSERT INTO batch_use VALUES (?, ?)", [event.event_id, batch])


def _named_alike(store: Store, cursor: duckdb.DuckDBPyConnection) -> list[tuple[int, str]]:
    """(position, CUI) of bulk_identical.sql, read once a run: they never change, and a million take seconds."""
    run = cursor.execute("SELECT run_no FROM current_run").fetchone()
    if run is None:
        return []
    kept = _alike.get(store)
    if kept is None or kept[0] != run[0]:
        kept = _alike[store] = (run[0], cursor.execute(query("bulk_identical")).fetchall())
    return kept[1]


def _pairs(
    store: Store, cursor: duckdb.DuckDBPyConnection, person: str, wanted: Sequence[tuple[int, str]]
) -> list[Pair]:
    if not wanted:
        return []
    positions, cuis = zip(*wanted, strict=True)
    values = {"person": person, "positions": list(positions), "cuis": list(cuis)}
    rows = cursor.execute(query("bulk_pairs"), values).fetchall()
    mine = assignments.restriction(store, cursor, person)
    first = set(mine.calibration.tolist())
    own = None if mine.main is None else set(mine.main.tolist())
    pairs = []
    for entry_id, cui, term, name, position, rank, score, encoders, run, *said in rows:
        elsewhere = position in first or (own is not None and position not in own)
        left = next((why for why, holds in zip(get_args(Left), (*said, elsewhere), strict=True) if holds), None)
        pair = Pair(entry_id, cui, term, name, position, rank, score, tuple(encoders or ()), run, left)
        pairs.append(pair)
    return pairs
