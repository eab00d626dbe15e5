"""The command line as a contract: names, exit codes, what goes to stdout and what to stderr."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

SAMPLE = Path(__file__).parents[3] / "assets" / "sample"
COLUMNS = {"entry_id", "term", "explanation", "rank", "cui", "name", "encoders", "score"}


def lexalign(*arguments: object, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "pipeline.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)


def done(*arguments: object, **options) -> str:
    result = lexalign(*arguments, **options)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def project(sample) -> Path:
    return sample


def test_a_project_from_nothing_to_candidates(tmp_path):
    """Five entries, French names only, one encoder, three candidates each."""
    lines = (SAMPLE / "lexicon.txt").read_text(encoding="utf8").splitlines(keepends=True)
    (tmp_path / "lexique.txt").write_text("".join(lines[:6]), encoding="utf8")
    atoms = (SAMPLE / "umls" / "MRCONSO.RRF").read_text(encoding="utf8").splitlines(keepends=True)
    (tmp_path / "MRCONSO.RRF").write_text("".join(atoms[:300]), encoding="utf8")
    root = tmp_path / "projet"
    done("init", root)
    assert json.loads(done("-w", root, "ingest", "lexicon", tmp_path / "lexique.txt", "--json"))
    done("-w", root, "ingest", "umls", tmp_path / "MRCONSO.RRF", "--language", "FRE")
    run = done("-w", root, "align", "--top-k", 3, "--encoder", "lexalign-minilm", "--progress", "json").strip()
    rows = json.loads(done("-w", root, "candidates", "--format", "json"))
    assert [row["rank"] for row in rows] == [1, 2, 3] * 5
    assert {row["language"] for row in rows} == {"FRE"}
    assert Path(run).parent == root / "runs"


def test_candidates_come_in_three_formats_with_the_same_rows(project, tmp_path):
    rows = json.loads(done("-w", project, "candidates", "--format", "json"))
    lines = done("-w", project, "candidates", "--format", "tsv").splitlines()
    done("-w", project, "candidates", "--format", "parquet", "-o", tmp_path / "c.parquet")
    table = pq.read_table(tmp_path / "c.parquet")
    assert len(rows) == len(lines) - 1 == len(table) >= 445 * 10
    assert set(rows[0]) >= COLUMNS
    assert set(lines[0].split("\t")) >= COLUMNS
    assert [row["cui"] for row in rows] == table["cui"].to_pylist()
    assert {row["encoders"] for row in rows} >= {"lexalign-e5", "lexalign-e5|lexalign-minilm"}


def test_one_encoders_candidates_have_ranks_1_to_k(project):
    rows = json.loads(done("-w", project, "candidates", "--format", "json", "--encoder", "lexalign-minilm"))
    assert [row["rank"] for row in rows] == list(range(1, 11)) * 445
    assert {row["encoders"] for row in rows} == {"lexalign-minilm"}


def test_evaluate_prints_each_encoder_and_the_merge(project):
    gold = SAMPLE / "gold.tsv"
    found = json.loads(done("-w", project, "evaluate", "linking", gold, "--json"))["systems"]
    assert set(found) == {"lexalign-e5", "lexalign-minilm", "merged"}
    for kinds in found.values():
        assert set(kinds) == {"all", "exact", "inflected", "different"}
        assert kinds["all"]["n"] == sum(kinds[kind]["n"] for kind in ("exact", "inflected", "different"))
        assert set(kinds["all"]) >= {"n", "accuracy@1", "accuracy@5", "mrr"}
        assert 0.3 < kinds["all"]["accuracy@1"] <= kinds["all"]["accuracy@5"] <= 1
    assert "merged" in done("-w", project, "evaluate", "linking", gold)


def test_encode_keeps_the_order_of_the_lines(tmp_path):
    lines = ["saignement de nez", "", "fièvre", "saignement de nez", "œdème des jambes"]
    (tmp_path / "t.txt").write_text("\n".join(lines) + "\n", encoding="utf8")
    for name, extra in (("a", ["--no-cache", "--threads", 1]), ("b", ["--no-cache", "--batch-tokens", 7])):
        done("encode", tmp_path / "t.txt", "--encoder", "lexalign-e5", "--output", tmp_path / name, *extra)
    first, second = np.load(tmp_path / "a"), np.load(tmp_path / "b")
    assert first.shape == (5, 384)
    assert first.dtype == np.float32
    assert np.array_equal(first, second)
    assert np.array_equal(first[0], first[3])


def test_encoders_list_names_is_for_scripts(tmp_path, monkeypatch):
    monkeypatch.setenv("LEXALIGN_ENCODERS", str(tmp_path))  # none of one's own
    assert done("encoders", "list", "--names").split() == ["lexalign-e5", "lexalign-minilm"]
    assert {"name", "dimension", "licence"} <= set(json.loads(done("encoders", "list", "--json"))[0])


def test_reports_are_json_on_demand(project):
    for kind in ("lexicon", "umls"):
        assert json.loads(done("-w", project, "report", kind, "--json"))
        assert done("-w", project, "report", kind)


def test_doctor_says_ok(project):
    result = lexalign("-w", project, "doctor", "--json")
    findings = {finding["what"]: finding["state"] for finding in json.loads(result.stdout)}
    assert result.returncode == 0, findings
    assert findings["project"] == findings["encoder lexalign-e5"] == "ok"


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["init"],
        ["ingest"],
        ["ingest", "lexicon"],
        ["ingest", "umls"],
        ["report"],
        ["translate"],
        ["align"],
        ["candidates"],
        ["encode"],
        ["encoders"],
        ["encoders", "list"],
        ["encoders", "pretrain"],
        ["evaluate"],
        ["evaluate", "linking"],
        ["export"],
        ["app"],
        ["demo"],
        ["doctor"],
    ],
    ids=" ".join,
)
def test_every_command_has_help_with_an_example(command):
    text = done(*command, "--help")
    assert "Usage: " in text
    assert "Example" in text or "Commands:" in text


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["align"], 1, "lexalign init"),
        (["-w", "PROJECT", "candidates", "--run", "absent"], 1, "not there"),
        (
            ["-w", "PROJECT", "candidates", "--encoder", "krissbert"],
            1,
            "it has lexalign-e5, lexalign-minilm",
        ),
        (["-w", "PROJECT", "align", "--encoder", "krissbert"], 1, "no encoder 'krissbert'; known: "),
        (["init", "PROJECT"], 1, "already"),
        (["-w", "PROJECT", "ingest", "lexicon", "absent.txt"], 1, "absent.txt"),
        (["-w", "PROJECT", "ingest", "umls", "absent"], 1, "absent"),
        (["-w", "PROJECT", "evaluate", "linking", "absent.tsv"], 1, "absent.tsv"),
        (["encode", "absent.txt", "--encoder", "lexalign-e5", "-o", "x.npy"], 1, "absent.txt"),
        (["align", "--top-k", "0"], 2, "top-k"),
        (["frobnicate"], 2, "No such command"),
    ],
)
def test_errors_go_to_stderr_in_words(project, tmp_path, arguments, code, said):
    result = lexalign(
        *[project if a == "PROJECT" else a for a in arguments],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": "/usr/bin:/bin"},
    )
    assert (result.returncode, result.stdout) == (code, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr
