"""A concept's strings, drawn together: which vectors are searched, and that they depend on nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.gathered import SHARE, Gathered, gathered
from pipeline.retrieve import retrieve

NAMES = np.array([0, 1, 2, 2, 3, 4, 5])
CONCEPTS = np.array([0, 0, 0, 1, 1, 2, 3])
"""String 2 names two concepts; concepts 2 and 3 have one name each."""


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def rows():
    return unit(np.random.default_rng(7).normal(size=(6, 16)))


def expected(rows):
    """As the module's docstring says it, pair by pair."""
    found = []
    for text, concept in zip(NAMES, CONCEPTS, strict=True):
        mean = rows[NAMES[concept == CONCEPTS]].astype(float).mean(axis=0)
        mean /= np.linalg.norm(mean)
        drawn = rows[text] + SHARE * (mean - rows[text])
        found.append(drawn / np.linalg.norm(drawn))
    return np.array(found)


def test_a_string_lies_between_itself_and_its_concepts_mean(rows):
    found = Gathered(rows, NAMES, CONCEPTS)[np.arange(len(NAMES))]
    assert found.dtype == np.float32
    assert np.allclose(found, expected(rows), atol=1e-6)


def test_the_only_name_of_a_concept_stays_where_it_is(rows):
    assert np.allclose(Gathered(rows, NAMES, CONCEPTS)[np.array([5, 6])], rows[4:], atol=1e-6)


@given(st.lists(st.integers(0, len(NAMES) - 1), min_size=1, max_size=20), st.sampled_from([16, 384, 512, 1_000]))
def test_a_row_has_the_same_bits_whatever_is_asked_for_with_it(numbers, dimension):
    rows = unit(np.random.default_rng(7).normal(size=(6, dimension)))
    drawn = Gathered(rows, NAMES, CONCEPTS)
    alone = np.concatenate([drawn[np.array([number])] for number in numbers])
    assert drawn[np.array(numbers)].tobytes() == alone.tobytes()


def test_no_row_asked_for_gives_none(rows):
    assert Gathered(rows, NAMES, CONCEPTS)[np.arange(0)].shape == (0, 16)


def test_opposite_names_of_a_concept_stay_apart(rows):
    opposite = np.concatenate([rows[:1], -rows[:1]])
    found = Gathered(opposite, np.array([0, 1]), np.array([0, 0]))[np.arange(2)]
    assert np.allclose(found, opposite, atol=1e-6)


@pytest.mark.parametrize("wrong", [0.0, np.nan])
def test_a_damaged_row_is_named_and_not_hidden_among_its_concepts(rows, wrong):
    rows[1] = wrong
    with pytest.raises(InputError, match="row of the target 1: a vector of length"):
        Gathered(rows, NAMES, CONCEPTS)[np.array([0])]


def test_the_search_finds_concept_and_name_in_any_order_of_the_pairs(rows):
    shuffled = np.random.default_rng(1).permutation(len(NAMES))
    goal, text = gathered(rows, NAMES[shuffled], CONCEPTS[shuffled])
    assert (text.tolist(), goal.members.tolist()) == (NAMES.tolist(), CONCEPTS.tolist())
    found = retrieve(rows, goal, top_k=4)
    cosines = rows @ expected(rows).T
    best = [max(range(4), key=lambda concept: row[concept == CONCEPTS].max()) for row in cosines]
    assert found.concepts[:, 0].tolist() == best
    assert found.cosines[:, 0] == pytest.approx(cosines.max(axis=1), abs=1e-6)
    assert text[found.strings[:, 0]].tolist() == NAMES[cosines.argmax(axis=1)].tolist()
