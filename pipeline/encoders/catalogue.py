"""Which encoders there are: those in the box, and the user's own folders."""

import os
import re
import shutil
import time
from pathlib import Path

from platformdirs import user_data_path

from pipeline.encoders.card import Card, read_card
from pipeline.encoders.encoder import FolderEncoder
from pipeline.errors import EncoderError
from pipeline.settings import Device

DAY = 86_400
QUERY_SIDE_OF, INDEX_SHA256 = "query_side_of", "index_sha256"
"""Tags of a query side's card: the registered encoder whose vectors of a target it asks, its model's digest."""
BUNDLED = Path(__file__).parents[2] / "assets" / "encoders"


def own() -> Path:
    """The folder of the user's own encoders: LEXALIGN_ENCODERS, else the system's place for user data."""
    return Path(os.environ.get("LEXALIGN_ENCODERS") or user_data_path("lexalign") / "encoders")


def folders() -> dict[str, Path]:
    """Name -> folder, in alphabetical order; a folder of the user's hides a bundled one of the same name."""
    files = [file for root in (BUNDLED, own()) for file in root.glob("*/encoder.json")]
    # a name with a dot in front is a folder in the making, or what a killed process left of one
    found = {file.parent.name: file.parent for file in files if not file.parent.name.startswith(".")}
    return dict(sorted(found.items()))


def free(name: str, root: Path | None = None) -> str:
    """The name, where it can be a new encoder's. Raises EncoderError where it is taken or no folder's name."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", name):
        raise EncoderError(f"{name!r}: expected a name of letters, digits, '.', '_' and '-'; give one with --name")
    if name in folders() if root is None else (root / name).exists():
        ours = root is None and folders()[name].parent == BUNDLED
        remove = "" if ours else f", or remove it with `lexalign encoders remove {name}`"
        raise EncoderError(f"an encoder {name!r} is there already; give another --name{remove}")
    return name


def sweep() -> None:
    """Delete what processes that were killed a day ago or earlier left of encoders in the making."""
    for folder in own().glob(".*.part"):
        if time.time() - folder.stat().st_mtime > DAY:
            shutil.rmtree(folder)


def remove(name: str) -> Path:
    """Take an encoder of the user's own away, damaged or not; what it encoded stays cached. Raises EncoderError for
    one in the box."""
    folder = folders().get(name)
    if folder is None or folder.parent != own():
        raise EncoderError(
            f"{name}: not an encoder of {own()}; one in the box is left out in lexalign.toml instead"
        )
    shutil.rmtree(folder)
    return folder


def card(name: str) -> Card:
    """Raises EncoderError that lists the known names."""
    known = folders()
    if name not in known:
        raise EncoderError(
            f"no encoder {name!r}; known: {', '.join(known) or 'none'} (see `lexalign encoders list`)"
        )
    return read_card(known[name])


def load(name: str, *, threads: int = 0, batch_tokens: int = 0, device: Device = "auto") -> FolderEncoder:
    """`threads` 0 takes every core, `batch_tokens` 0 the card's; `device` "auto" takes CUDA where it is and the
    encoder's precision fits. A query side comes with its index's encoder; raises EncoderError where that is gone or
    another."""
    about = card(name)
    _check_index(about)
    encoder = FolderEncoder(about, threads=threads, batch_tokens=batch_tokens, device=device)
    if of := about.tags.get(QUERY_SIDE_OF):
        encoder.index = load(of, threads=threads, batch_tokens=batch_tokens, device=device)
    return encoder


def _check_index(side: Card) -> None:
    """Two encoders of one name need not share a space."""
    of, expected = (side.tags.get(tag) for tag in (QUERY_SIDE_OF, INDEX_SHA256))
    if of is None:
        return
    if of not in folders():
        raise EncoderError(f"{side.name}: asks the vectors of {of}, which is not installed; add {of} again")
    if (found := card(of).model_sha256) != expected:
        raise EncoderError(
            f"{side.name}: asks the vectors of a {of} whose model is {expected}, found {found}; add that {of} again, "
            f"or make {side.name} again for this one"
        )
