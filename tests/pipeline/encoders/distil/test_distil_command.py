"""`lexalign encoders distil`, from a folder to a registered encoder or query side."""

import hashlib
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

torch = pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")

from pipeline.align import propose  # noqa: E402
from pipeline.cli.encoders import encoders  # noqa: E402
from pipeline.encoders import catalogue  # noqa: E402
from pipeline.files import write_json  # noqa: E402
from pipeline.prepare import Preparation  # noqa: E402
from pipeline.settings import Settings  # noqa: E402
from pipeline.workspace import Workspace, create  # noqa: E402
from tests.samples import atoms_of, entries_of  # noqa: E402

EXPORTS = pytest.mark.filterwarnings(
    "ignore::UserWarning", "ignore::DeprecationWarning"
)  # torch's, on its own code


@pytest.fixture(scope="module")
def index(source_folder: Path, workshop: Path) -> str:
    arguments = ["add", str(source_folder), "--name", "kale-index", "--lowercase", "--precision", "fp32", "--engine",
                 "onnxruntime", "--progress", "none"]  # fmt: skip
    made = CliRunner().invoke(encoders, arguments, obj=Path())
    assert made.exit_code == 0, made.output
    return "kale-index"


ATOMS = atoms_of(("C1", "FRE", "fièvre"), ("C2", "FRE", "œdème des jambes"), ("C3", "ENG", "cough"))
GOLD = "term\texplanation\tcuis\tsource\tmatch\njambes gonflées\t\tC2\ttest\tdifferent\n"


@pytest.fixture
def project(tmp_path: Path) -> Workspace:
    made = create(tmp_path / "project")
    release = made.sources / "umls-1"
    release.mkdir()
    pq.write_table(ATOMS, release / "atoms.parquet")
    write_json(release / "manifest.json", {})
    made.make_current("umls", release.name)
    return made


class NoMemory:
    def lookup(self, texts):
        return {}


def called(source: Path, name: str, lay: Path, folder: Path, *more: str, root: Path = Path()):
    arguments = ["distil", str(source), "--name", name, "--layers", "1", "--teach", str(lay), "--no-project",
                 "--no-paraphrases", "--steps", "3", "--concepts", "4", "--device", "cpu", "--progress", "none",
                 "--folder", str(folder), *more]  # fmt: skip
    return CliRunner().invoke(encoders, arguments, obj=root)


def proposed(name: str, vectors: Path) -> list[str]:
    """The CUIs that the encoder finds for one entry, with vectors kept in a folder."""
    entries = entries_of(("E1", "jambes gonflées", None))
    found = propose(
        entries, ATOMS, [catalogue.load(name)], Settings(top_k=3), prepare=Preparation(NoMemory()), cache=vectors
    )
    return found.candidates["CUI"].to_pylist()


def digests(folder: Path) -> dict[str, str]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@EXPORTS
@pytest.mark.parametrize("style", ["distil", "tiny", "compact", "vectors"])
def test_a_student_of_each_style_is_registered_and_listed(
    style: str, source_folder: Path, index: str, lay: Path, tmp_path: Path
):
    taught_by = ("--teacher", index) if style == "vectors" else ()
    name = f"pupil-{style}"
    done = called(source_folder, name, lay, tmp_path / "run", "--style", style, "--yes", *taught_by)
    assert done.exit_code == 0, (done.output, done.exception)
    assert done.stdout.split() == [f"{name}-fp32", name]
    listed = CliRunner().invoke(encoders, ["list"], obj=Path()).stdout
    assert name in listed
    card = catalogue.card(name)
    assert card.tags["architecture"]["layers"] == 1
    assert f"distilled to 1 layers ({style})" in card.source
    assert "query_side_of" not in card.tags
    vectors = catalogue.load(name).encode(["Sang dans les urines", "sang dans les urines"])
    assert np.array_equal(vectors[0], vectors[1])
    assert (tmp_path / "run" / "curve.html").exists()


