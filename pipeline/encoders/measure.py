"""What a new encoder's card says of it: the fewest rows a call, drift against fp32, speed on this machine."""

import dataclasses
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.encoders.card import Card
from pipeline.encoders.encoder import FolderEncoder
from pipeline.encoders.engines.cpu import instruction_set, model_name
from pipeline.errors import EncoderError

FLOORS = (1, 2, 4, 8, 16)
SIZES = (1, 2, 3, 4, 7, 8, 15, 16, 17, 34)
LENGTHS = 4
LONGEST = 32
SPEED_SECONDS = 2.0


@dataclasses.dataclass(frozen=True)
class Drift:
    """Of an encoder against its fp32 original on the same texts: mean and least cosine of the two vectors of a text,
    and `neighbours`, the share of texts whose nearest other text is still the same."""

    texts: int
    mean_cosine: float
    least_cosine: float
    neighbours: float


def drift(found: np.ndarray, original: np.ndarray) -> Drift:
    """Both float32 [texts, dim], unit rows, of distinct texts."""
    cosines = (found.astype(np.float64) * original).sum(axis=1)
    same = _nearest(found) == _nearest(original)
    return Drift(len(found), float(cosines.mean()), float(cosines.min()), float(same.mean()))


def floor(card: Card, texts: Sequence[str]) -> int:
    """The fewest rows of a call from which on a text has the same bits whatever their number and its own place.

    ONNX Runtime chooses kernels by the number of rows: with a single one a product adds in another order. Texts of
    several lengths are each repeated to calls of many sizes. Raises EncoderError where no floor up to 16 helps.
    """
    encoder = FolderEncoder(dataclasses.replace(card, min_rows=1), threads=1)
    found = [_floor(encoder, ids) for ids in _lengths(encoder.tokens(_varied(texts)).ids)]
    if any(rows is None for rows in found):
        raise EncoderError(
            f"{card.name}: its vectors change with their batch-mates even with {FLOORS[-1]} rows a call; expected the "
            "same bits for the same text; take another --precision or --engine"
        )
    return max(rows for rows in found if rows is not None)


def _floor(encoder: FolderEncoder, ids: Sequence[int]) -> int | None:
    """Of one text; None where the largest floor does not help."""
    expected = encoder.rows(np.tile(ids, (SIZES[-1], 1)))[0]
    wrong = [size for size in SIZES if (encoder.rows(np.tile(ids, (size, 1))) != expected).any()]
    return next((rows for rows in FLOORS if rows > max(wrong, default=0)), None)


def _lengths(tokens: Sequence[Sequence[int]]) -> list[Sequence[int]]:
    """A text of each of some lengths, from the shortest to LONGEST: longer ones make many rows by themselves."""
    by_length = sorted({len(ids): ids for ids in tokens if len(ids) <= LONGEST}.values(), key=len)
    step = max(1, len(by_length) // LENGTHS)
    return [*by_length[:-1:step], by_length[-1]]


def speed(encoder: FolderEncoder, texts: Sequence[str], *, seconds: float = SPEED_SECONDS) -> dict[str, Any]:
    """Texts a second on this machine, measured for about `seconds`; what else was running is not known."""
    encoder.encode(texts[:16])
    start, done = time.perf_counter(), 0
    while (took := time.perf_counter() - start) < seconds:
        done += len(encoder.encode(texts))
    return {
        "texts_per_second": round(done / took, 1),
        "threads": encoder.threads,
        "device": encoder.device,
        "cpu": model_name(),
        "instruction_set": instruction_set(),
    }


def about(card: Card, texts: Sequence[str], original: np.ndarray | None) -> dict[str, Any]:
    """The part `measured` of a card; `original`: fp32 vectors of `texts`, None for the fp32 encoder itself."""
    encoder = FolderEncoder(card)
    compared = None if original is None else dataclasses.asdict(drift(encoder.encode(texts), original))
    return {"drift": compared, "speed": speed(encoder, texts[:64]), "bytes": card.bytes}


def _varied(texts: Sequence[str]) -> list[str]:
    """Also long ones, of several texts each: kernels also differ by length."""
    joined = [" ".join(texts[start : start + 1 + start % 12]) for start in range(0, len(texts), 3)]
    return [*dict.fromkeys([*texts, *joined])]


def _nearest(vectors: np.ndarray) -> np.ndarray:
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    return cosines.argmax(axis=1)
