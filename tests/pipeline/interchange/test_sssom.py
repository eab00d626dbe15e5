import csv
import importlib.util
import warnings

import pyarrow as pa
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.contracts import DECISIONS
from pipeline.errors import FormatError
from pipeline.interchange import Curation, export, sssom

from .conftest import AT, SAID, TERMS, judgements, table


def exported(curation, path, **options):
    export(curation, "sssom", path, **options)
    lines = path.read_text(encoding="utf8").splitlines()
    header = yaml.safe_load("\n".join(line[1:] for line in lines if line.startswith("#")))
    return header, list(csv.DictReader((line for line in lines if line[0] != "#"), delimiter="\t"))


def test_a_lay_term_is_a_literal_and_its_concept_a_curie(curation, tmp_path):
    header, rows = exported(curation, tmp_path / "m.sssom.tsv")
    row = rows[1]
    assert (row["subject_type"], row["subject_label"]) == ("rdfs literal", "tension élevée")
    assert (row["object_id"], row["object_label"]) == ("UMLS:C0020538", "Hypertension artérielle")
    assert header["curie_map"]["UMLS"] == "https://uts.nlm.nih.gov/uts/umls/concept/"
    assert (header["sssom_version"], header["object_source_version"]) == ("1.1", "umls-2025AB")
    assert header["license"] == "https://w3id.org/sssom/license/unspecified"


def test_people_are_authors_and_their_agreement_is_the_confidence(curation, tmp_path):
    row = exported(curation, tmp_path / "m.sssom.tsv")[1][0]
    assert (row["predicate_id"], row["author_label"], row["confidence"]) == (
        "skos:closeMatch",
        "Anne|Bruno",
        "0.5",
    )
    assert row["mapping_justification"] == "semapv:ManualMappingCuration"
    assert (row["mapping_date"], row["similarity_score"]) == ("2026-11-03", "0.93")


def test_what_is_not_close_is_said_not_to_be(curation, tmp_path):
    rows = exported(curation, tmp_path / "m.sssom.tsv", minimum_rating=0)[1]
    [row] = [row for row in rows if row["ext_rating"] == "0"]
    assert (row["predicate_modifier"], row["predicate_id"]) == ("Not", "skos:closeMatch")


@pytest.mark.parametrize(
    ("relation", "predicate", "modifier"),
    [
        ("exact", "skos:exactMatch", ""),
        ("broader", "skos:broadMatch", ""),
        ("narrower", "skos:narrowMatch", ""),
        ("related", "skos:relatedMatch", ""),
        ("none", "skos:closeMatch", "Not"),
    ],
)
def test_a_relation_says_what_the_concept_is_to_the_term(
    folders, curation, tmp_path, relation, predicate, modifier
):
    decided = {"entry_id": "e2", "CUI": "C0020538", "person": "Dina", "rating": 4, "relation": relation, "at": AT}
    what = Curation(
        judgements=curation.judgements,
        verdicts=curation.verdicts,
        decisions=table(DECISIONS, [decided | {"text": "après discussion"}]),
        **folders,
    )
    [row] = [row for row in exported(what, tmp_path / "m")[1] if row["ext_entry_id"] == "e2"]
    assert (row["subject_label"], row["predicate_id"], row["predicate_modifier"], row["object_id"]) == (
        "tension élevée", predicate, modifier, "UMLS:C0020538",
    )  # fmt: skip
    assert (row["author_label"], row["confidence"], row["comment"]) == ("Dina", "", "après discussion")
    [back] = [row for row in sssom.read(tmp_path / "m").to_pylist() if row["entry_id"] == "e2"]
    assert (back["rating"], back["relation"], back["decided"]) == (4, relation, True)


def test_an_entry_for_which_nothing_fits_maps_to_no_term(curation, tmp_path):
    row = exported(curation, tmp_path / "m.sssom.tsv")[1][-1]
    assert (row["subject_label"], row["object_id"]) == ("coup de pompe", "sssom:NoTermFound")
    assert (row["object_source"], row["comment"]) == ("bioregistry:umls", "une expression")


