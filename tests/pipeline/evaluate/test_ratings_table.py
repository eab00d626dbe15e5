"""An exported ratings table and the command that reads it."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner

from pipeline.cli.evaluate import evaluate
from pipeline.errors import FormatError
from pipeline.evaluate.ratings_table import read

ROWS = pd.DataFrame(
    [
        ("fièvre", "0001", "C0015967", "Aude", 5, "e5|use", True, "2026-03-02T09:30:00Z"),
        ("fièvre", "0001", "C0015967", "Bruno", 4, "e5|use", True, "2026-03-02T09:31:00Z"),
        ("fièvre", "0001", "C0015967", "Chloé", 0, "e5|use", False, "2026-03-02T09:32:00Z"),
        ("toux", "0002", "C0010200", "Aude", 1, "", None, "2026-03-02T09:33:00Z"),
        ("toux", "0002", "C0010200", "Bruno", 1, "", None, "2026-03-02T09:34:00Z"),
    ],
    columns=["term", "entry_id", "CUI", "person", "rating", "encoders", "blind", "rated_at"],
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "ratings.csv"
    ROWS.to_csv(path, index=False, encoding="utf-8-sig")
    return path


def test_what_was_not_rated_blind_is_left_out(file):
    rows = read(file).to_pylist()
    assert [row["person"] for row in rows] == ["Aude", "Bruno", "Aude", "Bruno"]
    assert [row["encoders"] for row in rows] == [["e5", "use"], ["e5", "use"], [], []]
    assert rows[0]["at"].minute == 30


def test_parquet_keeps_its_lists(tmp_path):
    path = tmp_path / "ratings.parquet"
    ROWS.assign(encoders=[["e5", "use"]] * 3 + [[]] * 2).to_parquet(path)
    assert [row["encoders"] for row in read(path).to_pylist()] == [["e5", "use"]] * 2 + [[]] * 2


def test_a_table_without_more_than_its_four_columns_is_enough(tmp_path):
    path = tmp_path / "ratings.tsv"
    ROWS[["entry_id", "CUI", "person", "rating"]].to_csv(path, index=False, sep="\t")
    assert len(read(path)) == 5


def test_seconds_that_are_none_are_refused_in_words(tmp_path):
    path = tmp_path / "ratings.csv"
    ROWS.assign(seconds="long").to_csv(path, index=False)
    with pytest.raises(FormatError, match="export the ratings again"):
        read(path)


def test_the_command_tells_alpha_and_kappa(file):
    told = CliRunner().invoke(evaluate, ["agreement", str(file)])
    assert told.exit_code == 0
    assert told.output.splitlines()[1].split()[:4] == ["all", "2", "2", "0.833"]
    assert "Aude, Bruno" in told.output
    assert "use" in told.output


def test_the_command_says_why_a_figure_is_not_defined(tmp_path):
    path = tmp_path / "ratings.csv"
    ROWS[ROWS["person"] == "Aude"].to_csv(path, index=False)
    assert "one person" in CliRunner().invoke(evaluate, ["agreement", str(path)]).output


def test_json_has_the_whole_report(file, tmp_path):
    types = tmp_path / "semantic_types.parquet"
    pd.DataFrame({"CUI": ["C0015967"], "STY": ["Sign or Symptom"]}).to_parquet(types)
    told = CliRunner().invoke(evaluate, ["agreement", str(file), "--types", str(types), "--json"])
    found = json.loads(told.output)
    assert found["overall"]["pairs"] == 2
    assert list(found["types"]) == ["Sign or Symptom"]
