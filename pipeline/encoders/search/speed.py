"""Speed against fp32, in turns: what else the machine does in a round slows both, and the ratio keeps."""

import time
from collections.abc import Sequence
from statistics import median

from pipeline.encoders.card import BATCH_TOKENS
from pipeline.encoders.encoder import FolderEncoder

BATCHES = (256, 512, 1024, 2048, 4096, 8192)
"""Tokens of a call that are tried."""
USUAL = BATCH_TOKENS
ORIGINAL = "fp32"
ROUNDS = 5
SECONDS = 2.0
FEWEST = 64
BLOCKS = 4

Seconds = dict[str, list[float]]
"""Of each round: by ORIGINAL, at USUAL tokens a call, and by the tokens of a call of the other encoder."""


def texts(strings: Sequence[str], amount: int) -> list[str]:
    """About `amount` of `strings`, from BLOCKS places of their order by length: a large job is encoded by length, so
    its calls are full, which those of a random sample are not."""
    ordered = sorted(strings, key=lambda text: (len(text), text))
    size = max(1, min(amount, len(ordered)) // BLOCKS)
    starts = [(len(ordered) - size) * place // (BLOCKS - 1) for place in range(BLOCKS)]
    return list(dict.fromkeys(text for start in starts for text in ordered[start : start + size]))


def amount(original: FolderEncoder, strings: Sequence[str], *, seconds: float = SECONDS) -> int:
    """How many strings the original encodes in about `seconds`, FEWEST or more."""
    original.encode(strings[:FEWEST])
    start = time.perf_counter()
    original.encode(strings[:FEWEST])
    return max(FEWEST, int(len(strings[:FEWEST]) * seconds / (time.perf_counter() - start)))


def interleaved(
    original: FolderEncoder,
    other: FolderEncoder,
    given: Sequence[str],
    *,
    batches: Sequence[int] = BATCHES,
    rounds: int = ROUNDS,
) -> Seconds:
    """Each round encodes `given` by the original, then by the other at each of `batches` tokens a call."""
    found: Seconds = {ORIGINAL: [], **{str(tokens): [] for tokens in batches}}
    original.encode(given[:FEWEST])
    other.encode(given[:FEWEST])
    for _ in range(rounds):
        found[ORIGINAL].append(_timed(original, given, USUAL))
        for tokens in batches:
            found[str(tokens)].append(_timed(other, given, tokens))
    return found


def ratio(seconds: Seconds, tokens: int) -> float:
    """How many times as fast as fp32: the median of the rounds' ratios."""
    return median(a / b for a, b in zip(seconds[ORIGINAL], seconds[str(tokens)], strict=True))


def _timed(encoder: FolderEncoder, given: Sequence[str], tokens: int) -> float:
    encoder.batch_tokens = tokens
    start = time.perf_counter()
    encoder.encode(given)
    return time.perf_counter() - start
