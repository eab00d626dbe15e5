"""Alpha and kappa against published examples, and alpha against an independent reading of its definition."""

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pipeline.evaluate.reliability import alpha, coincidences, difference, kappa, ordinal, same
from tests.pipeline.evaluate.examples import (
    ANXIETY_2,
    ANXIETY_3,
    COHEN_1968,
    COHEN_1968_WEIGHTS,
    FLEISS_COHEN_EVERITT_1969,
    FLEISS_COHEN_EVERITT_1969_WEIGHTS,
    HAYES_KRIPPENDORFF_2007,
    KRIPPENDORFF_2011,
    SAS,
    counts,
)

PLACES = np.arange(6)
NOMINAL = 1 - np.eye(6)
INTERVAL = np.subtract.outer(PLACES, PLACES) ** 2
RATIO = INTERVAL / np.maximum(np.add.outer(PLACES, PLACES), 1) ** 2


def of_units(units, distance=ordinal):
    return float(alpha(coincidences(units).sum(axis=0), distance))


@pytest.mark.parametrize(
    ("distance", "published"),
    [
        (lambda totals: NOMINAL, 0.743),
        (ordinal, 0.815),
        (lambda totals: INTERVAL, 0.849),
        (lambda totals: RATIO, 0.797),
    ],
    ids=["nominal", "ordinal", "interval", "ratio"],
)
def test_alpha_is_krippendorffs_with_missing_cells(distance, published):
    assert of_units(counts(KRIPPENDORFF_2011), distance) == pytest.approx(published, abs=5e-4)


def test_alpha_is_hayes_and_krippendorffs_of_five_observers():
    assert of_units(counts(HAYES_KRIPPENDORFF_2007)) == pytest.approx(0.7598, abs=5e-5)


@pytest.mark.parametrize(
    ("table", "weights", "published"),
    [
        (COHEN_1968, 1 - np.eye(3), 0.492),
        (COHEN_1968, COHEN_1968_WEIGHTS, 0.348),
        (FLEISS_COHEN_EVERITT_1969, 1 - np.eye(3), 0.429),
        (FLEISS_COHEN_EVERITT_1969, FLEISS_COHEN_EVERITT_1969_WEIGHTS, 0.507),
        (SAS, 1 - np.eye(3), 0.4842),
        (SAS, np.abs(np.subtract.outer(range(3), range(3))), 0.4701),
    ],
)
def test_kappa_is_what_was_published(table, weights, published):
    assert kappa(table, weights) == pytest.approx(published, abs=6e-4 if published < 0.4 else 5e-4)


@pytest.mark.parametrize(("power", "published"), [(1, 0.1459075), (2, 0.2520325)], ids=["linear", "quadratic"])
def test_weighted_kappa_is_what_irr_gives(power, published):
    """irr leaves out the value 5, which neither rater gave."""
    table = np.zeros((5, 5))
    places = {value: place for place, value in enumerate((1, 2, 3, 4, 6))}
    for one, other in zip(ANXIETY_2, ANXIETY_3, strict=True):
        table[places[one], places[other]] += 1
    apart = np.abs(np.subtract.outer(np.arange(5.0), np.arange(5.0)))
    assert kappa(table, apart**power) == pytest.approx(published, abs=5e-8)


@given(arrays.arrays(np.int64, st.tuples(st.integers(1, 30), st.just(6)), elements=st.integers(0, 3)))
def test_alpha_is_what_another_package_computes(units):
    found = of_units(units)
    paired = units[units.sum(axis=1) > 1]
    if np.count_nonzero(paired.sum(axis=0)) < 2:
        assert np.isnan(found)
    else:
        expected = krippendorff.alpha(value_counts=paired, level_of_measurement="ordinal")
        assert found == pytest.approx(expected, abs=1e-9)


def test_what_is_not_defined_is_not_a_number():
    alone = np.eye(6, dtype=int)
    all_the_same = np.array([[0, 0, 0, 2, 0, 0], [0, 0, 0, 3, 0, 0]])
    assert np.isnan(of_units(alone))
    assert np.isnan(of_units(all_the_same))
    assert np.isnan(kappa(np.diag([0, 0, 0, 9, 0, 0]), NOMINAL))
    assert np.isnan(same(np.zeros((6, 6))))


def test_agreement_is_1_and_systematic_disagreement_below_0():
    assert of_units(2 * np.eye(6, dtype=int)) == pytest.approx(1)
    assert of_units(np.tile([1, 0, 0, 0, 0, 1], (8, 1))) < 0


def test_many_tables_at_once_are_as_one_by_one():
    tables = np.random.default_rng(0).integers(0, 9, (5, 6, 6)).astype(float)
    for figure in (alpha, same, difference, lambda some: kappa(some, INTERVAL)):
        assert figure(tables) == pytest.approx([float(figure(table)) for table in tables])
