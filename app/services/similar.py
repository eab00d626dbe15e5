"""Entries whose terms say the same: plural, accents, small words and word order apart."""

import time
import unicodedata
from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from weakref import WeakKeyDictionary

from curation_db import queries
from curation_db.judging import bulk
from curation_db.store import Store
from pipeline.normalise import FRENCH, normalise

Index = dict[str, tuple[int, ...]]
"""Similar terms' key -> positions; only where there are several."""

TERMS, PAUSE = 100, 0.02
"""Terms read at once, and the seconds after them in which people's presses have the interpreter for themselves."""

_reading = ThreadPoolExecutor(1, thread_name_prefix="similar")
_indexes: WeakKeyDictionary[Store, tuple[str, Future[Index]]] = WeakKeyDictionary()


def key(term: str) -> str:
    """What similar terms share: lemmas without accents, in the alphabet's order; empty for a blank term."""
    [row] = normalise([term], FRENCH)
    return _sorted(row.text)


def positions(store: Store, term: str, position: int) -> list[int]:
    """Where (from 0) the other entries of the current run stand whose term is similar to the one at `position`.

    None yet while the lexicon is still being read, beside the work: at 100,000 entries that takes seconds.
    """
    run = queries.current_run(store)
    reading = _index(store, run.name) if run else None
    if reading is None or not reading.done():
        return []
    return [other for other in reading.result().get(key(term), ()) if other != position]


def read(store: Store) -> None:
    """Wait until the lexicon of the current run is read."""
    if run := queries.current_run(store):
        _index(store, run.name).result()


def _index(store: Store, run: str) -> Future[Index]:
    if store not in _indexes or _indexes[store][0] != run:
        _indexes[store] = run, _reading.submit(_read, store)
    return _indexes[store][1]


def _read(store: Store) -> Index:
    known = [(position, term) for position, term in bulk.terms(store) if term.strip()]
    index: dict[str, list[int]] = defaultdict(list)
    for start in range(0, len(known), TERMS):
        some = known[start : start + TERMS]
        for (position, _), row in zip(some, normalise([term for _, term in some], FRENCH), strict=True):
            index[_sorted(row.text)].append(position)
        time.sleep(PAUSE)
    return {key: tuple(several) for key, several in index.items() if len(several) > 1}


def _sorted(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(sorted(plain.split()))
