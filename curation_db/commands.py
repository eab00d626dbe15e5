"""What people do, each one event of the ledger. Nothing is changed or removed: the current state is a reading.

Every command takes its time as an argument (aware; kept in UTC) and raises InputError where a value is not
what it must be, Refused where the rules forbid the command. When it returns, the event is on disk.
"""

import dataclasses
import unicodedata
import uuid
from datetime import datetime
from typing import Any, Literal

from curation_db import access, ledger, rules
from curation_db.judging import blindness
from curation_db.ledger import Event
from curation_db.loading import load_run
from curation_db.store import Store
from curation_db.undoing import Undone, undo
from pipeline.errors import InputError, Refused

__all__ = [
    "Event",
    "Judgement",
    "Undone",
    "add_person",
    "comment",
    "flag",
    "load_run",
    "no_concept",
    "none_of_these",
    "rate",
    "skip",
    "undo",
]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Judgement:
    """A rating and what its rater saw. `origin` is "search" for a concept that the person found by themselves;
    run, encoders, rank and score are then None. `position` is the card's place, `seconds` the time taken.
    Whether it is blind is not for them to say: the ledger knows what they were shown."""

    command_id: str
    person: str
    entry_id: str
    cui: str
    rating: int
    origin: Literal["candidate", "search"] = "candidate"
    run: str | None = None
    encoders: tuple[str, ...] | None = None
    rank: int | None = None
    score: float | None = None
    position: int | None = None
    seconds: float | None = None
    comment: str | None = None
    relation: ledger.Relation | None = None
    reason: str | None = None
    queue: str | None = None


def add_person(
    store: Store,
    name: str,
    *,
    language: str = "fr",
    role: access.Role | None = None,
    by: str | None = None,
    at: datetime,
) -> str:
    """The person's name as stored: the one already there where it differs by case or Unicode form only.

    `role` is a newcomer's: by default the first to join is administrator, and everybody after them annotator. `by`:
    the administrator who lets them in, where they do not join by themselves.
    """
    name = ledger.words(name, "name")
    if not 1 <= len(name) <= 60 or not name.isprintable():
        raise InputError(f"name {name!r}: expected 1 to 60 printable characters")
    with store.writing() as cursor:
        if by is not None:
            access.check(cursor, by, "people")
        people = [known for (known,) in cursor.execute("SELECT name FROM person").fetchall()]
        for known in people:
            if folded(known) == folded(name):
                return known
        language = ledger.code(language, "language")
        event = ledger.append(cursor, str(uuid.uuid4()), at, "person", person=name, text=language)
        cursor.execute("INSERT INTO person VALUES (?, ?, ?)", [event.event_id, name, language])
        access.give(cursor, by or name, name, role or ("annotator" if people else "administrator"), at)
    return name


def rate(store: Store, judgement: Judgement, *, kind: Literal["rate", "again"] = "rate", at: datetime) -> Event:
    """Record a rating; a change of mind is another one. The same command_id twice is one event. The kind "again" is
    for `second_pass.again`.

    Refused for an unknown person, entry or run, and for a "candidate" that the run named (None: any loaded one)
    did not propose.
    """
    j = judgement
    if type(j.rating) is not int or not 0 <= j.rating <= 5:
        raise InputError(f"rating {j.rating!r}: expected a whole number from 0 to 5")
    if j.origin not in ("candidate", "search"):
        raise InputError(f'origin {j.origin!r}: expected "candidate" or "search"')
    values = {
        "rating": j.rating,
        "text": None if j.comment is None else ledger.words(j.comment, "comment"),
        "origin": j.origin,
        "run": j.run,
        "encoders": None if j.encoders is None else tuple(ledger.words(name, "encoder") for name in j.encoders),
        "rank": _whole(j.rank, "rank", 32_767),
        "score": ledger.number(j.score, "score"),
        "position": _whole(j.position, "position", 2**62),
        "seconds": ledger.number(j.seconds, "seconds", 0),
        "relation": ledger.relation(j.relation),
        "reason": None if j.reason is None else ledger.words(j.reason, "reason"),
        "queue": j.queue,
    }
    return _on_pair(store, kind, j.person, j.entry_id, j.cui, j.command_id, at, **values)


def flag(
    store: Store, person: str, entry_id: str, cui: str, flagged: bool, *, command_id: str, at: datetime
) -> Event:
    """Raise or lower the person's flag on a pair."""
    if type(flagged) is not bool:
        raise InputError(f"flagged {flagged!r}: expected True or False")
    return _on_pair(store, "flag", person, entry_id, cui, command_id, at, flagged=flagged)


def comment(
    store: Store, person: str, entry_id: str, cui: str, text: str, *, command_id: str, at: datetime
) -> Event:
    """The person's words on a pair, in place of earlier ones; an empty text takes them away."""
    text = ledger.words(text, "comment")
    return _on_pair(store, "comment", person, entry_id, cui, command_id, at, text=text)


def none_of_these(
    store: Store, person: str, entry_id: str, comment: str = "", *, command_id: str, at: datetime
) -> Event:
    """No candidate of the entry fits: it leaves the person's queue, until they rate one of its candidates 3+."""
    text = ledger.words(comment, "comment")
    return _on_pair(store, "none", person, entry_id, None, command_id, at, text=text)


def no_concept(
    store: Store, person: str, entry_id: str, comment: str = "", *, command_id: str, at: datetime
) -> Event:
    """No concept of the release means what the term does: as `none_of_these`, but searching further is of no use."""
    text = ledger.words(comment, "comment")
    return _on_pair(store, "absent", person, entry_id, None, command_id, at, text=text)


def skip(store: Store, person: str, entry_id: str, cui: str, *, command_id: str, at: datetime) -> Event:
    """Leave a pair for later: it moves to the person's "skipped" queue until they rate it."""
    return _on_pair(store, "skip", person, entry_id, cui, command_id, at)


def _on_pair(
    store: Store,
    kind: ledger.Kind,
    person: str,
    entry_id: str,
    cui: str | None,
    command_id: str,
    at: datetime,
    **values: Any,
) -> Event:
    if cui is not None:
        cui = ledger.code(cui, "CUI")
    with store.writing(judging=True) as cursor:
        access.require(store, person, "rate")  # no command shares this transaction: what is kept stands
        rules.known_run(store, run := values.get("run"))
        runs = rules.proposed_by(cursor, entry_id, cui)
        if kind == "rate" and cui is not None:
            values["blind"] = blindness.blind(store, cursor, person, entry_id, cui)
        if cui is not None:
            values.setdefault("origin", "candidate" if runs else "search")
        if values.get("origin") == "candidate" and (not runs or run not in (None, *runs)):
            raise Refused(
                f"{cui} for entry {entry_id!r}: not proposed by {f'run {run!r}' if run else 'any loaded run'}; "
                'expected origin "search" for a concept that the person found'
            )
        return ledger.append(cursor, command_id, at, kind, person=person, entry_id=entry_id, cui=cui, **values)


def _whole(value: int | None, what: str, high: int) -> int | None:
    if value is not None and (type(value) is not int or not 0 <= value <= high):
        raise InputError(f"{what} {value!r}: expected a whole number from 0 to {high}")
    return value


def folded(name: str) -> str:
    """What two spellings of one person's name have in common: case and Unicode form aside."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", name).casefold())
