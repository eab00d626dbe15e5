"""The lay phrases that the project ships."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from pipeline.encoders.train.lessons import fold
from pipeline.evaluate.linking import read_gold

LAY = Path(__file__).parents[2] / "assets" / "lay"
KEPT_FOR_TESTS = (
    "diminution du nombre de globules blancs",
    "bourdonnements dans les oreilles",
    "taux de magnésium anormalement bas dans le sang",
    "sang dans les urines",
    "rétention d'eau",
)


@pytest.fixture(scope="module")
def train() -> list[dict[str, str]]:
    with (LAY / "train.tsv").open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def dev():
    return read_gold(LAY / "dev.tsv")


def test_every_phrase_has_concepts_and_a_register(train):
    assert len(train) >= 15_000
    assert {row["register"] for row in train} == {"patient", "leaflet", "carer", "common"}
    assert all(cui[0] == "C" and len(cui) == 8 for row in train for cui in row["cuis"].split("|"))
    assert all(2 <= len(row["phrase"]) <= 120 and row["phrase"] == row["phrase"].strip() for row in train)


def test_a_concept_has_several_phrases_each_once(train):
    phrases = Counter((row["cuis"], fold(row["phrase"])) for row in train)
    assert max(phrases.values()) == 1
    assert min(Counter(row["cuis"] for row in train).values()) >= 2


def test_the_dev_set_is_apart(train, dev):
    taught = {cui for row in train for cui in row["cuis"].split("|")}
    asked = {cui for cuis in dev.cuis for cui in cuis}
    assert len({frozenset(cuis) for cuis in dev.cuis}) >= 400
    assert not taught & asked
    assert not {fold(row["phrase"]) for row in train} & {fold(term) for term in dev.entries["term"].to_pylist()}


def test_phrases_kept_for_tests_are_not_taught(train):
    assert not {fold(row["phrase"]) for row in train} & {fold(phrase) for phrase in KEPT_FOR_TESTS}
