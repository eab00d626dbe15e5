"""Queries whose right answers are in the target, and are not to be had by their letters alone."""

import pytest

from pipeline.encoders.search.quality import answer, compare
from pipeline.encoders.search.sample import from_gold, from_synonyms, sample_atoms
from pipeline.errors import InputError
from pipeline.files import write_json
from pipeline.workspace import create
from tests.samples import LetterEncoder, atoms_of

GOLD = (
    "term\texplanation\tcuis\tsource\tmatch\n"
    "saignement de nez\tDu sang sort du nez.\tC0014591\tx\tdifferent\n"
    "fièvre\t\tC0015967\tx\texact\n"
)


@pytest.fixture
def project(tmp_path):
    import pyarrow.parquet as pq

    rows = [("C0014591", "FRE", "Épistaxis"), ("C0015967", "FRE", "Fièvre"), ("C0015967", "ENG", "Fever")]
    workspace = create(tmp_path / "projet")
    folder = workspace.sources / "umls-1"
    folder.mkdir(parents=True)
    pq.write_table(
        atoms_of(*rows, *((f"C1{n:06d}", "FRE", f"nom {n}") for n in range(20))), folder / "atoms.parquet"
    )
    write_json(folder / "manifest.json", {})
    workspace.make_current("umls", "umls-1")
    (tmp_path / "gold.tsv").write_text(GOLD, "utf-8")
    return workspace


def test_the_answers_are_always_in_the_pool(project, tmp_path):
    found = from_gold(tmp_path / "gold.tsv", project, pool=8)
    assert len(found.atoms) == 8
    assert {"C0014591", "C0015967"} <= set(found.atoms["CUI"].to_pylist())
    assert len(from_gold(tmp_path / "gold.tsv", project, pool=0).atoms) == 23


def test_with_a_cache_nothing_is_encoded_twice(project, tmp_path):
    sample = from_gold(tmp_path / "gold.tsv", project, pool=0)
    first, again = LetterEncoder(), LetterEncoder()
    found = answer(first, sample, cache=project.embeddings)
    assert answer(again, sample, cache=project.embeddings) == found == answer(LetterEncoder(), sample)
    assert "nom 7" in first.seen
    assert again.seen == []


def test_answers_follow_the_settings_of_the_project(project, tmp_path):
    as_it_is = from_gold(tmp_path / "gold.tsv", project, pool=0)
    project.toml.write_text('title = "P"\ngathered = false\n', "utf-8")
    other = from_gold(tmp_path / "gold.tsv", project, pool=0)
    assert (as_it_is.settings.gathered, other.settings.gathered) == (True, False)
    assert as_it_is.digest != other.digest


def test_a_name_that_is_asked_for_is_nowhere_in_its_concept():
    found = from_synonyms(sample_atoms(), ["fr", "en"], queries=300, pool=2000, of="sample")
    left = {(a["CUI"], a["STR"].casefold()) for a in found.atoms.select(["CUI", "STR"]).to_pylist()}
    asked = list(zip(found.gold.entries["term"].to_pylist(), found.gold.cuis, strict=True))
    assert len(asked) == 300
    assert not [name for name, [cui] in asked if (cui, name.casefold()) in left]
    assert {cui for _, [cui] in asked} <= {cui for cui, _ in left}


def test_an_encoder_without_french_is_asked_in_english():
    found = from_synonyms(sample_atoms(), ["en"], queries=40, pool=200, of="sample")
    assert set(found.atoms["LAT"].to_pylist()) == {"ENG"}


def test_the_same_sample_comes_each_time():
    one, other = (from_synonyms(sample_atoms(), ["fr"], queries=40, pool=200, of="sample") for _ in range(2))
    assert (one.digest, one.strings) == (other.digest, other.strings)


def test_too_few_names_say_what_to_do():
    atoms = atoms_of(("C1", "FRE", "Fièvre"), ("C1", "FRE", "Température"))
    with pytest.raises(InputError, match="1 concepts with two names in FRE, expected 30 or more"):
        from_synonyms(atoms, ["fr"], queries=40, pool=0, of="project")


def test_an_encoder_against_itself_loses_nothing(synonyms):
    answers = answer(LetterEncoder(), synonyms)
    assert {len(found) for found in answers} == {10}
    found = compare(answers, answers, synonyms)
    assert (found.first.value, found.ten.value, found.agreement.value) == (0, 0, 1)
    assert found.first.right > 0


def test_each_query_that_changes_is_lost_or_won(synonyms):
    answers = answer(LetterEncoder(), synonyms)
    worse = [found[::-1] for found in answers]
    found = compare(worse, answers, synonyms)
    assert found.agreement.value == 1
    assert found.first.lost > 0 == found.ten.lost