@EXPORTS
def test_a_query_side_asks_the_kept_index_and_leaves_it_alone(
    source_folder: Path, index: str, lay: Path, project: Workspace, tmp_path: Path
):
    (tmp_path / "dev.tsv").write_text(GOLD, "utf-8")
    proposed(index, project.embeddings)
    [kept] = project.embeddings.iterdir()
    before = digests(kept), digests(catalogue.folders()[index])
    options = ["--query-side", "--teacher", index, "--measure", str(tmp_path / "dev.tsv"), "--measure-every", "2"]
    done = called(source_folder, "kale", lay, tmp_path / "run", *options, "--yes", root=project.root)
    assert done.exit_code == 0, (done.output, done.exception)
    assert f"before that the vectors of {index}" in done.stderr
    assert f"dev recall@100: 100.0 % asked by {index}, 100.0 % by kale" in done.stderr
    assert done.stdout.split() == ["kale-fp32", "kale"]
    for name in done.stdout.split():
        card = catalogue.card(name)
        assert card.tags["query_side_of"] == index
        assert card.tags["architecture"]["layers"] == 1
        assert sorted(proposed(name, project.embeddings)) == ["C1", "C2", "C3"]
    assert (digests(kept), digests(catalogue.folders()[index])) == before
    # the index has its target and its entry, each query side the entry alone
    assert sorted(len(np.load(file)) for file in project.embeddings.rglob("keys.npy")) == [1, 1, 1, 3]

    again = called(source_folder, "third", lay, tmp_path / "third", "--query-side", "--teacher", "kale", "--yes")
    assert f"kale: asks the index of {index}" in str(again.exception)
    assert not (tmp_path / "third").exists()


def test_a_plan_begins_nothing(source_folder: Path, index: str, lay: Path, tmp_path: Path):
    done = called(source_folder, "none", lay, tmp_path / "run", "--query-side", "--teacher", index, "--plan")
    assert done.exit_code == 0, done.exception
    assert f"4 concepts, 8 texts, taught by {index}; 3 steps" in done.stderr
    assert "minutes" in done.stderr
    assert "MB of memory" in done.stderr
    assert "none" not in catalogue.folders()
    assert not (tmp_path / "run").exists()


def test_nothing_starts_without_a_yes(source_folder: Path, workshop: Path, lay: Path, tmp_path: Path):
    done = called(source_folder, "none", lay, tmp_path / "run")
    assert done.exit_code == 1
    assert "Start?" in done.output
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--query-side",), "--teacher None, expected one of"),
        (("--query-side", "--teacher", "lexalign-e5", "--style", "tiny"), "a loss of its own"),
    ],
)
def test_options_that_say_against_each_other_are_refused(options, said, source_folder, lay, tmp_path):
    done = called(source_folder, "none", lay, tmp_path / "run", *options)
    assert done.exit_code == 2
    assert said in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--layers", "3"), "3 layers wanted, expected 1 to 2"),
        (("--teacher", "WIDE"), "wide-bert: vectors of 96 dimensions, the student's have 64"),
        (("--teacher", "lexalign-e5", "--style", "tiny"), "gives vectors only"),
        (("--teacher", "lexalign-e5", "--style", "vectors"), "vectors of 384 dimensions"),
        (("--name", "lexalign-e5"), "is there already"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_begun(
    options, said, source_folder, wide_folder, workshop, lay, tmp_path
):
    given = [str(wide_folder) if option == "WIDE" else option for option in options]
    done = called(source_folder, "none", lay, tmp_path / "run", *given, "--yes")
    assert said in str(done.exception)
    assert not (tmp_path / "run").exists()


@EXPORTS
def test_a_wider_teacher_of_the_same_words_teaches_by_states(
    source_folder: Path, wide_folder: Path, workshop: Path, lay: Path, tmp_path: Path
):
    done = called(
        source_folder, "bridged", lay, tmp_path / "run", "--style", "tiny", "--teacher", str(wide_folder), "--yes"
    )
    assert done.exit_code == 0, (done.output, done.exception)
    assert catalogue.card("bridged").dimension == 64
