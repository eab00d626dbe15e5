"""Which encoders there are: those in the box, and the user's own folders."""

import os
from pathlib import Path

from platformdirs import user_data_path

from pipeline.encoders.card import Card, read_card
from pipeline.encoders.onnx import OnnxEncoder
from pipeline.errors import EncoderError

BUNDLED = Path(__file__).parents[2] / "assets" / "encoders"


def own() -> Path:
    """The folder of the user's own encoders: LEXALIGN_ENCODERS, else the system's place for user data."""
    return Path(os.environ.get("LEXALIGN_ENCODERS") or user_data_path("lexalign") / "encoders")


def folders() -> dict[str, Path]:
    """Name -> folder, in alphabetical order; a folder of the user's hides a bundled one of the same name."""
    found = {file.parent.name: file.parent for root in (BUNDLED, own()) for file in root.glob("*/encoder.json")}
    return dict(sorted(found.items()))


def card(name: str) -> Card:
    """Raises EncoderError that lists the known names."""
    known = folders()
    if name not in known:
        raise EncoderError(
            f"no encoder {name!r}; known: {', '.join(known) or 'none'} (see `lexalign encoders list`)"
        )
    return read_card(known[name])


def load(name: str, *, threads: int = 0, batch_tokens: int = 2048) -> OnnxEncoder:
    """`threads` 0 takes every core."""
    return OnnxEncoder(card(name), threads=threads, batch_tokens=batch_tokens)
