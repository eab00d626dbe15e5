"""Many pairs rated in one go: offered, looked through, agreed to, taken back by one undo."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.services import similar
from app.services.appearance import Showing, Sitting
from curation_db.judging import bulk
from curation_db.judging.bulk import MOST, Left, Pair
from curation_db.queries import Card
from curation_db.store import Store

Which = Literal["similar", "identical"]


@dataclass(frozen=True)
class Preview:
    """`wanted`: what would be rated, at most MOST of `found`; `left`: how many are left out, by why."""

    which: Which
    wanted: tuple[Pair, ...]
    found: int
    left: dict[Left, int]


def offered(store: Store, person: str, card: Card) -> int:
    """For how many similar entries the concept on show is proposed, that this person still has to rate."""
    near = similar.positions(store, card.entry.term, card.entry.position - 1)
    return sum(pair.left is None for pair in bulk.proposed(store, person, near, card.place.cui)) if near else 0


def preview(store: Store, person: str, card: Card, which: Which) -> Preview:
    """What would be rated, and what is left out. Refused for those who may not rate.

    "similar": the concept on show, for the card's entry and those whose term is similar; "identical": every
    candidate whose name is its entry's term.
    """
    own = card.entry.position - 1
    if which == "similar":
        similar.read(store)
        near = similar.positions(store, card.entry.term, own)
        pairs = bulk.proposed(store, person, [own, *near], card.place.cui)
    else:
        pairs = bulk.identical(store, person)
    wanted = [pair for pair in pairs if pair.left is None]
    left = Counter(pair.left for pair in pairs if pair.left is not None)
    return Preview(which, tuple(wanted[:MOST]), len(wanted), dict(left))


def apply(
    store: Store,
    sitting: Sitting,
    showing: Showing,
    shown: Preview,
    chosen: list[Pair],
    rating: int,
    *,
    at: datetime,
) -> int:
    """Rate the pairs chosen of a preview, with the relation that waits on the card, and go on where the card's own
    is among them; their number. Asked twice on one card, the same pairs are rated once."""
    mine = [(pair.entry_id, pair.cui) == showing.place for pair in chosen]
    # the card's own last: an undo leads back to it
    wanted = [
        (pair.position, pair.cui) for _, pair in sorted(zip(mine, chosen, strict=True), key=lambda one: one[0])
    ]
    batch = showing.command("bulk", wanted, rating, sitting.relation)
    count = bulk.rate(
        store,
        showing.person,
        wanted,
        rating,
        relation=sitting.relation,
        batch=batch,
        queue=shown.which,
        at=at,
    )
    sitting.go(sitting.next(store, showing.person, showing.place) if any(mine) else showing.place)
    return count
