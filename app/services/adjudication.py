"""One case after another: what an adjudicator sees of it, and what is recorded when they decide."""

import dataclasses
import uuid
from collections.abc import Sequence
from datetime import datetime

from app.services.appearance import UNSEEN
from curation_db import access, commands, queries
from curation_db.adjudication import decisions
from curation_db.adjudication.cases import Case, Status, Why, choose, every_case
from curation_db.adjudication.hearing import Hearing, hearing
from curation_db.judging import blindness
from curation_db.ledger import Relation
from curation_db.queries import Card, Place
from curation_db.store import Store
from pipeline.errors import Refused


@dataclasses.dataclass(frozen=True)
class Sight:
    """One appearance of a case: its commands are derived from `name`, so that a key pressed twice is one command.
    `since` is in seconds of a steady clock."""

    name: str
    card: Card
    heard: Hearing
    since: float

    def command(self, *what: object) -> str:
        return str(uuid.uuid5(uuid.UUID(self.name), repr(what)))


@dataclasses.dataclass
class Bench:
    """Where an adjudicator is, for the time that their page is open. `relation` goes with the next decision; it is
    at first the one that all raters who gave one chose."""

    status: Status = "open"
    place: Place | None = None
    sight: Sight | None = None
    relation: Relation | None = None

    def go(self, place: Place | None) -> None:
        self.place, self.sight = place, None


def cases(
    store: Store, by: str, bench: Bench, *, why: Sequence[Why] = (), text: str = ""
) -> tuple[tuple[Case, ...], dict[Status, int]]:
    """The cases of the bench's status that pass the filters, and how many of each status there are in all."""
    every = every_case(store, by)
    counts: dict[Status, int] = {"open": 0, "doubtful": 0, "decided": 0}
    for one in every:
        counts[one.status] += 1
    return choose(every, bench.status, why=tuple(why), text=text), counts


def arrive(
    store: Store, by: str, bench: Bench, docket: Sequence[Case], *, at: datetime, now: float
) -> Sight | None:
    """The case to draw: the one the bench is at, else the first of the docket; None where that is empty.

    The ledger is told that its ratings were seen: one that this person gives afterwards is not blind. Refused for
    those who may not adjudicate.
    """
    access.require(store, by, "adjudicate")
    card = _card(store, by, bench, docket)
    if card is None:
        return None
    blindness.reveal(store, by, [card.place], at=at)
    heard = hearing(store, by, card.place)
    if bench.sight is None or bench.sight.heard != heard:
        bench.sight = Sight(str(uuid.uuid4()), card, heard, now)
        bench.relation = _shared(heard)
    return bench.sight


def decide(
    store: Store,
    by: str,
    bench: Bench,
    sight: Sight,
    *,
    rating: int,
    text: str,
    docket: Sequence[Case],
    at: datetime,
    now: float,
) -> bool:
    """Record the decision and go on to the next case. False where the press was not for the case on show."""
    if not _meant(bench, sight, now):
        return False
    decisions.decide(
        store,
        by,
        sight.heard.place,
        rating,
        seen=sight.heard.seen,
        relation=bench.relation,
        text=text,
        command_id=sight.command("decide"),
        at=at,
    )
    bench.go(following(docket, sight.heard.place))
    return True


def reopen(store: Store, by: str, bench: Bench, sight: Sight, *, text: str, at: datetime, now: float) -> bool:
    """Take the standing decision back, for the reason in `text`, and stay on the case."""
    if not _meant(bench, sight, now):
        return False
    place, seen = sight.heard.place, sight.heard.seen
    decisions.reopen(store, by, place, text, seen=seen, command_id=sight.command("reopen"), at=at)
    bench.status = "open"
    bench.go(place)
    return True


def undo(store: Store, by: str, bench: Bench, *, command_id: str, at: datetime) -> bool | None:
    """Take the person's own last command back, and show the pair that it was on. None where there was none."""
    undone = commands.undo(store, by, command_id=command_id, at=at)
    if undone is None:
        return None
    if undone.cui is not None:
        bench.go(Place(undone.entry_id, undone.cui))
    return True


def following(docket: Sequence[Case], place: Place, way: int = 1) -> Place | None:
    """The case after a place (before it, for a way of -1), around the end; None where there is no other."""
    places = [one.place for one in docket]
    if place not in places:
        return places[0] if places else None
    found = places[(places.index(place) + way) % len(places)]
    return None if found == place else found


def _card(store: Store, by: str, bench: Bench, docket: Sequence[Case]) -> Card | None:
    if bench.place is not None:
        try:
            return queries.card(store, bench.place, by)
        except Refused:  # an old address: its entry is not in the current run
            bench.go(None)
    if docket:
        bench.go(docket[0].place)
    return queries.card(store, bench.place, by) if bench.place else None


def _meant(bench: Bench, sight: Sight, now: float) -> bool:
    """A key that is held down reaches the next case; nobody reads that fast."""
    return bench.sight is not None and bench.sight.name == sight.name and now - sight.since >= UNSEEN


def _shared(heard: Hearing) -> Relation | None:
    given = {one.relation for one in heard.sides if one.relation is not None}
    return given.pop() if len(given) == 1 else None
