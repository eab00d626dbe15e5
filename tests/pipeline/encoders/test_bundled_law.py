"""The law of the bundled encoders: the same text has the same vector, to the bit."""

import json
import random
import shutil

import numpy as np
import pytest

from pipeline.encode import encode
from pipeline.encoders import catalogue
from pipeline.errors import EncoderError

NAMES = list(catalogue.folders())


@pytest.fixture(scope="module")
def texts() -> list[str]:
    lines = (catalogue.BUNDLED.parent / "sample" / "lexicon.txt").read_text(encoding="utf8").splitlines()[1:]
    cells = [line.split("\t") for line in lines]
    return ["", "a", *(c[0] for c in cells), *(f"{c[0]}. {c[3]}" for c in cells[::7])]


@pytest.fixture(scope="module", params=NAMES)
def reference(request, texts):
    """One encoder with its vectors, each text encoded alone."""
    encoder = catalogue.load(request.param, threads=1)
    return request.param, np.concatenate([encoder.encode([text]) for text in texts])


@pytest.mark.parametrize("batch_tokens", [1, 64, 2048, 1 << 20])
@pytest.mark.parametrize("threads", [1, 2])
def test_batches_and_threads_change_no_bit(reference, texts, batch_tokens, threads):
    name, expected = reference
    encoder = catalogue.load(name, threads=threads, batch_tokens=batch_tokens)
    assert np.array_equal(encoder.encode(texts), expected)


@pytest.mark.parametrize("rows", [1, 7, 256])
def test_order_and_batch_mates_change_no_bit(reference, texts, rows):
    name, expected = reference
    encoder, order = catalogue.load(name), list(range(len(texts)))
    random.Random(rows).shuffle(order)
    parts = [order[start : start + rows] for start in range(0, len(order), rows)]
    found = np.concatenate([encoder.encode([texts[place] for place in part]) for part in parts])
    assert np.array_equal(found, expected[order])


def test_the_cache_changes_no_bit(reference, texts, tmp_path):
    name, expected = reference
    encoder = catalogue.load(name)
    for part in (texts[::2], texts):
        found = encode(part, encoder, cache=tmp_path, shard=50)
    assert np.array_equal(found, expected)


def test_vectors_are_of_length_one_and_near_for_near_meanings(reference):
    encoder = catalogue.load(reference[0])
    vectors = encoder.encode(["saignement de nez", "épistaxis", "nosebleed", "fracture de la jambe"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert (vectors @ vectors[0])[2] > (vectors @ vectors[0])[3]


def test_a_fingerprint_is_the_same_each_time_and_differs_between_encoders():
    found = {catalogue.load(name).fingerprint for name in NAMES for _ in range(2)}
    assert len(found) == len(NAMES) == 2


def test_texts_that_are_one_to_the_model_have_one_vector():
    texts = ["Fièvre", "œdème", "fièvre", "FIÈVRE", "fièvre"]
    for name in NAMES:
        vectors = catalogue.load(name).encode(texts)
        assert [np.array_equal(vectors[row], vectors[0]) for row in range(5)] == [True, False, True, True, True]


def test_a_long_text_is_cut_and_counted():
    encoder = catalogue.load("lexalign-e5")
    encoder.encode(["douleur " * 2000, "douleur"])
    assert encoder.truncated == 1


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A copy of a bundled encoder in the user's own folder."""
    monkeypatch.setenv("LEXALIGN_ENCODERS", str(tmp_path))
    shutil.copytree(catalogue.BUNDLED / NAMES[0], tmp_path / "mine")
    return tmp_path / "mine"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("model.onnx", b""),
        ("model.onnx", b"cut"),
        ("tokenizer.json", b"{"),
        ("encoder.json", b"{}"),
        ("model.onnx", None),
    ],
)
def test_a_damaged_folder_is_named(own, file, content):
    if content is None:
        (own / file).unlink()
    else:
        (own / file).write_bytes(content)
    with pytest.raises(EncoderError, match="mine"):
        catalogue.load("mine")


def test_a_model_of_another_dimension_is_refused(own):
    card = json.loads((own / "encoder.json").read_text(encoding="utf8"))
    (own / "encoder.json").write_text(json.dumps(card | {"dimension": 768}), encoding="utf8")
    with pytest.raises(EncoderError, match="768"):
        catalogue.load("mine")


def test_an_unknown_name_lists_the_known_ones(tmp_path, monkeypatch):
    monkeypatch.setenv("LEXALIGN_ENCODERS", str(tmp_path))
    with pytest.raises(EncoderError, match="known: lexalign-e5, lexalign-minilm"):
        catalogue.card("krissbert")
