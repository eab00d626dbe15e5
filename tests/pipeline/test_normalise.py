import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.normalise import ENGLISH, FRENCH, NORMALISED, as_table, normalise, spacy_lemmas
from pipeline.normalise.rules import STEPS


def french(text: str, rules=FRENCH) -> str:
    return normalise([text], rules)[0].text


def english(text: str) -> str:
    return normalise([text], ENGLISH)[0].text


def test_elision_is_removed_and_explained():
    [term] = normalise(["l'hypertension"], FRENCH)
    assert (term.source, term.text, term.rules) == ("l'hypertension", "hypertension", ("elision",))


def test_each_rule_that_changed_the_text_is_named_in_order():
    [term] = normalise(["L’Œdème des 2ièmes doigts (β-bloquants)"], FRENCH)
    assert term.text == "oedème 2e doigt beta bloquant"
    assert term.rules == (
        "unicode",
        "elision",
        "case",
        "ligatures",
        "greek",
        "punctuation",
        "ordinals",
        "stop-words",
        "lemma",
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("vitamine B12", "vitamine b12"),
        ("vitamine B-12", "vitamine b12"),
        ("IL-6", "il6"),
        ("IgE", "ige"),
        ("β-bloquant", "beta bloquant"),
        ("bêta-bloquants", "beta bloquant"),
        ("TNFα", "tnf alpha"),
        ("α1-antitrypsine", "alpha 1 antitrypsine"),
        ("2e doigt", "2e doigt"),
        ("1er doigt", "1e doigt"),
        ("4ième doigt", "4e doigt"),
        ("2nde phalange", "2e phalange"),
        ("1ᵉʳ doigt", "1e doigt"),
        ("T3/T4", "t3 t4"),
        ("CD4+", "cd4 positif"),
        ("CD4⁺", "cd4 positif"),
        ("Rh\N{MINUS SIGN}", "rh négatif"),
        ("pré- et post-opératoire", "pré post opératoire"),
        ("pH", "ph"),
        ("37 °C", "37 celsius"),
        ("10 µg", "10 ug"),
        ("10 μg", "10 ug"),
        ("10 mcg", "10 ug"),
        ("n° 4", "numéro 4"),
        ("nº4", "numéro 4"),
        ("№ 4", "numéro 4"),
        ("5 %", "5 pourcent"),
        ("Doliprane™", "doliprane"),
        ("œil", "oeil"),
        ("cœcum", "coecum"),
        ("peau\N{SOFT HYPHEN}cière", "peaucière"),
        ("ｆｉèvre", "fièvre"),
        ("e\N{COMBINING ACUTE ACCENT}paule", "épaule"),
        ("d’Alzheimer", "alzheimer"),
        ("lorsqu'il", "il"),
        ("côte", "côte"),
        ("côté", "côté"),
    ],
)
def test_french_as_doctors_write_it(written, read):
    assert french(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Crohn’s disease", "crohn disease"),
        ("vitamin A", "vitamin a"),
        ("hepatitis A virus", "hepatitis a virus"),
        ("a broken leg", "broken leg"),
        ("loss of a limb", "loss limb"),
        ("№ 4", "number 4"),
        ("CD4+ cells", "cd4 positive cell"),
        ("Swelling of both feet", "swelling both foot"),
        ("bronchi and vertebrae", "bronchus vertebra"),
    ],
)
def test_english_as_doctors_write_it(written, read):
    assert english(written) == read


@pytest.mark.parametrize(
    "text",
    ["pas fièvre", "sans fièvre", "non fébrile", "jamais fièvre", "aucun signe", "ni toux", "hors grossesse"],
)
def test_french_negations_stay(text):
    assert french(text) == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("no fever", "no fever"),
        ("not painful", "not painful"),
        ("without aura", "without aura"),
        ("can't walk", "can not walk"),
        ("won’t heal", "will not heal"),
        ("isn't red", "is not red"),
    ],
)
def test_english_negations_stay(written, read):
    assert english(written) == read


@pytest.mark.parametrize("text", ["hépatite a", "vitamine d", "groupe o", "chromosome y", "streptocoque b"])
def test_single_letters_stay_but_the_word_a_with_its_accent_goes(text):
    assert french(text.upper()) == text.upper().lower()
    assert french("mal à " + text) == "mal " + text


@pytest.mark.parametrize("text", ["de la", "Qui ?", "et/ou"])
def test_a_text_of_stop_words_alone_keeps_them(text):
    [term] = normalise([text], FRENCH)
    assert term.text
    assert term.rules[-1] == "kept-stop-words"


@pytest.mark.parametrize("text", ["???", "—", "+", "<", "\N{ZERO WIDTH SPACE}"])
def test_a_text_of_symbols_alone_keeps_them(text):
    [term] = normalise([text], FRENCH)
    assert (term.text, term.rules[-1:]) == (text, ("kept-symbols",))


def test_only_a_blank_text_becomes_empty():
    assert [term.text for term in normalise(["", "  \n"], FRENCH)] == ["", ""]


@pytest.mark.parametrize(
    ("words", "lemmas"),
    [
        ("règles selles pouls reins yeux dents cheveux genoux", "règle selle pouls rein oeil dent cheveu genou"),
        ("veines trompes tiques fausse élargies enflée nés", "veine trompe tique faux élargi enflé né"),
        ("biceps pancréas rachis virus tétanos lupus utérus", "biceps pancréas rachis virus tétanos lupus utérus"),
        ("rénaux cérébrales congénitaux douloureuses", "rénal cérébral congénital douloureux"),
        ("artères nausées plaies taches aura sida", "artère nausée plaie tache aura sida"),
        ("os dos nez bas avc irm hta", "os dos nez bas avc irm hta"),
    ],
)
def test_french_lemmas_of_medicine(words, lemmas):
    assert french(words) == lemmas


