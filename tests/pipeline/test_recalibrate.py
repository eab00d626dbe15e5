import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.errors import InputError
from pipeline.recalibrate import Bounds, fit

COSINES = arrays(np.float32, st.integers(1, 50), elements=st.floats(-1, 1, width=32))


@given(COSINES)
def test_scores_lie_between_0_and_1_and_keep_the_ranking(cosines):
    scores = fit(cosines).apply(cosines)
    assert ((scores >= 0) & (scores <= 1)).all()
    assert (np.diff(scores[np.argsort(cosines)]) >= 0).all()


def test_bunched_cosines_are_spread():
    cosines = np.array([0.93, 0.95, 0.97], np.float32)
    assert fit(cosines).apply(cosines) == pytest.approx([0, 0.5, 1], abs=1e-5)


def test_stored_bounds_give_the_same_scores_to_new_cosines():
    assert Bounds(0.5, 1.0).apply(np.array([0.4, 0.75])) == pytest.approx([-0.2, 0.5])


def test_equal_cosines_all_score_1():
    assert fit(np.full(3, 0.9)).apply(np.full(3, 0.9)).tolist() == [1, 1, 1]


@pytest.mark.parametrize("cosines", [[], [0.5, np.nan], [np.inf]])
def test_what_is_no_cosine_is_refused(cosines):
    with pytest.raises(InputError, match=r"expected|damaged"):
        fit(np.array(cosines))
