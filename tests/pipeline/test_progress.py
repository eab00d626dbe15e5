"""Bars: what they say of the time that is left, on a clock that the test moves."""

import io

import pytest

from pipeline import progress


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("tqdm.std.time", clock)
    return clock


def shown(stream: io.StringIO) -> list[str]:
    return [line for line in stream.getvalue().replace("\n", "\r").split("\r") if line.strip()]


def test_a_bar_that_goes_on_reckons_from_what_it_did_itself(clock):
    stream = io.StringIO()
    with progress.bar(stream) as show:
        show(6, 8, "trials")
        clock.now += 60
        show(7, 8, "trials")
    assert "7/8 [01:00<01:00" in shown(stream)[-1]


def test_a_full_bar_keeps_its_time_while_the_next_stage_runs(clock):
    stream = io.StringIO()
    with progress.bar(stream) as show:
        show(0, 4, "encode")
        clock.now += 20
        show(4, 4, "encode")
        show(0, 2, "search")
        clock.now += 600
        show(1, 2, "search")
    encode = [line for line in shown(stream) if line.startswith("encode")]
    assert "4/4 [00:20<00:00" in encode[-1]
    assert not any("10:" in line for line in encode)


def test_a_stage_may_come_again_under_the_same_name(clock):
    stream = io.StringIO()
    with progress.bar(stream) as show:
        for _ in range(2):
            show(0, 4, "encode")
            clock.now += 20
            show(4, 4, "encode")
    lines = stream.getvalue().splitlines(keepends=True)
    ended = [line for line in lines if line.endswith("\n")]
    assert len(ended) == 2
    assert all("4/4 [00:20<00:00" in line for line in ended)


def test_what_takes_less_than_two_seconds_says_nothing(clock):
    stream = io.StringIO()
    with progress.bar(stream) as show:
        show(0, 4, "encode")
        clock.now += 1
        show(4, 4, "encode")
    assert stream.getvalue() == ""
