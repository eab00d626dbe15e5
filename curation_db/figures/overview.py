"""Lists and counts for finding one's way: people, the current run, progress, entries."""

import dataclasses
import unicodedata
from datetime import UTC, datetime
from typing import Literal, get_args

import duckdb

from curation_db import ledger
from curation_db.sql import query
from curation_db.store import Store
from pipeline.errors import InputError

Status = Literal["all", "untouched", "started", "done", "none", "absent", "flagged", "skipped"]


@dataclasses.dataclass(frozen=True)
class RunInfo:
    """A loaded run; `run_no` is its number in the store, `manifest` its manifest.json as text."""

    run_no: int
    name: str
    encoders: tuple[str, ...]
    entries: int
    alignments: int
    loaded_at: datetime
    manifest: str


@dataclasses.dataclass(frozen=True)
class Progress:
    """Where a person stands in the current run.

    An entry is done once the person has rated each of its candidates or given a verdict; `entries_empty` have no
    candidate, so only a verdict does them. `none` counts entries of which they said that no candidate fits, `absent`
    those of which they said that no concept does. `rated` counts the person's rated alignments, `rated_by_all` those
    that anybody rated, `today` the person's ratings that stand since the day's start. `seconds` is the person's
    median time a rating, None where no time was kept. What is not told of another person is None.
    """

    entries: int
    entries_done: int
    entries_empty: int
    alignments: int
    rated: int
    rated_by_all: int
    flagged: int | None
    none: int | None
    absent: int | None
    skipped: int | None
    today: int
    seconds: float | None


@dataclasses.dataclass(frozen=True)
class EntryLine:
    """An entry in the list. `position` counts from 1; `cui` is its first candidate, None where it has none;
    `rated`, `flagged`, `skipped` and `verdict` are the person's."""

    entry_id: str
    position: int
    term: str
    explanation: str
    cui: str | None
    candidates: int
    rated: int
    flagged: int
    skipped: int
    verdict: str | None


@dataclasses.dataclass(frozen=True)
class EntryPage:
    """`total` counts the entries that match, `rows` are those from `offset` on, in the lexicon's order."""

    total: int
    rows: tuple[EntryLine, ...]


def people(store: Store) -> list[str]:
    """The names, in the order in which they were added."""
    with store.cursor() as cursor:
        return [name for (name,) in cursor.execute("SELECT name FROM person ORDER BY event_id").fetchall()]


def current_run(store: Store) -> RunInfo | None:
    """The run that the queue is made of, None where none is loaded."""
    return store.kept("current_run", _current_run)


def _current_run(cursor: duckdb.DuckDBPyConnection) -> RunInfo | None:
    row = cursor.execute(
        "SELECT run_no, name, encoders, entries, alignments, loaded_at, manifest FROM current_run"
    ).fetchone()
    if row is None:
        return None
    run_no, name, encoders, entries, alignments, loaded_at, manifest = row
    return RunInfo(run_no, name, tuple(encoders), entries, alignments, loaded_at.replace(tzinfo=UTC), manifest)


def progress(store: Store, person: str, *, since: datetime | None = None) -> Progress:
    """The person's counts in the current run, all 0 where none is loaded. `since` is the start of their day
    (aware; by default midnight UTC)."""
    since = ledger.utc(since or datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0))
    with store.cursor() as cursor:
        values = {"person": person, "since": since.replace(tzinfo=None)}
        [row] = cursor.execute(query("progress"), values).fetchall()
    return Progress(*row)


def entries(
    store: Store,
    text: str = "",
    *,
    person: str = "",
    status: Status = "all",
    offset: int = 0,
    limit: int = 50,
) -> EntryPage:
    """Entries of the current run whose term, explanation or identifier holds `text`, whatever its case, accents
    and ligatures, in the lexicon's order, as this person has left them.

    "untouched": nothing rated, no verdict; "started": rated in part; "done": nothing is left to rate, or a
    verdict; "none" and "absent": that verdict.
    """
    if status not in get_args(Status):
        raise InputError(f"status {status!r}: expected {', '.join(get_args(Status))}")
    if offset < 0 or limit < 0:
        raise InputError(f"offset {offset}, limit {limit}: expected 0 or more")
    with store.cursor() as cursor:
        rows = cursor.execute(
            query("entries"),
            {
                "text": folded(text),
                "exact": text.strip(),
                "person": person,
                "status": status,
                "offset": offset,
                "limit": limit,
            },
        ).fetchall()
    # the total rides on every row; a page past the end still has one row, of nulls, that carries it
    return EntryPage(rows[0][0], tuple(EntryLine(*row[1:]) for row in rows if row[1] is not None))


def folded(text: str) -> str:
    """Text without case, accents or ligatures: what searches compare."""
    text = unicodedata.normalize("NFKD", text).casefold().replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).strip()
