"""People rate at once on a real server; the ledger has what each of them pressed, once."""

import socket
from pathlib import Path

import pytest

from benchmarks.load import __main__ as load
from benchmarks.load import figures, ledger
from benchmarks.load.rater import Press
from pipeline.files import read_json

ANA = ("Ana", "lex:0000001", "C0020538", 4)
BENOIT = ("Benoît", "lex:0000001", "C0020538", 2)
FITS = True


def press(rating: ledger.Rating, *, told: bool = True, answered: bool = True) -> Press:
    return Press(*rating, sent=1.0, told=told, answered=answered, card=0.1, whole=0.2)


@pytest.mark.parametrize(
    ("presses", "rows", "expected"),
    [
        ([press(ANA)], [(ANA, FITS)], {}),
        ([press(ANA)], [], {"lost": 1}),
        ([press(ANA)], [(ANA, FITS), (ANA, FITS)], {"doubled": 1}),
        ([press(ANA)], [(BENOIT, FITS)], {"lost": 1, "crossed": 1}),
        ([press(ANA)], [((*ANA[:3], 5), FITS)], {"lost": 1, "crossed": 1}),
        ([press(ANA)], [(ANA, not FITS)], {"crossed": 1}),
        ([press(ANA, told=False, answered=False)], [], {"in_flight": 1}),
        ([press(ANA, told=False, answered=False)], [(ANA, FITS)], {"in_flight": 1, "in_flight_kept": 1}),
        ([press(ANA, told=False, answered=False), press(ANA)], [(ANA, FITS)], {"in_flight": 1}),
        ([press(ANA, told=False)], [], {"unheard": 1}),
    ],
)
def test_every_rating_that_went_astray_is_counted(presses, rows, expected):
    kept = ledger.compare(presses, rows)
    astray = {name: count for name, count in vars(kept).items() if count and name != "ratings"}
    assert astray == expected
    assert kept.sound is not bool({"lost", "doubled", "crossed"} & set(expected))


def test_times_by_quarter_show_what_grows():
    presses = [Press(*ANA, sent=10.0 + at, told=True, answered=True, card=0.1, whole=at / 10) for at in range(8)]
    found = figures.times(presses, 10.0, 8.0)
    assert found["p95_ms_by_quarter"] == pytest.approx([95, 295, 495, 695])
    assert found["next_card_ms"]["max"] == 100


def test_memory_is_compared_between_the_first_and_the_last_quarter():
    samples = [(at, 300.0 + at) for at in range(-5, 101)]
    found = figures.memory(samples, 0.0, 100.0)
    assert found == {"peak_mb": 400.0, "first_quarter_mb": 312.0, "last_quarter_mb": 387.5}


def test_a_kill_after_the_end_is_refused(capsys):
    with pytest.raises(SystemExit):
        load.parsed(["--seconds", "10", "--kill-after", "20"])
    assert "--kill-after 20, expected less than --seconds 10" in capsys.readouterr().err


@pytest.fixture
def port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def small(port: int, out: Path, *more: str) -> list[str]:
    sizes = ["--raters", "3", "--candidates", "2000", "--ratings", "300", "--join", "1", "--pace", "0.8", "1.2"]
    return ["--port", str(port), "--out", str(out), *sizes, *more]


@pytest.mark.load
def test_what_three_people_rate_at_once_is_kept(port, tmp_path):
    out = tmp_path / "load.json"
    assert load.main(small(port, out, "--seconds", "10")) == 0
    found = read_json(out)
    assert found["ratings"] >= 10
    assert (found["lost"], found["doubled"], found["crossed"], found["server_said"]) == (0, 0, 0, [])
    assert 0 < found["next_card_ms"]["p50"] <= found["whole_ms"]["p50"]
    assert found["peak_mb"] > 50


@pytest.mark.load
def test_nobody_was_told_that_a_rating_is_saved_which_a_killed_server_lost(port, tmp_path):
    out = tmp_path / "load.json"
    assert load.main(small(port, out, "--seconds", "8", "--kill-after", "4")) == 0
    found = read_json(out)["kill"]
    assert (found["lost"], found["doubled"], found["crossed"]) == (0, 0, 0)
    assert found["in_flight"] <= 3
    assert found["ratings"] >= 6
