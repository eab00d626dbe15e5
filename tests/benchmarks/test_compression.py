"""The table of smaller encoders: what is asked of each."""

import json
from pathlib import Path

import pytest

from benchmarks import compression
from pipeline.encoders.noise import NOISES
from pipeline.evaluate.linking import read_gold

HOME = Path(__file__).parents[2]
DOCUMENTED = (HOME / "docs" / "teaching.md").read_text("utf-8")


def test_each_entry_is_misspelt_in_its_own_way_and_its_answer_stays(tmp_path):
    path = tmp_path / "gold.tsv"
    rows = ["hypertension artérielle de l’enfant\t\tC0020538\tHPO\tdifferent"] * 2 * len(NOISES)
    path.write_text("\n".join(["term\texplanation\tcuis\tsource\tmatch", *rows]) + "\n", encoding="utf8")
    gold = read_gold(path)
    found = compression.misspelt(gold)
    terms = found.entries["term"].to_pylist()
    assert len(set(terms[: len(NOISES)])) == len(NOISES)
    assert gold.entries["term"][0].as_py() not in terms
    assert (found.cuis, found.entries["entry_id"]) == (gold.cuis, gold.entries["entry_id"])


def test_what_is_won_over_the_parent_is_paired_by_entry():
    found = compression.against([1, 0, 2, 1], [1, 1, 0, 1])
    assert (found["accuracy@1"], found["gain@1"]["won"], found["gain@1"]["lost"]) == (0.75, 1, 0)
    assert compression.cell(found, at=()) == "75.0 / 75.0"
    assert compression.cell(found, at=[1]).startswith("75.0 / 75.0, +25.0 (−")
    assert " / 0.0 (−" in compression.cell(found, at=[1, 5])


@pytest.mark.parametrize(
    ("share", "said"), [(0.0123, "1.2"), (-0.0123, "−1.2"), (-0.0001, "0.0"), (-0.1, "−10.0")]
)
def test_points_have_a_true_minus_and_no_minus_nothing(share: float, said: str):
    assert compression.points(share) == said


@pytest.mark.parametrize("name", ["compression.json", "compression-fp32.json", "compression-retrained.json"])
def test_the_documented_table_says_what_was_measured(name: str):
    measured = json.loads((HOME / "benchmarks" / "results" / name).read_text("utf-8"))
    for encoder, found in measured["encoders"].items():
        at = () if encoder == measured["parent"] else (1,)
        assert f"| {compression.row(found, at=at)} |" in DOCUMENTED, encoder


def test_what_each_teacher_brings_is_documented_as_it_was_measured():
    measured = json.loads((HOME / "benchmarks" / "results" / "teachers.json").read_text("utf-8"))
    for encoder, found in measured["encoders"].items():
        at = () if encoder == measured["parent"] else (1, 5)
        cells = [compression.cell(one, at=at) for kind, one in found["sets"].items() if "misspelt" not in kind]
        assert f"| {' | '.join(cells)} |" in DOCUMENTED, encoder
