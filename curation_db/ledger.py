"""The ledger: one row a command, appended once, never changed. `Event` is that row."""

import dataclasses
import math
import re
import unicodedata
import uuid
from datetime import UTC, datetime
from typing import Any, Literal, get_args

import duckdb
import numpy as np

from pipeline.errors import InputError, Refused

Kind = Literal[
    "person",  # joins; text: their language
    "role",  # target: whose; text: the role given
    "policy",  # target: what of; text: nothing, the value stands in policy_use
    "run",
    "rate",
    "again",  # a rating of the second pass: it measures its rater, and changes nothing
    "flag",
    "comment",
    "none",  # none of the candidates fits
    "absent",  # no concept of the release fits
    "skip",
    "reveal",  # scores, or others' ratings, were shown; cui: None for every pair of the entry
    "say",  # a word in the discussion of a pair
    "decide",
    "reopen",
    "publish",
    "restore",  # text: the backup that was put in place
    "undo",
]
Relation = Literal["exact", "broader", "narrower", "related", "none"]
TEXT_LIMIT = 10_000


@dataclasses.dataclass(frozen=True)
class Event:
    """A command as it was recorded. `text` is a comment, a language or a run's fingerprint, by kind;
    `undoes` the event_id that an undo takes back; `undone` says that a later undo took this one back. `target` is
    whom or what an administrator's command is about. `relation` is what the concept is to the entry's term,
    `reason` why a rating is low, `blind` whether scores and other people's ratings were hidden when it was given,
    `queue` the one that brought the card."""

    event_id: int
    command_id: str
    at: datetime
    kind: Kind
    person: str | None = None
    entry_id: str | None = None
    cui: str | None = None
    rating: int | None = None
    flagged: bool | None = None
    text: str | None = None
    origin: str | None = None
    run: str | None = None
    encoders: tuple[str, ...] | None = None
    rank: int | None = None
    score: float | None = None
    position: int | None = None
    seconds: float | None = None
    undoes: int | None = None
    target: str | None = None
    relation: str | None = None
    reason: str | None = None
    blind: bool | None = None
    queue: str | None = None
    undone: bool = False


COLUMNS = tuple(field.name for field in dataclasses.fields(Event) if field.name != "undone")
SQL_COLUMNS = ", ".join("at_utc" if name == "at" else name for name in COLUMNS)  # AT is a word of DuckDB's
SELECT = f"SELECT {SQL_COLUMNS} FROM event"
INSERT = f"INSERT INTO event ({SQL_COLUMNS}) VALUES ({', '.join('?' * len(COLUMNS))})"
# What two commands under one identifier must share: the rest (seconds, at) may differ between two key-presses
MEANING = ("kind", "person", "entry_id", "cui", "rating", "flagged", "text", "target", "relation", "reason")


def append(cursor: duckdb.DuckDBPyConnection, command_id: str, at: datetime, kind: Kind, **values: Any) -> Event:
    """The event, appended; or the one already recorded under this command_id.

    Raises Refused where that one says something else, InputError where an identifier or time is no such thing.
    """
    [(event_id,)] = cursor.execute("SELECT coalesce(max(event_id), 0) + 1 FROM event").fetchall()
    event = Event(event_id, identifier(command_id), utc(at), kind, **values)
    if recorded := find(cursor, event.command_id):
        different = [name for name in MEANING if getattr(recorded, name) != getattr(event, name)]
        if different and kind != "undo":
            raise Refused(
                f"command {event.command_id} was recorded as {_said(recorded)}, found {_said(event)}; "
                "give every command an identifier of its own"
            )
        return recorded
    row = [getattr(event, name) for name in COLUMNS]
    row[COLUMNS.index("at")] = event.at.replace(tzinfo=None)
    cursor.execute(INSERT, row)
    return event


def find(cursor: duckdb.DuckDBPyConnection, command_id: str) -> Event | None:
    row = cursor.execute(f"{SELECT} WHERE command_id = ?", [command_id]).fetchone()
    return from_row(row) if row else None


def from_row(row: tuple[Any, ...]) -> Event:
    """An event from a row of COLUMNS, with or without `undone` after them."""
    values = dict(zip((*COLUMNS, "undone"), row, strict=False))
    values["command_id"] = str(values["command_id"])
    values["at"] = values["at"].replace(tzinfo=UTC)
    if values["encoders"] is not None:
        values["encoders"] = tuple(values["encoders"])
    return Event(**values)


def identifier(command_id: str) -> str:
    """The UUID in its usual spelling. Raises InputError."""
    try:
        return str(uuid.UUID(command_id))
    except (ValueError, AttributeError, TypeError) as error:
        raise InputError(f"command_id {command_id!r}: expected a UUID; use str(uuid.uuid4())") from error


def utc(at: datetime) -> datetime:
    """The same instant in UTC. Raises InputError where the time has no zone."""
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise InputError(f"time {at!r}: expected one with a zone; use datetime.now(UTC)")
    return at.astimezone(UTC)


def words(text: str, what: str) -> str:
    """A person's words: NFC, without the blanks around them. Raises InputError."""
    if not isinstance(text, str):
        raise InputError(f"{what} {text!r}: expected a text")
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > TEXT_LIMIT or re.search(r"[\x00\ud800-\udfff]", text):
        raise InputError(f"{what} of {len(text)} characters: expected Unicode, {TEXT_LIMIT} at most; shorten it")
    return text


def code(text: str, what: str) -> str:
    """An identifier such as a CUI. Raises InputError."""
    if not isinstance(text, str) or not re.fullmatch(r"[^\s\x00-\x1f\ud800-\udfff]{1,200}", text):
        raise InputError(f"{what} {text!r}: expected 1 to 200 characters without blanks")
    return text


def relation(value: str | None) -> str | None:
    """What the concept is to the term, or None where nobody said. Raises InputError."""
    if value is not None and value not in get_args(Relation):
        raise InputError(f"relation {value!r}: expected {', '.join(get_args(Relation))}")
    return value


def number(value: float | None, what: str, low: float = -math.inf) -> float | None:
    """A number or None; NaN is kept, since a score may be one. Raises InputError."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < low or math.isinf(value):
        raise InputError(f"{what} {value!r}: expected a number" + (f" from {low:g}" if low > -math.inf else ""))
    # the columns are 32 bits wide: what is returned now is what a later reading returns
    return float(np.float32(value))


def _said(event: Event) -> str:
    shown = (f"{name}={getattr(event, name)!r}" for name in MEANING if getattr(event, name) is not None)
    return f"({', '.join(shown)})"
