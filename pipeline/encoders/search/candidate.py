"""One recipe made, asked and timed; the model is thrown away."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.encoders.build import build
from pipeline.encoders.card import Card
from pipeline.encoders.encoder import FolderEncoder
from pipeline.encoders.measure import Drift
from pipeline.encoders.recipe import Recipe
from pipeline.encoders.search.quality import Answers, answer, compare
from pipeline.encoders.search.sample import Sample
from pipeline.encoders.search.speed import interleaved
from pipeline.encoders.search.trial import Measured

MAKING = ".made."


@dataclass(frozen=True)
class Original:
    """The fp32 encoder with its answers; `calibration` and `timed`: the texts that models are calibrated and timed
    with."""

    card: Card
    encoder: FolderEncoder
    sample: Sample
    answers: Answers
    calibration: Sequence[str]
    timed: Sequence[str]


def measured(recipe: Recipe, original: Original, folder: Path) -> Measured:
    """In a folder inside `folder` that is gone afterwards. Raises EncoderError where the model cannot be made or
    gives a text other vectors among others."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=MAKING) as root:
        card = build(original.card, recipe, name="model", texts=original.calibration, root=Path(root))
        encoder = FolderEncoder(card)
        return Measured(
            bytes=card.bytes,
            drift=Drift(**card.tags["measured"]["drift"]),
            quality=compare(answer(encoder, original.sample), original.answers, original.sample),
            seconds=interleaved(original.encoder, encoder, original.timed),
        )
