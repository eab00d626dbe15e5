"""The pairs of same-concept texts that pruning looks at: some hundred, in batches with near misses."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.encoders.train.draws import Batch, Draw, Drawing
from pipeline.encoders.train.lessons import Lesson
from pipeline.encoders.train.mining import neighbours
from pipeline.errors import EncoderError

if TYPE_CHECKING:
    from pipeline.encoders.train.student import Student

BATCH = 16
"""Pairs a batch. Every batch is one gradient, and the block Fisher has no higher rank than there are gradients."""
POOL = 4096
"""Concepts that pairs are drawn from: enough for near misses, few enough to encode one name of each."""


def batches(student: "Student", lessons: Sequence[Lesson], *, pairs: int, seed: int) -> list[Batch]:
    """`pairs` pairs in whole batches (smaller ones where there are fewer concepts), the same for the same arguments.
    Half of a batch are near misses of the rest: a trained encoder tells strangers apart so well that their loss, and
    with it every gradient, is next to nothing. Raises EncoderError where there is one concept only."""
    some = pool(lessons, seed)
    draw = Draw(some, Drawing(concepts=BATCH), seed=seed)
    draw.neighbours = neighbours(some, student.encode)
    return [draw(step) for step in range(number(pairs))]


def number(pairs: int) -> int:
    """Of batches."""
    return -(-pairs // BATCH)


def pool(lessons: Sequence[Lesson], seed: int) -> list[Lesson]:
    if len(lessons) < 2:
        raise EncoderError(
            f"{len(lessons)} concept with two texts or more: names are told apart from those of other concepts, so "
            "expected two at least; teach more"
        )
    chosen = np.random.default_rng(seed).permutation(len(lessons))[:POOL]
    return [lessons[place] for place in sorted(chosen.tolist())]
