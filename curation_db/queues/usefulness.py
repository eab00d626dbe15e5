"""How much a rating of a candidate would teach: pure functions of the model's scores and past ratings.

    expected(s)    = f(s), the isotonic regression of the past ratings on the model's score s: non-decreasing,
                     0 to 5 (scipy.optimize.isotonic_regression, pool adjacent violators)
    variance(s)    = (sum of (rating - f)^2 over the level of f that s falls in + PRIOR * overall)
                     / (ratings in that level + PRIOR), where overall is the mean of (rating - f)^2
    uncertainty(s) = sqrt(variance(s) * (1 + 1 / (ratings in the level + 1))) / WIDEST, at most 1: the spread
                     of the next rating there, larger where few were given
    nearness(s)    = 1 - |expected(s) - 3| / 3: a rating near 3 decides whether the pair is published
    usefulness     = (uncertainty + nearness + dispute) / 3, 0 to 1: dispute is how far apart the encoders'
                     scores of the candidate lie (0 to 1, an encoder that does not propose it gives 0)

Without a past rating, expected is 2.5 and uncertainty 1 everywhere, so that the dispute alone ranks. A candidate
without a score counts as one without a past rating.
"""

import dataclasses

import numpy as np

PRIOR = 10  # ratings' worth of the overall variance that every level starts with
WIDEST = 2.5  # the largest spread that ratings from 0 to 5 can have: half of them 0, half 5
MIDDLE = 2.5
THRESHOLD = 3  # ratings from here on fit: `state.FITS`


@dataclasses.dataclass(frozen=True, eq=False)
class Calibration:
    """Levels of the regression: from score `since[i]` on, `expected[i]` and `uncertainty[i]` hold; all float64."""

    since: np.ndarray
    expected: np.ndarray
    uncertainty: np.ndarray

    def __call__(self, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(expected rating, uncertainty) float64 [n] of scores [n]; below the lowest level, as in it."""
        unknown = np.isnan(score)
        if not len(self.since):
            return np.full(len(score), MIDDLE), np.ones(len(score))
        level = np.maximum(np.searchsorted(self.since, score, side="right") - 1, 0)
        expected = np.where(unknown, MIDDLE, self.expected[level])
        return expected, np.where(unknown, 1.0, self.uncertainty[level])


def calibrate(score: np.ndarray, rating: np.ndarray) -> Calibration:
    """Fit past ratings, 0 to 5 [n], on the model's scores [n]; those without a score do not count."""
    from scipy.optimize import isotonic_regression  # takes a second to import: for those who rank only

    known = ~np.isnan(score)
    if not known.any():
        return Calibration(*np.empty((3, 0)))
    scores, inverse, weight = np.unique(score[known], return_inverse=True, return_counts=True)
    ratings = rating[known].astype(np.float64)
    mean = np.bincount(inverse, ratings) / weight
    fit = isotonic_regression(mean, weights=weight)
    starts, level = fit.blocks[:-1], np.repeat(np.arange(len(fit.blocks) - 1), np.diff(fit.blocks))
    errors = (ratings - fit.x[inverse]) ** 2
    count = np.bincount(level[inverse])
    variance = (np.bincount(level[inverse], errors) + PRIOR * errors.mean()) / (count + PRIOR)
    uncertainty = np.sqrt(variance * (1 + 1 / (count + 1))) / WIDEST
    return Calibration(scores[starts], fit.x[starts], np.minimum(uncertainty, 1.0))


def usefulness(expected: np.ndarray, uncertainty: np.ndarray, dispute: np.ndarray) -> np.ndarray:
    """float64 [n]: higher is to be rated sooner; grows with nearness, uncertainty and dispute."""
    return (uncertainty + 1 - distance(expected) / THRESHOLD + dispute) / 3


def distance(rating: np.ndarray) -> np.ndarray:
    """How far ratings lie from the one that fits."""
    return np.abs(rating - THRESHOLD)
