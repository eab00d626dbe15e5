"""`lexalign encoders harden`, from a folder to a registered query side."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

torch = pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")

from pipeline.cli.encoders.adding import add  # noqa: E402
from pipeline.cli.encoders.hardening import harden  # noqa: E402
from pipeline.encoders import catalogue  # noqa: E402
from pipeline.encoders.card import to_json  # noqa: E402
from pipeline.files import write_json  # noqa: E402


@pytest.fixture(scope="module")
def index(source_folder: Path, workshop: Path) -> str:
    arguments = [str(source_folder), "--name", "hard-index", "--lowercase", "--precision", "fp32", "--engine",
                 "onnxruntime", "--progress", "none"]  # fmt: skip
    made = CliRunner().invoke(add, arguments, obj=Path())
    assert made.exit_code == 0, made.output
    return "hard-index"


@pytest.mark.filterwarnings(
    "ignore::UserWarning", "ignore::DeprecationWarning"
)  # torch's exporter, on its own code
def test_a_folder_becomes_the_query_side_of_an_index(source_folder: Path, index: str, lay: Path, tmp_path: Path):
    arguments = [str(source_folder), "--name", "hard-queries", "--index", index, "--teach", str(lay), "--no-project",
                 "--no-paraphrases", "--steps", "3", "--queries", "4", "--device", "cpu", "--yes", "--progress",
                 "none", "--folder", str(tmp_path / "run")]  # fmt: skip
    before = (catalogue.folders()[index] / "encoder.json").read_bytes()
    done = CliRunner().invoke(harden, arguments, obj=tmp_path)
    assert done.exit_code == 0, (done.output, done.exception)
    assert "4 concepts, 8 French texts" in done.stderr
    assert done.stdout.split() == ["hard-queries-fp32", "hard-queries"]
    assert catalogue.card("hard-queries").tags["query_side_of"] == index
    assert catalogue.card("hard-queries-fp32").tags["query_side_of"] == index
    assert (catalogue.folders()[index] / "encoder.json").read_bytes() == before


def test_a_plan_begins_nothing(source_folder: Path, index: str, lay: Path, tmp_path: Path):
    arguments = [str(source_folder), "--name", "hard-plan", "--index", index, "--teach", str(lay), "--no-project",
                 "--no-paraphrases", "--queries", "4", "--device", "cpu", "--plan", "--progress", "none",
                 "--folder", str(tmp_path / "run")]  # fmt: skip
    done = CliRunner().invoke(harden, arguments, obj=tmp_path)
    assert done.exit_code == 0, done.exception
    assert "400 steps" in done.stderr
    assert "hard-plan" not in catalogue.folders()
    assert not (tmp_path / "run" / "training.json").exists()


def test_a_taken_name_is_refused_before_anything_is_begun(
    source_folder: Path, index: str, lay: Path, tmp_path: Path
):
    arguments = [str(source_folder), "--name", index, "--index", index, "--teach", str(lay), "--yes", "--progress",
                 "none", "--folder", str(tmp_path / "run")]  # fmt: skip
    done = CliRunner().invoke(harden, arguments, obj=tmp_path)
    assert "is there already" in str(done.exception)
    assert not (tmp_path / "run").exists()


def test_an_index_of_another_encoder_is_refused_before_anything_is_begun(source_folder, lay, tmp_path, workshop):
    another = min(file.parent.name for file in catalogue.BUNDLED.glob("*/encoder.json"))
    arguments = [str(source_folder), "--name", "hard-other", "--index", another, "--teach", str(lay), "--no-project",
                 "--no-paraphrases", "--device", "cpu", "--yes", "--progress", "none", "--folder",
                 str(tmp_path / "run")]  # fmt: skip
    done = CliRunner().invoke(harden, arguments, obj=tmp_path)
    assert "made of SOURCE" in str(done.exception)
    assert not (tmp_path / "run").exists()
    assert "hard-other" not in catalogue.folders()


def test_an_encoder_without_an_index_of_its_own_is_refused(
    source_folder: Path, index: str, lay: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shutil.copytree(catalogue.folders()[index], tmp_path / "own" / "hard-side")
    monkeypatch.setattr(catalogue, "own", lambda: tmp_path / "own")
    card = catalogue.card("hard-side")
    write_json(card.folder / "encoder.json", to_json(card) | {catalogue.QUERY_SIDE_OF: index})
    arguments = [str(source_folder), "--name", "hard-again", "--index", "hard-side", "--teach", str(lay),
                 "--no-project", "--no-paraphrases", "--device", "cpu", "--yes", "--progress", "none", "--folder",
                 str(tmp_path / "run")]  # fmt: skip
    done = CliRunner().invoke(harden, arguments, obj=tmp_path)
    assert f"asks the index of {index}" in str(done.exception)
    assert not (tmp_path / "run").exists()


def test_one_concept_is_nothing_to_tell_apart(source_folder: Path, index: str, lay: Path, tmp_path: Path):
    lay.write_text("".join(lay.read_text("utf-8").splitlines(keepends=True)[:3]), "utf-8")
    arguments = [str(source_folder), "--name", "hard-one", "--index", index, "--teach", str(lay), "--no-project",
                 "--no-paraphrases", "--device", "cpu", "--yes", "--progress", "none", "--folder",
                 str(tmp_path / "run")]  # fmt: skip
    done = CliRunner().invoke(harden, arguments, obj=tmp_path)
    assert "1 of 1 concepts with a French text, expected two" in str(done.exception)
    assert not (tmp_path / "run").exists()


def test_a_noise_that_is_not_known_is_wrong_usage(source_folder: Path, lay: Path):
    arguments = [
        str(source_folder),
        "--name",
        "hard-loud",
        "--index",
        "any",
        "--teach",
        str(lay),
        "--noise",
        "shouting",
    ]
    done = CliRunner().invoke(harden, arguments, obj=Path())
    assert done.exit_code == 2
    assert "'shouting' is not one of 'keyboard'" in done.output
