"""The discussion of a pair: read and joined by those who rated it, and by those who may see all ratings."""

import dataclasses
from datetime import datetime

import duckdb

from curation_db import access, ledger, rules
from curation_db.ledger import Event
from curation_db.queues.order import Place
from curation_db.safety import history
from curation_db.store import Store
from pipeline.errors import InputError, Refused


@dataclasses.dataclass(frozen=True)
class Word:
    event_id: int
    person: str
    text: str
    at: datetime


def say(store: Store, by: str, place: Place, text: str, *, command_id: str, at: datetime) -> Event:
    """Add a word. InputError for an empty one; Refused for those who may not read the thread or may not rate."""
    if not (text := ledger.words(text, "text")):
        raise InputError("text '': expected what is to be said; write it first")
    with store.writing() as cursor:
        access.check(cursor, by, "rate")
        rules.proposed_by(cursor, place.entry_id, ledger.code(place.cui, "CUI"))
        _may_read(cursor, by, place)
        pair = {"entry_id": place.entry_id, "cui": place.cui}
        return ledger.append(cursor, command_id, at, "say", person=by, text=text, **pair)


def thread(store: Store, by: str, place: Place) -> tuple[Word, ...]:
    """What was said and not taken back, the oldest first. Refused for somebody who has not rated the pair, unless
    they may see everybody's ratings."""
    with store.cursor() as cursor:
        access.check(cursor, by, "look")
        _may_read(cursor, by, place)
        said = (one for one in history.rows(cursor, place.entry_id) if one.kind == "say" and one.cui == place.cui)
        return tuple(Word(o.event_id, o.person or "", o.text or "", o.at) for o in said if not o.undone)


def readable(store: Store, by: str, place: Place) -> bool:
    """Whether `thread` would answer."""
    with store.cursor() as cursor:
        sees = access.allowed(cursor, by, "figures")
        return sees or (access.allowed(cursor, by, "look") and _rated(cursor, by, place))


def _may_read(cursor: duckdb.DuckDBPyConnection, by: str, place: Place) -> None:
    if not access.allowed(cursor, by, "figures") and not _rated(cursor, by, place):
        raise Refused(
            f"{place.cui} for entry {place.entry_id!r}: {by} has not rated it; rate it first, then read the others"
        )


def _rated(cursor: duckdb.DuckDBPyConnection, by: str, place: Place) -> bool:
    events = history.rows(cursor, place.entry_id)
    return any((one.kind, one.person, one.cui, one.undone) == ("rate", by, place.cui, False) for one in events)
