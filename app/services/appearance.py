"""Which card is on show to a person, since when, and whether a press is meant for it."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from curation_db import queries
from curation_db.commands import Judgement
from curation_db.ledger import Relation
from curation_db.queries import EVERYTHING, Added, Candidate, Card, Filters, Place, Queue
from curation_db.queues.order import TO_RATE
from curation_db.rating_plans import assignments
from curation_db.store import Store
from pipeline.errors import Refused

UNSEEN = 0.5
"""Seconds that a new card is deaf: nobody reads faster, so a press within them was meant for the card before."""


@dataclass(frozen=True)
class Showing:
    """One appearance of a card to one person: what a rating given then must carry.

    `name` is a UUID that every command given on this appearance is derived from, so that a key pressed twice is
    one command; `since` is when it appeared, in seconds of a steady clock.
    """

    name: str
    person: str
    place: Place
    since: float
    run: str
    position: int
    origin: str = "candidate"
    encoders: tuple[str, ...] | None = None
    rank: int | None = None
    score: float | None = None

    def command(self, *what: object) -> str:
        return str(uuid.uuid5(uuid.UUID(self.name), repr(what)))

    def judgement(self, command_id: str, rating: int, **said: Any) -> Judgement:
        """A rating given on this appearance, with what its rater saw; `said` is what else was said of the pair."""
        found = self.origin == "search"
        return Judgement(
            command_id=command_id,
            person=self.person,
            entry_id=self.place.entry_id,
            cui=self.place.cui,
            rating=rating,
            origin="search" if found else "candidate",
            run=None if found else self.run,
            encoders=self.encoders,
            rank=self.rank,
            score=self.score,
            position=self.position,
            **said,
        )


@dataclass
class Sitting:
    """Where a person is, for the time that their page is open. `back` is the candidate to return to from a
    concept that was found by search; `pressed` when the last press that came too early was. `relation` and
    `reason` go with the next rating of the card on show."""

    queue: Queue = "unrated"
    only: Filters = EVERYTHING
    place: Place | None = None
    back: Place | None = None
    showing: Showing | None = None
    pressed: float = 0.0
    relation: Relation | None = None
    reason: str | None = None

    def go(self, place: Place | None) -> None:
        """Show a place; the same one again is a new appearance."""
        self.place, self.showing = place, None

    def renew(self) -> Showing | None:
        """The same card with other keys under it: a press on those before, still on their way, counts no more."""
        if self.showing is not None:
            self.showing = replace(self.showing, name=str(uuid.uuid4()))
        return self.showing

    def next(self, store: Store, person: str, after: Place | None = None) -> Place | None:
        """The next card of the queue that passes the filters; from the start where there is no `after`."""
        return queries.next_card(store, person, after=after, queue=self.queue, only=self.only)


def arrive(store: Store, sitting: Sitting, person: str) -> Card | None:
    """The card to draw: the place where the person is, else the first of their queue; None where that is empty."""
    if sitting.place is None:
        sitting.go(sitting.next(store, person))
    _claim(store, sitting, person)
    if sitting.place is None:
        return None
    try:
        return queries.card(store, sitting.place, person)
    except Refused:  # an old address: its entry is not in the current run
        sitting.go(sitting.next(store, person))
        return queries.card(store, sitting.place, person) if sitting.place else None


def _claim(store: Store, sitting: Sitting, person: str) -> None:
    """Take the place for this person, or go on to one that nobody took in the meantime."""
    refused: set[Place] = set()
    while sitting.queue in TO_RATE and (place := sitting.place) is not None:
        if assignments.take(store, person, place.entry_id):
            return
        refused.add(place)
        following = sitting.next(store, person, place)
        sitting.go(following if following not in refused else None)


def appear(sitting: Sitting, card: Card, person: str, now: float) -> Showing:
    """The appearance of the card that is on show; a new one where another card, or another person, was before."""
    before = sitting.showing
    if before is None or before.place != card.place or before.person != person:
        chosen = card.candidates[card.index] if card.index is not None else None
        said = standing(card) if sitting.queue != "again" else None  # a second pass begins anew
        sitting.relation, sitting.reason = (said.relation, said.reason) if said else (None, None)
        sitting.showing = Showing(
            name=str(uuid.uuid4()),
            person=person,
            place=card.place,
            since=now,
            run=card.run,
            position=card.entry.position,
            origin="candidate" if chosen else "search",
            encoders=chosen.encoders if chosen else None,
            rank=chosen.rank if chosen else None,
            score=chosen.score if chosen else None,
        )
    assert sitting.showing is not None
    return sitting.showing


def known(card: Card) -> list[Candidate | Added]:
    """Every concept that stands on the card: the candidates, then what this person added."""
    return [*card.candidates, *card.added]


def standing(card: Card, cui: str | None = None) -> Candidate | Added | None:
    """What this person said of a concept of the entry (of the one on show), None for one they never touched."""
    wanted = cui or card.place.cui
    return next((one for one in known(card) if one.cui == wanted), None)


def heard(sitting: Sitting, showing: Showing | None, now: float) -> bool:
    """Whether a press counts: it was given on the appearance that is on show, and late enough to have seen it.

    While a card is being replaced the browser holds the keys of both, and one press can reach both; a key that is
    held down, or pressed twice, reaches the next card. What is not for the card on show is nobody's decision.
    """
    shown = sitting.showing
    if showing is None or shown is None:
        return showing is shown
    if shown.name != showing.name:
        return False
    early = now - max(showing.since, sitting.pressed) < UNSEEN
    sitting.pressed = now if early else sitting.pressed
    return not early
