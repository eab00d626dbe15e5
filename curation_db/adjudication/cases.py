"""Which pairs people do not agree on, and which decisions are in doubt."""

import dataclasses
from collections.abc import Sequence
from typing import Literal, get_args

from curation_db import access
from curation_db.figures import overview
from curation_db.queues.order import Place
from curation_db.sql import query
from curation_db.store import Store
from pipeline.errors import InputError

Status = Literal["open", "doubtful", "decided"]
Why = Literal["reopened", "spread", "threshold", "verdict", "relation", "flagged"]
Doubt = Literal["later", "moved"]


@dataclasses.dataclass(frozen=True)
class Case:
    """A pair that raters differ on, or that was decided; `ratings` rise, `decided` is None until it is.

    `why` it is to settle: reopened; ratings that differ by 2 or more (spread) or lie on both sides of 3
    (threshold); somebody who finds that no concept fits where another rates 3 or more (verdict); several relations;
    flagged. `doubts` on a decision: ratings since that contradict it (later), another run's other ranks (moved).
    """

    place: Place
    term: str
    name: str
    ratings: tuple[int, ...]
    why: tuple[Why, ...]
    doubts: tuple[Doubt, ...]
    decided: int | None

    @property
    def status(self) -> Status:
        if self.decided is None:
            return "open"
        return "doubtful" if self.doubts else "decided"


def cases(
    store: Store, by: str, status: Status = "open", *, why: tuple[Why, ...] = (), text: str = ""
) -> tuple[Case, ...]:
    """The current run's cases of a status, as `choose` picks them. Refused for those who may not adjudicate."""
    return choose(every_case(store, by), status, why=why, text=text)


def choose(
    every: Sequence[Case], status: Status, *, why: tuple[Why, ...] = (), text: str = ""
) -> tuple[Case, ...]:
    """Those of a status, with any of `why` where there are some, and `text` in term, name or identifiers, whatever
    its case and accents; in the order of `every`. Raises InputError."""
    if status not in get_args(Status) or not set(why) <= set(get_args(Why)):
        raise InputError(
            f"status {status!r}, why {why!r}: expected {', '.join(get_args(Status))}, {', '.join(get_args(Why))}"
        )
    wanted = overview.folded(text)
    found = (one for one in every if one.status == status)
    return tuple(one for one in found if (not why or set(why) & set(one.why)) and wanted in _spoken(one))


def every_case(store: Store, by: str) -> tuple[Case, ...]:
    """The current run's cases of every status, in the lexicon's order. Refused for those who may not adjudicate."""
    with store.cursor() as cursor:
        access.check(cursor, by, "adjudicate")
        rows = cursor.execute(query("adjudication_cases")).fetchall()
    return tuple(
        Case(Place(entry, cui), term, name, tuple(ratings), tuple(why), tuple(doubts), decided)
        for entry, cui, term, name, ratings, why, doubts, decided in rows
    )


def _spoken(case: Case) -> str:
    return overview.folded(f"{case.term} {case.name} {' '.join(case.place)}")
