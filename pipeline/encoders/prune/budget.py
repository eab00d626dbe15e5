"""Which units stay under a budget of floating-point operations."""

from collections.abc import Sequence

import numpy as np

from pipeline.encoders.prune.masks import Masks
from pipeline.encoders.prune.parts import Kind, Part, of_kind


def operations(every: Sequence[Part], masks: Masks) -> int:
    """Of the heads and neurons that are not zero, for one token (see `Part.cost`)."""
    return sum(part.cost * np.count_nonzero(mask).item() for part, mask in zip(every, masks, strict=True))


def whole(every: Sequence[Part]) -> int:
    """`operations` where nothing is pruned."""
    return sum(part.cost * part.units for part in every)


def search(every: Sequence[Part], scores: Masks, *, budget: float) -> Masks:
    """Masks of 0 and 1 that drop the least total score within `budget` operations (Kwon et al. 2022, algorithm 1):
    for every number of heads that might stay, the most valuable ones and as many of the most valuable neurons as
    are left room for."""
    heads, neurons = _Ranked(every, scores, "heads"), _Ranked(every, scores, "neurons")
    best: tuple[float, int, int] | None = None
    for kept in range(heads.units + 1):
        left = budget - kept * heads.cost
        others = min(int(left // neurons.cost), neurons.units)
        if left < 0 or left - others * neurons.cost >= max(heads.cost, neurons.cost):
            continue  # over the budget, or room for one more
        lost = heads.lost(kept) + neurons.lost(others)
        if best is None or lost < best[0]:
            best = (lost, kept, others)
    assert best is not None, "a budget between nothing and everything is always met"
    masks = [np.zeros(part.units) for part in every]
    heads.keep(best[1], masks)
    neurons.keep(best[2], masks)
    return masks


class _Ranked:
    """All units of one kind over all layers, the least valuable first."""

    def __init__(self, every: Sequence[Part], scores: Masks, kind: Kind) -> None:
        self._places = of_kind(every, kind)
        self.cost = every[self._places[0]].cost
        flat = np.concatenate([scores[place] for place in self._places])
        self.units = len(flat)
        self._order = np.argsort(flat, kind="stable")
        self._lost = np.concatenate([[0.0], np.cumsum(flat[self._order])])

    def lost(self, kept: int) -> float:
        """Total score of those that go where `kept` stay."""
        return float(self._lost[self.units - kept])

    def keep(self, kept: int, masks: Masks) -> None:
        flat = np.ones(self.units)
        flat[self._order[: self.units - kept]] = 0
        ends = np.cumsum([len(masks[place]) for place in self._places])[:-1]
        for place, mask in zip(self._places, np.split(flat, ends), strict=True):
            masks[place][:] = mask
