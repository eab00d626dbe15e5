"""What of a card its person may see: no encoder, score or agreement before they have rated the pair."""

import dataclasses
from datetime import datetime
from typing import TypeVar

from app.services.appearance import Sitting, standing
from curation_db.judging import blindness
from curation_db.judging.blindness import Blindness
from curation_db.queries import Added, Candidate, Card, Place
from curation_db.store import Store
from pipeline.errors import Refused

Said = TypeVar("Said", Candidate, Added)


def veiled(store: Store, card: Card, person: str, sitting: Sitting, *, at: datetime) -> Card:
    """The card to draw: evidence only of the pairs that the person has rated, and the ledger told that they saw it.

    In a second pass the pair on show is drawn as if it had never been rated. A queue of one encoder's candidates says
    who proposed the pair, and the ledger is told of that, too.
    """
    if sitting.only.encoder and agreed(store).hidden:
        blindness.reveal(store, person, [card.place], at=at)
    if sitting.queue == "again":
        return dataclasses.replace(
            card,
            candidates=tuple(_forgotten(one, card.place.cui) for one in map(_hidden, card.candidates)),
            added=tuple(_forgotten(one, card.place.cui) for one in card.added),
        )
    policy = agreed(store)
    if not policy.hidden:
        return card
    said = standing(card)
    if said is not None and said.rating is not None and (card.index is not None or policy.others == "after"):
        blindness.reveal(store, person, [card.place], at=at)
    shown = tuple(one if one.rating is not None else _hidden(one) for one in card.candidates)
    return dataclasses.replace(card, candidates=shown)


def agreed(store: Store) -> Blindness:
    """What the project hides."""
    return blindness.agreed(store)


def agree(store: Store, by: str, value: Blindness, *, at: datetime) -> None:
    """Refused for those who may not `design`."""
    blindness.agree(store, by, value, at=at)


def shares(store: Store) -> bool:
    """Whether other people's ratings may be seen after one's own."""
    return agreed(store).others == "after"


def others(store: Store, person: str, place: Place) -> list[tuple[str, int]]:
    """(person, rating) of everybody else who rated the pair, by name.

    Refused unless the project agreed that they are seen, and this person has rated the pair.
    """
    if not shares(store):
        raise Refused("other people's ratings are not shown in this project; who may design can change that")
    ratings = blindness.ratings(store, *place)
    if person not in ratings:
        raise Refused(f"{person} has not rated {place.cui} for entry {place.entry_id!r}; rate it first")
    return sorted((name, rating) for name, rating in ratings.items() if name != person)


def _hidden(one: Candidate) -> Candidate:
    return dataclasses.replace(one, encoders=(), evidence=(), score=None)


def _forgotten(one: Said, cui: str) -> Said:
    if one.cui != cui:
        return one
    return dataclasses.replace(one, rating=None, comment="", flagged=False, relation=None, reason=None)
