"""`lexalign encoders prune`, as a user calls it."""

import hashlib
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")

from pipeline.cli.encoders import encoders, pruning
from pipeline.encoders import catalogue
from pipeline.encoders.measure import drift
from pipeline.encoders.prune import run
from pipeline.encoders.quantise.layers import linears
from pipeline.encoders.quantise.onnx_file import OnnxFile
from pipeline.encoders.train.student import Student
from pipeline.errors import EncoderError


def called(source: Path, lay: Path, *more: str):
    arguments = ["prune", str(source), "--name", "small", "--teach", str(lay), "--no-project", "--no-paraphrases",
                 "--pairs", "32", "--concepts", "4", "--device", "cpu", "--progress", "none", *more]  # fmt: skip
    return CliRunner().invoke(encoders, arguments, obj=Path())


def of_all(folder: Path) -> dict[str, str]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def inner(card) -> list[int]:
    """Neurons of each layer, as its file has them."""
    file = OnnxFile(card.folder / "model.onnx")
    return [file.shape(layer.weight)[1] for layer in linears(file) if "intermediate" in layer.name]


def test_a_pruned_encoder_is_registered_narrower_and_near_its_own_torch_model(source_folder, lay, own, texts):
    before = of_all(source_folder)
    done = called(source_folder, lay, "--sparsity", "0.4", "--tune-steps", "2", "--yes")
    assert done.exit_code == 0, (done.output, done.exception)
    assert done.stdout.split() == ["small-fp32", "small"]
    assert "heads kept in each layer" in done.stderr
    assert of_all(source_folder) == before
    card = catalogue.card("small-fp32")
    assert card.source == "tiny-bert, pruned by 40% (fisher) and tuned 2 steps as small"
    assert sum(inner(card)) < 2 * 128
    torch_model = Student(own / "prunings" / "small" / "tuning" / "trained").model
    theirs = torch_model.encode([text.lower() for text in texts], normalize_embeddings=True)
    assert drift(catalogue.load("small-fp32").encode(texts), theirs).least_cosine > 0.9999
    assert drift(catalogue.load("small").encode(texts), theirs).least_cosine > 0.98
    listed = CliRunner().invoke(encoders, ["list"], obj=Path())
    assert {"small", "small-fp32"} <= set(listed.output.split())
    with pytest.raises(EncoderError, match="there already"):
        raise called(source_folder, lay, "--yes").exception


def test_a_plan_begins_nothing(source_folder: Path, lay: Path, own: Path):
    done = called(source_folder, lay, "--plan")
    assert (done.exit_code, done.stdout) == (0, ""), (done.output, done.exception)
    assert "8 pairs of 4 concepts: pruning takes about" in done.stderr
    assert "steps" not in done.stderr
    assert not own.exists()


def test_the_plan_of_what_is_tuned_after_is_told_too(source_folder: Path, lay: Path, own: Path):
    done = called(source_folder, lay, "--tune-steps", "300", "--plan")
    assert "then 4 concepts, 8 texts; 300 steps" in done.stderr
    assert not (own / "prunings" / "small" / run.PRUNED).exists()


def test_nothing_starts_without_a_yes(source_folder: Path, lay: Path, own: Path):
    done = called(source_folder, lay)
    assert done.exit_code != 0
    assert "Start?" in done.output
    assert not own.exists()


@pytest.mark.parametrize("method", ["fisher", "magnitude", "random"])
def test_a_run_killed_before_it_was_registered_goes_on_from_there(
    method: str, source_folder: Path, lay: Path, own: Path, monkeypatch: pytest.MonkeyPatch
):
    made: list[tuple[Path, str]] = []

    def killed(_, folder: Path, how: str, *more: object) -> None:
        made.append((folder, how))
        raise KeyboardInterrupt

    monkeypatch.setattr(pruning, "register", killed)
    given = (source_folder, lay, "--method", method, "--stages", "2", "--yes")
    assert called(*given).exit_code != 0
    weights = made[0][0] / "model.safetensors"
    before = weights.stat().st_mtime_ns
    called(*given)
    assert made == [(own / "prunings" / "small" / run.PRUNED, f"pruned by 25% ({method}, 2 of 3 stages)")] * 2
    assert weights.stat().st_mtime_ns == before
    assert "small" not in catalogue.folders()


def test_nothing_to_teach_is_said(source_folder: Path, own: Path):
    arguments = ["prune", str(source_folder), "--name", "small", "--no-project", "--yes"]
    done = CliRunner().invoke(encoders, arguments, obj=Path())
    assert done.exit_code == 2
    assert "nothing to teach" in done.output
    assert not own.exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--sparsity", "1"), "not in the range"),
        (("--method", "guess"), "'fisher', 'magnitude', 'random'"),
        (("--name", "a/b"), "expected a name of letters"),
        (("--name", "lexalign-e5"), "there already"),
    ],
)
def test_bad_options_are_refused_before_anything_is_begun(options, said, source_folder, lay, own):
    done = called(source_folder, lay, *options, "--yes")
    assert said in f"{done.output} {done.exception}"
    assert not own.exists()


def test_no_folder_and_no_text_encoder_are_refused(lay: Path, own: Path, source_folder: Path, tmp_path: Path):
    assert "no such folder" in str(called(tmp_path / "absent", lay, "--yes").exception)
    other = tmp_path / "other"
    shutil.copytree(source_folder, other)
    (other / "config.json").write_text("{}", "utf-8")
    assert isinstance(called(other, lay, "--yes").exception, EncoderError)
    assert not own.exists()
