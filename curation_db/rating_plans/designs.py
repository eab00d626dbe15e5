"""The design in force: looked at beforehand, agreed on, dealt to what a new release brings."""

import dataclasses
import random
import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import combinations
from pathlib import Path

import duckdb
import pyarrow as pa

from curation_db import access, ledger, policy
from curation_db.figures.overview import folded
from curation_db.rating_plans import dealing, design_rules
from curation_db.rating_plans.dealing import Design, Item, Line
from curation_db.sql import query
from curation_db.store import Store
from pipeline.errors import InputError


@dataclasses.dataclass(frozen=True)
class Plan:
    """What a design does to the current run. `hands`: raters by entry, the calibration's entries left out."""

    design: Design
    participants: tuple[str, ...]
    hands: dict[str, tuple[str, ...]]

    @property
    def nobody(self) -> int:
        """Entries that no line of a table made by hand names."""
        return sum(not raters for raters in self.hands.values())

    @property
    def per_person(self) -> dict[str, int]:
        counts = Counter(person for raters in self.hands.values() for person in raters)
        return {person: counts[person] for person in self.participants}

    @property
    def per_raters(self) -> dict[int, int]:
        """Entries by their number of raters, ascending."""
        return dict(sorted(Counter(map(len, self.hands.values())).items()))

    @property
    def shared(self) -> dict[tuple[str, str], int]:
        """Entries that two people both rate, by pair, zeros included."""
        counts = Counter(pair for raters in self.hands.values() for pair in combinations(sorted(raters), 2))
        return {pair: counts[pair] for pair in combinations(sorted(self.participants), 2)}


def design(store: Store) -> Design:
    """The design in force; the default, where nobody agreed on one, is that everybody rates everything."""
    value = policy.agreed(store, "design")
    return Design() if value is None else from_json(value)


def plan(store: Store, wanted: Design, *, types: Path | None = None) -> Plan:
    """What agreeing on `wanted` would do now; nothing is recorded. `types` is the release's semantic_types.parquet.

    Raises InputError where a value is not what it must be.
    """
    with store.cursor() as cursor:
        design_rules.check(cursor, wanted)
        participants = wanted.people or design_rules.able(cursor)
        items = [one for one in _items(cursor, wanted, types) if one.entry_id not in wanted.calibration]
        given = _given(cursor, wanted)
    hands = dealing.deal(wanted, items, given=given) if wanted.dealt else {}
    return Plan(wanted, participants, hands)


def agree(store: Store, by: str, wanted: Design, *, types: Path | None = None, at: datetime) -> Plan:
    """Put the design in force, with its assignments; ratings given before stay and are counted in.

    The design that is in force already is nothing new. Raises as `plan`; Refused for those who may not `design`.
    """
    access.require(store, by, "design")
    made = plan(store, wanted, types=types)
    with store.writing() as cursor:
        event = policy.record(cursor, by, "design", dataclasses.asdict(wanted), at)
        if event is not None:
            first = {entry_id: made.participants for entry_id in wanted.calibration}
            _assign(cursor, event.event_id, first, "calibration")
            _assign(cursor, event.event_id, made.hands, "main")
    return made


def uncovered(store: Store) -> int:
    """Entries of the current run that the design in force was not dealt to; 0 where it deals nothing beforehand."""
    if not design(store).dealt:
        return 0
    with store.cursor() as cursor:
        return len(cursor.execute(query("design_items"), {"all": False}).fetchall())


def extend(store: Store, by: str, *, types: Path | None = None, at: datetime) -> int:
    """Deal the design in force to the entries that it does not cover; return how many it covers now.

    Who has what stays; a type or letter goes to the person who has most of it. People who may no longer rate are
    dealt nothing. Raises InputError where nobody is left; Refused for those who may not `design`.
    """
    access.require(store, by, "design")
    agreed = design(store)
    if not agreed.dealt:
        return 0
    with store.writing() as cursor:
        agreed = dataclasses.replace(agreed, people=design_rules.still_able(cursor, agreed))
        items = _items(cursor, agreed, types, uncovered=True)
        load = dict(cursor.execute("SELECT person, count(*) FROM assigned GROUP BY person").fetchall())
        owners = _owners(cursor, agreed, types)
        hands = dealing.deal(agreed, items, given=_given(cursor, agreed), load=load, owners=owners)
        hands = {entry_id: raters for entry_id, raters in hands.items() if raters}
        if hands:
            event = ledger.append(cursor, str(uuid.uuid4()), at, "policy", person=by, target="assignment")
            _assign(cursor, event.event_id, hands, "main")
    return len(hands)


