"""`lexalign encoders add`: a transformers folder or a hub's model to registered encoders."""

import dataclasses
import hashlib
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipeline.encoders import catalogue
from pipeline.encoders.build import build, finish
from pipeline.encoders.card import NO_LICENCE, Card, read_card
from pipeline.encoders.export.hub_files import needed
from pipeline.encoders.recipe import Recipe
from pipeline.encoders.unpack import CONFIGURATION, unpacked
from pipeline.errors import EncoderError
from pipeline.files import read_json, sha256, whole_folder
from pipeline.progress import Progress, silent

NAMED = Path(__file__).with_name("named.json")
FP32 = "-fp32"
PADDED = "mean-with-padding"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Choices:
    """What the user says of an encoder; None leaves it to the folder, and what the folder does not say to the usual.

    `pooling`: cls, mean, max, mean-sqrt, last, or "mean-with-padding", the reference work's mean over all positions.
    """

    pooling: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    lowercase: bool | None = None
    languages: tuple[str, ...] | None = None
    max_length: int | None = None
    licence: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a folder came from: `source` as the user named it, or a hub's name; `revision` the hub's commit; `tags`
    what the cards of encoders made of it say besides."""

    folder: Path
    source: str
    revision: str = ""
    licence: str | None = None
    files: dict[str, str] = dataclasses.field(default_factory=dict)
    tags: dict[str, Any] = dataclasses.field(default_factory=dict)


def named() -> dict[str, dict[str, Any]]:
    """The encoders that we know by name -> their hub's name under `source`, what Choices says of them, a note."""
    return {entry["name"]: entry for entry in json.loads(NAMED.read_text("utf-8"))}


def choices_of(name: str, given: Choices) -> Choices:
    """What is known of a named encoder, with what the user says instead."""
    fields = [field.name for field in dataclasses.fields(Choices)]
    known = {key: value for key, value in named().get(name, {}).items() if key in fields}
    if "languages" in known:
        known["languages"] = tuple(known["languages"])
    said = {key: value for key in fields if (value := getattr(given, key)) is not None}
    return Choices(**(known | said))


def fetch(
    wanted: str,
    *,
    revision: str | None = None,
    mirror: str | None = None,
    token: str | None = None,
    agree: Callable[[str], bool],
    progress: Progress = silent,
) -> Origin:
    """The folder of `wanted`: a folder as it is, a named encoder or a hub's model after `agree` to what is fetched.

    Raises EncoderError where there is no such folder or model, the hub does not answer, or the user does not agree.
    """
    if Path(wanted).is_dir():
        return Origin(folder=Path(wanted), source=Path(wanted).resolve().name)
    name = named().get(wanted, {}).get("source", wanted)
    if name.count("/") != 1 or name.startswith((".", "/")):
        seen = "a file" if Path(wanted).is_file() else "no such folder"
        raise EncoderError(
            f"{wanted}: {seen}, and no encoder that is known by name ({', '.join(named())}); give a folder, "
            "one of these names, or a hub's OWNER/MODEL"
        )
    from pipeline.encoders.export import hub

    about = hub.about(name, revision=revision, mirror=mirror, token=token)
    licence = about.licence or "no licence stated"
    if not agree(f"{name}: {about.bytes / 1e6:.0f} MB, {licence}, revision {about.revision[:12]}"):
        raise EncoderError(f"{name}: not fetched, since you did not agree; nothing was changed")
    found = hub.fetch(name, revision=about.revision, mirror=mirror, token=token, progress=progress)
    return Origin(
        folder=found.folder, source=name, revision=found.revision, licence=found.licence, files=dict(found.files)
    )


def made_from(card: Card) -> Origin:
    """What an encoder is made of that is made from a registered one: the folder that this one was made from, where it
    is on this machine and as it was, else the weights of its fp32 export or its own, read back (see `unpack`).

    Raises EncoderError where they cannot be.
    """
    folder, source = _unchanged(card), card.source
    if folder is None:
        whole = catalogue.card(card.name + FP32) if card.name + FP32 in catalogue.folders() else card
        kept = whole if whole.model_sha256 == card.tags.get("made_from") else card
        folder, source = unpacked(kept), f"{source}, read back from its {kept.precision} model"
    return Origin(folder=folder, source=source, revision=card.revision, licence=card.licence)


def _unchanged(card: Card) -> Path | None:
    """The folder that the encoder was made from; None where it is not here, or holds other files now."""
    if not (made_of := card.tags.get("made_of")):
        return None
    folder = Path(made_of["folder"])
    return folder if folder.is_dir() and _content(folder) == made_of.get("files_sha256") else None


