"""`lexalign encoders compare` on the sample project."""

import json
import shutil
import subprocess
import sys

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pipeline.workspace import Workspace

NAMES = ("lexalign-e5", "lexalign-minilm")


def compare(root, *arguments):
    command = [sys.executable, "-m", "pipeline.cli.main", "-w", root, "encoders", "compare", *arguments]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def project(sample, tmp_path):
    return Workspace(shutil.copytree(sample, tmp_path / "projet"))


@pytest.fixture
def ratings(project, tmp_path):
    """The first candidates of the first encoder in ten entries, all rated 5."""
    rows = pq.read_table(
        project.latest_run() / "candidates.parquet",
        filters=(pc.field("encoder") == NAMES[0]) & (pc.field("rank") == 1),
    )
    path = tmp_path / "ratings.csv"
    first = rows.slice(0, 10).select(["entry_id", "CUI"]).to_pandas()
    first.assign(person="Aude", rating=5).to_csv(path, index=False, encoding="utf-8-sig")
    return path


def test_it_reads_the_finished_run_and_says_what_changes(project, ratings):
    result = compare(project.root, *NAMES, "--ratings", ratings, "--json", "--progress", "none")
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["run"] == project.latest_run().name
    assert set(report["agreement"]["overlap"]) == {"1", "5", "10"}
    assert report["drift"] is None
    assert sum(report["rated"]["5"].values()) == 10
    assert len(report["changes"]) == 10 - report["rated"]["5"]["same"]
    assert len(project.finished_runs()) == 1


def test_in_words_too(project):
    result = compare(project.root, *NAMES, "--progress", "none")
    assert result.returncode == 0, result.stderr
    assert "overlap@10" in result.stdout
    assert "of different models" in result.stdout


def test_an_encoder_against_itself_is_refused(project):
    result = compare(project.root, NAMES[0], NAMES[0])
    assert result.returncode == 1
    assert "expected two encoders" in result.stderr