def draw(store: Store, count: int, *, seed: int) -> tuple[str, ...]:
    """Entries of the current run for a calibration, at random: the same ones for the same run and seed."""
    with store.cursor() as cursor:
        rows = cursor.execute(query("design_items"), {"all": True}).fetchall()
    entry_ids = [entry_id for entry_id, _ in rows]
    return tuple(random.Random(seed).sample(entry_ids, min(count, len(entry_ids))))


def find(store: Store, names: Iterable[str]) -> tuple[str, ...]:
    """Entries of the current run that have candidates, by identifier or term, whatever its case and accents; of
    entries with one term, the first. Raises InputError for a name that is neither."""
    with store.cursor() as cursor:
        rows = cursor.execute(query("design_items"), {"all": True}).fetchall()
    known = {folded(term): entry_id for entry_id, term in reversed(rows)} | {
        entry_id: entry_id for entry_id, _ in rows
    }
    found = {name: known.get(name) or known.get(folded(name)) for name in names}
    if strangers := [name for name, entry_id in found.items() if entry_id is None]:
        raise InputError(
            f"{', '.join(strangers[:5])}: expected identifiers or terms of entries of the current run"
        )
    return tuple(dict.fromkeys(entry_id for entry_id in found.values() if entry_id is not None))


def from_json(value: dict) -> Design:
    """A design as it was agreed on."""
    table = tuple(Line(*line) for line in value["table"])
    return Design(
        **value | {"table": table, "people": tuple(value["people"]), "calibration": tuple(value["calibration"])}
    )


def _items(
    cursor: duckdb.DuckDBPyConnection, wanted: Design, types: Path | None, *, uncovered: bool = False
) -> list[Item]:
    rows = cursor.execute(query("design_items"), {"all": not uncovered}).fetchall()
    typed: dict[str, str] = {}
    if types is not None and wanted.way in ("type", "hand"):
        typed = dict(cursor.execute(query("design_types"), [str(types)]).fetchall())
    lettered = wanted.way in ("letter", "hand")
    return [Item(entry_id, typed.get(entry_id, ""), _letter(term) if lettered else "#") for entry_id, term in rows]


def _letter(term: str) -> str:
    first = folded(term)[:1].upper()
    return first if first.isalpha() else "#"


def _given(cursor: duckdb.DuckDBPyConnection, wanted: Design) -> dict[str, list[str]]:
    """The people who rated each entry so far, by name."""
    return dict(
        cursor.execute(
            "SELECT entry_id, list_sort(list(DISTINCT person)) FROM standing "
            "WHERE kind IN ('rate', 'none', 'absent') AND list_contains(?, person) GROUP BY entry_id",
            [list(wanted.people)],
        ).fetchall()
    )


def _owners(cursor: duckdb.DuckDBPyConnection, agreed: Design, types: Path | None) -> dict[str, str]:
    """The person who has most of each type or letter; of two with as many, the first by name."""
    if agreed.way not in ("type", "letter"):
        return {}
    groups = {item.entry_id: dealing.group(agreed, item) for item in _items(cursor, agreed, types)}
    rows = cursor.execute("SELECT entry_id, person FROM assigned WHERE stage = 'main'").fetchall()
    counts = Counter((groups[entry_id], person) for entry_id, person in rows if entry_id in groups)
    by_name = sorted(counts, key=lambda one: one[1], reverse=True)
    return dict(sorted(by_name, key=counts.__getitem__))  # the last of a group stays: who has most of it


def _assign(
    cursor: duckdb.DuckDBPyConnection, event_id: int, hands: dict[str, tuple[str, ...]], stage: str
) -> None:
    rows: Iterable[tuple[str, str]] = [(entry, person) for entry, raters in hands.items() for person in raters]
    entries, people = zip(*rows, strict=True) if rows else ((), ())
    table = pa.table({"entry_id": pa.array(entries, pa.string()), "person": pa.array(people, pa.string())})
    cursor.register("dealt", table)
    try:
        cursor.execute("INSERT INTO assignment SELECT ?, entry_id, person, ? FROM dealt", [event_id, stage])
    finally:
        cursor.unregister("dealt")
