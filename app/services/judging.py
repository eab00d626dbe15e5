"""What is said beside the number: the relation of concept and term, and why a rating is low.

Neither is ever a step of its own. Said before the number they wait, on show, and go down with it as one event that
one undo takes back; the number stays the only key that leads on. Said of a pair that is rated already they are a
new rating with the same number, at once.
"""

from datetime import datetime
from typing import get_args

from app.services.appearance import Showing, Sitting, heard
from curation_db import commands
from curation_db.ledger import Relation
from curation_db.queries import Added, Candidate
from curation_db.store import Store

RELATIONS: tuple[Relation, ...] = get_args(Relation)
LOW = 2
"""Ratings up to this one have a reason."""
Said = Candidate | Added | None


def relate(
    store: Store,
    sitting: Sitting,
    showing: Showing,
    said: Said,
    relation: Relation | None,
    *,
    at: datetime,
    now: float,
) -> bool:
    """Choose the relation, None for none. `said` is what stands of the pair. False where the press does not count."""
    if not heard(sitting, showing, now):
        return False
    if said is not None and said.rating is not None:
        _again(store, showing, said, said.rating, relation, said.reason, at=at)
    sitting.relation = relation
    return True


def because(
    store: Store, sitting: Sitting, showing: Showing, said: Said, reason: str | None, *, at: datetime, now: float
) -> bool:
    """Choose why the rating is low, None for no reason; as `relate`. A rating above LOW keeps none."""
    if not heard(sitting, showing, now):
        return False
    if said is not None and said.rating is not None and said.rating <= LOW:
        _again(store, showing, said, said.rating, said.relation, reason, at=at)
    sitting.reason = reason
    return True


def _again(
    store: Store,
    showing: Showing,
    said: Candidate | Added,
    rating: int,
    relation: Relation | None,
    reason: str | None,
    *,
    at: datetime,
) -> None:
    command_id = showing.command("said", rating, relation, reason, at.isoformat())
    judgement = showing.judgement(command_id, rating, relation=relation, reason=reason)
    commands.rate(store, judgement, at=at)
