"""MinMax recalibration: cosines of different encoders made comparable."""

from dataclasses import dataclass

import numpy as np

from pipeline.errors import InputError


@dataclass(frozen=True)
class Bounds:
    """The lowest and highest cosine of one encoder over the candidates of one run; stored with the run."""

    minimum: float
    maximum: float

    def apply(self, cosines: np.ndarray) -> np.ndarray:
        """Float32 scores: (cosine - minimum) / (maximum - minimum), so the run's candidates lie in [0, 1] and a
        pair outside of them may lie below 0. All are 1 where minimum = maximum.

        Source: Bouaggad and Grabar 2025. Monotone: an encoder's ranking never changes.
        """
        width = self.maximum - self.minimum
        if width == 0:
            return np.ones(len(cosines), np.float32)
        return ((np.asarray(cosines, np.float64) - self.minimum) / width).astype(np.float32)


def fit(cosines: np.ndarray) -> Bounds:
    """Raises InputError for NaN or infinite cosines, and where there are none."""
    if not len(cosines):
        raise InputError(
            "no candidates to recalibrate; expected one at least: is the lexicon or the target empty?"
        )
    if not np.isfinite(cosines).all():
        raise InputError(
            f"{int((~np.isfinite(cosines)).sum())} of {len(cosines)} cosines are not numbers; "
            "is an encoder damaged? See `lexalign doctor`"
        )
    return Bounds(float(cosines.min()), float(cosines.max()))