def test_nothing_fits_is_not_said_of_an_entry_that_someone_matched(folders, curation, tmp_path):
    said = judgements([*SAID, ("e6", "C0015672", "Bruno", 4, "search")])
    matched = Curation(judgements=said, verdicts=curation.verdicts, **folders)
    assert "sssom:NoTermFound" not in {row["object_id"] for row in exported(matched, tmp_path / "m")[1]}


def test_a_proposal_is_the_tool_s_and_no_person_s(curation, tmp_path):
    rows = exported(curation, tmp_path / "m.sssom.tsv", include_proposals=True)[1]
    [row] = [row for row in rows if "Threshold" in row["mapping_justification"]]
    assert (row["subject_label"], row["author_label"], row["confidence"]) == ('"os de verre"', "", "0.8")
    assert (row["mapping_tool"], row["mapping_tool_version"]) == ("Lexalign", "0.1.0")
    assert row["mapping_date"] == "2026-11-02"


def test_names_of_restricted_sources_are_withheld(curation, tmp_path):
    assert exported(curation, tmp_path / "a")[1][0]["object_label"] == ""
    row = exported(curation, tmp_path / "b", withhold_restricted=False)[1][0]
    assert row["object_label"] == "Infarctus du myocarde"


def test_record_identifiers_are_unique(curation, tmp_path):
    rows = exported(curation, tmp_path / "m", minimum_rating=0, include_proposals=True)[1]
    assert len({row["record_id"] for row in rows}) == len(rows) == 8


SPOKEN = st.dictionaries(
    st.tuples(st.sampled_from(sorted(TERMS)), st.sampled_from(["C0027051", "C0018681", "C9999999"])),
    st.integers(0, 5),
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SPOKEN)
def test_what_is_exported_is_read_back(folders, unrated, tmp_path, spoken):
    said = judgements([(entry, cui, "Anne", rating, "candidate") for (entry, cui), rating in spoken.items()])
    curation = Curation(judgements=said, verdicts=unrated.verdicts, **folders)
    export(curation, "sssom", tmp_path / "m.sssom.tsv", minimum_rating=0)
    back = sssom.read(tmp_path / "m.sssom.tsv")
    assert {(row["entry_id"], row["CUI"]): row["rating"] for row in back.to_pylist()} == spoken
    assert [row["term"] for row in back.to_pylist()] == [TERMS[row["entry_id"]][0] for row in back.to_pylist()]


def test_another_tool_s_file_is_refused_by_name(tmp_path):
    (tmp_path / "other.sssom.tsv").write_text("subject_id\tobject_id\nHP:1\tUMLS:C1\n", encoding="utf8")
    with pytest.raises(FormatError, match="no column ext_entry_id"):
        sssom.read(tmp_path / "other.sssom.tsv")


@pytest.mark.skipif(
    importlib.util.find_spec("sssom") is None,
    reason="the sssom library is not installed: pip install sssom (0.4.21 was tried)",
)
@pytest.mark.parametrize("proposals", [False, True])
def test_the_sssom_library_finds_nothing_to_say(curation, unrated, tmp_path, proposals):
    options = {"minimum_rating": 0, "include_proposals": proposals, "withhold_restricted": False}
    export(curation, "sssom", tmp_path / "m.sssom.tsv", **options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sssom 0.4.21 uses what pandas 3 deprecates
        from sssom.parsers import parse_sssom_table
        from sssom.validators import validate

        mappings = parse_sssom_table(tmp_path / "m.sssom.tsv")
        reports = validate(mappings, fail_on_error=False)
    assert {kind.value: [r.message for r in report.results] for kind, report in reports.items()} == {
        "JsonSchema": [],
        "PrefixMapCompleteness": [],
        "StrictCurieFormat": [],
    }
    assert len(mappings.df) == len(sssom.read(tmp_path / "m.sssom.tsv"))
    assert isinstance(sssom.read(tmp_path / "m.sssom.tsv"), pa.Table)
