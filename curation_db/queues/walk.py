"""The next card in an order: strictly beyond the one on show, then around."""

import numpy as np

from curation_db.queues.candidates import Candidates, Key
from curation_db.queues.filters import Holds

FIRST, WIDEST = 64, 131_072  # rows looked at in one go: the next card is nearly always among the nearest


def in_lexicon(
    candidates: Candidates, start: Key | None, way: int, holds: Holds, added: list[Key] | None = None
) -> Key | None:
    """The nearest candidate that `holds`, or key of `added`, in the lexicon's order."""
    added = added or []
    if start is not None:
        key = start[0] * 65536 + start[1]
        side = np.searchsorted(candidates.key, key, "right" if way > 0 else "left")
        row = _first(int(side) if way > 0 else int(side) - 1, way, len(candidates), holds)
        beyond = [one for one in added if (one > start if way > 0 else one < start)]
        if (found := _nearer(candidates, row, beyond, way)) is not None:
            return found
    row = _first(0 if way > 0 else len(candidates) - 1, way, len(candidates), holds)
    return _nearer(candidates, row, added, way)


def in_order(
    candidates: Candidates, order: tuple[np.ndarray, np.ndarray], start: int | None, way: int, holds: Holds
) -> Key | None:
    """The same in a ranked order (its rows, each row's place in it), beyond the row `start`."""
    rows, place = order
    row = None
    if start is not None:
        row = _first(int(place[start]) + way, way, len(rows), holds, rows)
    if row is None:
        row = _first(0 if way > 0 else len(rows) - 1, way, len(rows), holds, rows)
    return None if row is None else candidates.at(row)


def _first(at: int, way: int, size: int, holds: Holds, order: np.ndarray | None = None) -> int | None:
    """The first row that `holds`, from the place `at` on to the end of that way."""
    width = FIRST
    while 0 <= at < size:
        to = min(at + width, size) if way > 0 else max(at - width, -1)
        places = np.arange(at, to, way)
        rows = places if order is None else order[places]
        hits = np.flatnonzero(holds(rows))
        if hits.size:
            return int(rows[hits[0]])
        at, width = to, min(width * 8, WIDEST)
    return None


def _nearer(candidates: Candidates, row: int | None, added: list[Key], way: int) -> Key | None:
    found = added if row is None else [*added, candidates.at(row)]
    if not found:
        return None
    return min(found) if way > 0 else max(found)
