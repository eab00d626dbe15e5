import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.retrieve import cosines, retrieve, target


def unit(rng, rows, dimension=8):
    vectors = rng.standard_normal((rows, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def by_hand(queries, vectors, strings, concepts, top_k):
    """Every cosine, the best of each concept, sorted: what retrieve must equal."""
    found = []
    for query in queries:
        best = {}
        for string, concept in zip(strings.tolist(), concepts.tolist(), strict=True):
            cosine = np.float32((vectors[string].astype(np.float64) * query).sum())
            best[concept] = max(best.get(concept, -9), cosine)
        found.append(sorted(best.items(), key=lambda item: (-item[1], item[0]))[:top_k])
    return found


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10**6), strings=st.integers(1, 200), concepts=st.integers(1, 40), top_k=st.integers(1, 12)
)
def test_top_k_is_exact_for_concepts_of_many_strings(seed, strings, concepts, top_k):
    rng = np.random.default_rng(seed)
    vectors, queries = unit(rng, strings), unit(rng, 5)
    vectors[strings // 2 :] = vectors[0]  # ties
    string = np.concatenate([np.arange(strings), rng.integers(0, strings, 10)])
    concept = rng.integers(0, concepts, len(string))
    found = retrieve(queries, target(vectors, string, concept), top_k=top_k)
    for row, expected in enumerate(by_hand(queries, vectors, string, concept, top_k)):
        n = len(expected)
        assert found.concepts[row, :n].tolist() == [c for c, _ in expected]
        assert found.cosines[row, :n].tolist() == [s for _, s in expected]
        assert (found.concepts[row, n:] == -1).all()


def test_a_cosine_does_not_depend_on_the_other_queries():
    rng = np.random.default_rng(1)
    vectors, queries = unit(rng, 3000, 384), unit(rng, 70, 384)
    goal = target(vectors, np.arange(3000), np.arange(3000) // 3)
    together = retrieve(queries, goal, top_k=10)
    alone = [retrieve(queries[row : row + 1], goal, top_k=10) for row in range(70)]
    assert np.array_equal(together.cosines, np.concatenate([one.cosines for one in alone]))
    assert np.array_equal(together.concepts, np.concatenate([one.concepts for one in alone]))


def test_the_nearest_string_is_a_string_of_the_concept():
    rng = np.random.default_rng(2)
    vectors = unit(rng, 50)
    concept = np.arange(50) % 7
    found = retrieve(unit(rng, 4), target(vectors, np.arange(50), concept), top_k=7)
    assert np.array_equal(concept[found.strings], found.concepts)


def test_cosines_of_pairs_equal_what_retrieval_found():
    rng = np.random.default_rng(3)
    vectors, queries = unit(rng, 60), unit(rng, 4)
    goal = target(vectors, np.arange(60), np.arange(60) % 9)
    found = retrieve(queries, goal, top_k=9)
    rows, columns = np.nonzero(found.concepts >= 0)
    assert np.array_equal(
        cosines(queries, goal, rows, found.concepts[rows, columns]), found.cosines[rows, columns]
    )
    assert np.isnan(cosines(queries, goal, np.array([0]), np.array([99]))).all()


@pytest.mark.parametrize("top_k", [1, 10])
def test_one_string_is_found_by_everybody(top_k):
    vectors = unit(np.random.default_rng(4), 1)
    found = retrieve(vectors, target(vectors, np.array([0]), np.array([0])), top_k=top_k)
    assert found.concepts[0].tolist() == [0] + [-1] * (top_k - 1)
    assert found.cosines[0, 0] == pytest.approx(1)
