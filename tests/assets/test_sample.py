"""The sample project under assets/sample: layouts, promises of its README, and a byte-identical rebuild."""

import csv
import importlib.util
import os
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

SAMPLE = Path(__file__).resolve().parents[2] / "assets" / "sample"
LEX_HEADER = [
    "Terme",
    "Taux de complexité",
    "Indice de comparaison",
    "Explication au grand public",
    "Taux de simplification",
    "Sources",
]


def load_build():
    spec = importlib.util.spec_from_file_location("sample_build", SAMPLE / "build.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


build = load_build()


def rrf(name):
    text = (SAMPLE / "umls" / name).read_text(encoding="utf-8")
    return [line.split("|") for line in text.split("\n")[:-1]]


def tsv(name):
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize(("name", "fields"), [("MRCONSO.RRF", 18), ("MRSTY.RRF", 6), ("MRDEF.RRF", 8)])
def test_every_rrf_line_has_its_fields_and_ends_with_a_bar(name, fields):
    assert {len(row) for row in rrf(name)} == {fields + 1}
    assert {row[-1] for row in rrf(name)} == {""}


def test_atoms_are_identified_once_and_concepts_are_cuis():
    rows = rrf("MRCONSO.RRF")
    assert max(Counter(row[7] for row in rows).values()) == 1
    assert all(re.fullmatch(r"C\d{7}", row[0]) for row in rows)


def test_french_names_are_lexaligns_and_english_ones_are_hpos():
    assert {(row[1], row[11]) for row in rrf("MRCONSO.RRF")} == {("FRE", "LXA"), ("ENG", "HPO")}


def test_at_least_1200_concepts_have_a_french_name():
    assert len({row[0] for row in rrf("MRCONSO.RRF") if row[1] == "FRE" and row[12] == "PT"}) >= 1200


def test_every_concept_has_a_semantic_type_and_definitions_name_their_atom():
    concepts = {row[0] for row in rrf("MRCONSO.RRF")}
    atoms = {(row[0], row[7]) for row in rrf("MRCONSO.RRF")}
    assert {row[0] for row in rrf("MRSTY.RRF")} == concepts
    assert {(row[0], row[1]) for row in rrf("MRDEF.RRF")} <= atoms


def test_french_names_are_given_once_and_typed():
    header, *rows = tsv("french_names.tsv")
    assert header == ["hpo_id", "french", "french_synonyms", "tui"]
    assert max(Counter(row[0] for row in rows).values()) == 1
    assert {row[3] for row in rows} <= set(build.SEMANTIC_TYPES)
    assert max(Counter(row[1].lower() for row in rows).values()) == 1


def test_lexicon_has_300_distinct_explained_entries():
    header, *rows = tsv("lexicon.txt")
    assert header == LEX_HEADER
    assert {len(row) for row in rows} == {len(LEX_HEADER)}
    assert len(rows) >= 300
    assert max(Counter(build.fold(row[0]) for row in rows).values()) == 1
    assert all(row[3].endswith(".") and row[5] == "Lexalign, exemple" for row in rows)


def test_every_entry_is_answered_or_left_without_answer_on_purpose():
    terms = [row[0] for row in tsv("lexicon.txt")[1:]]
    answers = {row[0]: row[1] for row in tsv("answers.tsv")[1:]}
    assert list(answers) == terms
    assert 5 <= sum(not ids for ids in answers.values()) <= 20


def test_gold_concepts_are_in_the_target():
    header, *rows = tsv("gold.tsv")
    assert header == ["term", "explanation", "cuis", "source", "match"]
    concepts = {row[0] for row in rrf("MRCONSO.RRF")}
    assert {cui for row in rows for cui in row[2].split("|")} <= concepts
    assert {row[4] for row in rows} == {"exact", "inflected", "different"}


def test_gold_covers_the_answered_entries_of_the_lexicon():
    answered = [row[0] for row in tsv("answers.tsv")[1:] if row[1]]
    assert [row[0] for row in tsv("gold.tsv")[1:]] == answered


@pytest.mark.parametrize(
    ("term", "strings", "kind"),
    [
        ("épistaxis", {"Épistaxis"}, "exact"),
        ("œdèmes", {"Œdème"}, "inflected"),
        ("ulcère à l'estomac", {"Ulcère de l'estomac"}, "inflected"),
        ("saignement de nez", {"Épistaxis"}, "different"),
    ],
)
def test_match_says_how_close_a_term_is_to_a_french_name(term, strings, kind):
    assert build.match_kind(term, ["C0"], {"C0": strings}) == kind


def test_sample_stays_small():
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.suffix != ".pyc") < 2_500_000


def test_rebuild_is_byte_identical(tmp_path):
    obo = os.environ.get("LEXALIGN_HPO_OBO")
    if not obo:
        try:
            obo = build.find_obo()
        except FileNotFoundError as error:
            pytest.skip(f"{error} (tests read its path from LEXALIGN_HPO_OBO)")
    assert build.main(["--obo", str(obo), "--out", str(tmp_path)]) == 0
    for name in ("umls/MRCONSO.RRF", "umls/MRSTY.RRF", "umls/MRDEF.RRF", "gold.tsv"):
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes(), name


def test_another_release_is_refused(tmp_path, capsys):
    other = tmp_path / "hp.obo"
    other.write_text("format-version: 1.2\ndata-version: hp/releases/2019-01-01\n", encoding="utf-8")
    assert build.main(["--obo", str(other), "--out", str(tmp_path)]) == 1
    assert "found hp/releases/2019-01-01, expected hp/releases/2025-01-16" in capsys.readouterr().err
