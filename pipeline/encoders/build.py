"""A registered fp32 encoder by a recipe: another registered encoder."""

import dataclasses
import shutil
from collections.abc import Sequence
from pathlib import Path

from pipeline.encoders import catalogue, measure
from pipeline.encoders.card import BATCH_TOKENS, Card, read_card, to_json, weights_sha256
from pipeline.encoders.encoder import FolderEncoder
from pipeline.encoders.recipe import COMPARISON, Recipe
from pipeline.encoders.tokens import Spelling
from pipeline.errors import EncoderError
from pipeline.files import whole_folder, write_json
from pipeline.progress import Progress, silent


def build(
    source: Card,
    recipe: Recipe,
    *,
    name: str,
    texts: Sequence[str],
    batch_tokens: int = BATCH_TOKENS,
    root: Path | None = None,
    progress: Progress = silent,
) -> Card:
    """Register `source`, in fp32, as encoder `name` made by `recipe`, in the user's own folder or in `root`.

    `texts` calibrate and measure it, with `batch_tokens` a call; the folder is there only when whole. Raises
    EncoderError where `name` is taken, `source` is not fp32 or the result breaks the law of the same vector for the
    same text.
    """
    check_source(source)
    folder = (root or catalogue.own()) / catalogue.free(name, root)
    with whole_folder(folder) as part:
        write_model(source, recipe, part, texts=texts, progress=progress)
        for file in source.folder.glob("tokenizer*.json"):  # a trimmed encoder keeps its whole vocabulary beside
            shutil.copyfile(file, part / file.name)
        tags = {**source.tags, "recipe": recipe.to_json(), "made_from": source.model_sha256}
        card = dataclasses.replace(
            source,
            folder=part,
            name=name,
            engine=recipe.engine,
            precision=recipe.precision,
            batch_tokens=batch_tokens,
            tags=tags,
        )
        finish(part, card, texts, source, progress)
    return read_card(folder)


def check_source(source: Card) -> None:
    """Raises EncoderError where `source` is no fp32 export on ONNX Runtime."""
    if (source.engine, source.precision) != ("onnxruntime", "fp32"):
        raise EncoderError(
            f"{source.name}: {source.precision} on {source.engine}, expected the fp32 export on onnxruntime; name the "
            f"encoder that `lexalign encoders add --precision fp32` made, often {source.name}-fp32"
        )


def write_model(
    source: Card, recipe: Recipe, to: Path, *, texts: Sequence[str], progress: Progress = silent
) -> None:
    """The model's files by `recipe` in the folder `to`."""
    from pipeline.encoders.quantise import models

    models.write(source, recipe, to, tokens=Spelling(source).tokens(texts).ids, progress=progress)


def finish(part: Path, card: Card, texts: Sequence[str], source: Card | None, progress: Progress) -> None:
    """Measure what stands in `part` and write its encoder.json; `source` is None for the fp32 export itself."""
    card = dataclasses.replace(card, model_sha256=weights_sha256(part, card.engine), min_rows=1)
    progress(0, 3, "measure")
    if card.precision != COMPARISON:
        card = dataclasses.replace(card, min_rows=measure.floor(card, texts[:48]))
    progress(1, 3, "measure")
    original = FolderEncoder(source).encode(texts) if source else None
    progress(2, 3, "measure")
    measured = measure.about(card, texts, original)
    write_json(part / "encoder.json", to_json(dataclasses.replace(card, tags={**card.tags, "measured": measured})))
    progress(3, 3, "measure")
