"""Whether an encoder can ask an index that another made: what lies where must be the same to both."""

from collections.abc import Callable, Sequence

import numpy as np

from pipeline.contracts import Encoder
from pipeline.errors import EncoderError

LEAST = 0.95
"""Mean cosine: INT8 and a cut vocabulary keep more, another encoder's vectors have about none."""
TRIED = 64
"""Texts that are compared."""


def check_space(index: Encoder, encode: Callable[[Sequence[str]], np.ndarray], texts: Sequence[str]) -> float:
    """The mean cosine of `index` and `encode` on some of `texts`. Raises EncoderError where it is too small, or the
    two differ in dimension: `index` was made of another encoder, or reads texts in another way."""
    some = list(texts[:: max(1, len(texts) // TRIED)][:TRIED])
    theirs, ours = index.encode(some), encode(some)
    if theirs.shape != ours.shape:
        raise EncoderError(
            f"{index.name}: vectors of {theirs.shape[1]} dimensions, expected {ours.shape[1]}; name in --index the "
            "encoder that was made of SOURCE"
        )
    mean = float((theirs * ours).sum(1).mean())
    if not mean >= LEAST:
        raise EncoderError(
            f"{index.name}: a mean cosine of {mean:.2f} to what SOURCE makes of the same texts, expected {LEAST} or "
            "more; name in --index the encoder that was made of SOURCE, without a prefix and in lower case"
        )
    return mean
