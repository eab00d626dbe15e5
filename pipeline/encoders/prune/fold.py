"""Masks into weights: a pruned model that any reader of the folder runs as it is."""

from collections.abc import Sequence

import numpy as np

from pipeline.encoders.prune.masks import Masks
from pipeline.encoders.prune.parts import Part


def fold(every: Sequence[Part], masks: Masks) -> None:
    """Tuned masks go into what a unit writes through; a pruned unit's weights become zero, all of them.

    With nothing read and nothing written every gradient of a unit is zero too, and AdamW leaves it alone: zeros stay
    zeros in a training after, and nobody has to remember which they were.
    """
    import torch

    with torch.no_grad():
        for part, mask in zip(every, masks, strict=True):
            channels = torch.from_numpy(np.repeat(mask, part.size)).to(part.out.weight)
            part.out.weight.mul_(channels)
            gone = channels == 0
            part.out.weight[:, gone] = 0
            for linear in part.into:
                linear.weight[gone] = 0
                if linear.bias is not None:
                    linear.bias[gone] = 0


def alive(every: Sequence[Part]) -> Masks:
    """1 of the units that write anything, 0 of the others, as a folder's weights have it."""
    return [
        (part.out.weight.detach().reshape(-1, part.units, part.size) != 0).any(2).any(0).double().cpu().numpy()
        for part in every
    ]
