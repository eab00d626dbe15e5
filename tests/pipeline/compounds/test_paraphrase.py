import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compounds import analyse, explanation, paraphrases


@pytest.mark.parametrize(
    ("term", "first"),
    [
        ("hyponatrémie", "taux de sodium trop bas dans le sang"),
        ("hypomagnésémie", "taux de magnésium trop bas dans le sang"),
        ("hyperkaliémie", "trop de potassium dans le sang"),
        ("agammaglobulinémie", "absence d'anticorps dans le sang"),
        ("leucopénie", "manque de globules blancs"),
        ("thrombocytose", "trop de plaquettes"),
        ("anémie", "manque de globules rouges"),
        ("leucémie", "cancer du sang"),
        ("hématurie", "sang dans les urines"),
        ("gastrite", "inflammation de l'estomac"),
        ("néphrite", "inflammation du rein"),
        ("choriorétinite", "inflammation de la rétine et de la choroïde"),
        ("péricardite", "inflammation de l'enveloppe du cœur"),
        ("otalgie", "mal à l'oreille"),
        ("polydactylie", "doigts en trop"),
        ("anodontie", "absence de dents"),
        ("tachycardie", "cœur trop rapide"),
        ("splénomégalie", "rate trop grosse"),
        ("hépatosplénomégalie", "foie et rate trop gros"),
        ("microglossie", "langue trop petite"),
        ("brachydactylie", "doigts trop courts"),
        ("hémiplégie", "paralysie d'un côté du corps"),
        ("dysphagie", "difficulté à avaler"),
        ("anosmie", "perte de l'odorat"),
        ("cholécystectomie", "ablation de la vésicule biliaire"),
        ("trachéomalacie", "ramollissement de la trachée"),
        ("hypothyroïdie", "thyroïde pas assez active"),
        ("hyponatrémique", "avec taux de sodium trop bas dans le sang"),
        ("microcéphalique", "avec tête trop petite"),
        ("hépatique", "du foie"),
    ],
)
def test_the_first_french_wording(term, first):
    assert paraphrases(term, "fr")[0] == first


@pytest.mark.parametrize(
    ("term", "first"),
    [
        ("hyponatremia", "low level of sodium in the blood"),
        ("leukopenia", "too few white blood cells"),
        ("hematuria", "blood in the urine"),
        ("hypoandrogenism", "too few male hormones"),
        ("gastritis", "inflammation of the stomach"),
        ("polydactyly", "extra fingers or toes"),
        ("tachycardia", "heart that beats too fast"),
        ("splenomegaly", "enlarged spleen"),
        ("microdontia", "teeth that are too small"),
        ("macroglossia", "tongue that is too big"),
        ("hyperparathyroidism", "overactive parathyroid glands"),
        ("appendectomy", "removal of the appendix"),
        ("paraplegia", "paralysis of both legs"),
    ],
)
def test_the_first_english_wording(term, first):
    assert paraphrases(term, "en")[0] == first


@pytest.mark.parametrize(
    ("term", "language", "first"),
    [
        ("Gastrite chronique", "fr", "inflammation chronique de l'estomac"),
        ("Insuffisance rénale", "fr", "insuffisance du rein"),
        ("Aplasie du vagin inférieur", "fr", "absence de développement du vagin inférieur"),
        ("Chronic hepatitis", "en", "chronic inflammation of the liver"),
        ("Renal failure", "en", "failure of the kidney"),
    ],
)
def test_a_term_of_several_words(term, language, first):
    assert paraphrases(term, language)[0] == first


@pytest.mark.parametrize(
    "term",
    [
        "Hépatite B",
        "Encéphalopathie hépatique",
        "Neuropathie optique",
        "Flutter auriculaire",
        "Clinodactylie du quatrième orteil",
        "Fibrose kystique",
        "Toux",
    ],
)
def test_no_wording_where_grammar_or_meaning_would_be_a_guess(term):
    assert paraphrases(term, "fr") == ()


def test_an_explanation_shows_each_part_then_the_whole():
    assert explanation("Hyponatrémie", "fr") == (
        "hypo- (trop peu) + natr- (sodium) + -émie (dans le sang) : taux de sodium trop bas dans le sang"
    )
    assert explanation("Renal failure", "en") == "ren- (kidney) + -al (of, related to): failure of the kidney"
    assert explanation("Acrokératose", "fr") == "acro- (extrémité) + kérat- (cornée, corne) + -ose (maladie, état)"
    assert explanation("Toux", "fr") is None
    assert explanation("hyperapobétalipoprotéinémie", "fr") is None


@given(st.text(max_size=80), st.sampled_from(["fr", "en"]))
def test_any_text_is_worded_or_not_without_an_error(text, language):
    assert len(paraphrases(text, language)) <= 4
    assert explanation(text, language) is None or analyse(text, language)


@pytest.mark.parametrize(("lat", "language", "least"), [("FRE", "fr", 0.6), ("ENG", "en", 0.45)])
def test_how_many_open_terms_of_one_word_are_worded(gold, lat, language, least):
    lines = (gold / "umls_open" / "MRCONSO.RRF").read_text(encoding="utf8").splitlines()
    terms = {
        row[14] for line in lines if (row := line.split("|"))[1] == lat and re.fullmatch(r"[^\W\d_]+", row[14])
    }
    said = [term for term in terms if paraphrases(term, language)]
    assert len(said) >= least * len(terms)
    if language == "fr":
        written = [wording for term in said for wording in paraphrases(term, "fr")]
        assert not [
            one for one in written if re.search(r"\b(de les? |à les? |de [aeiouéêœ]|la [aeiouéêœ]|[{}])", one)
        ]
