"""An encoder's weights read back from its model, where the folder that it was made from is not at hand."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")

from safetensors.numpy import load_file, save_file

from pipeline.encoders import add, catalogue
from pipeline.encoders.card import Card
from pipeline.encoders.measure import drift
from pipeline.encoders.recipe import Recipe
from pipeline.encoders.share import share
from pipeline.encoders.train.student import Student
from pipeline.encoders.unpack import CONFIGURATION, unpack
from pipeline.errors import EncoderError

INT8 = Recipe(engine="onnxruntime", precision="int8", bits=7)


@pytest.fixture
def source(source_folder: Path, tmp_path: Path) -> Path:
    """The tiny source with biases and norms as training leaves them: an export keeps equal ones once."""
    folder = tmp_path / "source"
    shutil.copytree(source_folder, folder)
    chance = np.random.default_rng(1)
    weights = load_file(folder / "model.safetensors")
    uneven = {name: w + chance.normal(0, 0.01, w.shape).astype(np.float32) for name, w in weights.items()}
    save_file(uneven, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


@pytest.fixture
def cards(source: Path, own: Path, texts: list[str]) -> list[Card]:
    """The fp32 export and the INT8 encoder of the tiny source."""
    origin = add.Origin(folder=source, source="tiny")
    return add.add(origin, INT8, add.Choices(), name="tiny", texts=texts)


def test_an_fp32_model_gives_its_weights_back_as_they_were(cards: list[Card], source: Path, tmp_path: Path):
    unpack(cards[0], tmp_path / "weights")
    found, expected = (load_file(folder / "model.safetensors") for folder in (tmp_path / "weights", source))
    assert {name for name in expected if not name.startswith("pooler.")} == set(found)
    assert all(np.array_equal(found[name], expected[name]) for name in found)


def test_an_int8_model_gives_nearly_the_vectors_of_the_source(
    cards: list[Card], source: Path, texts: list[str], tmp_path: Path
):
    unpack(cards[1], tmp_path / "weights")
    found = Student(tmp_path / "weights", pooling="mean").encode(texts)
    assert drift(found, Student(source).encode(texts)).least_cosine > 0.999


def test_a_trimmed_encoder_keeps_its_words(source: Path, own: Path, texts: list[str], tmp_path: Path):
    origin = add.Origin(folder=source, source="tiny")
    words = texts[:40]
    cards = add.add(origin, INT8, add.Choices(lowercase=True), name="few", texts=words, trim_to=words)
    unpack(cards[0], tmp_path / "weights")
    found = Student(tmp_path / "weights", pooling="mean").encode(words)
    expected = catalogue.load("few-fp32").encode(words)
    assert drift(found, expected).least_cosine > 0.99999


def test_the_encoder_in_the_box_is_a_start(own: Path, texts: list[str]):
    origin = add.made_from(catalogue.card("lexalign-e5"))
    assert origin.source.endswith("read back from its int8 model")
    found = Student(origin.folder, pooling="mean").encode(texts)
    assert drift(found, catalogue.load("lexalign-e5").encode(texts)).mean_cosine > 0.99
    assert add.made_from(catalogue.card("lexalign-e5")).folder == origin.folder, "made once"


def test_what_lost_its_folder_starts_from_its_fp32_export(cards: list[Card], source: Path):
    tags = cards[1].tags | {"made_of": {"folder": str(source.parent / "gone")}}
    origin = add.made_from(dataclasses.replace(cards[1], tags=tags))
    assert origin.source.endswith("read back from its fp32 model")
    assert add.made_from(cards[1]).folder == source


def test_one_that_was_shared_is_a_start_elsewhere(
    cards: list[Card], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    share(cards[1], tmp_path / "elsewhere" / "received")
    monkeypatch.setenv("LEXALIGN_ENCODERS", str(tmp_path / "elsewhere"))
    assert (add.made_from(catalogue.card("received")).folder / "model.safetensors").exists()


def test_what_cannot_be_read_back_is_refused_and_leaves_nothing(cards: list[Card], tmp_path: Path):
    fp32, int8 = cards
    bare = {key: value for key, value in fp32.tags.items() if key != CONFIGURATION}
    wider = fp32.tags[CONFIGURATION] | {"intermediate_size": 96}
    deeper = fp32.tags[CONFIGURATION] | {"num_hidden_layers": 3}
    refused = {
        "does not hold the network's configuration": dataclasses.replace(fp32, tags=bare),
        "int8-static on openvino": dataclasses.replace(int8, engine="openvino", precision="int8-static"),
        "6 weights are not those": dataclasses.replace(fp32, tags=fp32.tags | {CONFIGURATION: wider}),
        "16 weights are not those": dataclasses.replace(fp32, tags=fp32.tags | {CONFIGURATION: deeper}),
    }
    for words, card in refused.items():
        with pytest.raises(EncoderError, match=f"{card.name}: .*{words}.*give the folder of its weights"):
            unpack(card, tmp_path / "weights")
        assert not list(tmp_path.glob("*weights*"))


def test_a_damaged_model_is_refused(cards: list[Card], tmp_path: Path):
    folder = tmp_path / "cut"
    shutil.copytree(cards[0].folder, folder)
    (folder / "model.onnx").write_bytes((folder / "model.onnx").read_bytes()[:5000])
    with pytest.raises(EncoderError, match=r"model\.onnx"):
        unpack(dataclasses.replace(cards[0], folder=folder), tmp_path / "weights")
