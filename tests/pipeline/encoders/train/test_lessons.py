"""What is taught: readers, grouping by concept, and concepts that must not be."""

import gzip
from pathlib import Path

import pytest

from pipeline.encoders.train import sources
from pipeline.encoders.train.apart import Apart, leaked, read_apart, without
from pipeline.encoders.train.lessons import Taught, fold, lessons
from pipeline.encoders.train.sources.glosses import is_medical
from pipeline.errors import FormatError, InputError

SHARED = Path(__file__).parents[5] / "shared"
OBO = """format-version: 1.2
data-version: test

[Term]
id: HP:0000790
name: Hematuria
def: "The presence of \\"blood\\" in the urine." [HPO:probinson]
synonym: "Blood in urine" EXACT layperson [ORCID:0000]
xref: UMLS:C0018965
xref: SNOMEDCT_US:34436003

[Term]
id: HP:0000001
name: Gone
is_obsolete: true
"""
BABELON = (
    "subject_id\tsource_language\ttranslation_language\tpredicate_id\tsource_value\ttranslation_status\t"
    "translation_value\nHP:0000790\ten\tfr\trdfs:label\tHematuria\tOFFICIAL\tHématurie\n"
)
LAY = "cuis\tregister\tphrase\nC0018965\tpatient\tje fais pipi du sang\n"
GOLD = "term\texplanation\tcuis\tsource\tmatch\nUrines sanglantes\t\tC0018965\tme\tdifferent\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "hp.obo").write_text(OBO, "utf-8")
    (folder / "hp-fr.tsv").write_text(BABELON, "utf-8")
    (folder / "lay.tsv").write_text(LAY, "utf-8")
    (folder / "NOTES.md").write_text("nothing to read here", "utf-8")
    with gzip.open(folder / "glosses.txt.gz", "wt", encoding="utf8") as file:
        file.write("hématurie\tÉmission de sang par les voies urinaires, qui accompagne certaines maladies.\n")
        file.write("grippage\tEffet de pièces métalliques qui adhèrent. | Inflammation de la gorge, autrefois.\n")
        file.write("charrue\tInstrument pour labourer la terre.\n")
    return folder


def test_one_concept_has_the_texts_of_all_its_sources(data: Path):
    [haematuria, grippage] = sorted(lessons(sources.read([data])), key=lambda lesson: -len(lesson.texts))
    assert haematuria.concepts == ("HP:0000790", "UMLS:C0018965")
    assert {(one.text, one.language, one.kind) for one in haematuria.texts} == {
        ("Hematuria", "en", "name"),
        ("Blood in urine", "en", "lay"),
        ('The presence of "blood" in the urine.', "en", "definition"),
        ("Hématurie", "fr", "name"),
        ("je fais pipi du sang", "fr", "lay"),
        ("Émission de sang par les voies urinaires, qui accompagne certaines maladies.", "fr", "gloss"),
    }
    assert [one.text for one in grippage.texts] == ["grippage", "Inflammation de la gorge, autrefois."]


@pytest.mark.parametrize(
    ("sense", "medical"),
    [
        ("Inflammation de la peau ou de la muqueuse de l’oreille.", True),
        ("Diminution du nombre des globules blancs dans le sang.", True),
        ("Maladie de la vigne causée par un champignon.", False),
        ("Commune d’Espagne, située dans la province de Cáceres.", False),
        ("Douleur.", False),
        ("Crise financière qui touche les banques du pays.", False),
    ],
)
def test_only_senses_of_health_are_taught(sense: str, medical: bool):
    assert is_medical(sense) is medical


def test_a_concept_kept_apart_teaches_nothing_under_any_name(data: Path, tmp_path: Path):
    gold = tmp_path / "gold.tsv"
    gold.write_text(GOLD, "utf-8")
    apart = read_apart([gold])
    taught = sources.read([data])
    taught.append(Taught(("MESH:D006417",), "hématurie", "fr", "mention"))  # a name of it, said of nothing known
    taught.append(Taught(("X:1",), "urines  sanglantes", "fr", "mention"))  # the very term that is asked for
    left = without(taught, apart)
    assert {one.concepts[0] for one in left} == {"headword:grippage"}
    assert leaked(lessons(left), apart) == []
    assert leaked(lessons(taught), apart), "the check itself sees what was not kept apart"


@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="../shared/gold is not there")
def test_no_concept_of_the_dev_sets_is_taught():
    dev = [SHARED / "gold" / "linking_dev.tsv", Path(__file__).parents[4] / "assets" / "lay" / "dev.tsv"]
    apart = read_apart(dev)
    taught = sources.read(
        [
            *(SHARED / "data" / name for name in ("hpo/hp.obo", "hpo_fr", "mondo_sssom", "doid", "quaero_fr")),
            SHARED / "data" / "wiktionnaire" / "glosses.txt.gz",
            SHARED / "gold" / "linking_train.tsv",
            dev[1].with_name("train.tsv"),
        ]
    )
    found = lessons(without(taught, apart))
    assert len(found) > 15_000
    assert leaked(found, apart) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("lay.tsv", b"cuis\tregister\tphrase\nC0018965\tpatient\n", "row 2 has not the 3 cells"),
        ("lay.tsv", "cuis\tregister\tphrase\nC0018965\tpatient\tfièvre\n".encode("latin-1"), "another encoding"),
        ("glosses.txt.gz", b"\x1f\x8b\x08\x00cut", "cut"),
        ("hp.obo", b'format-version: 1.2\n\n[Term]\nid: HP:1\nname: x\nsynonym: "half\n', "no quoted text"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, name: str, content: bytes, words: str):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FormatError, match=words) as error:
        sources.read([tmp_path / name])
    assert name in str(error.value)


def test_a_file_that_nobody_reads_is_refused(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("hello", "utf-8")
    with pytest.raises(InputError, match="expected one of: OBO"):
        sources.read([tmp_path / "notes.txt"])


@pytest.mark.parametrize(
    ("text", "folded"), [("Œdème  de l'œil", "oedeme de l oeil"), ("Pré-éclampsie", "pre eclampsie"), ("", "")]
)
def test_folding(text: str, folded: str):
    assert fold(text) == folded


def test_identifiers_that_a_source_calls_the_same_are_one_concept():
    taught = [
        Taught(("A:1", "UMLS:C1"), "one", "en", "name"),
        Taught(("UMLS:C1", "B:1"), "two", "en", "name"),
        Taught(("B:1",), "trois", "fr", "name"),
        Taught(("C:1",), "alone", "en", "name"),
    ]
    [only] = lessons(taught)
    assert (only.concepts, len(only.texts)) == (("A:1", "B:1", "UMLS:C1"), 3)
    assert without(taught, Apart(frozenset({"B:1"}), frozenset())) == [taught[-1]]
