"""Energy is an estimate where no meter can be read, and asking for it sends and writes nothing."""

import socket

import pytest

pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("codecarbon", reason="the extra `energy` is not installed")

from pipeline.encoders.encoder import FolderEncoder
from pipeline.encoders.inspect import energy as meters
from pipeline.encoders.inspect.energy import energy
from pipeline.errors import EncoderError


@pytest.fixture
def cut_off(monkeypatch):
    def refuse(*_):
        raise AssertionError("something asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


def test_nothing_is_sent_said_or_written(fp32, texts, cut_off, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    found = energy(FolderEncoder(fp32), texts, country="FRA", seconds=1.5)
    assert found.watt_hours > 0 < found.grams
    assert found.estimated == found.how.startswith("ESTIMATE")
    assert not list(tmp_path.iterdir())
    assert capfd.readouterr() == ("", "")


def test_the_watts_that_are_assumed_are_told():
    class Cpu:
        _mode, _tdp = "cpu_load", 120

    class Tracker:
        _hardware = (Cpu(),)

    class Data:
        codecarbon_version, cpu_model, ram_power = "3.3.2", "a CPU", 10.0

    estimated, how = meters._how(Tracker(), Data())
    assert estimated
    assert "120 W for a CPU at full load" in how
    Cpu._mode = "intel_rapl"
    assert meters._how(Tracker(), Data()) == (
        False,
        "read from the CPU (intel_rapl), of the whole machine; memory estimated",
    )


def test_an_unknown_country_is_named(fp32):
    with pytest.raises(EncoderError, match="country 'FR': not known to codecarbon"):
        energy(FolderEncoder(fp32), ["fièvre"], country="FR")
