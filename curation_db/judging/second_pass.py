"""A second pass over one's own past ratings: it measures how far one agrees with oneself, and changes nothing."""

from datetime import datetime, timedelta

import duckdb

from curation_db import access, commands, ledger
from curation_db.ledger import Event
from curation_db.sql import query
from curation_db.store import Store
from pipeline.errors import Refused

REST = timedelta(days=1)  # a rating younger than this is remembered rather than judged anew
SHARE = 5  # one rating of so many is asked for again
OWN = "SELECT 1 FROM judgement WHERE entry_id = ? AND cui = ? AND person = ? AND rating IS NOT NULL"


def again(store: Store, judgement: commands.Judgement, *, at: datetime) -> Event:
    """Record a rating of the second pass, an event of the kind "again"; the current ratings stay as they are.

    As `commands.rate`; Refused as well for a pair that the person has not rated.
    """
    j = judgement
    with store.cursor() as cursor:
        access.check(cursor, j.person, "rate")
        if not cursor.execute(OWN, [j.entry_id, j.cui, j.person]).fetchone():
            raise Refused(
                f"{j.cui} for entry {j.entry_id!r}: not rated by {j.person}, expected a pair that was, for a second "
                "pass; rate it from another queue first"
            )
    return commands.rate(store, judgement, kind="again", at=at)


def places(cursor: duckdb.DuckDBPyConnection, person: str, *, before: datetime) -> list[tuple[str, str, bool]]:
    """(entry_id, CUI, open) of the person's sampled ratings given before a time (aware), the oldest first;
    not open are those rated again since. Entries of the current run only, none where none is loaded."""
    run = cursor.execute("SELECT run_no FROM current_run").fetchone()
    if run is None:
        return []
    values = {"person": person, "run": run[0], "before": ledger.utc(before).replace(tzinfo=None), "share": SHARE}
    return cursor.execute(query("queue_again"), values).fetchall()
