"""What `lexalign encoders add` is told by the screen that starts it."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow.parquet as pq

from app.services import jobs, sources
from curation_db import access
from curation_db.store import Store
from pipeline.encoders import catalogue
from pipeline.encoders.add import named
from pipeline.encoders.export.hub import endpoint_of
from pipeline.encoders.texts import LEAST
from pipeline.errors import InputError
from pipeline.files import whole
from pipeline.workspace import Workspace

NEEDED = ("torch", "transformers", "onnx", "onnxscript")
"""Of the extra `models`."""
OWN = "own"
"""The folder's own pooling, and the languages that it states."""
LANGUAGES = {OWN: (), "both": ("fr", "en"), "fr": ("fr",), "en": ("en",)}
"""What a model can be said to read."""


@dataclass(frozen=True)
class Addition:
    """`source`: a folder on this machine, a known name or a hub's OWNER/MODEL; `languages`: one of
    LANGUAGES; `agreed`: to fetch it."""

    source: str
    name: str
    precision: str
    pooling: str
    prefix: str
    languages: str
    trim: bool
    agreed: bool


def missing() -> list[str]:
    """The modules of the extra `models` that are not installed."""
    return [name for name in NEEDED if importlib.util.find_spec(name) is None]


def host(source: str) -> str | None:
    """The host that a source would be fetched from; None for a folder of this machine, or nothing at all."""
    text = _bare(source)
    if not text or Path(text).expanduser().exists() or (text not in named() and not _of_a_hub(text)):
        return None
    return urlsplit(endpoint_of()).hostname


def start(workspace: Workspace, store: Store, by: str, wanted: Addition) -> None:
    """Raises InputError where the folder is not there or the agreement lacks, EncoderError where the name is taken."""
    access.require(store, by, "prepare")
    source = _bare(wanted.source)
    if host(source) is None:
        source = str(sources.existing(source).resolve())
    elif not wanted.agreed:
        raise InputError(f"{source}: would be fetched from {host(source)}; agree to it, or give a folder")
    arguments = ["encoders", "add", source, "--precision", wanted.precision, "--yes", "--progress", "json"]
    if wanted.name.strip():
        arguments += ["--name", catalogue.free(wanted.name.strip())]
    if wanted.pooling != OWN:
        arguments += ["--pooling", wanted.pooling]
    if wanted.prefix:
        arguments += ["--prefix", wanted.prefix]
    for language in LANGUAGES[wanted.languages]:
        arguments += ["--language", language]
    if wanted.trim:
        arguments.append("--trim")
    jobs.start(workspace, "add", arguments + calibration(workspace))


def calibration(workspace: Workspace) -> list[str]:
    """`--texts FILE` with the project's own terms and explanations; nothing where it has too few of them."""
    if not workspace.has_release("lexicon"):
        return []
    rows = pq.read_table(workspace.release("lexicon") / "entries.parquet", columns=["term", "explanation"])
    cells = (text for column in rows.columns for text in column.to_pylist() if text)
    texts = dict.fromkeys(" ".join(text.split()) for text in cells)
    if len(texts) < LEAST:
        return []
    path = workspace.runs / ".texts.txt"
    with whole(path) as part:
        part.write_text("\n".join(texts) + "\n", encoding="utf8")
    return ["--texts", str(path)]


def _bare(source: str) -> str:
    return source.strip().strip('"').strip()


def _of_a_hub(text: str) -> bool:
    """OWNER/MODEL; a path begins with a sign of its own or has more parts."""
    return text.count("/") == 1 and text[0] not in "./~" and not text.endswith("/") and "\\" not in text
