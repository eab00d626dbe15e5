"""What multiplies the matrices: one protocol, opened by the engine that an encoder's card names."""

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from pipeline.encoders.card import Card
from pipeline.settings import Device

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT = "sentence_embedding"


class Engine(Protocol):
    """One model, opened. `run` may be called from as many threads at once as it was opened for."""

    device: str  # cpu, cuda

    def run(self, feeds: Mapping[str, np.ndarray]) -> np.ndarray:
        """Int64 [rows, length] for each of INPUTS to unit vectors, float32 [rows, dimension].

        Raises EncoderError where the engine fails.
        """


def open_engine(card: Card, *, calls: int, device: Device = "auto") -> Engine:
    """The card's model, for `calls` calls of one thread side by side.

    Raises EncoderError where the engine is not installed, the model damaged or its inputs and outputs others.
    """
    if card.engine == "openvino":
        from pipeline.encoders.engines.openvino import OpenVinoEngine

        return OpenVinoEngine(card, calls=calls, device=device)
    from pipeline.encoders.engines.ort import OrtEngine

    return OrtEngine(card, device=device)
