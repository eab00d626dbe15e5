"""What a head or a neuron is worth: by Fisher information, by its weights, or by chance (the comparisons)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.encoders.prune.masks import Masks, masked, ones, tensors
from pipeline.encoders.prune.parts import Part
from pipeline.encoders.train.draws import Batch
from pipeline.encoders.train.losses import contrast
from pipeline.progress import Progress, silent

if TYPE_CHECKING:
    from pipeline.encoders.train.student import Student


def gradients(
    student: "Student", every: Sequence[Part], batches: Sequence[Batch], *, progress: Progress = silent
) -> list[np.ndarray]:
    """Of every part, float64 [batches, units]: the gradient of each batch's loss with respect to the masks at 1.

    The loss is the contrastive one over pairs of the same concept. A distillation of the encoder into itself would
    not do: at mask 1 the student is the teacher, the loss is at its minimum, and every gradient is zero.
    """
    import torch

    masks = tensors(every, ones(every), learn=True)
    rows: list[list[np.ndarray]] = [[] for _ in every]
    for number, batch in enumerate(batches, 1):
        with masked(every, masks):
            vectors = student.vectors(batch.texts)
        loss = contrast(vectors, torch.from_numpy(batch.lessons).to(vectors.device))
        for kept, gradient in zip(rows, torch.autograd.grad(loss, masks), strict=True):
            kept.append(gradient.double().cpu().numpy())
        progress(number, len(batches), "Fisher information")
    return [np.stack(kept) for kept in rows]


def fisher(gradients: Sequence[np.ndarray]) -> Masks:
    """The diagonal of the empirical Fisher information of each part's masks (Kwon et al. 2022, section 4.1, a sum
    in place of the mean): half of it is what the loss is expected to grow by where the unit goes."""
    return [(found**2).sum(axis=0) for found in gradients]


def magnitude(every: Sequence[Part]) -> Masks:
    """The sum of squares of all weights that a unit reads and writes through."""
    return [
        sum((_squares(linear.weight, axis=1) for linear in part.into), _squares(part.out.weight, axis=0))
        .reshape(part.units, part.size)
        .sum(axis=1)
        for part in every
    ]


def chance(every: Sequence[Part], *, seed: int) -> Masks:
    """Uniform draws times what the unit costs, so that heads and neurons go in about equal shares."""
    draw = np.random.default_rng(seed)
    return [draw.random(part.units) * part.cost for part in every]


def _squares(weight, *, axis: int) -> np.ndarray:
    return (weight.detach().double() ** 2).sum(axis).cpu().numpy()
