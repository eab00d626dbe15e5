"""An encoder handed on: the same vectors, nothing of the machine that made it."""

import dataclasses
import errno
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.encoders.sharing import share as command
from pipeline.encoders import catalogue
from pipeline.encoders.card import Card, read_card
from pipeline.encoders.encoder import FolderEncoder
from pipeline.encoders.share import share
from pipeline.errors import EncoderError, WorkspaceError

TEXTS = ["sang dans les urines", "Hématurie", "œdème", "", "mal à la tête " * 400]
FILES = {"model.onnx", "tokenizer.json", "encoder.json"}


@pytest.fixture
def card() -> Card:
    """Of an encoder in the box, with what a made one says of its machine."""
    found = read_card(min(file.parent for file in catalogue.BUNDLED.glob("*/encoder.json")))
    measured = {"drift": {"mean_cosine": 0.99}, "speed": {"cpu": "mine"}}
    ours = {"made_of": {"folder": "/home/me"}, "measured": measured, "recipe": {"precision": "int8"}}
    return dataclasses.replace(found, tags={**found.tags, **ours})


def test_a_shared_encoder_gives_the_same_vectors(card: Card, tmp_path: Path):
    share(card, tmp_path / "mine")
    received = FolderEncoder(read_card(tmp_path / "mine"))
    original = FolderEncoder(card)
    assert received.name == "mine"
    assert received.encode(TEXTS).tobytes() == original.encode(TEXTS).tobytes()
    assert received.fingerprint == original.fingerprint  # so cached vectors are found


def test_nothing_of_this_machine_is_handed_on(card: Card, tmp_path: Path):
    share(card, tmp_path / "mine")
    written = (tmp_path / "mine" / "encoder.json").read_text("utf-8")
    assert "/home/me" not in written
    assert str(card.folder) not in written
    assert not {"made_of", "folder"} & set(json.loads(written))
    assert json.loads(written)["measured"] == {"drift": {"mean_cosine": 0.99}}
    assert json.loads(written)["recipe"] == {"precision": "int8"}
    assert {file.name for file in (tmp_path / "mine").iterdir()} == FILES


def test_the_command_shares_what_the_catalogue_names(card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(command, [card.name, "mine"])
    assert done.exit_code == 0, done.exception
    assert done.output.strip() == str(tmp_path / "mine")
    monkeypatch.setenv("LEXALIGN_ENCODERS", str(tmp_path))
    assert catalogue.card("mine").model_sha256 == card.model_sha256


def test_an_unknown_encoder_is_said(tmp_path: Path):
    done = CliRunner().invoke(command, ["nobody", str(tmp_path / "mine")])
    assert isinstance(done.exception, EncoderError)
    assert "no encoder 'nobody'; known: " in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_encoder_is_not_handed_on(card: Card, tmp_path: Path):
    shutil.copytree(card.folder, tmp_path / "damaged")
    with (tmp_path / "damaged" / "model.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(EncoderError, match="cut or changed"):
        share(read_card(tmp_path / "damaged"), tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_a_folder_that_is_there_is_kept(card: Card, tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work", "utf-8")
    with pytest.raises(WorkspaceError, match="mine: is there already"):
        share(card, tmp_path / "mine")
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_a_full_disk_leaves_nothing(card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(file: Path, to: Path) -> None:
        to.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(WorkspaceError, match="disk is full"):
        share(card, tmp_path / "mine")
    assert list(tmp_path.iterdir()) == []
