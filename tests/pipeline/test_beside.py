import numpy as np
import pyarrow as pa
import pytest

from pipeline import contracts
from pipeline.align import propose
from pipeline.beside import first_sentence, first_sentences, joined, wordings
from pipeline.prepare import Preparation
from pipeline.settings import Settings
from pipeline.terms import terms_of
from tests.samples import LetterEncoder, atoms_of, entries_of

ATOMS = atoms_of(
    ("C0023530", "FRE", "Leucopénie"),
    ("C0023530", "ENG", "Leukopenia"),
    ("C0438215", "FRE", "Leucopénie"),
    ("C0018681", "FRE", "Mal de tête"),
    ("C0017152", "ENG", "Gastritis"),
)


class Known(dict):
    def lookup(self, texts):
        return {text: self[text] for text in texts if text in self}


class English(LetterEncoder):
    languages = ("en",)


DEFINITIONS = pa.table(
    {
        field.name: pa.array(values, field.type)
        for field, values in zip(
            contracts.DEFINITIONS,
            (
                ("C0018681", "C0017152", "C0023530"),
                ("A0000003", "A0000004", "A0000099"),  # the last was not ingested
                *[("", "", "")] * 3,
                (
                    "<p>Douleur du crâne, p. ex. au front. Elle est fréquente.</p>",
                    "An inflamed lining of the stomach",
                    "Too few white cells",
                ),
                *[("N", "N", "N")] * 2,
            ),
            strict=True,
        )
    }
)


def found(encoder, term, **settings):
    given = Settings(entry_text="term", gathered=False, **settings)
    rows = propose(
        entries_of(("E1", term, None)),
        ATOMS,
        [encoder],
        given,
        prepare=Preparation(Known()),
        definitions=DEFINITIONS,
    ).candidates
    return {row["CUI"]: (round(row["cosine"], 5), row["name"]) for row in rows.to_pylist()}


def test_french_compounds_are_worded_and_other_names_are_not():
    terms = terms_of(ATOMS)
    said = wordings(terms)
    assert {terms.strings[number] for number in said.string} == {"Leucopénie"}
    assert "diminution du nombre de globules blancs" in said.texts


def test_every_concept_of_a_worded_name_is_met_by_its_wording_under_its_name():
    met = found(LetterEncoder(), "diminution du nombre de globules blancs")
    assert met["C0023530"] == met["C0438215"] == (1.0, "Leucopénie")
    assert met["C0018681"][0] < 1


def test_a_concept_is_met_by_the_first_sentence_of_its_definition_under_the_name_of_the_atom_that_it_defines():
    assert found(LetterEncoder(), "Douleur du crâne, p. ex. au front")["C0018681"] == (1.0, "Mal de tête")


def test_names_alone_where_the_settings_say_so():
    assert found(LetterEncoder(), "diminution du nombre de globules blancs", wordings=False)["C0023530"][0] < 1
    assert found(LetterEncoder(), "Douleur du crâne, p. ex. au front", definitions=False)["C0018681"][0] < 1


def test_a_definition_is_of_its_atoms_language_and_left_out_where_the_atom_was_not_ingested():
    said = first_sentences(DEFINITIONS, terms_of(ATOMS))
    assert said.texts == ["Douleur du crâne, p. ex. au front", "An inflamed lining of the stomach"]
    assert said.read_by(("en",)).texts == ["An inflamed lining of the stomach"]
    assert said.read_by(("fr",)).texts == ["Douleur du crâne, p. ex. au front"]


def test_nothing_beside_the_names():
    nothing = joined()
    assert nothing.texts == nothing.read_by(("fr",)).texts == []


@pytest.mark.parametrize(
    ("definition", "first"),
    [
        ("Infections urinaires à répétition", "Infections urinaires à répétition"),
        ("Une douleur de l'oreille. Elle est vive.", "Une douleur de l'oreille"),
        ("Low sodium (Na); see also sodium.", "Low sodium (Na)"),
        ("A small head, e.g. below -3 SD. Rare.", "A small head, e.g. below -3 SD. Rare"),
        ("Pâleur de la peau.\nDes lèvres aussi.", "Pâleur de la peau"),
        ("", ""),
    ],
)
def test_the_first_sentence(definition, first):
    assert first_sentence(definition) == first


def test_an_encoder_without_french_is_given_no_french():
    encoder = English()
    propose(
        entries_of(("E1", "mal", None)),
        ATOMS,
        [encoder],
        Settings(),
        prepare=Preparation(Known({"mal": "pain", "Leucopénie": "a leucopenia", "Mal de tête": "a headache"})),
        definitions=DEFINITIONS,
    )
    names = {"pain", "Leukopenia", "Gastritis", "a leucopenia", "a headache"}
    assert set(encoder.seen) == names | {"An inflamed lining of the stomach"}


def test_the_concepts_of_strings():
    terms = terms_of(ATOMS)
    asked = np.array([terms.strings.index("Gastritis"), terms.strings.index("Leucopénie")])
    places, concepts = terms.concepts_of(asked)
    assert places.tolist() == [0, 1, 1]
    assert [terms.concepts[number] for number in concepts] == ["C0017152", "C0023530", "C0438215"]
