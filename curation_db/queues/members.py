"""Which pairs each queue holds for a person."""

import duckdb
import numpy as np

from curation_db.queues.board import Board
from curation_db.queues.candidates import Key
from curation_db.queues.filters import Filters, Holds, both, holds, holds_added
from curation_db.queues.voices import OPEN, RATED, SKIPPED, Voice
from curation_db.state import FITS, Judged

APART = 2  # ratings that differ by this or more are a disagreement


def members(
    here: Board,
    cursor: duckdb.DuckDBPyConnection,
    voice: Voice,
    queue: str,
    way: int,
    *,
    only: Filters,
    everybody: bool,
) -> Holds:
    """Whether candidates are in the queue and pass the filters. `everybody`: "flagged" holds all people's.
    Backwards (`way` below 0) the queues of what is to rate hold what was rated, too."""
    passing = holds(only, here.candidates, voice)
    if queue in ("unrated", "useful", "near", "new"):
        fresh = here.fresh(cursor) if queue == "new" else None
        return both(_to_rate(here, voice, queue) if way > 0 else both(), _among(fresh), passing)
    return both(_members(here, voice, queue, everybody), passing)


def within(here: Board, positions: np.ndarray | None) -> Holds:
    """Whether candidates are of the entries at these positions; None is every entry."""
    if positions is None:
        return both()
    inside = np.zeros(here.candidates.entries, bool)
    inside[positions] = True
    return lambda rows: inside[here.candidates.key[rows] // 65536]


def added(here: Board, voice: Voice, queue: str, *, only: Filters, everybody: bool) -> list[Key]:
    """The queue's concepts that the run does not propose: found by search, or an earlier run's."""
    if queue == "disagreements":
        said = here.voices.added()
        found = [
            key for key, all_said in said.items() if _apart(all_said) and key not in here.voices.decided_added
        ]
    elif queue == "flagged" and everybody:
        found = [key for key, all_said in here.voices.added().items() if any(one.flagged for one in all_said)]
    else:
        found = [key for key, one in voice.added.items() if _own(queue, one, bool(voice.settled[key[0]]))]
    return [key for key in found if holds_added(only, here.candidates, voice, key)]


def disagreements(here: Board) -> np.ndarray:
    """Rows, ascending, whose raters are APART or on both sides of FITS, and that nobody decided."""
    voices = here.voices
    low, high = voices.low, voices.high
    fits = FITS + RATED
    return np.flatnonzero(
        (high > low) & ((high - low >= APART) | ((low < fits) & (high >= fits))) & ~voices.decided
    )


def _to_rate(here: Board, voice: Voice, queue: str) -> Holds:
    key, decided = here.candidates.key, here.voices.decided

    def to_rate(rows: np.ndarray) -> np.ndarray:
        return (voice.cell[rows] == OPEN) & ~voice.settled[key[rows] // 65536]

    return both(to_rate, lambda rows: ~decided[rows]) if queue == "near" else to_rate


def _among(chosen: np.ndarray | None) -> Holds:
    return both() if chosen is None else lambda rows: chosen[rows]


def _members(here: Board, voice: Voice, queue: str, everybody: bool) -> Holds:
    if queue == "skipped":
        key = here.candidates.key
        return lambda rows: (voice.cell[rows] == SKIPPED) & ~voice.settled[key[rows] // 65536]
    if queue == "mine":
        return lambda rows: voice.cell[rows] >= RATED
    if queue == "flagged":
        return _among(here.voices.flagged if everybody else voice.flagged)
    if queue == "disagreements":
        apart = np.zeros(len(here.candidates), bool)
        apart[disagreements(here)] = True
        return _among(apart)
    return both()  # "all"


def _own(queue: str, judged: Judged, settled: bool) -> bool:
    if queue == "skipped":
        return judged.skipped and not settled
    return {"mine": judged.rating is not None, "flagged": judged.flagged}.get(queue, False)


def _apart(said: list[Judged]) -> bool:
    ratings = [one.rating for one in said if one.rating is not None]
    if len(ratings) < 2:
        return False
    return max(ratings) - min(ratings) >= APART or min(ratings) < FITS <= max(ratings)
