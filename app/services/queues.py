"""Which queues a person is offered, what theirs is narrowed to, and the address that says so."""

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

from app.services.appearance import Sitting
from curation_db import access, queries
from curation_db.queries import Filters, Place, Queue
from curation_db.queues import types as semantic_types
from curation_db.queues.order import TO_RATE
from curation_db.store import Store

QUEUES: tuple[Queue, ...] = ("unrated", "useful", "near", "new", "again", "flagged", "mine", "skipped", "all")
KEYS = ("queue", "begins", "has", "type", "by", "flagged", "rated", "entry", "cui")
"""The names in the address."""
ALL_RATINGS = (0, 5)


def offered(store: Store, person: str) -> tuple[Queue, ...]:
    """The queues that the person may look through."""
    every = list(QUEUES)
    if access.may(store, person, "adjudicate"):
        every.insert(every.index("flagged"), "disagreements")
    return tuple(every)


def encoders(store: Store, person: str) -> tuple[str, ...]:
    """The encoders to narrow by; none for those who rate blind."""
    run = queries.current_run(store) if access.may(store, person, "figures") else None
    return run.encoders if run else ()


def types(release: Path) -> tuple[str, ...]:
    """The semantic types to narrow by."""
    return semantic_types.types(release)


def allowed(store: Store, person: str, release: Path, wanted: Filters) -> Filters:
    """What of it there is, and this person may narrow by; every rating from 0 to 5 is no filter."""
    known = wanted.type in types(release)
    return Filters(
        letter=wanted.letter.strip(),
        text=wanted.text.strip(),
        type=wanted.type if known else "",
        encoder=wanted.encoder if wanted.encoder in encoders(store, person) else "",
        flagged=wanted.flagged,
        rated=None if wanted.rated == ALL_RATINGS else wanted.rated,
        concepts=semantic_types.concepts(release, wanted.type) if known else None,
    )


def choose_queue(store: Store, sitting: Sitting, person: str, queue: Queue) -> None:
    """Change the queue; one stays on the card where it belongs to "all", else goes to the queue's first."""
    only = dataclasses.replace(sitting.only, rated=None) if queue in TO_RATE else sitting.only
    sitting.queue, sitting.only, sitting.back = queue, only, None
    if queue != "all" or only.active or sitting.place is None:
        sitting.go(sitting.next(store, person))


def narrow(store: Store, sitting: Sitting, person: str, release: Path, wanted: Filters) -> None:
    """Change the filters, and go to the first card that passes them."""
    only = allowed(store, person, release, wanted)
    if only != sitting.only:
        sitting.only, sitting.back = only, None
        sitting.go(sitting.next(store, person))


def to_address(sitting: Sitting) -> dict[str, str | None]:
    """What the address says of a sitting, by KEYS; None is left out."""
    only = sitting.only
    entry, cui = sitting.place or (None, None)
    return {
        "queue": None if sitting.queue == "unrated" else sitting.queue,
        "begins": only.letter or None,
        "has": only.text or None,
        "type": only.type or None,
        "by": only.encoder or None,
        "flagged": "1" if only.flagged else None,
        "rated": f"{only.rated[0]}-{only.rated[1]}" if only.rated else None,
        "entry": entry,
        "cui": cui,
    }


def from_address(store: Store, sitting: Sitting, person: str, release: Path, address: Mapping[str, str]) -> None:
    """Go where an address leads, with this person's own rights: what they may not see is left out."""
    queue: Queue = next((one for one in offered(store, person) if one == address.get("queue")), "unrated")
    sitting.queue = queue
    wanted = Filters(
        letter=address.get("begins", ""),
        text=address.get("has", ""),
        type=address.get("type", ""),
        encoder=address.get("by", ""),
        flagged=address.get("flagged") == "1",
        rated=_range(address.get("rated", "")),
    )
    sitting.only = allowed(store, person, release, wanted)
    entry, cui = address.get("entry"), address.get("cui")
    sitting.go(Place(entry, cui) if entry and cui else None)


def _range(text: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"([0-5])-([0-5])", text)
    return (int(found[1]), int(found[2])) if found else None
