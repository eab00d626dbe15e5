"""All that is looked at in one encoder against its fp32 original."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.encoders.build import check_source
from pipeline.encoders.card import Card
from pipeline.encoders.encoder import FolderEncoder
from pipeline.encoders.inspect.alone import cosine_losses
from pipeline.encoders.inspect.cost import Cost, costs
from pipeline.encoders.inspect.layers import LayerError, errors
from pipeline.encoders.inspect.maps import Maps, maps
from pipeline.encoders.measure import Drift, drift
from pipeline.encoders.search.quality import Quality, answer, compare
from pipeline.encoders.search.sample import Sample
from pipeline.encoders.tokens import Spelling
from pipeline.errors import EncoderError
from pipeline.progress import Progress, silent

FEW = 64
"""Texts whose activations are looked at."""


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """`layers` the worst first; `alone`: layer -> cosine that a sentence's vector loses when it alone is quantised,
    empty where not asked for; `quality` None without gold; `costs` of fp32 and of the encoder."""

    layers: list[LayerError]
    alone: dict[str, float]
    maps: Maps
    drift: Drift
    quality: Quality | None
    sample: str
    costs: list[Cost]


def inspect(
    card: Card,
    original: Card,
    texts: Sequence[str],
    *,
    sample: Sample | None = None,
    cache: Path | None = None,
    alpha: float,
    layer: str = "",
    end_to_end: bool = True,
    country: str | None = "FRA",
    progress: Progress = silent,
) -> Inspection:
    """`card` against its fp32 `original` on `texts`. Layers are those of the original, quantised for the look only.
    `cache`: the project's, where both encoders' vectors of the sample's target are found and kept.

    Raises EncoderError where `original` is not fp32 or its vectors are of another dimension.
    """
    check_source(original)
    if card.dimension != original.dimension:
        raise EncoderError(
            f"{card.name}: {card.dimension} dimensions, {original.name} {original.dimension}, expected the same; name "
            "the fp32 export that it was made from with --against"
        )
    tokens = Spelling(original).tokens(texts[:FEW]).ids
    return Inspection(
        layers=errors(original, tokens, alpha=alpha, progress=progress),
        alone=cosine_losses(original, tokens, progress=progress) if end_to_end else {},
        maps=maps(original, tokens, alpha=alpha, layer=layer, progress=progress),
        drift=drift(FolderEncoder(card).encode(texts), FolderEncoder(original).encode(texts)),
        quality=_quality(card, original, sample, cache, progress) if sample else None,
        sample=sample.origin.words() if sample else f"{len(texts)} texts",
        costs=costs(original, card, texts, country=country, progress=progress),
    )


def _quality(card: Card, original: Card, sample: Sample, cache: Path | None, progress: Progress) -> Quality:
    found, theirs = (
        answer(FolderEncoder(one), sample, cache=cache, progress=progress) for one in (card, original)
    )
    return compare(found, theirs, sample)
