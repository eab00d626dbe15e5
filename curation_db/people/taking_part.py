"""How far everybody is with what the design gives them, and the calibration side by side."""

from collections import Counter
from collections.abc import Sequence

import duckdb

from curation_db.rating_plans import design_rules, designs
from curation_db.sql import query
from curation_db.store import Store


def shares(store: Store) -> list[tuple[str, int | None, int]]:
    """(person, entries, finished) of those who take part: how many entries of the current run are theirs, and how
    many of these they have finished. Entries are None where nothing is dealt beforehand."""
    agreed = designs.design(store)
    with store.cursor() as cursor:
        people = agreed.people or design_rules.able(cursor)
        finished = set(cursor.execute(query("finished")).fetchall())
        rows = cursor.execute(
            "SELECT DISTINCT person, entry_id FROM assigned SEMI JOIN entry USING (entry_id)"
        ).fetchall()
    if not agreed.dealt:
        done = Counter(person for person, _ in finished)
        return [(person, None, done[person]) for person in people]
    theirs = Counter(person for person, _ in rows)
    done = Counter(person for person, entry_id in rows if (person, entry_id) in finished)
    return [(person, theirs[person], done[person]) for person in people]


def calibrated(store: Store) -> dict[str, bool]:
    """Whether each person who takes part has finished the calibration; empty where the design has none."""
    agreed = designs.design(store)
    if not agreed.calibration:
        return {}
    with store.cursor() as cursor:
        people = agreed.people or design_rules.able(cursor)
        here = _of_run(cursor, agreed.calibration)
        finished = set(cursor.execute(query("finished")).fetchall())
    return {person: all((person, entry_id) in finished for entry_id in here) for person in people}


def side_by_side(store: Store, entry_ids: Sequence[str]) -> list[tuple[str, str, str, str, int]]:
    """(entry_id, term, CUI, person, rating) of these entries' rated pairs, in the lexicon's order. The caller has
    checked that whoever asks may see them."""
    with store.cursor() as cursor:
        return cursor.execute(query("side_by_side"), [list(entry_ids)]).fetchall()


def _of_run(cursor: duckdb.DuckDBPyConnection, entry_ids: Sequence[str]) -> list[str]:
    """Those that the current run has, with something to rate."""
    rows = cursor.execute(query("design_items"), {"all": True}).fetchall()
    known = {entry_id for entry_id, _ in rows}
    return [entry_id for entry_id in entry_ids if entry_id in known]
