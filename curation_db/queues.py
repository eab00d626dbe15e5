"""The order in which cards come up: entry by entry in the lexicon's order, candidates by rank."""

from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args

import duckdb

from curation_db.sql import query
from curation_db.state import said
from curation_db.store import Store
from pipeline.errors import InputError

Queue = Literal["unrated", "flagged", "mine", "skipped", "all"]
NEAR, MIDDLE = 4, 4096  # entries looked through at once: the next card is nearly always in the nearest
AFTER_RANKS = 32_767  # the place, after every candidate, of a concept that no candidate proposes


class Place(NamedTuple):
    """A card: an entry, and the concept it is on."""

    entry_id: str
    cui: str


def next_card(store: Store, person: str, *, after: Place | None = None, queue: Queue = "unrated") -> Place | None:
    """The person's next card of a queue in the current run, strictly after `after`, then from the start on.

    "unrated": not rated, not skipped and not in an entry that the person said "none" of; so skipped cards are left
    to "skipped" (they leave it once rated or settled by a "none"). "flagged" and "mine" (rated) hold the person's
    own only; "all" is every candidate. Concepts found by search come up in "flagged" and "mine", after the
    candidates of their entry. Where `after` alone is left it comes up again. None where the queue is empty.
    """
    return _card(store, person, after, queue, 1)


def previous_card(store: Store, person: str, *, before: Place | None = None, queue: Queue = "all") -> Place | None:
    """As `next_card`, backwards: strictly before `before` (None: the last one), then from the end on."""
    return _card(store, person, before, queue, -1)


def _card(store: Store, person: str, start: Place | None, queue: Queue, way: int) -> Place | None:
    if queue not in get_args(Queue):
        raise InputError(f"queue {queue!r}: expected {', '.join(get_args(Queue))}")
    with store.cursor() as cursor:
        run = cursor.execute("SELECT run_no, entries FROM current_run").fetchone()
        if run is None:
            return None
        bound = _locate(cursor, run[0], start) if start else None
        for low, high, bounded in _looks(bound[0] if bound else None, run[1], way, queue):
            position, rank, cui = bound if bound and bounded else (None, None, None)
            values = {"run": run[0], "low": low, "high": high, "way": way, "position": position, "rank": rank}
            if queue == "unrated" and high - low < NEAR:
                found = _near(cursor, person, values)
            else:
                found = _first(cursor, person, queue, cui, values)
            if found:
                return Place(*found)
    return None


def _near(cursor: duckdb.DuckDBPyConnection, person: str, values: dict) -> tuple[str, str] | None:
    """queue_unrated.sql for a few entries, in a fifth of its time."""
    span = cursor.execute(query("queue_span"), values).fetchall()
    state = said(cursor, person, sorted({entry_id for entry_id, _ in span})) if span else {}
    return next(((entry_id, cui) for entry_id, cui in span if state[entry_id].open(cui)), None)


def _first(
    cursor: duckdb.DuckDBPyConnection, person: str, queue: Queue, cui: str | None, values: dict
) -> tuple[str, str] | None:
    if queue == "all":
        return cursor.execute(query("queue_span") + " LIMIT 1", values).fetchone()
    values["person"] = person
    if queue == "unrated":
        return cursor.execute(query("queue_unrated"), values).fetchone()
    return cursor.execute(query("queue_judged"), values | {"cui": cui, "queue": queue}).fetchone()


def _locate(cursor: duckdb.DuckDBPyConnection, run_no: int, place: Place) -> tuple[int, int, str] | None:
    """(position, rank, CUI) in the run; None where the run does not have the entry."""
    # by entry_id alone: a second filter would keep DuckDB from the index
    rows = cursor.execute("SELECT run_no, position FROM entry WHERE entry_id = ?", [place.entry_id]).fetchall()
    position = next((position for run, position in rows if run == run_no), None)
    if position is None:
        return None
    rank = cursor.execute(
        "SELECT rank FROM alignment WHERE run_no = ? AND position = ? AND cui = ?", [run_no, position, place.cui]
    ).fetchone()
    return position, rank[0] if rank else AFTER_RANKS, place.cui


def _looks(start: int | None, entries: int, way: int, queue: Queue) -> Iterator[tuple[int, int, bool]]:
    """Spans (low, high, bounded) of positions, both included: from the start on, wider and wider, then around.

    "bounded" spans lie beyond the start; the last one is the whole way around and may end on it.
    """
    first, last = (0, entries - 1) if way > 0 else (entries - 1, 0)
    at = first if start is None else start
    for width in (NEAR, MIDDLE, entries) if queue in ("unrated", "all") else (entries,):
        to = min(at + width - 1, last) if way > 0 else max(at - width + 1, last)
        yield min(at, to), max(at, to), True
        if to == last:
            break
        at = to + way
    if start is not None:
        yield min(first, start), max(first, start), False
