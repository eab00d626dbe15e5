"""A study's folder: one search at a time, of one thing, told in words and drawn."""

import re

import pytest

from pipeline.encoders.search import figure, report, study, wording
from pipeline.encoders.search.study import Study
from pipeline.encoders.search.trial import Constraint
from pipeline.errors import EncoderError, WorkspaceError
from tests.pipeline.encoders.search.trials import ABOUT, failed, trial

FIELDS = re.compile(r"\{(\w+)")
TRIALS = [trial(0, faster=1.5, lost=2, won=2), trial(1, faster=2.5, lost=3, won=1), failed(2)]


def test_what_was_kept_is_read_back(tmp_path):
    study.begin(tmp_path, ABOUT, Constraint(least_gain=0.5))
    assert study.read(tmp_path).trials == []
    study.keep(tmp_path, TRIALS)
    found = study.read(tmp_path)
    assert (found.trials, found.constraint.least_gain) == (TRIALS, 0.5)
    assert (found.best, found.front) == (TRIALS[1], [TRIALS[1], TRIALS[0]])


def test_a_folder_of_another_machine_is_refused_and_another_constraint_is_not(tmp_path):
    study.begin(tmp_path, ABOUT, Constraint())
    study.begin(tmp_path, ABOUT, Constraint(most_loss=0.01))
    with pytest.raises(EncoderError, match=r"another instruction_set \(instruction_set: avx2, now amx\).*--study"):
        study.begin(tmp_path, ABOUT | {"instruction_set": "amx"}, Constraint())


def test_two_searches_do_not_share_a_folder(tmp_path):
    with study.owned(tmp_path), pytest.raises(WorkspaceError, match="another search"), study.owned(tmp_path):
        pass
    with study.owned(tmp_path):
        pass


def test_a_folder_that_is_no_study_is_named(tmp_path):
    with pytest.raises(WorkspaceError, match=r"study\.json"):
        study.read(tmp_path)


def test_the_report_names_the_winner_and_what_the_sample_could_not_say():
    words = report.words(Study(ABOUT, Constraint(), TRIALS))
    assert "Trial 1: **onnxruntime int8 7 bits" in words
    assert "400 queries: one query is 0.250%" in words
    assert "smallest loss told from zero would be 1.50%" in words
    assert "0.01% is less than one query below 10,000 queries" in words
    assert "no calibration texts" in words


def test_the_report_is_french_for_who_asks_in_french(tmp_path):
    words = report.write(Study(ABOUT, Constraint(), TRIALS), tmp_path, language="fr").read_text("utf-8")
    assert "## Ce que l’échantillon ne peut pas voir" in words
    assert "400 requêtes de gold.tsv parmi 900 des 9\u202f000 atomes du projet" in words
    assert "une requête pèse 0,250\u202f%" in words
    assert (
        "Essai 1\u00a0: **onnxruntime int8 7 bits, 512 jetons par appel**, 2,50 fois la vitesse de fp32" in words
    )
    assert "perdues 3, gagnées 1\u202f; points perdus +0,50, intervalle de −" in words


def test_both_languages_say_the_same_things_with_the_same_figures():
    fields = {
        language: {key: FIELDS.findall(text) for key, text in wording._messages(language).items()}
        for language in wording.LANGUAGES
    }
    assert {key: sorted(names) for key, names in fields["fr"].items()} == {
        key: sorted(names) for key, names in fields["en"].items()
    }


def test_the_report_says_so_where_nothing_won():
    words = report.words(Study(ABOUT, Constraint(least_gain=9), TRIALS))
    assert "No trial keeps what was asked" in words


def test_the_plot_shows_each_trial_with_its_interval_the_front_and_the_winner(tmp_path):
    found = Study(ABOUT, Constraint(), TRIALS)
    drawn = {trace.name: trace for trace in figure.pareto(found).data}
    assert list(drawn) == ["onnxruntime int8", "Pareto front", "best: trial 1"]
    assert list(drawn["onnxruntime int8"].x) == pytest.approx([1.5, 2.5])
    assert list(drawn["onnxruntime int8"].y) == pytest.approx([0, 0.5])
    assert min(drawn["onnxruntime int8"].error_y.array) > 0
    assert "<script src=" not in figure.write(found, tmp_path).read_text("utf-8")
