import numpy as np
import pytest

from app.services.density import kde, silverman


def test_a_density_integrates_to_one_and_peaks_where_the_values_are():
    values = np.random.default_rng(1).normal(0.7, 0.1, 5000)
    curve = kde(values)
    assert np.trapezoid(curve.density, curve.x) == pytest.approx(1, abs=0.01)
    assert curve.x[curve.density.argmax()] == pytest.approx(0.7, abs=0.03)
    assert curve.n == 5000


def test_binning_changes_nothing_that_is_seen():
    values = np.random.default_rng(2).beta(5, 2, 800)
    curve = kde(values)
    kernels = np.exp(-0.5 * ((curve.x[:, None] - values) / curve.bandwidth) ** 2)
    exact = kernels.sum(axis=1) / (len(values) * curve.bandwidth * np.sqrt(2 * np.pi))
    assert np.abs(curve.density - exact).max() < 0.01 * exact.max()


def test_silverman_by_hand():
    values = np.arange(1.0, 11.0)
    spread = min(np.std(values, ddof=1), 4.5 / 1.34)
    assert silverman(values) == pytest.approx(0.9 * spread * 10**-0.2)


@pytest.mark.parametrize("values", [[0.5], [0.5, 0.5, 0.5], [0.1, np.nan, 0.9]])
def test_few_equal_or_missing_values_still_have_a_density(values):
    curve = kde(np.array(values, np.float32))
    assert np.isfinite(curve.density).all()
    assert np.trapezoid(curve.density, curve.x) == pytest.approx(1, abs=0.02)


def test_no_value_has_no_density():
    assert kde(np.array([])) is None
    assert kde(np.array([np.nan])) is None
