"""The rating design as its page needs it: previews, tables from files, who has done how much, the calibration."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import cast, get_args

import pandas as pd

from curation_db import access, queries
from curation_db.judging import blindness
from curation_db.people import taking_part
from curation_db.rating_plans import designs
from curation_db.rating_plans.dealing import By, Design, Line
from curation_db.rating_plans.designs import Plan
from curation_db.store import Store
from pipeline.errors import InputError, Refused
from pipeline.workspace import Workspace

HEADER = ("person", "by", "value")


def preview(workspace: Workspace, store: Store, by: str, wanted: Design) -> Plan:
    """What agreeing on the design would do. Refused for those who may not `design`."""
    access.require(store, by, "design")
    return designs.plan(store, wanted, types=_types(workspace, wanted))


def agree(workspace: Workspace, store: Store, by: str, wanted: Design, *, at: datetime) -> Plan:
    return designs.agree(store, by, wanted, types=_types(workspace, wanted), at=at)


def extend(workspace: Workspace, store: Store, by: str, *, at: datetime) -> int:
    return designs.extend(store, by, types=_types(workspace, designs.design(store)), at=at)


def design(store: Store) -> Design:
    """The one in force."""
    return designs.design(store)


def uncovered(store: Store) -> int:
    """Entries of the current run that the design in force was not dealt to."""
    return designs.uncovered(store)


def able(store: Store) -> list[str]:
    """The people who may rate, in the order in which they joined."""
    return [person for person, role in access.roles(store).items() if role in access.MAY["rate"]]


def alone(plan: Plan) -> dict[str, int]:
    """How many entries each rates whom nobody else rates, by person."""
    counts = Counter(raters[0] for raters in plan.hands.values() if len(raters) == 1)
    return {person: counts[person] for person in plan.participants}


def draw(store: Store, count: int, *, seed: int) -> tuple[str, ...]:
    """Entries for a calibration, at random: the same ones for the same run and seed."""
    return designs.draw(store, count, seed=seed)


def find(store: Store, text: str) -> tuple[str, ...]:
    """Entries of the current run by their identifier or term, one a line. Raises InputError for what is neither."""
    return designs.find(store, [line.strip() for line in text.splitlines() if line.strip()])


def table(data: bytes) -> tuple[Line, ...]:
    """The lines of a CSV file in UTF-8: person, by ("entry", "type" or "letter"), value, under these names, with
    commas or semicolons between. Raises InputError that names the line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start}: not UTF-8; save the table as CSV in UTF-8") from error
    delimiter = ";" if ";" in text.split("\n")[0] else ","
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    if not rows or tuple(cell.strip().lower() for cell in rows[0]) != HEADER:
        found = ", ".join(rows[0]) if rows else "nothing"
        raise InputError(f"line 1: {found}, expected the column names {', '.join(HEADER)}")
    return lines((number, row) for number, row in enumerate(rows[1:], 2) if any(row))


def lines(rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[Line, ...]:
    """(line number, cells) -> lines of a table made by hand. Raises InputError that names the line."""
    made = []
    for number, row in rows:
        cells = [str(cell).strip() for cell in row]
        if len(cells) != 3 or not all(cells) or cells[1] not in get_args(By):
            raise InputError(
                f"line {number}: {', '.join(cells)}; expected a person, {' or '.join(get_args(By))}, and a value"
            )
        made.append(Line(cells[0], cast(By, cells[1]), cells[2]))
    return tuple(dict.fromkeys(made))


def shares(store: Store, by: str) -> pd.DataFrame:
    """Columns person, entries, done: how far everybody is with what is theirs by the design; not what they said.

    Refused for those who may not look.
    """
    access.require(store, by, "look")
    return pd.DataFrame(taking_part.shares(store), columns=["person", "entries", "done"])


def calibrated(store: Store, by: str) -> dict[str, bool]:
    """Whether each person who takes part has finished the calibration, by name; empty where there is none."""
    access.require(store, by, "look")
    return taking_part.calibrated(store)


def calibrating(store: Store, by: str) -> bool:
    """Whether the person's next card is one of the calibration."""
    entries = designs.design(store).calibration
    place = queries.next_card(store, by) if entries else None
    return place is not None and place.entry_id in entries


def calibration(store: Store, by: str, *, at: datetime) -> pd.DataFrame:
    """Everybody's ratings of the calibration side by side: columns term, CUI, one a person (0-5, missing where they
    did not rate the pair), spread (highest less lowest); in the lexicon's order. Those who have not finished it yet
    are left out.

    Refused for those who have not finished it, unless they may see figures. What is shown to people who may rate
    is recorded: their ratings of these entries are no longer blind.
    """
    entries = designs.design(store).calibration
    done = taking_part.calibrated(store)
    if not done.get(by) and not access.may(store, by, "figures"):
        raise Refused(f"{by} has not finished the calibration; rate its {len(entries)} entries first")
    if access.may(store, by, "rate"):
        blindness.reveal(store, by, [(entry_id, None) for entry_id in entries], at=at)
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for entry_id, term, cui, person, rating in taking_part.side_by_side(store, entries):
        if done.get(person):
            rows.setdefault((entry_id, cui), {"term": term, "CUI": cui})[person] = rating
    people = [person for person, finished in done.items() if finished]
    table = pd.DataFrame(list(rows.values()), columns=["term", "CUI", *people])
    table[people] = table[people].astype("Int8")
    return table.assign(spread=table[people].max(axis=1) - table[people].min(axis=1))


def _types(workspace: Workspace, wanted: Design) -> Path | None:
    needed = wanted.way == "type" or any(line.by == "type" for line in wanted.table)
    return workspace.release("umls") / "semantic_types.parquet" if needed else None
