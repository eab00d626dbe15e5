"""Whether the state is a reading of the ledger, and whether the ledger is still the one that backups recorded."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import duckdb

from curation_db.safety.backups import Backup
from curation_db.safety.sealing import digests, rows
from curation_db.store import Store

Name = Literal["numbered", "undone", "recorded", "judged", "curated", "unchanged"]
NUMBERED = "SELECT count(*), count(DISTINCT event_id), coalesce(max(event_id), 0) FROM event"
UNDONE = """
SELECT count(*), count(*) FILTER (
    e.event_id IS NULL OR e.person IS DISTINCT FROM u.person OR e.event_id >= u.event_id OR e.kind = 'undo'
)
FROM event u LEFT JOIN event e ON e.event_id = u.undoes
WHERE u.kind = 'undo'
"""
RECORDED = """
SELECT count(*), count(*) FILTER (p.event_id IS NULL OR e.event_id IS NULL)
FROM (SELECT event_id, kind FROM event WHERE kind IN ('person', 'role', 'policy', 'run')) e
FULL JOIN (
    SELECT event_id, 'person' AS kind FROM person
    UNION ALL SELECT event_id, 'policy' FROM policy_use
    UNION ALL SELECT event_id, 'run' FROM run_use
    -- people who joined before there were roles have one by the event of their joining
    UNION ALL SELECT event_id, 'role' FROM role_use WHERE event_id NOT IN (SELECT event_id FROM person)
) p USING (event_id, kind)
"""
SAID = (
    "SELECT event_id, kind, entry_id, cui, person, rating, flagged, text, undoes FROM event "
    "WHERE kind IN ('rate', 'flag', 'comment', 'skip', 'undo') ORDER BY event_id"
)
JUDGED = "SELECT entry_id, cui, person, rating, flagged, comment, skipped FROM judgement"
DECIDED = "SELECT entry_id, cui, rating FROM decision"
CURATED = "SELECT entry_id, cui, rating, raters FROM curated"


@dataclasses.dataclass(frozen=True)
class Check:
    """What was compared, how many of it, and how many did not agree."""

    name: Name
    count: int
    wrong: int


def checks(store: Store, backups: Sequence[Backup] = ()) -> tuple[Check, ...]:
    """numbered: the ledger counts 1, 2, 3, … without a gap; undone: each undo is of an earlier event of its author;
    recorded: each row of people, roles, policies and runs in use has its event, and the other way round; judged and
    curated: the views against a fold of the ledger in Python; unchanged: each backup's ledger is a beginning of
    this one, to the byte.
    """
    with store.cursor() as cursor:
        cursor.execute("BEGIN")  # one state for all of them, while people go on rating
        count, names, last = cursor.execute(NUMBERED).fetchall()[0]
        folded = fold(rows(cursor, SAID))
        found = {row[:3]: row[3:] for row in rows(cursor, JUDGED)}
        return (
            Check("numbered", count, max(count, last) - names),
            Check("undone", *cursor.execute(UNDONE).fetchall()[0]),
            Check("recorded", *cursor.execute(RECORDED).fetchall()[0]),
            Check("judged", len(found), _different(folded, found)),
            _curated(cursor, folded),
            _unchanged(cursor, backups),
        )


def fold(said: Iterable[tuple[Any, ...]]) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """(entry_id, cui, person) -> (rating, flagged, comment, skipped), from rows of SAID."""
    events = list(said)
    undone = {row[-1] for row in events}
    state: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for event_id, kind, entry_id, cui, person, rating, flagged, text, _ in events:
        if event_id in undone or kind == "undo":
            continue
        rated, raised, comment, skipped = state.get((entry_id, cui, person), (None, False, "", False))
        rated = rating if kind == "rate" else rated
        raised = flagged if kind == "flag" else raised
        comment = text if kind in ("rate", "comment") and text is not None else comment
        state[entry_id, cui, person] = rated, raised, comment, (skipped or kind == "skip") and rated is None
    return state


def _curated(cursor: duckdb.DuckDBPyConnection, folded: dict[tuple[str, str, str], tuple[Any, ...]]) -> Check:
    ratings: dict[tuple[str, str], list[int]] = {}
    for (entry_id, cui, _), (rating, *_) in folded.items():
        if rating is not None:
            ratings.setdefault((entry_id, cui), []).append(rating)
    expected = {pair: (sorted(of)[(len(of) - 1) // 2], len(of)) for pair, of in ratings.items()}
    for entry_id, cui, rating in rows(cursor, DECIDED):
        expected[entry_id, cui] = rating, len(ratings.get((entry_id, cui), ()))
    found = {row[:2]: row[2:] for row in rows(cursor, CURATED)}
    return Check("curated", len(found), _different(expected, found))


def _unchanged(cursor: duckdb.DuckDBPyConnection, backups: Sequence[Backup]) -> Check:
    found: dict[tuple[str, ...], dict[int, str]] = {}
    for columns in {one.columns for one in backups}:
        found[columns] = digests(cursor, (one.last_event for one in backups if one.columns == columns), columns)
    return Check(
        "unchanged", len(backups), sum(found[one.columns][one.last_event] != one.ledger for one in backups)
    )


def _different(one: dict[Any, Any], other: dict[Any, Any]) -> int:
    return sum(one.get(key) != other.get(key) for key in one.keys() | other.keys())
