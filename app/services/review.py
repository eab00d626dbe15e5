"""Rating: what is recorded of the card on show, and where one goes next."""

from datetime import datetime

from app.services.appearance import Showing, Sitting, heard
from curation_db import commands, queries
from curation_db.commands import Judgement
from curation_db.queries import Card, Place, Queue
from curation_db.store import Store

QUEUES: tuple[Queue, ...] = ("unrated", "flagged", "mine", "skipped", "all")


def rate(store: Store, sitting: Sitting, showing: Showing, rating: int, *, at: datetime, now: float) -> bool:
    """Record a rating and go on to the next card. False where the press does not count."""
    if not heard(sitting, showing, now):
        return False
    found = showing.origin == "search"
    judgement = Judgement(
        command_id=showing.command("rate", rating),
        person=showing.person,
        entry_id=showing.place.entry_id,
        cui=showing.place.cui,
        rating=rating,
        origin="search" if found else "candidate",
        run=None if found else showing.run,
        encoders=showing.encoders,
        rank=showing.rank,
        score=showing.score,
        position=showing.position,
        seconds=max(0.0, now - showing.since),
    )
    commands.rate(store, judgement, at=at)
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
    if not heard(sitting, showing, now):
        return False
    entry = showing.place.entry_id
    commands.none_of_these(store, showing.person, entry, command_id=showing.command("none"), at=at)
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
) -> bool | None:
    """Take the last command back and show the card it was on. None where there was none, False where not heard."""
    if not heard(sitting, showing, now):
        return False
    undone = commands.undo(store, person, command_id=command_id, at=at)
    if undone is None:
        return None
    cui = undone.cui or _first(store, undone.entry_id, person)
    if cui is not None:
        sitting.back = None
        sitting.go(Place(undone.entry_id, cui))
    return True


def move(store: Store, sitting: Sitting, showing: Showing, way: int, *, at: datetime, now: float) -> bool:
    """To the next card of the queue, or back; back from what is left to rate shows what was just rated."""
    if sitting.showing is None or sitting.showing.name != showing.name:
        return False
    if way > 0:
        place = queries.next_card(store, showing.person, after=sitting.place, queue=sitting.queue)
    else:
        queue: Queue = "all" if sitting.queue == "unrated" else sitting.queue
        place = queries.previous_card(store, showing.person, before=sitting.place, queue=queue)
    sitting.back = None
    if place is not None:
        sitting.go(place)
    return True


def choose_queue(store: Store, sitting: Sitting, person: str, queue: Queue) -> None:
    """Change the filter; one stays on the card where it belongs to "all", else goes to the queue's first."""
    sitting.queue, sitting.back = queue, None
    if queue != "all" or sitting.place is None:
        sitting.go(queries.next_card(store, person, queue=queue))


def look_at(sitting: Sitting, card: Card, cui: str) -> None:
    """Put another concept of the same entry on show: a candidate, or one that was found by search."""
    known = {one.cui for one in card.candidates}
    if cui in known:
        sitting.back = None
    elif card.index is not None:
        sitting.back = card.place
    sitting.go(Place(card.place.entry_id, cui))


def _advance(store: Store, sitting: Sitting, showing: Showing) -> None:
    place: Place | None
    if sitting.back is not None:
        place, sitting.back = sitting.back, None
    else:
        place = queries.next_card(store, showing.person, after=showing.place, queue=sitting.queue)
    sitting.go(place)


def _next_entry(store: Store, sitting: Sitting, showing: Showing) -> Place | None:
    place: Place | None = showing.place
    for _ in range(1000):  # the queue "all" goes through every candidate of the entry first
        place = queries.next_card(store, showing.person, after=place, queue=sitting.queue)
        if place is None or place.entry_id != showing.place.entry_id:
            return place
    return place


def _first(store: Store, entry_id: str, person: str) -> str | None:
    candidates = queries.card(store, Place(entry_id, ""), person).candidates
    return candidates[0].cui if candidates else None
