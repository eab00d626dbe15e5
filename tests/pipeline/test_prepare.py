import pytest

from pipeline.align import propose
from pipeline.errors import TranslationError
from pipeline.prepare import Preparation, normaliser, untranslated
from pipeline.settings import Settings
from pipeline.terms import terms_of
from tests.samples import LetterEncoder, atoms_of, entries_of

ENTRIES = entries_of(("E1", "saignement de nez", None), ("E2", "mal de tête", None))
ATOMS = atoms_of(
    ("C0014591", "FRE", "Épistaxis"),
    ("C0014591", "ENG", "Nosebleed"),
    ("C0018681", "FRE", "Céphalée"),
    ("C0030193", "FRE", "Douleur"),
    ("C0030193", "ENG", "Pain"),
)


class English(LetterEncoder):
    name = "english"
    languages = ("en",)


class Memory(dict):
    def lookup(self, texts):
        return {text: self[text] for text in texts if text in self}


KNOWN = Memory({"saignement de nez": "nosebleed", "mal de tête": "headache", "Céphalée": "Cephalalgia, headache"})


def test_an_encoder_without_french_reads_umls_own_english_and_translations_only_where_there_is_none():
    encoder = English()
    found = propose(ENTRIES, ATOMS, [LetterEncoder(), encoder], Settings(top_k=3), prepare=Preparation(KNOWN))
    assert set(encoder.seen) == {"nosebleed", "headache", "Nosebleed", "Cephalalgia, headache", "Pain"}
    english = [row for row in found.candidates.to_pylist() if row["encoder"] == "english" and row["rank"] == 1]
    assert [(row["CUI"], row["name"], row["LAT"]) for row in english] == [
        ("C0014591", "Nosebleed", "ENG"),
        ("C0018681", "Céphalée", "FRE"),
    ]
    assert english[0]["cosine"] == pytest.approx(1)


def test_what_must_be_translated_is_the_lexicon_and_concepts_without_english():
    assert untranslated(["mal de tête"], terms_of(ATOMS)) == ["mal de tête", "Céphalée"]


def test_a_missing_translation_says_what_to_do():
    with pytest.raises(
        TranslationError, match="1 of 1 texts have no translation, such as “Céphalée”; run `lexalign"
    ):
        propose(ENTRIES, ATOMS, [English()], Settings(), prepare=Preparation(Memory()))


def test_an_encoder_that_reads_french_needs_no_memory():
    encoder = LetterEncoder()
    propose(ENTRIES, ATOMS, [encoder], Settings(), prepare=Preparation(Memory()))
    assert "Céphalée" in encoder.seen


def test_normalisation_is_a_setting_and_follows_the_language_of_each_string():
    encoder = LetterEncoder()
    spell = normaliser(Settings(normalise=True))
    propose(ENTRIES, ATOMS, [encoder], Settings(), prepare=Preparation(Memory(), spell))
    assert {"saignement nez", "mal tête", "épistaxis", "nosebleed"} <= set(encoder.seen)
    assert normaliser(Settings())(["L'Œdème"], "fr") == ["L'Œdème"]


def test_a_corrected_translation_recomputes_only_what_depends_on_it(tmp_path):
    encoder, memory = English(), Memory(KNOWN)

    def run():
        return propose(
            ENTRIES, ATOMS, [encoder], Settings(), prepare=Preparation(memory), cache=tmp_path / "embeddings"
        )

    before = run()
    encoder.seen.clear()
    memory["mal de tête"] = "head pain"
    after = run()
    assert encoder.seen == ["head pain"]
    assert before.merged.slice(0, 3).column("CUI").equals(after.merged.slice(0, 3).column("CUI"))
