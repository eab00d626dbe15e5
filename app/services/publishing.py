"""A curated mapping frozen as exports/published/<number>/: never changed, and recorded in the ledger."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from app.services import agreement, export
from curation_db import access, queries
from curation_db.figures import publications
from curation_db.figures.publications import Publication
from curation_db.figures.unsettled import unsettled
from curation_db.store import Store
from pipeline.errors import Refused
from pipeline.files import read_json, sha256, whole_folder
from pipeline.interchange.mapping import UNSPECIFIED_LICENSE
from pipeline.interchange.pseudonyms import pseudonymous
from pipeline.interchange.publication import MANIFEST, Terms, intact, publish
from pipeline.workspace import Workspace

__all__ = ["Choices", "Release", "publish_now", "releases", "unsettled"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Choices:
    """What the person who publishes decides. `license` is a URL; `pseudonyms` leaves out names and free words."""

    minimum: int
    withhold: bool = True
    pseudonyms: bool = False
    license: str = UNSPECIFIED_LICENSE


@dataclasses.dataclass(frozen=True)
class Release:
    """A publication of the ledger with its folder; `whole` says that every byte is the published one."""

    recorded: Publication
    folder: Path
    manifest: Mapping[str, Any]
    whole: bool


def publish_now(
    workspace: Workspace,
    store: Store,
    by: str,
    choices: Choices,
    *,
    accepted: Mapping[str, int],
    at: datetime,
) -> Path:
    """The published folder. `accepted` is what the person knows to be unsettled, by the names of Unsettled.counts.

    Refused for those who may not publish, and where more is unsettled than they accepted.
    """
    left = unsettled(store, by).counts
    if over := {name: count for name, count in left.items() if count > accepted.get(name, 0)}:
        found = ", ".join(f"{name} {count} (accepted {accepted.get(name, 0)})" for name, count in over.items())
        raise Refused(f"not settled yet: {found}; settle them, or accept that they stay open")
    said = queries.said(store)
    number = _next(workspace, store)
    what = dataclasses.replace(
        export.curation(workspace, store, said), license=choices.license, version=str(number)
    )
    if choices.pseudonyms:
        what = pseudonymous(what, _pseudonyms(store))
    terms = Terms(
        number=number,
        at=at,
        event_id=said.event_id,
        unsettled=left,
        minimum_rating=choices.minimum,
        withhold_restricted=choices.withhold,
        agreement=_agreement(workspace, store, by),
    )
    folder = _home(workspace) / str(number)
    with whole_folder(folder) as part:
        publish(what, part, terms)
        for file in part.iterdir():
            file.chmod(0o444)
        # before the folder takes its name: where the ledger cannot say it, nothing was published
        publications.record(store, by, number, sha256(part / MANIFEST), at=at)
    return folder


def releases(workspace: Workspace, store: Store, by: str) -> tuple[Release, ...]:
    """The newest first. Refused for those who may not export."""
    access.require(store, by, "export")
    return tuple(_release(one, _home(workspace) / str(one.number)) for one in publications.published(store))


def _release(recorded: Publication, folder: Path) -> Release:
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return Release(recorded, folder, {}, whole=False)
    whole = sha256(manifest) == recorded.sha256 and intact(folder)
    return Release(recorded, folder, read_json(manifest), whole)


def _home(workspace: Workspace) -> Path:
    return workspace.exports / "published"


def _next(workspace: Workspace, store: Store) -> int:
    """The number after every one that the ledger or the disk has."""
    recorded = [one.number for one in publications.published(store)]
    home = _home(workspace)
    there = [int(path.name) for path in home.iterdir() if path.name.isdecimal()] if home.is_dir() else []
    return max([0, *recorded, *there]) + 1


def _agreement(workspace: Workspace, store: Store, by: str) -> dict[str, Any] | None:
    """The raters' figures over all pairs that several rated; None where they are not defined."""
    overall = agreement.report(workspace, store, by).overall
    return None if overall.why is not None else dataclasses.asdict(overall)


def _pseudonyms(store: Store) -> dict[str, str]:
    """Everybody's, in the order in which they joined: the same person has the same one in every publication."""
    return {name: f"P{number:02d}" for number, name in enumerate(queries.people(store), 1)}
