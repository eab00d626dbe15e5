"""One review card: an entry, its candidates, and what this person, and nobody else, said of them."""

import dataclasses
import functools
import weakref
from typing import Any

import duckdb

from curation_db import state
from curation_db.figures.overview import current_run
from curation_db.ledger import Relation
from curation_db.queues.order import Place
from curation_db.sql import query
from curation_db.store import Store
from pipeline.errors import Refused

KEPT = 256  # entries: each person rates the candidates of one, one after the other


@dataclasses.dataclass(frozen=True)
class Entry:
    """A lexicon entry; `position` counts from 1 in the lexicon's order."""

    position: int
    entry_id: str
    term: str
    complexity_rate: str
    comparison_index: str
    explanation: str
    simplification_rate: str
    sources: str
    file: str
    line: int | None


@dataclasses.dataclass(frozen=True)
class Evidence:
    """What one encoder says of a candidate; rank is None where it did not propose it."""

    encoder: str
    rank: int | None
    cosine: float | None
    score: float | None


@dataclasses.dataclass(frozen=True)
class Candidate:
    """A proposed concept, with this person's rating (None: not yet), flag, comment and skip."""

    cui: str
    aui: str | None
    name: str
    lat: str
    rank: int
    score: float | None
    encoders: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    rating: int | None = None
    flagged: bool = False
    comment: str = ""
    skipped: bool = False
    relation: Relation | None = None
    reason: str | None = None


@dataclasses.dataclass(frozen=True)
class Added:
    """A concept that this person judged and that the current run does not propose: found by search ("search"),
    or proposed by an earlier run ("candidate"). `name` is an earlier run's, None for those found by search."""

    cui: str
    name: str | None
    origin: str
    rating: int | None
    flagged: bool
    comment: str
    relation: Relation | None = None
    reason: str | None = None


@dataclasses.dataclass(frozen=True)
class Card:
    """`index` is where place.cui stands in `candidates`, None where it is not one of them; `entries` the number
    of entries of the lexicon. `verdict` is "none" (of these), "absent" (no concept exists) or None, with the
    person's words in `verdict_comment`."""

    place: Place
    run: str
    entry: Entry
    entries: int
    index: int | None
    candidates: tuple[Candidate, ...]
    added: tuple[Added, ...]
    verdict: str | None
    verdict_comment: str


def card(store: Store, place: Place, person: str) -> Card:
    """The card of a place in the current run: every candidate of its entry in rank order, and this person's own
    judgements. Raises Refused where no run is loaded or the current one does not have the entry.
    """
    place = Place(*place)
    run = current_run(store)
    proposal = _proposal(store, run.run_no, place.entry_id) if run else None
    if run is None or proposal is None:
        raise Refused(
            f"entry {place.entry_id!r} is not in the current run ({run.name if run else 'none is loaded'}); "
            "load the run that has it, or go to the next card"
        )
    with store.cursor() as cursor:
        said = state.said(cursor, person, [place.entry_id])[place.entry_id]
        candidates = tuple(_judged(one, said.pairs.get(one.cui)) for one in proposal.candidates)
        proposed = {one.cui for one in candidates}
        added = tuple(
            _added(cui, _earlier_name(cursor, place.entry_id, cui), one)
            for cui, one in sorted(said.pairs.items())
            if cui not in proposed
        )
    index = next((i for i, one in enumerate(candidates) if one.cui == place.cui), None)
    return Card(place, run.name, proposal.entry, run.entries, index, candidates, added, said.verdict, said.comment)


@dataclasses.dataclass(frozen=True)
class _Proposal:
    """What a run proposes for an entry, which never changes; the candidates are nobody's yet."""

    entry: Entry
    candidates: tuple[Candidate, ...]


def _proposal(store: Store, run_no: int, entry_id: str) -> _Proposal | None:
    # the store keeps it, so it may not hold the store
    reading = functools.partial(_read, weakref.proxy(store))
    read = store.kept("proposals", lambda _: functools.lru_cache(KEPT)(reading))
    return read(run_no, entry_id)


def _read(store: Store, run_no: int, entry_id: str) -> _Proposal | None:
    with store.cursor() as cursor:
        entry = _entry(cursor, run_no, entry_id)
        if entry is None:
            return None
        rows = cursor.execute(query("card_candidates"), [run_no, entry.position - 1]).fetchall()
    return _Proposal(entry, tuple(map(_candidate, rows)))


def _entry(cursor: duckdb.DuckDBPyConnection, run_no: int, entry_id: str) -> Entry | None:
    # by entry_id alone: a second filter would keep DuckDB from the index
    rows = cursor.execute(query("card_entry"), [entry_id]).fetchall()
    return next((Entry(*row[1:]) for row in rows if row[0] == run_no), None)


def _candidate(row: tuple[Any, ...]) -> Candidate:
    cui, aui, name, lat, rank, score, encoders, evidence = row
    shown = tuple(Evidence(**one) for one in evidence or ())
    return Candidate(cui, aui, name, lat, rank, score, tuple(encoders or ()), shown)


def _judged(one: Candidate, judged: state.Judged | None) -> Candidate:
    if judged is None:
        return one
    return dataclasses.replace(
        one,
        rating=judged.rating,
        flagged=judged.flagged,
        comment=judged.comment,
        skipped=judged.skipped,
        relation=judged.relation,
        reason=judged.reason,
    )


def _added(cui: str, name: str | None, judged: state.Judged) -> Added:
    return Added(
        cui,
        name,
        judged.origin,
        judged.rating,
        judged.flagged,
        judged.comment,
        relation=judged.relation,
        reason=judged.reason,
    )


def _earlier_name(cursor: duckdb.DuckDBPyConnection, entry_id: str, cui: str) -> str | None:
    row = cursor.execute(
        "SELECT name FROM alignment WHERE entry_id = ? AND cui = ? ORDER BY run_no DESC LIMIT 1", [entry_id, cui]
    ).fetchone()
    return row[0] if row else None
