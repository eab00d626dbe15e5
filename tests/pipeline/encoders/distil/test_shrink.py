"""Fewer layers: which, with which weights, in a folder that everything reads; and what is refused."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")

from safetensors.torch import load_file  # noqa: E402

from pipeline.encoders.distil.distilling import matched  # noqa: E402
from pipeline.encoders.distil.shrink import shrink, spread  # noqa: E402
from pipeline.encoders.export import source  # noqa: E402
from pipeline.encoders.train.student import Student  # noqa: E402
from pipeline.errors import EncoderError  # noqa: E402
from tests.pipeline.encoders.distil.small import NAMES  # noqa: E402
from tests.pipeline.encoders.export.tiny import sentence_folder, transformers_folder  # noqa: E402


@pytest.mark.parametrize(
    ("whole", "wanted", "layers"),
    [
        (12, 12, (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)),
        (12, 6, (0, 2, 4, 7, 9, 11)),  # as DistilBERT's
        (12, 4, (0, 4, 7, 11)),
        (12, 3, (0, 6, 11)),
        (12, 2, (0, 11)),
        (12, 1, (0,)),
        (24, 6, (0, 5, 9, 14, 18, 23)),
        (6, 3, (0, 3, 5)),
        (6, 2, (0, 5)),
        (2, 1, (0,)),
    ],
)
def test_layers_are_kept_evenly_apart(whole: int, wanted: int, layers: tuple[int, ...]):
    assert spread(whole, wanted) == layers


def test_a_layer_is_compared_with_the_one_that_it_began_as_and_a_single_one_with_the_last():
    assert matched(3, 12) == [(0, 0), (1, 6), (2, 11)]
    assert matched(1, 12) == [(0, 11)]


def test_a_kept_layer_keeps_its_bits(teacher_folder: Path, tmp_path: Path):
    whole = load_file(teacher_folder / "model.safetensors")
    smaller = load_file(shrink(teacher_folder, tmp_path / "smaller", 2) / "model.safetensors")
    assert source.read(tmp_path / "smaller").layers == 2
    for name, values in smaller.items():
        origin = name.replace("layer.1.", "layer.3.")
        assert torch.equal(values, whole[origin]), name
    assert {name.split("layer.")[1][0] for name in smaller if "encoder.layer." in name} == {"0", "1"}


def test_as_many_layers_give_the_same_vectors(teacher_folder: Path, tmp_path: Path):
    same = Student(shrink(teacher_folder, tmp_path / "same", 4)).encode(NAMES[:4])
    assert np.array_equal(same, Student(teacher_folder).encode(NAMES[:4]))


@pytest.mark.parametrize("architecture", ["roberta", "xlm-roberta", "camembert"])
def test_the_family_of_roberta_is_cut_too(architecture: str, tmp_path: Path):
    folder = transformers_folder(tmp_path / "whole", architecture)
    assert source.read(shrink(folder, tmp_path / "cut", 1)).layers == 1


def test_what_stands_beside_the_layers_goes_along(tmp_path: Path):
    folder = sentence_folder(tmp_path / "dense", "bert", "cls", dense=True)
    (folder / "onnx").mkdir()
    (folder / "pytorch_model.bin").write_bytes(b"the same weights again")
    cut = source.read(shrink(folder, tmp_path / "cut", 1))
    assert (cut.layers, cut.pooling, cut.dimension, cut.normalise) == (1, "cls", 16, True)
    assert not (tmp_path / "cut" / "onnx").exists()
    assert not (tmp_path / "cut" / "pytorch_model.bin").exists()


def test_weights_of_pytorch_are_read(teacher_folder: Path, tmp_path: Path):
    folder = tmp_path / "bin"
    shutil.copytree(teacher_folder, folder)
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    one, other = (shrink(origin, tmp_path / "cut" / origin.name, 2) for origin in (folder, teacher_folder))
    assert (one / "model.safetensors").read_bytes() == (other / "model.safetensors").read_bytes()


@pytest.mark.parametrize("layers", [0, -1, 5])
def test_layers_that_it_has_not_are_refused(layers: int, teacher_folder: Path, tmp_path: Path):
    with pytest.raises(EncoderError, match=f"{layers} layers wanted, expected 1 to 4"):
        shrink(teacher_folder, tmp_path / "none", layers)
    assert list(tmp_path.iterdir()) == []


def test_another_architecture_is_refused(tmp_path: Path):
    folder = transformers_folder(tmp_path / "albert", "albert")
    with pytest.raises(EncoderError, match="albert, expected one of bert"):
        shrink(folder, tmp_path / "cut", 1)
    assert not (tmp_path / "cut").exists()


def test_a_layer_without_weights_is_named(teacher_folder: Path, tmp_path: Path):
    folder = tmp_path / "poor"
    shutil.copytree(teacher_folder, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 5}), "utf-8")
    with pytest.raises(EncoderError, match="no weights of layers 4"):
        shrink(folder, tmp_path / "cut", 2)
    assert not (tmp_path / "cut").exists()
