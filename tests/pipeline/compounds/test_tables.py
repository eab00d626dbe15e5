import csv
from collections import Counter

import pytest

from pipeline.compounds import tables
from pipeline.compounds.grammar import CHOICE
from pipeline.errors import FormatError


def rows(name):
    with (tables.HERE / name).open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_formant_has_a_meaning_in_both_languages_and_one_row():
    every = rows("formants.tsv")
    assert len(every) >= 350
    assert not [row for row in every if not row["fr"] or not row["en"]]
    assert not [row for row in every if row["gender"] not in ("", "m", "f", "mp", "fp")]
    names = Counter((one.kind, one.name) for one in (tables._formant(row, "fr") for row in every))
    assert not [name for name, times in names.items() if times > 1]


def test_a_noun_begins_with_an_article_of_its_gender():
    articles = {
        "m": ("le ", "l'", "un ", "ce "),
        "f": ("la ", "l'", "une "),
        "mp": ("les ", "l'", "le ", "la ", "plusieurs "),
        "fp": ("les ", "la ", "plusieurs "),
    }
    wrong = [
        row for row in rows("formants.tsv") if row["gender"] and not row["fr"].startswith(articles[row["gender"]])
    ]
    assert wrong == []


@pytest.mark.parametrize("language", tables.LANGUAGES)
def test_every_pattern_speaks_of_formants_and_is_there_once(language):
    every = [key for row in rows("patterns.tsv") for key in tables._keys(row)]
    assert not [key for key, times in Counter(every).items() if times > 1]
    assert len(tables.patterns(language)) == len(every)


def test_a_choice_is_of_four_in_french_and_of_two_in_english():
    for row in rows("patterns.tsv"):
        assert {choice.count("/") for choice in CHOICE.findall(row["fr"])} <= {3}, row
        assert {choice.count("/") for choice in CHOICE.findall(row["en"])} <= {1}, row


def test_a_missing_table_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(tables, "HERE", tmp_path)
    with pytest.raises(FormatError, match=r"words\.tsv: not there"):
        list(tables._rows("words.tsv"))
