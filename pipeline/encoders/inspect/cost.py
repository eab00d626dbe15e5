"""What an encoder costs before and after: latency of one text, texts a second, bytes, energy (the reference work's
Table 3)."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from pipeline.encoders.card import Card
from pipeline.encoders.encoder import FolderEncoder
from pipeline.encoders.inspect.energy import Energy, energy
from pipeline.encoders.search import speed
from pipeline.progress import Progress, silent

TEXTS = 100
LABEL = "measure costs"


@dataclass(frozen=True)
class Latency:
    """Milliseconds of a text encoded alone, on one thread."""

    average: float
    most: float
    least: float


@dataclass(frozen=True)
class Cost:
    """`texts_per_second` with all threads, in full buckets; `bytes` of weights and vocabulary; `energy` None where it
    was not asked for."""

    name: str
    latency: Latency
    texts_per_second: float
    bytes: int
    energy: Energy | None


def costs(
    before: Card,
    after: Card,
    texts: Sequence[str],
    *,
    country: str | None = "FRA",
    seconds: float = 10.0,
    progress: Progress = silent,
) -> list[Cost]:
    """Of both, measured in turns, but energy one after the other, for `seconds` each; `country` None leaves it out."""
    progress(0, 3, LABEL)
    latencies = _latencies([FolderEncoder(card, threads=1) for card in (before, after)], texts[:TEXTS])
    progress(1, 3, LABEL)
    both = FolderEncoder(before), FolderEncoder(after)
    found = speed.interleaved(both[0], both[1], texts, batches=[speed.USUAL])
    rates = [len(texts) / median(found[name]) for name in (speed.ORIGINAL, str(speed.USUAL))]
    progress(2, 3, LABEL)
    energies = [energy(encoder, texts, country=country, seconds=seconds) if country else None for encoder in both]
    progress(3, 3, LABEL)
    return [
        Cost(card.name, latency, rate, card.bytes, used)
        for card, latency, rate, used in zip((before, after), latencies, rates, energies, strict=True)
    ]


def _latencies(encoders: Sequence[FolderEncoder], texts: Sequence[str]) -> list[Latency]:
    taken: list[list[float]] = [[] for _ in encoders]
    for encoder in encoders:
        encoder.encode(texts[:8])
    for text in texts:
        for encoder, own in zip(encoders, taken, strict=True):
            start = time.perf_counter()
            encoder.encode([text])
            own.append(1000 * (time.perf_counter() - start))
    return [Latency(mean(own), max(own), min(own)) for own in taken]
