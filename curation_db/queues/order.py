"""The order in which cards come up, and which of them do: the queues."""

from datetime import UTC, datetime
from typing import Literal, NamedTuple, get_args

import duckdb
import numpy as np

from curation_db import access
from curation_db.judging import second_pass
from curation_db.queues import members, walk
from curation_db.queues.board import Board, board
from curation_db.queues.candidates import AFTER_RANKS, Key
from curation_db.queues.filters import EVERYTHING, Filters, both
from curation_db.queues.voices import RATED, SKIPPED
from curation_db.rating_plans import assignments
from curation_db.store import Store
from pipeline.errors import InputError

Queue = Literal["unrated", "useful", "near", "new", "again", "disagreements", "flagged", "mine", "skipped", "all"]
TO_RATE = ("unrated", "useful", "near", "new")


class Place(NamedTuple):
    """A card: an entry, and the concept it is on."""

    entry_id: str
    cui: str


def next_card(
    store: Store,
    person: str,
    *,
    after: Place | None = None,
    queue: Queue = "unrated",
    only: Filters = EVERYTHING,
    at: datetime | None = None,
) -> Place | None:
    """The person's next card of a queue in the current run, strictly after `after`, then from the start on.

    Still to rate, and by the design theirs: not rated, not skipped, not in an entry that the person said "none" of.
    "unrated" goes by the lexicon's order, "useful" by `usefulness`, "near" by how near the expected rating is to 3
    (for adjudicators the lower median where there is one; without what is decided), "new" is what no earlier run
    in use had.
    "again" is the second pass over one's own ratings that a day or more has passed over by `at` (by default now).
    "disagreements", for adjudicators: raters differ by 2 or more, or on whether the concept fits; not yet decided.
    "flagged", "mine" (rated) and "skipped" hold the person's own, "flagged" everybody's for adjudicators; "all" is
    every candidate. Concepts found by search come up there after the candidates of their entry.

    Where `after` alone is left it comes up again. None where the queue is empty. Raises Refused for a queue or
    filter that the person may not see.
    """
    return _card(store, person, after, queue, 1, only, at or datetime.now(UTC))


def previous_card(
    store: Store,
    person: str,
    *,
    before: Place | None = None,
    queue: Queue = "all",
    only: Filters = EVERYTHING,
    at: datetime | None = None,
) -> Place | None:
    """As `next_card`, backwards: strictly before `before` (None: the last one), then from the end on. Backwards the
    queues of what is to rate hold what was rated, too, so that one meets it again."""
    return _card(store, person, before, queue, -1, only, at or datetime.now(UTC))


def counts(store: Store, person: str) -> dict[Queue, int]:
    """How many cards the queues hold that are quickly counted, without filters; those the person may see."""
    with store.cursor() as cursor:
        everybody = access.may(store, person, "adjudicate")
        with board(store).up_to_date(cursor) as here:
            if here is None:
                return {}
            voice = here.voices.of(person)
            flagged = here.voices.flagged if everybody else voice.flagged
            skipped = np.flatnonzero(voice.cell == SKIPPED)
            settled = voice.settled[here.candidates.positions(skipped)]
            found: dict[Queue, int] = {
                "flagged": int(flagged.sum()),
                "mine": int((voice.cell >= RATED).sum()),
                "skipped": int((~settled).sum()),
            }
            if everybody:
                found["disagreements"] = len(members.disagreements(here))
            for queue in found:
                found[queue] += len(members.added(here, voice, queue, only=EVERYTHING, everybody=everybody))
            return found


def _card(
    store: Store, person: str, start: Place | None, queue: Queue, way: int, only: Filters, at: datetime
) -> Place | None:
    if queue not in get_args(Queue):
        raise InputError(f"queue {queue!r}: expected {', '.join(get_args(Queue))}")
    with store.cursor() as cursor:
        access.require(store, person, "adjudicate" if queue == "disagreements" else "look")
        if only.encoder:
            access.require(store, person, "figures")
        if queue == "again":
            listed = second_pass.places(cursor, person, before=at - second_pass.REST)
            return _listed(store, cursor, person, listed, start, way, only)
        ahead = queue in TO_RATE and way > 0
        stages = assignments.restriction(store, cursor, person).stages() if ahead else (None,)
        everybody = queue in ("flagged", "near") and access.may(store, person, "adjudicate")
        with board(store).up_to_date(cursor) as here:
            if here is None:
                return None
            for stage in stages:
                if found := _found(here, cursor, person, start, queue, way, only, stage, everybody):
                    return Place(*here.candidates.place(found))
    return None


def _found(
    here: Board,
    cursor: duckdb.DuckDBPyConnection,
    person: str,
    start: Place | None,
    queue: Queue,
    way: int,
    only: Filters,
    stage: np.ndarray | None,
    everybody: bool,
) -> Key | None:
    voice = here.voices.of(person)
    holds = both(
        members.within(here, stage),
        members.members(here, cursor, voice, queue, way, only=only, everybody=everybody),
    )
    row, key = _locate(here, start) if start else (None, None)
    if queue in ("useful", "near"):
        order = here.order("near_judged" if queue == "near" and everybody else queue)
        return walk.in_order(here.candidates, order, row, way, holds)
    added = members.added(here, voice, queue, only=only, everybody=everybody)
    return walk.in_lexicon(here.candidates, key, way, holds, added)


def _listed(
    store: Store,
    cursor: duckdb.DuckDBPyConnection,
    person: str,
    listed: list[tuple[str, str, bool]],
    start: Place | None,
    way: int,
    only: Filters,
) -> Place | None:
    """The next open one of the list (entry_id, CUI, open)."""
    places = [Place(entry_id, cui) for entry_id, cui, _ in listed]
    at = places.index(start) if start in places else None
    turned = [*range(at + 1, len(places)), *range(at + 1)] if at is not None else list(range(len(places)))
    if way < 0:
        turned = [*turned[:-1][::-1], turned[-1]] if at is not None else turned[::-1]
    with board(store).up_to_date(cursor) as here:
        passing = (places[i] for i in turned if listed[i][2] and here and _passes(here, person, places[i], only))
        return next(passing, None)


def _passes(here: Board, person: str, place: Place, only: Filters) -> bool:
    voice = here.voices.of(person)
    row, key = _locate(here, place)
    if row is None:
        return key is not None and members.holds_added(only, here.candidates, voice, key)
    return bool(members.holds(only, here.candidates, voice)(np.array([row]))[0])


def _locate(here: Board, place: Place) -> tuple[int | None, Key | None]:
    """(row, key) of a place; no row where the run does not propose it, no key where it does not have the entry."""
    position = here.candidates.position_of(place.entry_id)
    if position is None:
        return None, None
    row = next((row for row, cui in here.candidates.of(position) if cui == place.cui), None)
    return row, (here.candidates.at(row) if row is not None else (position, AFTER_RANKS, place.cui))
