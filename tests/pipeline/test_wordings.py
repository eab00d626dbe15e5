import numpy as np

from pipeline.align import propose
from pipeline.prepare import Preparation
from pipeline.settings import Settings
from pipeline.terms import terms_of
from pipeline.wordings import wordings
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


def cosines(encoder, **settings):
    entry = entries_of(("E1", wordings(terms_of(ATOMS))[1][0], None))
    found = propose(
        entry, ATOMS, [encoder], Settings(entry_text="term", **settings), prepare=Preparation(Known())
    ).candidates
    return {row["CUI"]: (round(row["cosine"], 5), row["name"]) for row in found.to_pylist()}


def test_french_compounds_are_worded_and_other_names_are_not():
    terms = terms_of(ATOMS)
    string, said = wordings(terms)
    assert {terms.strings[number] for number in string} == {"Leucopénie"}
    assert "diminution du nombre de globules blancs" in said


def test_every_concept_of_a_worded_name_is_met_by_its_wording_under_its_name():
    found = cosines(LetterEncoder())
    assert found["C0023530"] == found["C0438215"] == (1.0, "Leucopénie")
    assert found["C0018681"][0] < 1


def test_names_alone_where_the_settings_say_so():
    assert cosines(LetterEncoder(), wordings=False)["C0023530"][0] < 1


def test_an_encoder_without_french_is_given_no_french():
    encoder = English()
    propose(
        entries_of(("E1", "mal", None)),
        ATOMS,
        [encoder],
        Settings(),
        prepare=Preparation(Known({"mal": "pain", "Leucopénie": "a leucopenia", "Mal de tête": "a headache"})),
    )
    assert set(encoder.seen) == {"pain", "Leukopenia", "Gastritis", "a leucopenia", "a headache"}


def test_the_concepts_of_strings():
    terms = terms_of(ATOMS)
    asked = np.array([terms.strings.index("Gastritis"), terms.strings.index("Leucopénie")])
    places, concepts = terms.concepts_of(asked)
    assert places.tolist() == [0, 1, 1]
    assert [terms.concepts[number] for number in concepts] == ["C0017152", "C0023530", "C0438215"]
