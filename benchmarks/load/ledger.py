"""What the ledger kept of what was pressed: lost, doubled and crossed ratings, counted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load.rater import Press
from curation_db.store import Store, open_store

RECORDED = """
SELECT e.person, e.entry_id, e.cui, e.rating, coalesce(a.rank = e.rank AND a.position + 1 = e.position, FALSE)
FROM event e
LEFT JOIN alignment a
    ON a.run_no = (SELECT run_no FROM current_run) AND a.entry_id = e.entry_id AND a.cui = e.cui
WHERE e.kind = 'rate' AND e.event_id > ?
"""
Rating = tuple[str, str, str, int]
"""Person, entry_id, CUI, number."""


@dataclass(frozen=True)
class Kept:
    """`ratings`: those that their raters take for saved; `lost`: of these, not in the ledger. `doubled`: recorded more
    often than sent. `crossed`: recorded, but never sent by this person of this pair with this number, or with the
    rank or position of another card. `in_flight`: sent to a server that was gone before any answer came;
    `in_flight_kept`: of these, in the ledger. `unheard`: answered by the same card, which so says that nothing was
    saved."""

    ratings: int
    lost: int
    doubled: int
    crossed: int
    in_flight: int
    in_flight_kept: int
    unheard: int

    @property
    def sound(self) -> bool:
        return not (self.lost or self.doubled or self.crossed)


def last_event(path: Path) -> int:
    with open_store(path) as store, store.cursor() as cursor:
        [(last,)] = cursor.execute("SELECT max(event_id) FROM event").fetchall()
    return last


def recorded(path: Path, after: int) -> list[tuple[Rating, bool]]:
    """The ratings recorded after an event, and whether what they say of the card is that card's."""
    with open_store(path) as store:
        return _rows(store, after)


def _rows(store: Store, after: int) -> list[tuple[Rating, bool]]:
    with store.cursor() as cursor:
        rows = cursor.execute(RECORDED, [after]).fetchall()
    return [((person, entry_id, cui, rating), fits) for person, entry_id, cui, rating, fits in rows]


def compare(presses: Iterable[Press], rows: Iterable[tuple[Rating, bool]]) -> Kept:
    """Count what was pressed against what was recorded."""
    presses, rows = list(presses), list(rows)
    sent = Counter(_rating(press) for press in presses)
    told = Counter(_rating(press) for press in presses if press.told)
    found = Counter(rating for rating, _ in rows)
    surplus = found - sent
    strangers = sum(count for rating, count in surplus.items() if rating not in sent)
    in_flight = Counter(_rating(press) for press in presses if not press.answered and not press.told)
    return Kept(
        ratings=told.total(),
        lost=(told - found).total(),
        doubled=surplus.total() - strangers,
        crossed=strangers + sum(rating in sent and not fits for rating, fits in rows),
        in_flight=in_flight.total(),
        in_flight_kept=(in_flight & (found - told)).total(),
        unheard=sum(press.answered and not press.told for press in presses),
    )


def _rating(press: Press) -> Rating:
    return press.person, press.entry_id, press.cui, press.rating