def add(
    origin: Origin,
    recipe: Recipe,
    choices: Choices,
    *,
    name: str,
    texts: Sequence[str],
    trim_to: Sequence[str] = (),
    progress: Progress = silent,
) -> list[Card]:
    """Register `name` made by `recipe`, and its fp32 export as `name`-fp32, from which other recipes start.

    `texts` calibrate and measure. `trim_to`: texts whose words the vocabulary is cut down to; empty keeps it whole.
    An export that is there already, of the same source and choices, is used again. Raises EncoderError where the
    folder is no text encoder, a file is damaged, or a name is taken.
    """
    catalogue.sweep()
    fp32 = name if recipe.precision == "fp32" and recipe.engine == "onnxruntime" else name + FP32
    if fp32 != name:
        catalogue.free(name)
    made_of = _made_of(origin, choices, trim_to)
    exported = _kept(fp32, made_of) or _export(origin, choices, fp32, texts, trim_to, made_of, progress)
    if fp32 == name:
        return [exported]
    return [exported, build(exported, recipe, name=name, texts=texts, progress=progress)]


def _kept(name: str, made_of: dict[str, Any]) -> Card | None:
    """The export of a run before that was stopped between the two encoders."""
    if name not in catalogue.folders():
        return None
    found = catalogue.card(name)
    return found if found.tags.get("made_of") == made_of else None


def _made_of(origin: Origin, choices: Choices, trim_to: Sequence[str]) -> dict[str, Any]:
    """With the digest of the files: a folder's name stays where somebody trains it further."""
    said = {key: list(value) if isinstance(value, tuple) else value for key, value in vars(choices).items()}
    words = hashlib.sha256("\0".join(trim_to).encode("utf8", "replace")).hexdigest() if trim_to else ""
    return {
        "folder": str(origin.folder.resolve()),
        "files_sha256": _content(origin.folder),
        "revision": origin.revision,
        "choices": said,
        "trim_to_sha256": words,
    }


def _content(folder: Path) -> str:
    files = [file for pattern in ("*", "*/*") for file in folder.glob(pattern) if file.is_file()]
    names = [file.relative_to(folder).as_posix() for file in files]
    found = [(name, sha256(folder / name)) for name in needed(names)]
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


def _export(
    origin: Origin,
    choices: Choices,
    name: str,
    texts: Sequence[str],
    trim_to: Sequence[str],
    made_of: dict[str, Any],
    progress: Progress,
) -> Card:
    from pipeline.encoders.export import source as sources
    from pipeline.encoders.export import to_onnx, tokenizer
    from pipeline.encoders.prune.narrow import narrow

    folder = catalogue.own() / catalogue.free(name)
    source = sources.read(origin.folder)
    pooling = choices.pooling or source.pooling
    if pooling is None:
        raise EncoderError(
            f"{origin.folder}: does not say how a text's tokens become one vector; say it with --pooling cls, mean, "
            "max or mean-sqrt (see the model's card)"
        )
    with whole_folder(folder) as part:
        to_onnx.export(source, part, pooling=pooling, progress=progress)
        narrow(part)
        tokenizer.write(source, part)
        card = _card(origin, choices, source, pooling, part, name)
        card.tags["made_of"] = made_of
        if trim_to:
            card = _trimmed(card, trim_to, progress)
        finish(part, card, texts, None, progress)
    return read_card(folder)


def _card(origin: Origin, choices: Choices, source: Any, pooling: str, part: Path, name: str) -> Card:
    longest = min(choices.max_length or source.max_length, source.max_length)
    return Card(
        folder=part,
        name=name,
        dimension=source.dimension,
        prefix=_either(choices.prefix, source.prefix),
        suffix=choices.suffix or "",
        lowercase=_either(choices.lowercase, source.lowercase),
        languages=choices.languages or tuple(source.languages) or ("fr", "en"),
        max_length=longest,
        pad_to=longest if pooling == PADDED else 0,
        min_rows=1,
        precision="fp32",
        pooling=pooling,
        licence=choices.licence or origin.licence or source.licence or NO_LICENCE,
        model_sha256="",
        source=origin.source,
        revision=origin.revision,
        tags={
            "architecture": {
                "type": source.architecture,
                "layers": source.layers,
                "hidden": source.hidden,
                "vocabulary": source.vocabulary,
            },
            CONFIGURATION: _configuration(source.transformer),
            "source_files": origin.files,
            **origin.tags,
        },
    )


def _configuration(transformer: Path) -> dict[str, Any]:
    """config.json as it stands, without where transformers read it."""
    return {key: value for key, value in read_json(transformer / "config.json").items() if key[0] != "_"}


def _trimmed(card: Card, texts: Sequence[str], progress: Progress) -> Card:
    """The folder in the making with its vocabulary cut down."""
    from pipeline.encoders.trim.folder import trim

    with tempfile.TemporaryDirectory(dir=card.folder.parent, prefix=".trim.") as folder:
        smaller = Path(folder) / "trimmed"
        found = trim(card.folder, texts, smaller, prefix=card.prefix, lowercase=card.lowercase, progress=progress)
        for file in card.folder.iterdir():
            file.unlink()
        for file in smaller.iterdir():
            file.rename(card.folder / file.name)
    return dataclasses.replace(card, tags={**card.tags, "trimmed": dataclasses.asdict(found)})


def _either(chosen: Any, said: Any) -> Any:
    return said if chosen is None else chosen
