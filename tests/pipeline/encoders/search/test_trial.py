"""Which trial wins, which stand on the front, and that none is lost on the way to the file."""

import json

import pytest

from pipeline.encoders.search import trial as trials
from pipeline.encoders.search.trial import Constraint, best, front
from tests.pipeline.encoders.search.trials import failed, trial

NEAR = trial(0, faster=1.5, lost=2, won=2)
FAST = trial(1, faster=2.5, lost=3, won=1)
LOSSY = trial(2, faster=3.0, lost=30)
SLOW = trial(3, faster=1.1)


def test_the_fastest_whose_loss_cannot_be_told_from_zero_wins():
    assert best([NEAR, FAST, LOSSY, SLOW, failed(4)], Constraint()) is FAST


@pytest.mark.parametrize(
    ("constraint", "winner"),
    [
        (Constraint(most_loss=0.1), LOSSY),
        (Constraint(most_loss=0.001), NEAR),
        (Constraint(least_gain=2), None),
        (Constraint(most_loss=0, least_gain=0.05), NEAR),
        (Constraint(least_agreement=0.99), None),
        (Constraint(least_agreement=0.9), FAST),
    ],
)
def test_the_user_may_ask_for_something_else(constraint, winner):
    assert best([NEAR, FAST, LOSSY, SLOW], constraint) is winner


def test_nobody_on_the_front_is_beaten_in_both():
    assert front([NEAR, FAST, LOSSY, SLOW, failed(4)]) == [LOSSY, FAST, NEAR]


def test_the_ratio_is_the_median_of_the_rounds_so_a_busy_round_decides_nothing():
    assert NEAR.ratio == pytest.approx(1.5)


@pytest.mark.parametrize("one", [NEAR, LOSSY, failed(7)], ids=["near", "lossy", "failed"])
def test_a_trial_comes_back_from_its_json(one):
    assert trials.from_json(json.loads(json.dumps(trials.to_json(one)))) == one
