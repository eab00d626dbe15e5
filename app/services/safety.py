"""What keeps a project safe: backups, going back to one, a look at a past moment, the ledger's soundness.

Every function takes who asks, and is refused for whoever is not an administrator.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.services import archive as archives
from app.services import export, keeper
from curation_db import access, policy, queries
from curation_db.safety import asof, backups, restoring, soundness
from curation_db.safety.backups import Backup
from curation_db.store import Store
from pipeline import interchange
from pipeline.errors import InputError
from pipeline.interchange import Exported
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Then:
    """The counts of a past moment: `pairs` are rated pairs, `verdicts` the entries said to have no candidate."""

    events: int
    people: int
    judgements: int
    pairs: int
    verdicts: int
    run: str | None


def found(store: Store, by: str) -> tuple[Backup, ...]:
    """The newest first."""
    access.require(store, by, "safety")
    return backups.found(keeper.folder(store))


def take(store: Store, by: str, *, at: datetime) -> Backup:
    access.require(store, by, "safety")
    backup = backups.take(store, keeper.folder(store), "hand", at=at)
    backups.thin(keeper.folder(store))
    return backup


def restore(store: Store, by: str, backup: Path, *, at: datetime) -> Path:
    """Go back to a backup; returns where the present file was put aside."""
    access.require(store, by, "safety")
    if backup.parent != keeper.folder(store):
        raise InputError(f"{backup}: not a backup of this project; choose one of {keeper.folder(store)}")
    return restoring.restore(store, by, backup, at=at)


def schedule(store: Store, by: str, hours: int, *, at: datetime) -> None:
    """A backup every so many hours; 0 stops them."""
    access.require(store, by, "safety")
    if type(hours) is not int or not 0 <= hours <= 24 * 7:
        raise InputError(f"backup every {hours!r} hours: expected a whole number from 0 (never) to 168")
    policy.agree(store, by, "backup_hours", hours, at=at)


def archive(workspace: Workspace, store: Store, by: str, *, embeddings: bool, at: datetime) -> Path:
    """The project in archives/<folder>-<time>.zip."""
    name = f"{workspace.root.name}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.zip"
    to = workspace.root / "archives" / name
    return archives.export(workspace, store, by, to, at=at, embeddings=embeddings)


def check(store: Store, by: str) -> tuple[soundness.Check, ...]:
    access.require(store, by, "safety")
    return soundness.checks(store, backups.found(keeper.folder(store)))


def then(store: Store, by: str, moment: datetime) -> Then:
    access.require(store, by, "safety")
    past = asof.at(store, moment)
    run = queries.current_run(past)
    return Then(
        events=past.cut,
        people=len(queries.people(past)),
        judgements=queries.judgements(past).num_rows,
        pairs=queries.curated(past).num_rows,
        verdicts=queries.verdicts(past).num_rows,
        run=run.name if run else None,
    )


def write_then(
    workspace: Workspace, store: Store, by: str, moment: datetime, format: str, *, minimum: int
) -> Exported:
    """exports/<format>-as-of-<time>.<suffix>: what stood at that moment, of the run that was in use then. Once
    written it is found again: the past does not change."""
    access.require(store, by, "safety")
    name = f"{format}-as-of-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}{interchange.FORMATS[format].suffix}"
    what = export.curation(workspace, asof.at(store, moment))
    return interchange.export(
        what,
        format,
        workspace.exports / name,
        minimum_rating=minimum,
        withhold_restricted=True,
        include_proposals=False,
    )