@pytest.mark.parametrize(
    ("words", "lemmas"),
    [
        ("diabetes rabies pancreas herpes biceps pelvis", "diabetes rabies pancreas herpes biceps pelvis"),
        ("measles mumps shingles hives rickets aids", "measles mumps shingles hives rickets aids"),
        ("lenses diagnoses testes vertebrae calculi teeth", "lens diagnosis testis vertebra calculus tooth"),
        ("bleeding swelling vomiting itching enlarged", "bleeding swelling vomiting itching enlarged"),
        ("kidneys arteries bruises corneas", "kidney artery bruise cornea"),
    ],
)
def test_english_lemmas_of_medicine(words, lemmas):
    assert english(words) == lemmas


@pytest.mark.parametrize("rules", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_lists_keep_negations_and_letters_out(rules):
    negations = "pas sans non ne ni jamais aucun aucune rien sauf hors no not nor without none never cannot except"
    assert not rules.stop_words & set(negations.split())
    assert {word for word in rules.stop_words if len(word) == 1} <= {"à"}
    assert not {lemma for lemma in rules.lemmas.values() if rules.lemmas.get(lemma, lemma) != lemma}


@pytest.mark.parametrize("step", STEPS)
def test_every_step_can_be_switched_off(step):
    text = "L’Œdème des 2ièmes doigts, B-12 à 5 % et 3 µg (β-bloquants)"
    everything, less = normalise([text], FRENCH)[0], normalise([text], FRENCH.without(step))[0]
    assert step in everything.rules
    assert step not in less.rules
    assert less.text != everything.text


def test_an_unknown_step_is_refused():
    with pytest.raises(InputError, match="no step lemmas; expected some of elision"):
        FRENCH.without("lemmas")


texts = st.text() | st.text("aàéœβμµ°%+-−'’ ABCdl10nN№ºgmç²ǅİß\u0301\u200b\u00ad&/.", max_size=25)
few = "a the of vitamin la l' d' de à Œil règles 2e sons sont IL-6 β CD4+"
terms = st.lists(st.sampled_from(few.split())).map(" ".join)


@pytest.mark.parametrize("rules", [FRENCH, ENGLISH], ids=["fr", "en"])
@given(text=texts | terms)
def test_normalising_twice_is_normalising_once(rules, text):
    [once] = normalise([text], rules)
    [twice] = normalise([once.text], rules)
    assert twice.text == once.text
    assert set(twice.rules) <= {"kept-symbols", "kept-stop-words"}


@pytest.mark.parametrize("rules", [FRENCH, ENGLISH], ids=["fr", "en"])
@given(text=texts | terms)
def test_no_text_becomes_empty(rules, text):
    assert bool(normalise([text], rules)[0].text) == bool(text.strip())


@given(st.lists(texts, max_size=5))
def test_a_text_reads_the_same_whatever_its_neighbours(several):
    assert normalise(several, FRENCH) == [normalise([text], FRENCH)[0] for text in several]


@pytest.mark.parametrize("rules", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_all_open_strings_are_stable(rules, gold):
    lines = (gold / "umls_open" / "MRCONSO.RRF").read_text(encoding="utf8").splitlines()
    once = [term.text for term in normalise([line.split("|")[14] for line in lines], rules)]
    assert [term.text for term in normalise(once, rules)] == once


def test_a_lemmatiser_that_goes_in_circles_still_settles():
    ring = {"alpha": "gamma", "gamma": "omega", "omega": "alpha"}
    rows = normalise(list(ring), ENGLISH, lemmatise=lambda word: ring.get(word, word))
    assert {row.text for row in rows} == {"alpha"}


def test_a_lemma_of_two_words_or_none_is_no_lemma():
    odd = {"fever": "", "cough": "to cough", "pain": "the"}
    rows = normalise(list(odd), ENGLISH, lemmatise=odd.__getitem__)
    assert [row.text for row in rows] == list(odd)


def test_a_missing_scispacy_model_says_what_to_do(monkeypatch):
    with pytest.raises(InputError, match=r"spaCy is not installed|scispaCy model that you downloaded"):
        spacy_lemmas("/nowhere/en_core_sci_sm")


def test_rows_become_a_table_that_keeps_the_rules():
    table = as_table(normalise(["l'hypertension", "toux"], FRENCH))
    assert table.schema == NORMALISED
    assert table["rules"].to_pylist() == [["elision"], []]


def test_progress_is_told():
    seen = []
    normalise(["toux"] * 3, FRENCH, progress=lambda *call: seen.append(call))
    assert seen == [(0, 3, "normalised"), (3, 3, "normalised")]


def test_a_users_own_spacy_model_gives_the_lemmas(tmp_path):
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed (it is no dependency)")
    model = spacy.blank("en")
    ruler = model.add_pipe("attribute_ruler")
    ruler.add([[{"LOWER": "fevers"}]], {"LEMMA": "fever"})
    model.to_disk(tmp_path / "model")
    rows = normalise(["Fevers without cause"], ENGLISH, lemmatise=spacy_lemmas(str(tmp_path / "model")))
    assert (rows[0].text, rows[0].rules) == ("fever without cause", ("case", "lemma"))
