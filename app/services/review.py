"""Rating: what is recorded of the card on show, and where one goes next."""

from collections.abc import Callable
from datetime import datetime

from app.services.appearance import Showing, Sitting, heard
from app.services.judging import LOW
from curation_db import commands, queries
from curation_db.judging import second_pass
from curation_db.queries import Card, Place
from curation_db.store import Store
from pipeline.errors import Refused


def rate(store: Store, sitting: Sitting, showing: Showing, rating: int, *, at: datetime, now: float) -> bool:
    """Record a rating, in the queue "again" one of the second pass, and go on to the next card. False where the
    press does not count."""
    if not heard(sitting, showing, now):
        return False
    judgement = showing.judgement(
        showing.command("rate", rating),
        rating,
        seconds=max(0.0, now - showing.since),
        relation=sitting.relation,
        reason=sitting.reason if rating <= LOW else None,
        queue=sitting.queue,
    )
    record = second_pass.again if sitting.queue == "again" else commands.rate
    record(store, judgement, at=at)
    _advance(store, sitting, showing)
    return True


def skip(store: Store, sitting: Sitting, showing: Showing, *, at: datetime, now: float) -> bool:
    if not heard(sitting, showing, now):
        return False
    commands.skip(store, showing.person, *showing.place, command_id=showing.command("skip"), at=at)
    _advance(store, sitting, showing)
    return True


def none_of_these(store: Store, sitting: Sitting, showing: Showing, *, at: datetime, now: float) -> bool:
    """No candidate of the entry fits: record it and go on to the next entry."""
    return _verdict(commands.none_of_these, "none", store, sitting, showing, at=at, now=now)


def no_concept(store: Store, sitting: Sitting, showing: Showing, *, at: datetime, now: float) -> bool:
    """No concept of the release means what the entry does: record it and go on to the next entry."""
    return _verdict(commands.no_concept, "absent", store, sitting, showing, at=at, now=now)


def _verdict(
    command: Callable[..., object],
    name: str,
    store: Store,
    sitting: Sitting,
    showing: Showing,
    *,
    at: datetime,
    now: float,
) -> bool:
    if not heard(sitting, showing, now):
        return False
    _first_pass(sitting)
    command(store, showing.person, showing.place.entry_id, command_id=showing.command(name), at=at)
    sitting.back = None
    sitting.go(_next_entry(store, sitting, showing))
    return True


def flag(store: Store, sitting: Sitting, showing: Showing, flagged: bool, *, at: datetime, now: float) -> bool:
    if not heard(sitting, showing, now):
        return False
    command_id = showing.command("flag", flagged, at.isoformat())
    commands.flag(store, showing.person, *showing.place, flagged, command_id=command_id, at=at)
    return True


def comment(store: Store, showing: Showing, before: str, text: str, *, at: datetime) -> bool:
    """Keep a comment; False where it says what was there `before`."""
    if text.strip() == before.strip():
        return False
    command_id = showing.command("comment", text, at.isoformat())
    commands.comment(store, showing.person, *showing.place, text, command_id=command_id, at=at)
    return True


def undo(
    store: Store,
    sitting: Sitting,
    showing: Showing | None,
    person: str,
    *,
    command_id: str,
    at: datetime,
    now: float,
) -> int | None:
    """Take the last command, or batch, back and show the card it was on; how many commands that were. None where
    there was none, 0 where not heard."""
    if not heard(sitting, showing, now):
        return 0
    undone = commands.undo(store, person, command_id=command_id, at=at)
    if undone is None:
        return None
    cui = undone.cui or _first(store, undone.entry_id, person)
    if cui is not None:
        sitting.back = None
        sitting.go(Place(undone.entry_id, cui))
    return undone.count


def move(store: Store, sitting: Sitting, showing: Showing, way: int, *, at: datetime, now: float) -> bool:
    """To the next card of the queue, or back; back from what is left to rate shows what was just rated."""
    if sitting.showing is None or sitting.showing.name != showing.name:
        return False
    if way > 0:
        place = sitting.next(store, showing.person, sitting.place)
    else:
        place = queries.previous_card(
            store, showing.person, before=sitting.place, queue=sitting.queue, only=sitting.only
        )
    sitting.back = None
    if place is not None:
        sitting.go(place)
    return True


def look_at(sitting: Sitting, card: Card, cui: str) -> None:
    """Put another concept of the same entry on show: a candidate, or one that was found by search."""
    known = {one.cui for one in card.candidates}
    if cui in known:
        sitting.back = None
    elif card.index is not None:
        sitting.back = card.place
    sitting.go(Place(card.place.entry_id, cui))


def _first_pass(sitting: Sitting) -> None:
    """Raises Refused in the second pass, which changes nothing of what one said."""
    if sitting.queue == "again":
        raise Refused("the second pass only rates; choose another queue to say more of an entry")


def _advance(store: Store, sitting: Sitting, showing: Showing) -> None:
    place: Place | None
    if sitting.back is not None:
        place, sitting.back = sitting.back, None
    else:
        place = sitting.next(store, showing.person, showing.place)
    sitting.go(place)


def _next_entry(store: Store, sitting: Sitting, showing: Showing) -> Place | None:
    place: Place | None = showing.place
    for _ in range(1000):  # the queue "all" goes through every candidate of the entry first
        place = sitting.next(store, showing.person, place)
        if place is None or place.entry_id != showing.place.entry_id:
            return place
    return place


def _first(store: Store, entry_id: str, person: str) -> str | None:
    candidates = queries.card(store, Place(entry_id, ""), person).candidates
    return candidates[0].cui if candidates else None
