"""What one person's events on a few entries add up to: the view `judgement` and `verdict`, for a card at a time.

The views answer for the whole store, in tens of milliseconds; a key-press needs four entries in one. A test
holds the two readings equal.
"""

import dataclasses
from collections.abc import Iterable, Sequence

import duckdb

COLUMNS = "event_id, kind, entry_id, cui, rating, flagged, text, origin, undoes"
FITS = 3  # a candidate rated this or more takes an earlier "none of these" back


@dataclasses.dataclass
class Judged:
    """A person's current rating, flag, comment and skip of one (entry, CUI)."""

    rating: int | None = None
    flagged: bool = False
    comment: str = ""
    skipped: bool = False
    origin: str = "candidate"


@dataclasses.dataclass
class Said:
    """A person's current word on one entry: pairs by CUI, and the comment of a "none" that stands, else None."""

    pairs: dict[str, Judged] = dataclasses.field(default_factory=dict)
    none: str | None = None

    def open(self, cui: str) -> bool:
        """Whether the person still has to rate the pair."""
        judged = self.pairs.get(cui, Judged())
        return self.none is None and judged.rating is None and not judged.skipped


def said(cursor: duckdb.DuckDBPyConnection, person: str, entry_ids: Sequence[str]) -> dict[str, Said]:
    """The person's state by entry; entries that they said nothing of are empty.

    The index on entry_id serves a filter on it alone, so the person's rows are picked here.
    """
    state = {entry_id: Said() for entry_id in entry_ids}
    marks = ", ".join("?" * len(state))
    rows = cursor.execute(
        f"SELECT person, {COLUMNS} FROM event WHERE entry_id IN ({marks}) ORDER BY event_id", list(state)
    ).fetchall()
    own = [row[1:] for row in rows if row[0] == person]
    undone = {row[-1] for row in own}
    _fold(state, (row for row in own if row[0] not in undone))
    return state


def _fold(state: dict[str, Said], rows: Iterable[tuple]) -> None:
    """Apply standing events, in their order."""
    for _, kind, entry_id, cui, rating, flagged, text, origin, _ in rows:
        entry = state[entry_id]
        if kind == "none":
            entry.none = text or ""
        elif kind != "undo":
            _judge(entry.pairs.setdefault(cui, Judged()), kind, rating, flagged, text, origin)
            if kind == "rate" and origin == "candidate" and rating >= FITS:
                entry.none = None


def _judge(
    pair: Judged, kind: str, rating: int | None, flagged: bool | None, text: str | None, origin: str
) -> None:
    if kind == "rate":
        pair.rating, pair.origin = rating, origin
    elif pair.rating is None:
        pair.origin = origin
    if kind == "flag":
        pair.flagged = bool(flagged)
    if text is not None:
        pair.comment = text
    pair.skipped = (pair.skipped or kind == "skip") and pair.rating is None
