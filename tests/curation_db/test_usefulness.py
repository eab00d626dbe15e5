"""Expected ratings grow with the model's score; what is uncertain, near the threshold or disputed comes first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation_db.queues.usefulness import calibrate, usefulness

ratings = st.lists(st.tuples(st.floats(0, 1, width=32), st.integers(0, 5)), min_size=1, max_size=60)
shares = st.floats(0, 1)


def fit(pairs):
    score, rating = np.array(pairs, np.float64).T
    return calibrate(score, rating)


@given(ratings, st.lists(st.floats(-0.5, 1.5), min_size=2, max_size=20))
def test_the_expected_rating_never_falls_with_the_score(past, asked):
    expected, uncertainty = fit(past)(np.sort(np.array(asked)))
    assert (np.diff(expected) >= 0).all()
    assert ((expected >= 0) & (expected <= 5)).all()
    assert ((uncertainty >= 0) & (uncertainty <= 1)).all()


@given(shares, shares, shares, shares)
def test_usefulness_grows_with_uncertainty_and_dispute(one, other, uncertainty, dispute):
    low, high = sorted((one, other))
    for few, many in (((low, dispute), (high, dispute)), ((uncertainty, low), (uncertainty, high))):
        assert usefulness(np.float64(2), *map(np.float64, few)) <= usefulness(
            np.float64(2), *map(np.float64, many)
        )


@given(st.floats(0, 5), st.floats(0, 5), shares, shares)
def test_usefulness_grows_towards_the_threshold(one, other, uncertainty, dispute):
    near, far = sorted((one, other), key=lambda expected: abs(expected - 3))
    rest = np.float64(uncertainty), np.float64(dispute)
    assert usefulness(np.float64(near), *rest) >= usefulness(np.float64(far), *rest)
    assert 0 <= usefulness(np.float64(far), *rest) <= 1


def test_adjacent_violators_are_pooled():
    expected, _ = fit([(0.1, 0), (0.4, 4), (0.6, 2), (0.9, 5)])(np.array([0.1, 0.4, 0.5, 0.6, 0.9]))
    assert expected.tolist() == [0, 3, 3, 3, 5]


def test_where_raters_agreed_there_is_less_to_learn():
    past = [(0.2, 0)] * 30 + [(0.8, 2), (0.8, 5)] * 15
    _, (sure, unsure) = fit(past)(np.array([0.2, 0.8]))
    assert sure < unsure
    _, (rarely_rated, _) = fit([(0.2, 0)] * 3 + past[30:])(np.array([0.2, 0.8]))
    assert sure < rarely_rated


@pytest.mark.parametrize("past", [[], [(np.nan, 5.0)]], ids=["no rating", "no score"])
def test_without_ratings_nothing_is_known(past):
    score, rating = np.array(past, np.float64).reshape(-1, 2).T
    expected, uncertainty = calibrate(score, rating)(np.array([0.1, np.nan]))
    assert expected.tolist() == [2.5, 2.5]
    assert uncertainty.tolist() == [1, 1]
