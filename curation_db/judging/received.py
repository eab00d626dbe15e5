"""What became of a press whose answer never arrived, because the server went away."""

from curation_db import ledger
from curation_db.judging.cards import Place
from curation_db.ledger import Event
from curation_db.store import Store

# By the index on entry_id; a word on the whole entry has no CUI
LAST = "SELECT max(event_id) FROM event WHERE entry_id = ? AND person = ? AND (cui = ? OR cui IS NULL)"
JUDGED = f"{LAST} AND event_id > ? AND kind IN ('rate', 'again', 'none', 'absent', 'skip')"


def mark(store: Store, person: str, place: Place) -> int:
    """The event_id of the person's last word on the place, 0 where there is none: the browser keeps it with a press."""
    with store.cursor() as cursor:
        [(last,)] = cursor.execute(LAST, [place.entry_id, person, place.cui]).fetchall()
    return last or 0


def since(store: Store, person: str, place: Place, mark: int) -> Event | None:
    """The person's last judgement of the place after that mark, None where none was recorded."""
    with store.cursor() as cursor:
        [(last,)] = cursor.execute(JUDGED, [place.entry_id, person, place.cui, mark]).fetchall()
        row = cursor.execute(f"{ledger.SELECT} WHERE event_id = ?", [last]).fetchone()
    return ledger.from_row(row) if row else None
