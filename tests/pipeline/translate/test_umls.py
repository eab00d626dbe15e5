import duckdb
import pyarrow as pa
import pytest

from pipeline.contracts import ATOMS
from pipeline.errors import FormatError
from pipeline.translate import english_of_concepts

DEFAULTS = {name: "" for name in ATOMS.names} | {
    "TS": "P",
    "STT": "PF",
    "ISPREF": "Y",
    "SUPPRESS": "N",
    "SAB": "HPO",
}


def atoms(*rows: dict[str, str]) -> pa.Table:
    numbered = [DEFAULTS | {"AUI": f"A{number}"} | row for number, row in enumerate(rows)]
    return pa.Table.from_pylist(numbered, schema=ATOMS)


def french(cui: str, string: str, **more: str) -> dict[str, str]:
    return {"CUI": cui, "LAT": "FRE", "STR": string} | more


def english(cui: str, string: str, **more: str) -> dict[str, str]:
    return {"CUI": cui, "LAT": "ENG", "STR": string} | more


def test_a_concepts_own_preferred_english_is_taken_and_says_so():
    result = english_of_concepts(
        atoms(
            french("C0018681", "Céphalée"),
            english("C0018681", "Head pain", TS="S"),
            english("C0018681", "Headache"),
            english("C0018681", "Headaches", STT="VO"),
            english("C0018681", "headache", ISPREF="N"),
        )
    )
    [row] = result.found.to_pylist()
    assert (row["CUI"], row["STR"], row["AUI"], row["origin"]) == ("C0018681", "Headache", "A2", "umls")
    assert result.missing.num_rows == 0


def test_every_string_of_the_best_level_is_given_and_the_first_is_the_lowest_aui():
    result = english_of_concepts(
        atoms(
            french("C1", "Toux"),
            english("C1", "Coughing", AUI="A9"),
            english("C1", "Cough", AUI="A8"),
            english("C1", "Cough", AUI="A7", SAB="MSH"),
        )
    )
    assert result.found["STR"].to_pylist() == ["Cough", "Coughing"]
    assert result.first() == {"C1": "Cough"}


def test_lesser_english_is_better_than_a_translation_but_suppressed_english_is_none():
    result = english_of_concepts(
        atoms(
            french("C1", "Fièvre"),
            english("C1", "Pyrexia", TS="S", STT="VO", ISPREF="N"),
            french("C2", "Selles"),
            french("C2", "Fèces"),
            english("C2", "Stools", SUPPRESS="O"),
            french("C3", "Vieux terme", SUPPRESS="Y"),
            english("C4", "No French here"),
        )
    )
    assert result.first() == {"C1": "Pyrexia"}
    assert result.missing.to_pylist() == [{"CUI": "C2", "STR": "Fèces"}, {"CUI": "C2", "STR": "Selles"}]


def test_no_atoms_no_english():
    result = english_of_concepts(atoms())
    assert (result.found.num_rows, result.missing.num_rows) == (0, 0)


def test_another_table_is_refused():
    with pytest.raises(FormatError, match="no column"):
        english_of_concepts(pa.table({"CUI": ["C1"]}))


def test_every_french_concept_of_the_open_release_is_found_or_missing(gold):
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in [*ATOMS.names, "end"])
    with duckdb.connect() as connection:
        table = connection.execute(
            f"FROM read_csv($file, delim='|', header=false, quote='', escape='', columns={{{columns}}})",
            {"file": str(gold / "umls_open" / "MRCONSO.RRF")},
        ).to_arrow_table()
    table = table.select(ATOMS.names).cast(ATOMS)
    result = english_of_concepts(table)
    wanted = {
        row["CUI"]
        for row in table.select(["CUI", "LAT", "SUPPRESS"]).to_pylist()
        if (row["LAT"], row["SUPPRESS"]) == ("FRE", "N")
    }
    found, missing = set(result.found["CUI"].to_pylist()), set(result.missing["CUI"].to_pylist())
    assert found | missing == wanted
    assert not found & missing
    assert len(found) > 10_000
