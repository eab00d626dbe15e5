"""What one system wins over another on the same entries."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.encoders.search.intervals import loss


def gain(before: Sequence[int], after: Sequence[int]) -> dict[str, Any]:
    """What `after` wins over `before`, ranks as of `first_right` of the same entries: gain@1 and gain@5, the paired
    difference of the two accuracies as `value` with its 95 % `interval` (Newcombe 1998, method 10), entries `won` and
    `lost`."""
    found = {}
    for k in (1, 5):
        right = [np.array([0 < rank <= k for rank in ranks]) for ranks in (before, after)]
        paired = loss(*right)
        found[f"gain@{k}"] = {
            "won": paired.won, "lost": paired.lost,
            "value": 0 - paired.value, "interval": [0 - paired.high, 0 - paired.low],  # no -0.0
        }  # fmt: skip
    return found
