"""Intervals agree with those in print, and say when a sample is too small."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.encoders.search.intervals import loss, mean, newcombe, visible

COUNTS = st.tuples(*[st.integers(0, 60)] * 4).filter(lambda counts: sum(counts) > 0)


def test_the_airways_of_21_children_as_fagerland_lydersen_and_laake_print_them():
    """Statistics in Medicine 33 (2014) 2850: Newcombe's interval of their first example."""
    assert newcombe(1, 1, 7, 12) == pytest.approx((-0.507, -0.026), abs=5e-4)


@given(COUNTS)
def test_the_interval_holds_the_difference_and_turns_with_it(counts):
    both, first, second, neither = counts
    low, high = newcombe(both, first, second, neither)
    assert low <= (first - second) / sum(counts) <= high
    assert newcombe(both, second, first, neither) == pytest.approx((-high, -low))


def test_what_is_lost_and_won_is_counted_by_query():
    original = np.array([True, True, True, False] * 25)
    other = original.copy()
    other[[0, 4, 8]], other[3] = False, True
    found = loss(original, other)
    assert (found.n, found.right, found.lost, found.won) == (100, 75, 3, 1)
    assert found.low < 0 < found.value == 0.02 < found.high


def test_the_smallest_loss_that_can_be_seen_shrinks_with_the_sample_and_grows_with_noise():
    seen = [visible(n, round(0.7 * n)) for n in (30, 435, 2000, 10_000)]
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] > 0.0001
    assert visible(435, 300, 20) > visible(435, 300)
    assert visible(5, 0) is None


def test_what_is_called_visible_is_told_from_zero_and_one_query_less_is_not():
    lost = round(visible(435, 300) * 435)
    assert newcombe(300 - lost, lost, 0, 135)[0] > 0
    assert newcombe(301 - lost, lost - 1, 0, 135)[0] <= 0


def test_a_mean_and_its_interval_are_the_same_each_time():
    values = np.random.default_rng(1).random(500)
    assert mean(values) == mean(values)
    assert mean(values).low < values.mean() < mean(values).high
    assert mean([1.0] * 10).low == 1.0
