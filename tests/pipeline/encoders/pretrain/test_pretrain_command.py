"""`lexalign encoders pretrain`, from text to a folder that `train` makes an encoder of."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")

from pipeline.cli.encoders.pretraining import pretrain
from pipeline.cli.encoders.training import train
from pipeline.encoders import catalogue
from tests.pipeline.encoders.pretrain.french import LINES, PIECES

SMALL = ("--layers", "2", "--hidden", "32", "--vocabulary", str(PIECES))


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "french.txt"
    path.write_text("\n".join(LINES) + "\n", "utf-8")
    return path


def call(text: Path, folder: Path, *more: str) -> Result:
    given = ["--text", str(text), "--folder", str(folder), "--length", "24", "--batch", "16", "--device", "cpu",
             "--progress", "none"]  # fmt: skip
    return CliRunner().invoke(pretrain, [*given, *more], obj=Path())


@pytest.mark.filterwarnings(
    "ignore::UserWarning", "ignore::DeprecationWarning"
)  # torch's exporter, on its own code
def test_text_becomes_a_folder_and_the_folder_an_encoder(text: Path, lay: Path, tmp_path: Path, own: Path):
    made = call(text, tmp_path / "french", *SMALL, "--steps", "20", "--yes")
    assert made.exit_code == 0, (made.output, made.exception)
    folder = tmp_path / "french" / "trained"
    assert made.stdout == f"{folder}\n"
    assert f"lexalign encoders train {folder} --name NAME --pooling mean" in made.stderr
    assert "of the hidden pieces of held-out lines guessed right" in made.stderr
    assert not list(own.glob("*")), "nothing is registered: it is no encoder"
    again = call(text, tmp_path / "french", *SMALL, "--steps", "20", "--yes")
    assert again.stdout == made.stdout
    arguments = [str(folder), "--name", "mine", "--pooling", "mean", "--teach", str(lay), "--no-project", "--steps",
                 "2", "--concepts", "4", "--yes", "--progress", "none"]  # fmt: skip
    taught = CliRunner().invoke(train, arguments, obj=Path())
    assert taught.exit_code == 0, (taught.output, taught.exception)
    vectors = catalogue.load("mine").encode(["Sang dans les urines", "sang dans les urines"])
    assert vectors.shape == (2, 32)
    assert np.array_equal(vectors[0], vectors[1])


def test_the_plan_is_told_and_nothing_is_written(text: Path, tmp_path: Path):
    told = call(text, tmp_path / "french", *SMALL, "--minutes", "2", "--plan")
    assert told.exit_code == 0, (told.output, told.exception)
    assert "a new BERT of 2 layers, 32 wide" in told.stderr
    assert "MB of memory" in told.stderr
    assert told.stdout == ""
    assert not (tmp_path / "french").exists()


def test_nothing_starts_without_a_yes(text: Path, tmp_path: Path):
    asked = call(text, tmp_path / "french", *SMALL, "--steps", "3")
    assert asked.exit_code != 0
    assert "Start?" in asked.output
    assert not (tmp_path / "french").exists()


def test_an_encoder_goes_on(text: Path, source_folder: Path, tmp_path: Path):
    told = call(text, tmp_path / "further", "--from", str(source_folder), "--steps", "3", "--plan")
    assert told.exit_code == 0, (told.output, told.exception)
    assert f"{source_folder} goes on" in told.stderr


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "found no budget, expected --minutes or --steps"),
        (("--steps", "3", "--from", "SOURCE", "--layers", "2"), "found --from with --layers, expected one"),
        (("--steps", "3", "--from", "SOURCE", "--hidden", "32", "--vocabulary", "99"),
         "found --from with --hidden, --vocabulary"),
        (("--steps", "3", "--hidden", "100"), "hidden size 100, expected a multiple of 32"),
        (("--steps", "3", "--vocabulary", "9000"), "too small for that vocabulary"),
        (("--steps", "3", "--text", "LATIN"), "line 1: byte 0xe8 is not UTF-8"),
        (("--steps", "3", "--text", "EMPTY"), "no text in it"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_is_written(
    text: Path, source_folder: Path, tmp_path: Path, more: tuple[str, ...], said: str
):
    (tmp_path / "latin.txt").write_bytes("fièvre".encode("latin-1"))
    (tmp_path / "empty.txt").write_bytes(b"")
    paths = {"SOURCE": source_folder, "LATIN": tmp_path / "latin.txt", "EMPTY": tmp_path / "empty.txt"}
    refused = call(text, tmp_path / "french", *(str(paths.get(one, one)) for one in more), "--yes")
    assert refused.exit_code != 0
    assert said in " ".join(refused.output.split()) + str(refused.exception)
    assert not (tmp_path / "french").exists()
