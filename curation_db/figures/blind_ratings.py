"""What people said of their own accord: the ratings that agreement is measured on."""

import pyarrow as pa

from curation_db.sql import query
from curation_db.store import Store
from pipeline.contracts import BLIND, check


def blind_ratings(store: Store) -> pa.Table:
    """contracts.BLIND, by entry, CUI and person. A rating given after the others' or a score were shown is left out;
    the last one before it stands. `encoders` are those that propose the pair in the current run; for a pair that it
    does not have, those that the raters saw."""
    with store.cursor() as cursor:
        return check(cursor.execute(query("blind_ratings")).to_arrow_table(), BLIND, "curation store")


def version(store: Store) -> int:
    """The last event: what was computed before it may be out of date."""
    with store.cursor() as cursor:
        [(event_id,)] = cursor.execute("SELECT coalesce(max(event_id), 0) FROM event").fetchall()
    return event_id
