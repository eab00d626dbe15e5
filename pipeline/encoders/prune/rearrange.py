"""Within one layer, which units go together: the block of the Fisher information that the diagonal leaves out."""

import numpy as np


def rearrange(gradients: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """As many units pruned as in `mask` (0 and 1, [units]), chosen for a small (1 - m)' F (1 - m), where F is the
    Fisher block of `gradients` [batches, units] (Kwon et al. 2022, section 4.2).

    Greedy, as the authors' code: every kept unit in turn, the least valuable first, joins the pruned ones, and the
    one whose return costs least goes back.
    """
    block = gradients.T @ gradients
    value = np.diag(block).copy()
    pruned = mask == 0
    if pruned.all() or not pruned.any():
        return mask.copy()
    pull = block @ pruned
    for unit in np.argsort(value, kind="stable"):
        if pruned[unit]:
            continue
        pruned[unit] = True
        pull += block[unit]
        # without unit j the form is smaller by 2 (F p)_j - F_jj
        back = np.where(pruned, value - 2 * pull, np.inf).argmin()
        pruned[back] = False
        pull -= block[back]
    return np.where(pruned, 0.0, 1.0)
