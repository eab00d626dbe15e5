"""Who is at which entry just now, so that two people are not handed the same place by accident.

In memory: one process has the store, and a claim that it forgets only costs its holder a place. Nothing is locked by
one: a rating counts whether or not its author still holds the entry.
"""

import threading
import time
from collections.abc import Callable, Collection
from weakref import WeakKeyDictionary

from curation_db.store import Store

LASTS = 15 * 60.0
"""Seconds from a person's last action to the end of their claim."""

_of: "WeakKeyDictionary[Store, Claims]" = WeakKeyDictionary()
_of_lock = threading.Lock()


class Claims:
    """One entry a person. `clock` counts seconds, steadily. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, tuple[str, float]] = {}  # person -> entry, end

    def take(self, entry_id: str, person: str, *, raters: Collection[str], wanted: int) -> bool:
        """Claim the entry, or hold it on; the person's claim on another entry ends, taken or not.

        False where `raters`, who rated it already, and those who hold it are `wanted` without this person.
        """
        now = self._clock()
        with self._lock:
            if self._held.get(person, ("", 0.0))[0] != entry_id:
                self._held.pop(person, None)
            others = (set(raters) | self._at(entry_id, now)) - {person}
            if person not in raters and len(others) >= wanted:
                self._held.pop(person, None)
                return False
            self._held[person] = (entry_id, now + LASTS)
            return True

    def release(self, person: str) -> None:
        """Whoever leaves holds nothing. Twice is once."""
        with self._lock:
            self._held.pop(person, None)

    def held(self) -> dict[str, set[str]]:
        """The people at each entry that somebody holds now."""
        now = self._clock()
        with self._lock:
            return {entry_id: self._at(entry_id, now) for entry_id, end in self._held.values() if end > now}

    def _at(self, entry_id: str, now: float) -> set[str]:
        return {person for person, (at, end) in self._held.items() if at == entry_id and end > now}


def of(store: Store) -> Claims:
    """The claims of an open store."""
    with _of_lock:
        return _of.setdefault(store, Claims())
