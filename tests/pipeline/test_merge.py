import numpy as np
import pytest

from pipeline.merge import merge, pairs


def test_pairs_are_the_union_with_the_rank_of_each_encoder():
    first, second = np.array([[4, 2], [0, -1]]), np.array([[2, 7], [0, 1]])
    entries, concepts, ranks = pairs([first, second])
    found = {(e, c): tuple(r) for e, c, r in zip(entries.tolist(), concepts.tolist(), ranks.tolist(), strict=True)}
    assert found == {(0, 4): (1, 0), (0, 2): (2, 1), (0, 7): (0, 2), (1, 0): (1, 1), (1, 1): (0, 2)}


def merged(scores, entries=None, shares=None):
    scores = np.array(scores, np.float32)
    shares = shares or [1 / scores.shape[1]] * scores.shape[1]
    entries = np.zeros(len(scores), np.int64) if entries is None else np.array(entries)
    return merge(entries, np.arange(len(scores)), np.ones(scores.shape, np.int64), scores, scores, shares)


def test_the_list_is_ranked_by_the_mean_score_within_each_entry():
    found = merged([[0.2, 0.4], [0.9, 0.1], [0.8, 0.8], [0.1, 0.1]], entries=[0, 0, 1, 1])
    assert found.concepts.tolist() == [1, 0, 2, 3]
    assert found.ranks.tolist() == [1, 2, 1, 2]
    assert found.scores == pytest.approx([0.5, 0.3, 0.8, 0.1])


def test_shares_weigh_the_encoders():
    found = merged([[0.2, 0.4], [0.3, 0.0]], shares=[0.75, 0.25])
    assert found.concepts.tolist() == [0, 1]
    assert found.scores == pytest.approx([0.25, 0.225])


def test_ties_go_to_the_lower_concept_and_an_unknown_concept_counts_as_0():
    found = merged([[0.5, np.nan], [0.25, 0.25], [0.1, np.nan]])
    assert found.concepts.tolist() == [0, 1, 2]
    assert found.scores == pytest.approx([0.25, 0.25, 0.05])
