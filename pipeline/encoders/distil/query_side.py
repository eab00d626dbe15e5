"""Which index an encoder of queries alone asks; its card says so, and the runtime reads it there."""

import dataclasses

from pipeline.encoders import catalogue
from pipeline.encoders.card import Card, to_json
from pipeline.encoders.catalogue import INDEX_SHA256, QUERY_SIDE_OF
from pipeline.errors import EncoderError
from pipeline.files import write_json


def check_index(card: Card) -> None:
    """Raises EncoderError for an encoder that has no index of its own."""
    if of := card.tags.get(QUERY_SIDE_OF):
        raise EncoderError(
            f"{card.name}: asks the index of {of}, expected an encoder with its own; name {of} instead"
        )


def mark(card: Card, of: str) -> Card:
    """The registered encoder's card, on disk too, as that of a query side of the registered encoder `of`."""
    index = catalogue.card(of)
    marked = dataclasses.replace(
        card, tags={**card.tags, QUERY_SIDE_OF: index.name, INDEX_SHA256: index.model_sha256}
    )
    write_json(card.folder / "encoder.json", to_json(marked))
    return marked
