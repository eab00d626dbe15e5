"""The worker's process and the rounds, on a contender without a model."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.encoders import turns

TEXTS = ["fièvre jaune", "anomalie de la taille corporelle", "high blood pressure", "toux", "short stature"] * 8


def worker(folder: Path, *, peer: str = "tests.benchmarks.letters_peer", resident: bool = True) -> turns.Worker:
    (folder / "texts.json").write_text(json.dumps(TEXTS))
    spec = {"peer": peer, "model": str(folder), "texts": str(folder / "texts.json"), "cores": [0], "warm": 2}
    return turns.Worker(Path(sys.executable), {**spec, "settings": {}}, count=20, resident=resident)


@pytest.mark.parametrize("resident", [True, False])
def test_rounds_measure_every_contender_once_a_round(tmp_path, resident):
    workers = {"one": worker(tmp_path, resident=resident)}
    found, failed = turns.rounds(workers, 2, seed=1)
    workers["one"].stop()
    assert failed == {}
    assert [turn.strings for turn in found["one"]] == [20, 20]
    assert all(turn.seconds > 0 and turn.peak_mb > 10 for turn in found["one"])


def test_the_probe_writes_vectors_and_tells_those_that_depend_on_batch_mates(tmp_path):
    one = worker(tmp_path)
    shares = one.probe(TEXTS[:5], tmp_path / "probe.npy")
    one.stop()
    assert np.load(tmp_path / "probe.npy").shape == (5, 2)
    assert shares == {"alone": 0.0, "shuffled": 1.0}


def test_a_contender_that_fails_says_why_and_the_others_go_on(tmp_path):
    workers = {"good": worker(tmp_path), "bad": worker(tmp_path, peer="no_such_peer")}
    found, failed = turns.rounds(workers, 2, seed=1)
    workers["good"].stop()
    assert set(found) == {"good"}
    assert "no_such_peer" in failed["bad"]


def test_every_contender_has_its_turn_in_every_round():
    class Counted:
        def __init__(self, name: str) -> None:
            self.name = name

        def turn(self) -> turns.Turn:
            order.append(self.name)
            return turns.Turn(seconds=1, strings=1, peak_mb=1)

    order: list[str] = []
    turns.rounds({name: Counted(name) for name in "abcd"}, 3, seed=1)
    assert [sorted(order[start : start + 4]) for start in (0, 4, 8)] == [list("abcd")] * 3
    assert order[:4] != order[4:8]
