"""The decision that settles a pair: made once, and taken back by new evidence."""

from datetime import datetime
from typing import Any

import duckdb

from curation_db import access, ledger, rules
from curation_db.ledger import Event
from curation_db.queues.order import Place
from curation_db.store import Store
from pipeline.errors import InputError, Refused

# What a person may do to a pair without a word on it: it changes nothing for whoever decides
SILENT = ("skip", "again", "reveal")


def decide(
    store: Store,
    by: str,
    place: Place,
    rating: int,
    *,
    seen: int,
    relation: ledger.Relation | None = None,
    text: str = "",
    command_id: str,
    at: datetime,
) -> Event:
    """Settle a pair: the rating and relation that go before everybody's, and why.

    `seen` is `hearing(...).seen`: Refused where a decision stands, or where anything was said of the pair since.
    InputError where the rating is none of the raters' and `text` is empty. The same command_id twice is one event.
    """
    if type(rating) is not int or not 0 <= rating <= 5:
        raise InputError(f"rating {rating!r}: expected a whole number from 0 to 5")
    text = ledger.words(text, "reason")
    values = {"rating": rating, "relation": ledger.relation(relation), "text": text}
    with store.writing() as cursor:
        if recorded := _again(cursor, by, place, command_id, at, "decide", values):
            return recorded
        rules.proposed_by(cursor, place.entry_id, place.cui)
        if standing := _decision(cursor, place):
            raise Refused(f"{_told(standing)} meanwhile; reopen that decision first if it is to change")
        _unchanged(cursor, place, seen)
        _reasoned(cursor, place, rating, text)
        return _append(cursor, by, place, command_id, at, "decide", values | _evidence(cursor, place))


def reopen(store: Store, by: str, place: Place, reason: str, *, seen: int, command_id: str, at: datetime) -> Event:
    """Take a standing decision back for new evidence: people's ratings count again until the next one. `seen` as
    in `decide`. Refused where none stands; InputError without a reason."""
    if not (reason := ledger.words(reason, "reason")):
        raise InputError("reason '': expected what speaks against the decision; write it down")
    with store.writing() as cursor:
        if recorded := _again(cursor, by, place, command_id, at, "reopen", {"text": reason}):
            return recorded
        if _decision(cursor, place) is None:
            raise Refused(f"{place.cui} for entry {place.entry_id!r}: no decision stands, so none can be reopened")
        _unchanged(cursor, place, seen)
        return _append(cursor, by, place, command_id, at, "reopen", {"text": reason})


def last_word(cursor: duckdb.DuckDBPyConnection, place: Place) -> Event | None:
    """The latest event on the pair, or on its whole entry, that whoever decides must have seen."""
    # the index serves a filter on entry_id alone
    rows = cursor.execute(f"{ledger.SELECT} WHERE entry_id = ?", [place.entry_id]).fetchall()
    events = (ledger.from_row(row) for row in rows)
    on_pair = (one for one in events if one.cui in (None, place.cui) and one.kind not in SILENT)
    return max(on_pair, key=lambda one: one.event_id, default=None)


def _again(
    cursor: duckdb.DuckDBPyConnection,
    by: str,
    place: Place,
    command_id: str,
    at: datetime,
    kind: ledger.Kind,
    values: dict[str, Any],
) -> Event | None:
    """What this command_id did already: before the rules, which its own doing has changed. Checks the right."""
    access.check(cursor, by, "adjudicate")
    ledger.code(place.cui, "CUI")
    if ledger.find(cursor, ledger.identifier(command_id)):
        return _append(cursor, by, place, command_id, at, kind, values)
    return None


def _append(
    cursor: duckdb.DuckDBPyConnection,
    by: str,
    place: Place,
    command_id: str,
    at: datetime,
    kind: ledger.Kind,
    values: dict[str, Any],
) -> Event:
    pair = {"entry_id": place.entry_id, "cui": place.cui}
    return ledger.append(cursor, command_id, at, kind, person=by, **pair, **values)


def _decision(cursor: duckdb.DuckDBPyConnection, place: Place) -> Event | None:
    row = cursor.execute(
        f"{ledger.SELECT} WHERE event_id = (SELECT event_id FROM decision WHERE entry_id = ? AND cui = ?)",
        [place.entry_id, place.cui],
    ).fetchone()
    return ledger.from_row(row) if row else None


def _unchanged(cursor: duckdb.DuckDBPyConnection, place: Place, seen: int) -> None:
    last = last_word(cursor, place)
    if last is not None and last.event_id != seen:
        raise Refused(f"{_told(last)} meanwhile; look at it, then decide")


def _reasoned(cursor: duckdb.DuckDBPyConnection, place: Place, rating: int, text: str) -> None:
    rows = cursor.execute(
        "SELECT rating FROM judgement WHERE entry_id = ? AND cui = ? AND rating IS NOT NULL ORDER BY rating",
        [place.entry_id, place.cui],
    ).fetchall()
    ratings = [one for (one,) in rows]
    if rating not in ratings and not text:
        said = ", ".join(map(str, ratings)) or "nobody's"
        raise InputError(f"rating {rating} with no reason: the raters' are {said}; write why, then decide")


def _evidence(cursor: duckdb.DuckDBPyConnection, place: Place) -> dict[str, Any]:
    """What the current run says of the pair: the ground that a later run is compared with."""
    run = cursor.execute("SELECT run_no, name FROM current_run").fetchone()
    if run is None:
        return {}
    row = cursor.execute(
        "SELECT a.rank, a.score, a.encoders, e.position + 1 FROM entry e LEFT JOIN alignment a "
        "ON a.run_no = e.run_no AND a.position = e.position AND a.cui = ? WHERE e.run_no = ? AND e.entry_id = ?",
        [place.cui, run[0], place.entry_id],
    ).fetchone()
    rank, score, encoders, position = row or (None,) * 4
    shown = {"rank": rank, "score": score, "encoders": None if encoders is None else tuple(encoders)}
    return {"run": run[1], "position": position} | shown


def _told(event: Event) -> str:
    rating = "" if event.rating is None else f" {event.rating}"
    return f"{event.person} said {event.kind}{rating} at {event.at:%Y-%m-%d %H:%M} UTC"
