"""The encoders as a screen shows them, and which of them the project uses."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.services import sources
from curation_db import access
from curation_db.store import Store
from pipeline.encoders import catalogue
from pipeline.encoders.card import Card, read_card, to_json
from pipeline.encoders.recipe import COMPARISON
from pipeline.errors import LexalignError, Refused
from pipeline.settings import Settings
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Shown:
    """An encoder in its folder, or a name of lexalign.toml that has none. `place`: 1, 2, … in the project's order,
    None where the project does not use it; `problem`: why there is no card."""

    name: str
    card: Card | None
    own: bool
    place: int | None
    problem: str | None = None

    @property
    def used(self) -> bool:
        return self.place is not None

    @property
    def comparison_only(self) -> bool:
        return self.card is not None and self.card.precision == COMPARISON

    @property
    def measured(self) -> dict[str, Any]:
        """Drift and speed of the card, empty where nobody measured."""
        return (self.card.tags.get("measured") if self.card else None) or {}


def shown(workspace: Workspace) -> list[Shown]:
    """The project's first, in its order, then the others by name."""
    used, folders = workspace.settings().encoders, catalogue.folders()
    names = [*used, *(name for name in folders if name not in used)]
    return [_one(name, folders.get(name), used) for name in names]


def whole_card(card: Card) -> dict[str, Any]:
    """What `lexalign encoders show` prints."""
    return to_json(card) | {"bytes": card.bytes, "folder": str(card.folder)}


def originals() -> list[str]:
    """The fp32 exports that another make can start from."""
    found = [one for one in map(_card, catalogue.folders().values()) if isinstance(one, Card)]
    return [card.name for card in found if (card.engine, card.precision) == ("onnxruntime", "fp32")]


def use(workspace: Workspace, store: Store, by: str, name: str) -> Settings:
    """From the next run on; nothing that was rated changes."""
    catalogue.card(name)
    return sources.save(workspace, store, by, encoders=(*workspace.settings().encoders, name))


def stop(workspace: Workspace, store: Store, by: str, name: str) -> Settings:
    """Raises Refused where it is the only one."""
    left = tuple(one for one in workspace.settings().encoders if one != name)
    if not left:
        raise Refused(f"{name}: is the project's only encoder, expected one at least; use another one first")
    return sources.save(workspace, store, by, encoders=left)


def remove(workspace: Workspace, store: Store, by: str, name: str) -> Path:
    """Delete an own encoder; the project stops using it. Raises Refused where it is the project's only one,
    EncoderError for one in the box."""
    access.require(store, by, "prepare")
    if catalogue.card(name).folder.parent != catalogue.own():
        return catalogue.remove(name)  # says why not
    if name in workspace.settings().encoders:
        stop(workspace, store, by, name)
    return catalogue.remove(name)


def _one(name: str, folder: Path | None, used: tuple[str, ...]) -> Shown:
    place = used.index(name) + 1 if name in used else None
    if folder is None:
        return Shown(name, None, False, place)
    found = _card(folder)
    own = folder.parent == catalogue.own()
    if isinstance(found, Card):
        return Shown(name, found, own, place)
    return Shown(name, None, own, place, str(found))


def _card(folder: Path) -> Card | LexalignError:
    """A damaged folder must not hide the others."""
    try:
        return read_card(folder)
    except LexalignError as error:
        return error
