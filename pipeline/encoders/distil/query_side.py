"""Which index an encoder of queries alone asks; its card says so, and the runtime reads it there."""

from pipeline.encoders import catalogue
from pipeline.encoders.card import Card
from pipeline.encoders.catalogue import INDEX_SHA256, QUERY_SIDE_OF
from pipeline.errors import EncoderError


def check_index(card: Card) -> None:
    """Raises EncoderError for an encoder that has no index of its own."""
    if of := card.tags.get(QUERY_SIDE_OF):
        raise EncoderError(
            f"{card.name}: asks the index of {of}, expected an encoder with its own; name {of} instead"
        )


def tags(of: str) -> dict[str, str]:
    """What the card of a query side of the registered encoder `of` says besides."""
    index = catalogue.card(of)
    return {QUERY_SIDE_OF: index.name, INDEX_SHA256: index.model_sha256}
