from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation_db.concepts.terminology import Terminology, open_terminology
from pipeline.contracts import ATOMS, DEFINITIONS, SEMANTIC_TYPES
from pipeline.errors import WorkspaceError

NAMES = [  # CUI, LAT, STR, SAB, TTY, CODE, preferred
    ("C0020538", "ENG", "High blood pressure", "HPO", "SY", "HP:0000822", False),
    ("C0020538", "ENG", "Hypertension", "HPO", "PT", "HP:0000822", True),
    ("C0020538", "FRE", "HTA", "MSHFRE", "SY", "D006973", False),
    ("C0020538", "FRE", "Hypertension artérielle", "MSHFRE", "MH", "D006973", True),
    ("C0020542", "FRE", "Hypertension pulmonaire", "HPO", "PT", "HP:0002092", True),
    ("C0013604", "FRE", "Œdème", "HPO", "PT", "HP:0000969", True),
    ("C0013604", "ENG", "Edema", "HPO", "PT", "HP:0000969", True),
    ("C0022661", "FRE", "Insuffisance rénale chronique", "HPO", "PT", "HP:0012622", True),
    ("C0002395", "FRE", "Maladie d'Alzheimer", "HPO", "PT", "HP:0002511", True),
    ("C0000001", "FRE", "100 % d'hypotonie", "HPO", "PT", "HP:1", True),
]
TOLD = [
    ("C0020538", "A1", "HPO", "Raised pressure.", "ENG"),
    ("C0020538", "A3", "MSHFRE", "Pression élevée (MeSH).", ""),
    ("C0020538", "A1", "HPO", "Pression élevée.", "FRE"),
    ("C0013604", "A6", "MSH", "Excess fluid.", ""),
]


def write_release(folder: Path, names=NAMES) -> Path:
    atoms = [
        dict.fromkeys(ATOMS.names, "")
        | {"CUI": cui, "LAT": lat, "STR": text, "SAB": sab, "TTY": tty, "CODE": code, "AUI": f"A{number}"}
        | {"TS": "P", "STT": "PF" if preferred else "VO", "ISPREF": "Y", "SRL": "0", "SUPPRESS": "N"}
        for number, (cui, lat, text, sab, tty, code, preferred) in enumerate(names)
    ]
    told = [
        dict.fromkeys(DEFINITIONS.names, "")
        | dict(zip(("CUI", "AUI", "SAB", "DEF", "CVF"), row, strict=True))
        | {"SUPPRESS": "N"}
        for row in TOLD
    ]
    types = [
        dict.fromkeys(SEMANTIC_TYPES.names, "") | {"CUI": "C0020538", "TUI": "T047", "STY": "Disease or Syndrome"}
    ]
    folder.mkdir(parents=True)
    tables = (
        ("atoms", atoms, ATOMS),
        ("definitions", told, DEFINITIONS),
        ("semantic_types", types, SEMANTIC_TYPES),
    )
    for name, rows, schema in tables:
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def terminology(tmp_path_factory):
    with open_terminology(write_release(tmp_path_factory.mktemp("sources") / "umls-1")) as opened:
        yield opened


def test_a_concept_has_its_french_names_first_and_the_preferred_before_others(terminology: Terminology):
    concept = terminology.concept("C0020538")
    assert [name.text for name in concept.names] == [
        "Hypertension artérielle",
        "HTA",
        "Hypertension",
        "High blood pressure",
    ]
    assert (concept.preferred("FRE"), concept.preferred("GER")) == ("Hypertension artérielle", None)
    assert (concept.types, concept.sources) == (("Disease or Syndrome",), ("HPO", "MSHFRE"))


def test_french_definitions_come_first_by_column_source_or_atom(terminology):
    concept = terminology.concept("C0020538")
    assert [text for _, text in concept.definitions] == [
        "Pression élevée (MeSH).",
        "Pression élevée.",
        "Raised pressure.",
    ]
    assert concept.definition_languages == ("FRE", "FRE", "ENG")
    assert terminology.concept("C0013604").definition_languages == ("ENG",)


def test_concepts_are_read_together_and_unknown_ones_are_left_out(terminology):
    found = terminology.concepts(["C9999999", "C0013604", "C0020538", "C0013604"])
    assert list(found) == ["C0013604", "C0020538"]
    assert terminology.concept("C9999999") is None
    assert terminology.concepts([]) == {}


@pytest.mark.parametrize(
    ("text", "cui", "match"),
    [
        ("C0020542", "C0020542", "cui"),
        ("c0020542", "C0020542", "cui"),
        ("hp:0000969", "C0013604", "code"),
        ("oedeme", "C0013604", "exact"),
        ("ŒDÈME", "C0013604", "exact"),
        ("hypertension", "C0020538", "exact"),
        ("hypertension p", "C0020542", "prefix"),
        ("chronique insuffisance", "C0022661", "words"),
        ("nsuffisance chroniq", "C0022661", "part"),
        ("alzheimer", "C0002395", "words"),
        ("maladie d’Alzheimer", "C0002395", "exact"),
        ("insufisance rénale chronqiue", "C0022661", "near"),
        ("alzeimer", "C0002395", "near"),
        ("100 %", "C0000001", "prefix"),
    ],
)
def test_a_concept_is_found(terminology, text, cui, match):
    hit = terminology.search(text)[0]
    assert (hit.cui, hit.match) == (cui, match)


@pytest.mark.parametrize("text", ["", "   ", "%", "'; DROP TABLE name; --", "zzzzzz", "\x00", "🤒", "C1"])
def test_what_is_not_there_is_not_found(terminology, text):
    assert terminology.search(text) == []


def test_hits_are_each_once_in_the_language_and_number_asked_for(terminology):
    cuis = [hit.cui for hit in terminology.search("hypertension")]
    assert cuis == ["C0020538", "C0020542"]
    assert [hit.lat for hit in terminology.search("hypertension", language="FRE")] == ["FRE", "FRE"]
    assert len(terminology.search("h", limit=1)) == 1


@pytest.mark.parametrize("text", ["hypertension", "hypertention", "C0020538", "D006973", "h"])
def test_hits_are_of_the_semantic_types_asked_for(terminology, text):
    assert [hit.cui for hit in terminology.search(text, types=["Disease or Syndrome"])] == ["C0020538"]
    assert terminology.search(text, types=["Finding"]) == []
    assert terminology.types() == ["Disease or Syndrome"]


def test_the_search_table_is_kept_beside_the_release(terminology):
    terminology.prepare()
    [table] = (terminology.folder.parent / ".search").iterdir()
    with open_terminology(terminology.folder) as again:
        assert again.search("HTA")[0].cui == "C0020538"
    assert [table] == list(table.parent.iterdir())


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path):
    folder = write_release(tmp_path / "umls-1")
    (tmp_path / "taken").write_text("a file where the folder should be")
    with open_terminology(folder, cache=tmp_path / "taken" / "cache") as opened:
        assert opened.search("oedeme")[0].cui == "C0013604"


def test_a_damaged_cache_is_done_without(tmp_path):
    folder = write_release(tmp_path / "umls-1")
    open_terminology(folder).prepare()
    [table] = (tmp_path / ".search").iterdir()
    table.write_bytes(b"damaged")
    with open_terminology(folder) as opened:
        assert opened.search("oedeme")[0].cui == "C0013604"


def test_a_folder_that_is_no_release_is_named(tmp_path):
    with pytest.raises(WorkspaceError, match=r"no atoms\.parquet"):
        open_terminology(tmp_path)
