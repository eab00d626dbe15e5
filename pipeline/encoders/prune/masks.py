"""Masks of heads and neurons on a running model, by hooks, so that no model's code is copied."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from pipeline.encoders.prune.parts import Part

if TYPE_CHECKING:
    from torch import Tensor

Masks = list[np.ndarray]
"""Of every part in the order of `parts`, float64 [units]: 1 as it was, 0 pruned, else tuned."""


def ones(every: Sequence[Part]) -> Masks:
    return [np.ones(part.units) for part in every]


@contextmanager
def masked(every: Sequence[Part], masks: "Sequence[Tensor]") -> Iterator[None]:
    """What each unit of `every` writes is multiplied by its mask, a float32 tensor [units], within the block."""
    hooks = [
        part.out.register_forward_pre_hook(_times(mask, part.size))
        for part, mask in zip(every, masks, strict=True)
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def tensors(every: Sequence[Part], masks: Masks, *, learn: bool = False) -> "list[Tensor]":
    """`masks` where the model is, with gradients where they shall `learn`."""
    import torch

    return [
        torch.tensor(mask, dtype=torch.float32, device=part.out.weight.device, requires_grad=learn)
        for part, mask in zip(every, masks, strict=True)
    ]


def _times(mask: "Tensor", size: int):
    """A hook: [..., units * size] by the mask of each unit."""
    return lambda _, given: (given[0] * mask.repeat_interleave(size).to(given[0].dtype), *given[1:])
