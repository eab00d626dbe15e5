"""Noises: what they write on real terms, and their laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.encoders.noise import NOISES, misspelt, noisy, rules
from pipeline.encoders.noise.keyboard import NEAR
from pipeline.encoders.noise.marks import bare
from pipeline.errors import FormatError

TABLES = ("sounds", "scan", "telephone")
RULES = [(table, rule) for table in TABLES for rule in rules.rules(table)]
TERMS = st.one_of(
    st.text(max_size=60),
    st.text("abcdefghilmnopqrstuvxyzéèêàçœ' -0123", max_size=60),
    st.sampled_from(
        ["j'ai mal à la tête", "Œdème", "4ième doigt", "MOLES", "insuffisance (aiguë)", "c'est l'œil"]
    ),
)
SEEDS = st.integers(0, 2**32)


def ways(text: str, noise: str, seeds: int = 60) -> set[str]:
    return {NOISES[noise](text, np.random.default_rng(seed)) for seed in range(seeds)}


@pytest.mark.parametrize(("table", "rule"), RULES, ids=lambda one: getattr(one, "example", [one])[0])
def test_each_rule_writes_its_example(table, rule):
    term, wanted = rule.example
    assert wanted in {rules.written(term, [change]) for change in rules.changes(term, rule)}


@pytest.mark.parametrize(
    ("term", "wanted"),
    [
        ("Hépatite", "Hepatite"),
        ("œdème des jambes", "oedeme des jambes"),
        ("Œdème", "OEdeme"),
        ("garçon né à terme", "garcon ne a terme"),
        ("hypothyroïdie", "hypothyroidie"),
        ("gorge rouge", "gorge rouge"),
    ],
)
def test_accents_are_lost(term, wanted):
    assert ways(term, "accents", 3) == {wanted}


@pytest.mark.parametrize(
    ("term", "wanted"),
    [
        ("rétention d'eau", {"rétention deau", "rétention d eau", "rétention de eau"}),
        ("mal à l’oreille", {"mal à loreille", "mal à l oreille", "mal à le oreille", "mal à la oreille"}),
        ("nez qui n'arrête pas", {"nez qui narrête pas", "nez qui n arrête pas"}),
        ("aujourd'hui", {"aujourd'hui"}),
        ("fièvre", {"fièvre"}),
    ],
)
def test_elisions_lose_their_apostrophe(term, wanted):
    assert ways(term, "elisions") == wanted


@pytest.mark.parametrize(
    ("term", "wanted"),
    [
        ("mal au foie", {"malau foie", "mal aufoie"}),
        ("cystite", {"cys tite"}),
        ("rhume", {"rhume"}),
        ("os", {"os"}),
    ],
)
def test_words_run_together_or_break_between_syllables(term, wanted):
    assert ways(term, "spaces") == wanted


@pytest.mark.parametrize(
    ("term", "written", "never"),
    [
        ("bouche sèche", set(), {"bouke sèche"}),  # ch is k in Greek words only
        ("cancer", {"canser"}, {"cancé"}),
        ("uriner", {"uriné"}, set()),
        ("fer", set(), {"fé"}),
        ("famille", set(), {"famile"}),
        ("vaccin", {"vaccain"}, {"vacin"}),
        ("hémorragie", {"hémoragie", "hémorrajie"}, {"émorragie"}),
        ("mal à la hanche", {"mal à la anche", "mal à la henche"}, set()),
        ("inflammation", {"inflamation", "inflammassion", "inflammasion"}, {"inflammattion"}),
        ("dent de lait", {"dant de lait", "dent de lé"}, {"dent de lét"}),
    ],
)
def test_sounds_are_spelt_as_they_are_heard(term, written, never):
    found = ways(term, "sounds", 300)
    assert written <= found
    assert not never & found


@pytest.mark.parametrize(
    ("term", "written"),
    [
        ("j'ai mal à la tête", {"jai mal a la tet", "jé mal a la tet"}),
        ("je ne dors pas", {"je ne dors pa"}),
        ("du sang quand je tousse", {"du sang qd je tousse", "du sang kan je tousse"}),
        ("3 fois par jour", {"3 x par jour", "3x par jour"}),
        ("mal au dos", {"mal o dos"}),
        ("fracture", {"fracture"}),
    ],
)
def test_telephones_cut_words_short(term, written):
    assert ways(term, "telephone") == written


def test_keys_beside_are_those_of_a_french_keyboard():
    assert {letter: set(NEAR[letter]) for letter in "aps"} == {"a": set("zq"), "p": set("om"), "s": set("qdzwx")}


def test_a_mistyped_term_is_one_key_away():
    for found in ways("fièvre", "keyboard", 200):
        assert found != "fièvre"
        assert abs(len(found) - 6) <= 1
        assert found[0] == "f"
    assert ways("toux", "keyboard", 5) != {"toux"}
    assert ways("dos", "keyboard") == {"dos"}


def test_capitals_stay_capitals():
    assert all(found.isupper() for found in ways("HYPERTENSION", "sounds"))


@pytest.mark.parametrize("noise", NOISES)
@given(text=TERMS, seed=SEEDS)
def test_a_text_keeps_its_first_letter_and_is_never_left_empty(noise, text, seed):
    found = NOISES[noise](text, np.random.default_rng(seed))
    assert bool(found) == bool(text)
    assert bare(found)[:1].lower() == bare(text)[:1].lower()


@given(text=TERMS, seed=SEEDS)
def test_the_same_generator_writes_the_same(text, seed):
    for change in (misspelt, *NOISES.values()):
        assert change(text, np.random.default_rng(seed)) == change(text, np.random.default_rng(seed))


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("text", ["", "4", "!?", " ", "42 %", "\u0301"])
def test_a_text_without_a_place_to_change_stays(noise, text):
    assert NOISES[noise](text, np.random.default_rng(0)) == text


@given(
    text=st.text("abcdefghilmnoprstuvé' ", min_size=12, max_size=40).filter(lambda text: text.strip().isalpha())
)
def test_misspelt_changes_what_can_be_changed(text):
    assert misspelt(text, np.random.default_rng(0)) != text


def test_a_texts_noise_depends_on_seed_and_place_alone():
    terms = ["mal de tête", "fièvre", "mal de tête"]
    assert noisy(terms, "keyboard", seed=3)[:2] == noisy(terms[:2], "keyboard", seed=3)
    assert noisy(terms, "keyboard", seed=3) != noisy(terms, "keyboard", seed=4)
    first, _, last = noisy(terms, "keyboard", seed=3)
    assert first != last


def test_a_table_that_cannot_be_read_says_where(tmp_path, monkeypatch):
    monkeypatch.setattr(rules, "HERE", tmp_path)
    rules.rules.cache_clear()
    with pytest.raises(FormatError, match="install Lexalign again"):
        rules.rules("sounds")
    (tmp_path / "sounds.tsv").write_text("find\twrite\texample\n(ph\tf\tphase > fase\n", "utf-8")
    with pytest.raises(FormatError, match="line 2"):
        rules.rules("sounds")
    rules.rules.cache_clear()
