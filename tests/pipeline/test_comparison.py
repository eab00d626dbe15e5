"""Two encoders on a project of real terms, without weights."""

from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from pipeline import comparison, run
from pipeline.errors import InputError, WorkspaceError
from pipeline.files import write_json
from pipeline.prepare import Preparation
from pipeline.settings import Settings
from pipeline.translate import Memory
from tests.samples import LetterEncoder, atoms_of, entries_of

AT = datetime(2026, 1, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 1, 3, 9, tzinfo=UTC)


def named(name, fingerprint="1"):
    encoder = LetterEncoder()
    encoder.name, encoder.fingerprint = name, f"{name}-{fingerprint}"
    return encoder


@pytest.fixture
def project(workspace):
    tables = {
        "lexicon": ("entries", entries_of(("E1", "fièvre", None), ("E2", "toux grasse", "Toux avec crachats"))),
        "umls": (
            "atoms",
            atoms_of(("C0015967", "FRE", "Fièvre"), ("C0010200", "FRE", "Toux"), ("C0239134", "ENG", "Wet cough")),
        ),
    }
    for kind, (name, table) in tables.items():
        folder = workspace.sources / f"{kind}-1"
        folder.mkdir(parents=True)
        pq.write_table(table, folder / f"{name}.parquet")
        write_json(folder / "manifest.json", {})
        workspace.make_current(kind, folder.name)
    return workspace


def make(project, *names, at=AT, **options):
    prepare = Preparation(Memory(project.translations))
    options = {"same_space": False} | options
    return comparison.make(project, [named(n) for n in names], Settings(), prepare=prepare, at=at, **options)


def test_both_sides_are_kept_and_found_again(project):
    folder = make(project, "a", "b")
    assert comparison.find(project, "b", "a") == folder
    sides = comparison.read(folder, "a", "b")
    assert set(sides.before["encoder"].to_pylist()) == {"a"}
    assert sides.before["CUI"].to_pylist() == sides.after["CUI"].to_pylist()
    assert sides.drift is None
    assert project.finished_runs() == []


def test_vectors_that_did_not_move_have_no_drift(project):
    drift = comparison.read(make(project, "a", "b", same_space=True), "a", "b").drift
    assert (drift["texts"], drift["neighbours"]) == (2, 1)
    assert drift["mean_cosine"] == pytest.approx(1)


def test_a_finished_run_of_the_same_is_used_and_one_of_another_model_is_not(project):
    prepare = Preparation(Memory(project.translations))
    folder = run.align(project, [named("a"), named("b")], Settings(), prepare=prepare, at=AT)
    assert comparison.read(make(project, "a", "b", at=LATER), "a", "b").manifest["run"] == folder.name
    changed = [named("a"), named("b", "2")]
    again = comparison.make(project, changed, Settings(), prepare=prepare, same_space=False, at=LATER)
    assert comparison.read(again, "a", "b").manifest["run"] is None


def test_the_newest_of_runs_and_comparisons_is_taken(project):
    make(project, "a", "b")
    prepare = Preparation(Memory(project.translations))
    folder = run.align(project, [named("a"), named("b")], Settings(), prepare=prepare, at=LATER)
    assert comparison.find(project, "a", "b") == folder
    assert comparison.find(project, "a", "c") is None


def test_one_encoder_is_nothing_to_compare(project):
    with pytest.raises(InputError, match="two encoders"):
        make(project, "a", "a")


def test_an_encoder_that_took_no_part_is_said(project):
    with pytest.raises(WorkspaceError, match="no c"):
        comparison.read(make(project, "a", "b"), "a", "c")
