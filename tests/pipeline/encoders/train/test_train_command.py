"""`lexalign encoders train`, as a user calls it."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")

from pipeline.cli.encoders.training import train
from pipeline.encoders import catalogue
from pipeline.errors import EncoderError
from pipeline.files import read_json

LAY = Path(__file__).parents[4] / "assets" / "lay"


@pytest.fixture
def lay(tmp_path: Path) -> Path:
    path = tmp_path / "lay.tsv"
    lines = (LAY / "train.tsv").read_text("utf-8").splitlines()[:400]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def call(source: Path, lay: Path, *more: str):
    arguments = [str(source), "--name", "mine", "--teach", str(lay), "--no-project"]
    given = [*arguments, "--steps", "3", "--concepts", "8", "--progress", "none", *more]
    return CliRunner().invoke(train, given, obj=Path())


def test_a_trained_encoder_is_registered_and_reads_texts(source_folder: Path, lay: Path, own: Path):
    result = call(source_folder, lay, "--apart", str(LAY / "dev.tsv"), "--yes")
    assert result.exit_code == 0, result.output
    assert result.stdout.split() == ["mine-fp32", "mine"]
    assert "about" in result.stderr
    assert "minutes" in result.stderr
    card = catalogue.card("mine")
    assert (card.prefix, card.lowercase) == ("", True)
    assert (card.engine, card.precision, card.tags["recipe"]["bits"]) == ("onnxruntime", "int8", 7), (
        "for every CPU"
    )
    vectors = catalogue.load("mine").encode(["Sang dans les urines", "sang dans les urines"])
    assert np.array_equal(vectors[0], vectors[1])
    assert (own / "trainings" / "mine" / "curve.html").exists()


def test_a_folder_that_does_not_say_its_pooling_is_taught_with_the_one_that_is_said(
    plain: Path, lay: Path, own: Path
):
    refused = call(plain, lay, "--yes")
    assert isinstance(refused.exception, EncoderError)
    assert "say it with --pooling cls, max, mean" in str(refused.exception)
    taught = call(plain, lay, "--pooling", "cls", "--yes")
    assert taught.exit_code == 0, taught.output
    assert catalogue.card("mine").pooling == "cls"


def test_fewer_layers_are_taught_with_as_many_texts_misspelt_as_is_said(source_folder: Path, lay: Path, own: Path):
    result = call(source_folder, lay, "--layers", "1", "--misspelt", "0.4", "--yes")
    assert result.exit_code == 0, result.output
    card = catalogue.card("mine")
    assert card.tags["architecture"]["layers"] == 1
    assert "cut to 1 layers and trained" in card.source
    assert read_json(own / "trainings" / "mine" / "training.json")["drawing"]["noise"] == 0.4
    again = call(source_folder, lay, "--name", "more", "--layers", "9", "--yes")
    assert "9 layers wanted, expected 1 to 2" in str(again.exception)
    assert not (own / "trainings" / "more").exists()


def test_the_plan_is_told_and_nothing_starts(source_folder: Path, lay: Path, own: Path):
    result = call(source_folder, lay, "--plan")
    assert result.exit_code == 0, result.output
    assert "3 steps of" in result.stderr
    assert result.stdout == ""
    assert not list(own.glob("mine*"))


def test_nothing_starts_without_a_yes(source_folder: Path, lay: Path, own: Path):
    result = call(source_folder, lay)
    assert result.exit_code != 0
    assert "Start?" in result.output
    assert not list(own.glob("mine*"))


def test_an_encoder_made_here_is_taught_further_by_its_name(source_folder: Path, lay: Path, own: Path):
    assert call(source_folder, lay, "--yes").exit_code == 0
    more = call(Path("mine"), lay, "--name", "more", "--yes")
    assert more.exit_code == 0, more.output
    assert catalogue.card("more").tags["made_of"]["folder"] == str(own / "trainings" / "more" / "trained")
    weights = own / "trainings" / "mine" / "trained" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"\0\0\0\0")
    changed = call(Path("mine"), lay, "--name", "other", "--plan")
    assert "mine: what it was made from is not here, or holds other files now" in changed.stderr
    assert "read back from its fp32 model" in changed.stderr


def test_the_encoder_in_the_box_is_taught_further_by_its_name(lay: Path, own: Path):
    result = call(Path("lexalign-e5"), lay, "--plan")
    assert result.exit_code == 0, result.output
    assert "read back from its int8 model" in result.stderr
    assert "3 steps of" in result.stderr


def test_a_taken_name_is_refused_before_anything_is_begun(
    source_folder: Path, lay: Path, own: Path, tmp_path: Path
):
    folder = tmp_path / "run"
    result = call(source_folder, lay, "--name", "lexalign-e5", "--folder", str(folder), "--yes")
    assert "'lexalign-e5' is there already; give another --name" in str(result.exception)
    assert "remove" not in str(result.exception), "one in the box cannot be removed"
    assert not folder.exists()


def test_nothing_to_teach_is_said(source_folder: Path, own: Path):
    arguments = [str(source_folder), "--name", "mine", "--no-project", "--yes"]
    result = CliRunner().invoke(train, arguments, obj=Path())
    assert result.exit_code != 0
    assert "nothing to teach" in result.output
