import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compounds import analyse, fold
from pipeline.compounds.letters import WORD

LETTERS = st.text(alphabet="abcdefghilmnoprstuxyéèïœæ-' ", max_size=40)


def pieces(term: str, language="fr") -> str:
    found = analyse(term, language)
    return " + ".join(segment.written for segment in found.segments) if found else ""


@pytest.mark.parametrize(
    ("term", "parts"),
    [
        ("hyponatrémie", "hypo + natr + émie"),
        ("Hypomagnésémie", "Hypo + magnés + émie"),
        ("leucopénie", "leuco + pénie"),
        ("leucocytose", "leucocyt + ose"),
        ("thrombopénie", "thrombo + pénie"),
        ("gastrite", "gastr + ite"),
        ("gastro-entérite", "gastroentér + ite"),
        ("polydactylie", "poly + dactyl + ie"),
        ("tachycardie", "tachy + cardie"),
        ("splénomégalie", "spléno + mégalie"),
        ("hépatosplénomégalie", "hépatospléno + mégalie"),
        ("hémiplégie", "hémi + plégie"),
        ("tétraparésie", "tétra + parésie"),
        ("dysphagie", "dys + phagie"),
        ("anodontie", "an + odont + ie"),
        ("aglossie", "a + gloss + ie"),
        ("otite", "ot + ite"),
        ("rhinorrhée", "rhino + rrhée"),
        ("dyspnée", "dys + pnée"),
        ("chéilite", "chéil + ite"),
        ("micrognathie", "micro + gnath + ie"),
        ("lymphœdème", "lymph + œdème"),
        ("œsophagite", "œsophag + ite"),
        ("cholécystectomie", "cholécyst + ectomie"),
        ("anémie", "an + émie"),
        ("hyponatrémique", "hypo + natr + émique"),
        ("hépatiques", "hépat + iques"),
        ("cardiaque", "cardi + aque"),
        ("rénale", "rén + ale"),
    ],
)
def test_a_french_term_is_cut_into_few_long_formants(term, parts):
    assert pieces(term) == parts


@pytest.mark.parametrize(
    ("term", "parts"),
    [
        ("hyponatremia", "hypo + natr + emia"),
        ("hyponatraemia", "hypo + natr + aemia"),
        ("haematuria", "haemat + uria"),
        ("leukopenia", "leuko + penia"),
        ("leucopaenia", "leuco + paenia"),
        ("ophthalmoplegia", "ophthalmo + plegia"),
        ("oesophagitis", "oesophag + itis"),
        ("neuropathies", "neuro + pathies"),
        ("meningiomas", "meningi + omas"),
        ("polydactyly", "poly + dactyl + y"),
        ("renal", "ren + al"),
    ],
)
def test_an_english_term_is_cut_in_british_and_american_spelling(term, parts):
    assert pieces(term, "en") == parts


@pytest.mark.parametrize(
    "word",
    [
        *("analyse", "académie", "maladie", "visite", "limite", "petite", "droite", "économie", "anatomie"),
        *("comédie", "harmonie", "série", "suite", "dialyse", "glucose", "bicoque", "exotique", "cyclisme"),
        *("acidité", "capillarité", "hypertrophié", "fatigue", "fièvre", "toux", "accueil", "colonie"),
    ],
)
def test_a_word_that_merely_looks_like_a_compound_is_none(word):
    assert analyse(word, "fr") is None


@pytest.mark.parametrize(
    "word", ["analysis", "academy", "economy", "ferry", "symmetry", "visit", "basic", "series"]
)
def test_false_friends_of_english(word):
    assert analyse(word, "en") is None


def test_other_words_of_a_term_pass_through():
    found = analyse("Acidose lactique sévère", "fr")
    assert [word.written for word in found.words if word.compound] == ["Acidose", "lactique"]
    assert found.unanalysed == ("sévère",)
    assert [segment.meaning for segment in found.words[0].segments] == ["acides", "maladie, état"]


def test_what_is_not_in_the_table_is_left_unread_within_a_word():
    [word] = analyse("hyperapobétalipoprotéinémie", "fr").words
    assert [segment.written for segment in word.segments if not segment.formant] == ["apo"]
    assert word.compound
    assert not word.whole


@given(st.one_of(st.text(max_size=80), LETTERS), st.sampled_from(["fr", "en"]))
def test_segments_joined_are_the_folded_words_in_order(term, language):
    found = analyse(term, language)
    if found is None:
        return
    assert [word.written for word in found.words] == WORD.findall(found.term)
    for word in found.words:
        assert "".join(segment.text for segment in word.segments) == fold(word.written)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(LETTERS, st.sampled_from(["fr", "en"]))
def test_a_term_that_was_analysed_is_analysed_the_same_again(term, language):
    found = analyse(term, language)
    assert found is None or analyse(found.term, language) == found
