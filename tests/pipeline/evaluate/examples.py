"""Published examples of agreement, with the figures that were published for them."""

import numpy as np

KRIPPENDORFF_2011 = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Four observers, twelve units: nominal .743, ordinal .815, interval .849, ratio .797 ("Computing Krippendorff's
Alpha-Reliability", example C)."""
HAYES_KRIPPENDORFF_2007 = """
1 1 2 . 0 0 1 1 2 2 . 0 1 3 1 1 2 1 1 0 0 0 2 0 1 0 0 1 1 1 1 2 2 3 2 2 2 2 2 1
1 1 3 0 0 0 0 . 2 1 1 0 2 3 1 1 1 2 1 0 0 0 3 0 2 1 0 2 1 1 1 1 2 2 2 2 2 2 2 1
2 0 3 0 0 0 2 2 2 1 0 0 2 2 1 1 2 3 0 0 1 . 3 0 . 1 0 1 2 2 0 2 . 2 2 3 2 . 2 1
. 1 3 . . . . 0 . 1 0 0 2 2 . . . 3 1 . 1 0 3 0 2 1 1 2 2 . . 1 2 2 . . . 1 2 .
2 . . 0 0 0 1 . 2 . . . . 3 1 1 2 . . 0 . 0 . . 2 . 0 . . 2 0 . 2 . 2 2 2 2 . 1
"""
"""Five observers, forty articles: ordinal .7598 ("Answering the Call for a Standard Reliability Measure for Coding
Data", table 1)."""
COHEN_1968 = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
COHEN_1968_WEIGHTS = np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]])
"""Unweighted .492, weighted .348 ("Weighted kappa", table 1)."""
FLEISS_COHEN_EVERITT_1969 = np.array([[106, 10, 4], [22, 28, 10], [2, 12, 6]])
FLEISS_COHEN_EVERITT_1969_WEIGHTS = 1 - np.array([[1, 0, 0.4444], [0, 1, 0.6667], [0.4444, 0.6667, 1]])
"""Unweighted .429, weighted .507 ("Large sample standard errors of kappa and weighted kappa")."""
SAS = np.array([[0, 4, 1], [0, 8, 0], [0, 1, 5]])
"""PROC FREQ prints kappa .4842, with linear weights .4701."""
ANXIETY_2 = (3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4)
ANXIETY_3 = (2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2)
"""Raters 2 and 3 of the data "anxiety" of R's irr."""


def matrix(text: str) -> np.ndarray:
    """Float [observers, units], NaN where a value is missing."""
    return np.array(
        [[np.nan if v == "." else float(v) for v in line.split()] for line in text.split("\n") if line]
    )


def counts(text: str, values: int = 6) -> np.ndarray:
    """How many observers gave each unit each value 0, 1, …, int [units, values]."""
    return np.stack([(matrix(text) == value).sum(axis=0) for value in range(values)], axis=1)
