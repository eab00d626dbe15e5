"""From one encoder to another without losing a rating: where the project stands on the way."""

from dataclasses import dataclass

import pyarrow.parquet as pq

from app.services import comparison, runs
from app.services.runs import Run
from curation_db import queries
from curation_db.store import Store
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Swap:
    """`wanted`: the project's encoders; `rated_run`: the run that people rate; `ready`: the newest finished run of the
    wanted encoders, where it is another one."""

    wanted: tuple[str, ...]
    rated_run: Run | None
    ready: Run | None

    @property
    def settled(self) -> bool:
        """Whether people rate what the project's encoders propose."""
        return self.rated_run is not None and set(self.rated_run.encoders) == set(self.wanted)


@dataclass(frozen=True)
class Kept:
    """`ratings` are kept in any case; of the `pairs` that they are about, the run proposes `again` once more;
    `new`: its candidates that nobody rated."""

    ratings: int
    pairs: int
    again: int
    new: int


def state(workspace: Workspace, store: Store) -> Swap:
    wanted, current = workspace.settings().encoders, runs.in_use(store)
    found = runs.finished(workspace)
    rated_run = next((run for run in found if run.name == current), None)
    same = (run for run in found if set(run.encoders) == set(wanted) and run.name != current)
    return Swap(wanted, rated_run, next(same, None))


def kept(store: Store, by: str, run: Run) -> Kept:
    """What making `run` the one that people rate would keep and ask."""
    said = queries.judgements(store)["rating"]
    rated = set(comparison.ratings(store, by))
    rows = pq.read_table(run.folder / "merged.parquet", columns=["entry_id", "CUI"])
    pairs = set(zip(rows["entry_id"].to_pylist(), rows["CUI"].to_pylist(), strict=True))
    return Kept(len(said) - said.null_count, len(rated), len(rated & pairs), len(pairs - rated))


def ratings(store: Store) -> int:
    """How many ratings stand now, of all people."""
    said = queries.judgements(store)["rating"]
    return len(said) - said.null_count
