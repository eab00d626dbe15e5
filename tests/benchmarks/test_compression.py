"""The table of smaller encoders: what is asked of each."""

from benchmarks import compression
from pipeline.encoders.noise import NOISES
from pipeline.evaluate.linking import read_gold


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
    assert compression.cell(found, paired=True).startswith("75.0 / 75.0 (+25.0: ")
    assert compression.cell(found, paired=False) == "75.0 / 75.0"
