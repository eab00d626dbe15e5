"""A query side asks the index of another encoder, whose vectors it leaves alone."""

import dataclasses
import hashlib
import shutil
from pathlib import Path

import pytest

from pipeline.encoders import catalogue
from pipeline.encoders.card import to_json
from pipeline.encoders.distil.looking import IndexLook
from pipeline.encoders.distil.query_side import check_index, tags
from pipeline.errors import EncoderError, InputError
from pipeline.files import write_json
from tests.samples import LetterEncoder, atoms_of

ATOMS = atoms_of(
    ("C0015967", "FRE", "fièvre"),
    ("C0018681", "FRE", "céphalée"),
    ("C0018681", "ENG", "headache"),
    ("C0010200", "FRE", "toux"),
)
GOLD = "term\texplanation\tcuis\tsource\tmatch\n" + "".join(
    f"{term}\t\t{cui}\ttest\t{match}\n"
    for term, cui, match in (
        ("fievre", "C0015967", "inflected"),
        ("céphalées", "C0018681", "inflected"),
        ("dos", "C9999999", "different"),
    )
)


class Plain(LetterEncoder):
    """Reads without accents."""

    name, fingerprint = "plain", "plain-1"

    def encode(self, texts):
        return super().encode([text.replace("è", "e").replace("é", "e") for text in texts])


class Narrow(LetterEncoder):
    name, fingerprint, dimension = "narrow", "narrow-1", 8


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "dev.tsv"
    path.write_text(GOLD, "utf-8")
    return path


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two cards without weights, "index" and "queries"."""
    monkeypatch.setenv("LEXALIGN_ENCODERS", str(tmp_path / "own"))
    bundled = catalogue.BUNDLED / "lexalign-e5"
    for name in ("index", "queries"):
        folder = tmp_path / "own" / name
        folder.mkdir(parents=True)
        shutil.copyfile(bundled / "encoder.json", folder / "encoder.json")
        for file in ("tokenizer.json", "model.onnx"):
            (folder / file).touch()
        card = catalogue.card(name)
        write_json(folder / "encoder.json", to_json(dataclasses.replace(card, name=name)))
    return tmp_path / "own"


def digests(folder: Path) -> dict[str, str]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_queries_are_read_by_one_and_names_by_the_other(gold: Path):
    queries, index = Plain(), LetterEncoder()
    IndexLook([gold], ATOMS, index)(queries.encode)
    assert queries.seen == ["fievre", "cephalees", "dos"]
    assert set(index.seen) == {"fièvre", "céphalée", "headache", "toux"}


def test_figures_are_shares_of_all_queries(gold: Path):
    letters = LetterEncoder()
    figures = IndexLook([gold], ATOMS, letters)(letters.encode)
    assert list(figures) == ["dev accuracy@1", "dev accuracy@5", "dev recall@100"]
    assert figures["dev accuracy@1"] == figures["dev recall@100"] == pytest.approx(2 / 3)


def test_what_is_kept_is_said_beside_what_the_index_reaches(gold: Path):
    words = IndexLook([gold], ATOMS, LetterEncoder()).kept(Plain())
    assert words.splitlines()[2] == "dev recall@100: 66.7 % asked by letters, 66.7 % by plain"


def test_an_index_that_is_kept_stays_as_it_is_to_the_byte(gold: Path, tmp_path: Path):
    index = LetterEncoder()
    IndexLook([gold], ATOMS, index, cache=tmp_path / "vectors")
    before = digests(tmp_path / "vectors")
    index.seen.clear()
    IndexLook([gold], ATOMS, index, cache=tmp_path / "vectors")(Plain().encode)
    assert index.seen == []
    assert digests(tmp_path / "vectors") == before


def mark(name: str) -> None:
    """As if it had been registered as the query side of `index`."""
    card = catalogue.card(name)
    said = dataclasses.replace(card, tags={**card.tags, **tags("index")})
    write_json(card.folder / "encoder.json", to_json(said))


def test_a_query_side_of_another_dimension_is_refused(gold: Path):
    with pytest.raises(InputError, match="8 dimensions and a target of 64"):
        IndexLook([gold], ATOMS, LetterEncoder())(Narrow().encode)


def test_a_marked_card_says_which_index_it_asks_and_has_none_of_its_own(installed: Path):
    mark("queries")
    card = catalogue.card("queries")
    assert card.tags["query_side_of"] == "index"
    assert card.tags["index_sha256"] == catalogue.card("index").model_sha256
    check_index(catalogue.card("index"))
    with pytest.raises(EncoderError, match="asks the index of index, expected an encoder with its own"):
        check_index(card)


def test_a_query_side_without_its_index_is_refused(installed: Path):
    mark("queries")
    catalogue.remove("index")
    with pytest.raises(EncoderError, match="queries: asks the vectors of index, which is not installed"):
        catalogue.load("queries")


def test_another_index_of_that_name_is_refused(installed: Path):
    mark("queries")
    other = dataclasses.replace(catalogue.card("index"), model_sha256="0" * 64)
    write_json(installed / "index" / "encoder.json", to_json(other))
    with pytest.raises(EncoderError, match="found 000000"):
        catalogue.load("queries")
