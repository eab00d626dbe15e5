"""What one person's events on a few entries add up to: the view `judgement` and `verdict`, for a card at a time.

The views answer for the whole store, in tens of milliseconds; a key-press needs four entries in one. A test
holds the two readings equal.
"""

import dataclasses
import operator
from collections.abc import Iterable, Sequence

import duckdb

from curation_db.ledger import Relation

COLUMNS = "event_id, kind, entry_id, cui, rating, flagged, text, origin, relation, reason, undoes"
VERDICTS, WORDS = ("none", "absent"), ("rate", "flag", "comment", "skip")
ON_PAIR = ("rate", "flag", "comment", "skip")  # a decision or a word in the discussion is no judgement
FITS = 3  # a candidate rated this or more takes an earlier "none of these" back


@dataclasses.dataclass
class Judged:
    """A person's current rating, flag, comment and skip of one (entry, CUI)."""

    rating: int | None = None
    flagged: bool = False
    comment: str = ""
    skipped: bool = False
    origin: str = "candidate"
    relation: Relation | None = None
    reason: str | None = None


@dataclasses.dataclass
class Said:
    """A person's current word on one entry: pairs by CUI, and the verdict that stands ("none" or "absent"), with
    its comment."""

    pairs: dict[str, Judged] = dataclasses.field(default_factory=dict)
    verdict: str | None = None
    comment: str = ""

    def open(self, cui: str) -> bool:
        """Whether the person still has to rate the pair."""
        judged = self.pairs.get(cui, Judged())
        return self.verdict is None and judged.rating is None and not judged.skipped


def said(cursor: duckdb.DuckDBPyConnection, person: str, entry_ids: Sequence[str]) -> dict[str, Said]:
    """The person's state by entry; entries that they said nothing of are empty.

    The index on entry_id serves a filter on it alone, so the person's rows are picked here.
    """
    rows = [row for row in _events(cursor, entry_ids) if row[0] == person]
    return _states(rows, entry_ids).get(person, {entry_id: Said() for entry_id in entry_ids})


def everybody(cursor: duckdb.DuckDBPyConnection, entry_ids: Sequence[str]) -> dict[str, dict[str, Said]]:
    """The same for each person who ever said something of one of the entries, taken back or not."""
    return _states(_events(cursor, entry_ids), entry_ids)


def _events(cursor: duckdb.DuckDBPyConnection, entry_ids: Sequence[str]) -> list[tuple]:
    # the index serves one entry at a third of the time of a list
    which = "= ?" if len(entry_ids) == 1 else f"IN ({', '.join('?' * len(entry_ids))})"
    rows = cursor.execute(
        f"SELECT person, {COLUMNS} FROM event WHERE entry_id {which}", list(entry_ids)
    ).fetchall()
    return sorted(rows, key=operator.itemgetter(1))


def _states(rows: Sequence[tuple], entry_ids: Sequence[str]) -> dict[str, dict[str, Said]]:
    """By person and entry, of the events in their order."""
    undone = {row[-1] for row in rows}
    states = {row[0]: {entry_id: Said() for entry_id in entry_ids} for row in rows}
    for person, state in states.items():
        _fold(state, (row[1:] for row in rows if row[0] == person and row[1] not in undone))
    return states


def _fold(state: dict[str, Said], rows: Iterable[tuple]) -> None:
    """Apply standing events, in their order; what is no judgement (a discussion, a decision) says nothing here."""
    for _, kind, entry_id, cui, *said, _ in rows:
        entry = state[entry_id]
        if kind in VERDICTS:
            entry.verdict, entry.comment = kind, said[2] or ""
        elif kind in WORDS:
            _judge(entry.pairs.setdefault(cui, Judged()), kind, *said)
            if kind == "rate" and said[3] == "candidate" and said[0] >= FITS:
                entry.verdict = None


def _judge(
    pair: Judged,
    kind: str,
    rating: int | None,
    flagged: bool | None,
    text: str | None,
    origin: str,
    relation: Relation | None,
    reason: str | None,
) -> None:
    if kind == "rate":
        pair.rating, pair.origin, pair.relation, pair.reason = rating, origin, relation, reason
    elif pair.rating is None:
        pair.origin = origin
    if kind == "flag":
        pair.flagged = bool(flagged)
    if text is not None:
        pair.comment = text
    pair.skipped = (pair.skipped or kind == "skip") and pair.rating is None
