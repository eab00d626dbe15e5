"""A registered encoder as a folder to hand on: nothing of this machine in it, nothing that others do not need."""

import dataclasses
import shutil
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from pipeline.encoders.card import Card, to_json, weights
from pipeline.encoders.encoder import FolderEncoder
from pipeline.files import sha256, whole_folder, write_json

OURS = ("made_of", "measured")
"""Tags that say where files lay here and how fast this machine is, beside the drift, which is the files' own."""


def share(card: Card, folder: Path) -> Path:
    """Write weights, vocabulary and card of `card` as `folder`, which any place of encoders can hold; the encoder has
    the folder's name there, and gives the same vectors. Returned: the folder, from the root.

    Raises EncoderError where the encoder's files are damaged, WorkspaceError where `folder` is there already or
    cannot be written.
    """
    FolderEncoder(card)  # checks the files
    folder = folder.resolve()  # "." has no name
    tags = {key: value for key, value in card.tags.items() if key not in OURS}
    tags |= _drift(card) | _vocabulary(card)
    with whole_folder(folder) as part:
        for file in [*weights(card.folder, card.engine), card.folder / "tokenizer.json"]:
            shutil.copyfile(file, part / file.name)
        write_json(part / "encoder.json", to_json(dataclasses.replace(card, name=folder.name, tags=tags)))
    return folder


def _drift(card: Card) -> dict[str, Any]:
    found = card.tags.get("measured", {}).get("drift")
    return {"measured": {"drift": found}} if found else {}


def _vocabulary(card: Card) -> dict[str, Any]:
    path = card.folder / "tokenizer.json"
    return {
        "tokenizer_sha256": sha256(path),
        "vocabulary": Tokenizer.from_file(str(path)).get_vocab_size(),
    }
