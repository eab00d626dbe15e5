"""The next entry's concepts, read while the person reads this one: a release on disk takes its time."""

import dataclasses
import logging
from concurrent.futures import Future, ThreadPoolExecutor

from app.services.appearance import Sitting
from curation_db import queries
from curation_db.concepts.terminology import Terminology
from curation_db.queries import Card, Place
from curation_db.store import Store
from pipeline.errors import LexalignError

_reader = ThreadPoolExecutor(1, thread_name_prefix="ahead")
_log = logging.getLogger(__name__)


def read_ahead(store: Store, known: Terminology, card: Card, person: str, sitting: Sitting) -> Future | None:
    """Once an entry: when its first card of the sitting is drawn. `known` keeps what it reads."""
    if card.index not in (0, None) or not card.candidates:
        return None
    last = Place(card.place.entry_id, card.candidates[-1].cui)
    return _reader.submit(_read, store, known, last, person, dataclasses.replace(sitting))


def _read(store: Store, known: Terminology, after: Place, person: str, sitting: Sitting) -> None:
    try:
        place = sitting.next(store, person, after)
        if place is not None:
            known.concepts(one.cui for one in queries.card(store, place, person).candidates)
    except LexalignError as error:  # nobody waits for it: the card will say the same when it is drawn
        _log.info("not read ahead: %s", error)
