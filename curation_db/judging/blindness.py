"""What is hidden until a pair is rated, and to whom it was shown: a rating is blind where nothing was before it."""

import dataclasses
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, get_args

import duckdb

from curation_db import access, ledger, policy, state
from curation_db.store import Store
from pipeline.errors import InputError

Others = Literal["never", "after"]


@dataclasses.dataclass(frozen=True)
class Blindness:
    """`hidden`: encoders and scores are shown only once the pair is rated. `others`: whether other people's ratings
    of it may be seen after one's own. What was seen while nothing was hidden is not recorded."""

    hidden: bool = True
    others: Others = "never"


def agreed(store: Store) -> Blindness:
    """What the project agreed on; the default hides everything."""
    return Blindness(**(policy.agreed(store, "blindness") or {}))


def agree(store: Store, by: str, value: Blindness, *, at: datetime) -> None:
    """Refused for those who may not `design`."""
    if type(value.hidden) is not bool or value.others not in get_args(Others):
        raise InputError(f"{value}: expected hidden True or False, others {' or '.join(get_args(Others))}")
    policy.agree(store, by, "blindness", dataclasses.asdict(value), at=at)


def reveal(store: Store, person: str, pairs: Iterable[tuple[str, str | None]], *, at: datetime) -> None:
    """Record that scores, or other people's ratings, of these (entry, CUI) were shown to the person; a CUI of None
    is every pair of the entry. Once recorded it is not again."""
    with store.cursor() as cursor:
        fresh = [pair for pair in dict.fromkeys(pairs) if not _shown(cursor, person, *pair)]
    if not fresh:
        return
    with store.writing(judging=True) as cursor:
        access.check(cursor, person, "look")
        for entry_id, cui in fresh:
            command_id = str(uuid.uuid5(uuid.NAMESPACE_OID, repr(("reveal", person, entry_id, cui))))
            ledger.append(cursor, command_id, at, "reveal", person=person, entry_id=entry_id, cui=cui)


def blind(store: Store, cursor: duckdb.DuckDBPyConnection, person: str, entry_id: str, cui: str) -> bool:
    """Whether a rating that the person gives now is blind."""
    return agreed(store).hidden and not _shown(cursor, person, entry_id, cui)


def ratings(store: Store, entry_id: str, cui: str) -> dict[str, int]:
    """Everybody's current rating of a pair. The caller has checked that whoever asks may see them."""
    with store.cursor() as cursor:
        people = state.everybody(cursor, [entry_id])
    judged = {person: said[entry_id].pairs.get(cui) for person, said in people.items()}
    return {person: one.rating for person, one in judged.items() if one is not None and one.rating is not None}


def _shown(cursor: duckdb.DuckDBPyConnection, person: str, entry_id: str, cui: str | None) -> bool:
    # by entry_id alone: a second filter would keep DuckDB from the index
    rows = cursor.execute("SELECT kind, person, cui FROM event WHERE entry_id = ?", [entry_id]).fetchall()
    return any(row in rows for row in (("reveal", person, cui), ("reveal", person, None)))
