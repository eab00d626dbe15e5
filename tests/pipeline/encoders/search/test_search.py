"""A search ends with a report and a winner, and a kill costs it one trial."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from pipeline.encoders import catalogue
from pipeline.encoders.recipe import from_json
from pipeline.encoders.search import candidate, run, study
from pipeline.encoders.search.register import register
from pipeline.encoders.search.run import search
from pipeline.encoders.search.trial import Constraint
from pipeline.errors import EncoderError

pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("optuna", reason="the extra `search` is not installed")
EASY = Constraint(most_loss=1, least_gain=-1)


@pytest.fixture(scope="module", autouse=True)
def quick():
    """Timing is not what is tested."""
    timed = candidate.interleaved
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run.speed, "amount", lambda *_: 64)
        patch.setattr(candidate, "interleaved", lambda *given: timed(*given, rounds=1))
        yield


def lexalign(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "pipeline.cli.main", "encoders", *map(str, arguments)]


@pytest.fixture(scope="module")
def found(quick, fp32, synonyms, texts, tmp_path_factory):
    """A study of three trials."""
    folder = tmp_path_factory.mktemp("study")
    search(fp32, synonyms, folder, texts=texts, constraint=EASY, engines=["onnxruntime"], trials=3)
    return folder


def test_every_trial_is_kept_with_what_was_measured(found):
    trials = json.loads((found / "trials.json").read_text("utf-8"))
    assert [trial["state"] for trial in trials] == ["done"] * 3
    assert trials[0]["recipe"]["precision"] == "int8"
    assert trials[1]["recipe"]["precision"] == "fp32"
    assert trials[1]["measured"]["quality"]["agreement"]["value"] == 1
    assert 0 < trials[0]["measured"]["bytes"] < trials[1]["measured"]["bytes"]
    assert len(trials[0]["measured"]["seconds"]["fp32"]) == 1
    assert {"report.md", "pareto.html", "pareto.json", "study.json"} <= {file.name for file in found.iterdir()}
    assert not list(found.glob(f"{candidate.MAKING}*"))


def test_a_search_that_is_started_again_goes_on(found, fp32, synonyms, texts, monkeypatch):
    before = study.read(found).trials
    made = []
    measured = candidate.measured
    monkeypatch.setattr(run, "measured", lambda recipe, *given: made.append(recipe) or measured(recipe, *given))
    search(fp32, synonyms, found, texts=texts, constraint=EASY, engines=["onnxruntime"], trials=5)
    after = study.read(found).trials
    assert after[:3] == before
    assert len(after) == 5
    assert not {trial.recipe for trial in before} & set(made), "the same recipe was made twice"


def test_the_winner_is_registered_and_says_where_it_comes_from(found, fp32):
    best = study.read(found).best
    card = register(found, "best", name="tiny-searched")
    assert from_json(card.tags["recipe"]) == best.recipe
    assert card.tags["measured"]["drift"]["mean_cosine"] == pytest.approx(best.done.drift.mean_cosine)
    assert catalogue.load("tiny-searched").encode(["fièvre"]).shape == (1, fp32.dimension)


def test_the_winner_runs_with_the_tokens_a_call_that_were_measured(found, tmp_path):
    folder = shutil.copytree(found, tmp_path / "study")
    trials = json.loads((folder / "trials.json").read_text("utf-8"))
    (folder / "trials.json").write_text(json.dumps([trial | {"batch_tokens": 512} for trial in trials]), "utf-8")
    register(folder, "best", name="tiny-512")
    assert catalogue.load("tiny-512").batch_tokens == 512
    assert catalogue.load("tiny-512", batch_tokens=64).batch_tokens == 64, "a project's own number goes before"


@pytest.mark.parametrize(
    ("which", "told"),
    [("77", "no trial 77 that was measured, expected best or one of 0, 1, 2"), ("x", "no trial x")],
)
def test_a_trial_that_is_not_there_is_named(found, which, told):
    with pytest.raises(EncoderError, match=told):
        register(found, which, name="nobody")


def test_a_search_of_another_sample_is_refused(found, fp32, synonyms, texts):
    with pytest.raises(EncoderError, match=r"another calibration_texts.*--study"):
        search(fp32, synonyms, found, texts=texts[:50], engines=["onnxruntime"], trials=6)


def test_a_recipe_that_cannot_be_made_is_a_result(fp32, synonyms, texts, tmp_path, monkeypatch):
    def refuse(recipe, *_):
        raise EncoderError(f"{recipe.precision}: no")

    monkeypatch.setattr(run, "measured", refuse)
    found = search(fp32, synonyms, tmp_path / "s", texts=texts, engines=["onnxruntime"], trials=2)
    assert [trial.reason for trial in found.trials] == ["int8: no", "fp32: no"]
    assert found.best is None
    with pytest.raises(EncoderError, match="none of 2 trials keeps"):
        register(tmp_path / "s", "best", name="nobody")


def test_a_killed_search_goes_on_with_the_trials_done(fp32, tmp_path):
    folder = tmp_path / "study"
    command = lexalign(
        "search", fp32.name, "--queries", 40, "--pool", 200, "--engine", "onnxruntime", "--study", folder,
        "--progress", "none", "--trials",
    )  # fmt: skip
    process = subprocess.Popen([*command, "9"], stderr=subprocess.DEVNULL)
    while len(study.read(folder).trials if (folder / study.ASKED).exists() else []) < 1:
        assert process.poll() is None
        time.sleep(0.05)
    busy = subprocess.run([*command, "1"], capture_output=True, text=True, check=False)
    assert (busy.returncode, "another search is running" in busy.stderr) == (1, True), busy.stderr
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = study.read(folder).trials
    with (folder / "journal.log").open("ab") as file:
        file.write(b'{"op_code": 4, "wor')  # what a kill in the middle of a line leaves
    again = subprocess.run([*command, str(len(before) + 1)], capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    after = study.read(folder).trials
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
    assert not list(folder.glob(f"{candidate.MAKING}*"))
    named = ["register", folder, "--trial", after[-1].number, "--name", "survivor", "--progress", "none"]
    done = subprocess.run(lexalign(*named), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "survivor\n"), done.stderr
