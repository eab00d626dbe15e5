"""How far a person is, for the foot of every card: from the queues' arrays, since a card may not wait."""

import dataclasses
from datetime import datetime

import numpy as np

from curation_db import ledger
from curation_db.queues.board import board
from curation_db.queues.voices import RATED
from curation_db.store import Store


@dataclasses.dataclass(frozen=True)
class Advance:
    """`entries` of the current run and how many of them the person has done, their `rated` alignments, and those of
    their ratings that stand since the day's start: as in `overview.Progress`."""

    entries: int
    entries_done: int
    rated: int
    today: int


def advance(store: Store, person: str, *, since: datetime) -> Advance:
    """The person's counts in the current run, all 0 where none is loaded. `since` is the start of their day (aware)."""
    with store.cursor() as cursor:
        day = ledger.utc(since).replace(tzinfo=None)
        with board(store).up_to_date(cursor) as here:
            if here is None:
                return Advance(0, 0, 0, 0)
            voice, run = here.voices.of(person), here.candidates
            rows = np.flatnonzero(voice.cell >= RATED)
            rated = np.bincount(run.positions(rows), minlength=run.entries)
            done = voice.settled | ((run.sizes > 0) & (rated == run.sizes))
            today = here.rated_since(cursor, person, day)
            return Advance(run.entries, int(done.sum()), len(rows), today)
