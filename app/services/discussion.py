"""The thread of a pair, for those who may read it."""

from datetime import datetime

from curation_db import access
from curation_db.adjudication import discussion
from curation_db.adjudication.discussion import Word
from curation_db.judging import blindness
from curation_db.queries import Place
from curation_db.store import Store


def thread(store: Store, by: str, place: Place, *, at: datetime) -> tuple[Word, ...] | None:
    """What was said, the oldest first; None for somebody who has yet to rate the pair.

    The ledger is told that others' words were seen: a rating changed afterwards is not blind.
    """
    if not discussion.readable(store, by, place):
        return None
    words = discussion.thread(store, by, place)
    if any(one.person != by for one in words):
        blindness.reveal(store, by, [place], at=at)
    return words


def count(store: Store, by: str, place: Place) -> int | None:
    """How many words there are, which says nothing of them; None as in `thread`."""
    return len(discussion.thread(store, by, place)) if discussion.readable(store, by, place) else None


def may_say(store: Store, by: str) -> bool:
    return access.may(store, by, "rate")


def say(store: Store, by: str, place: Place, text: str, *, command_id: str, at: datetime) -> bool:
    """False where there is nothing to say."""
    if not text.strip():
        return False
    discussion.say(store, by, place, text, command_id=command_id, at=at)
    return True
