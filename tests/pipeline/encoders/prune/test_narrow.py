"""A narrowed graph: smaller, the same vectors, and the law in INT8."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `models` is not installed")
onnx = pytest.importorskip("onnx", reason="the extra `models` is not installed")

from pipeline.encoders import add, catalogue  # noqa: E402
from pipeline.encoders.card import Card  # noqa: E402
from pipeline.encoders.encoder import FolderEncoder  # noqa: E402
from pipeline.encoders.export import source, to_onnx  # noqa: E402
from pipeline.encoders.measure import drift  # noqa: E402
from pipeline.encoders.prune import budget, fold, scores  # noqa: E402
from pipeline.encoders.prune.masks import Masks, ones  # noqa: E402
from pipeline.encoders.prune.narrow import narrow  # noqa: E402
from pipeline.encoders.prune.parts import parts  # noqa: E402
from pipeline.encoders.recipe import Recipe  # noqa: E402
from pipeline.encoders.train.student import Student  # noqa: E402
from pipeline.errors import EncoderError  # noqa: E402

INT8 = Recipe(engine="onnxruntime", precision="int8", bits=7)
FRENCH = add.Choices(languages=("fr",))
GONE = ([1], range(0, 128, 3), [0, 2, 3], [*range(100), 127])
"""Of the heads and neurons of both layers: 3, 85, 1 and 27 are left."""


def zeroed(folder: Path, to: Path, gone=GONE) -> Path:
    """The folder with these units made zero."""
    student = Student(folder)
    every = parts(student)
    masks: Masks = ones(every)
    for mask, places in zip(masks, gone, strict=True):
        mask[list(places)] = 0
    fold.fold(every, masks)
    student.save(to)
    return to


@pytest.fixture(scope="module")
def pruned(source_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return zeroed(source_folder, tmp_path_factory.mktemp("pruned") / "tiny")


def exported(folder: Path, to: Path, pooling: str = "mean") -> Path:
    to_onnx.export(source.read(folder), to, pooling=pooling)
    return to


def vectors(folder: Path, *, mask: bool = False) -> np.ndarray:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    ids = np.random.default_rng(5).integers(5, 1500, (9, 11))
    return session.run(None, {"input_ids": ids, **({"attention_mask": np.ones_like(ids)} if mask else {})})[0]


def widths(folder: Path) -> dict[str, tuple[int, ...]]:
    from pipeline.encoders.quantise.layers import linears
    from pipeline.encoders.quantise.onnx_file import OnnxFile

    file = OnnxFile(folder / "model.onnx")
    return {
        layer.name.removeprefix("transformer.encoder.layer."): file.shape(layer.weight) for layer in linears(file)
    }


def test_layers_of_uneven_widths_give_the_same_vectors(pruned: Path, tmp_path: Path):
    folder = exported(pruned, tmp_path)
    before = vectors(folder)
    found = narrow(folder)
    assert [(one.before, one.after) for one in found] == [(64, 48), (128, 85), (64, 16), (128, 27)]
    np.testing.assert_allclose(vectors(folder), before, atol=1e-5)
    left = widths(folder)
    assert left["0.attention.self.value"] == (64, 48)
    assert left["0.attention.output.dense"] == (48, 64)
    assert left["1.attention.self.query"] == (64, 16)
    assert left["1.intermediate.dense"] == (64, 27)
    assert left["1.output.dense"] == (27, 64)
    onnx.checker.check_model(str(folder / "model.onnx"), full_check=True)
    assert narrow(folder) == []
    assert sorted(file.name for file in folder.iterdir()) == ["model.onnx"]


def test_the_more_is_pruned_the_smaller_are_the_matrices_in_the_file(source_folder: Path, tmp_path: Path):
    """By magnitude, in one stage. Where heads go, more neurons may stay than with fewer operations gone."""
    sizes = []
    for percent in (0, 10, 20, 30, 40):
        student = Student(source_folder)
        every = parts(student)
        kept = budget.search(every, scores.magnitude(every), budget=(1 - percent / 100) * budget.whole(every))
        fold.fold(every, kept)
        student.save(tmp_path / f"{percent}")
        folder = exported(tmp_path / f"{percent}", tmp_path / f"{percent}-onnx")
        narrow(folder)
        inner, found = [int(kept[place].sum()) for place in (1, 3)], widths(folder)
        assert (sum(inner) < 256) == (percent > 0)
        assert [found[f"{layer}.intermediate.dense"] for layer in (0, 1)] == [(64, width) for width in inner]
        assert [found[f"{layer}.output.dense"] for layer in (0, 1)] == [(width, 64) for width in inner]
        sizes.append((folder / "model.onnx").stat().st_size)
    assert sizes == sorted(set(sizes), reverse=True)


def test_a_graph_without_zeros_stays_as_it_is_to_the_byte(source_folder: Path, tmp_path: Path):
    folder = exported(source_folder, tmp_path)
    before = (folder / "model.onnx").read_bytes()
    assert narrow(folder) == []
    assert (folder / "model.onnx").read_bytes() == before


def test_one_unit_stays_of_a_layer_that_lost_all(source_folder: Path, tmp_path: Path):
    folder = exported(zeroed(source_folder, tmp_path / "none", (range(4), range(128), [], [])), tmp_path / "onnx")
    before = vectors(folder)
    assert [(one.before, one.after) for one in narrow(folder)] == [(64, 16), (128, 1)]
    np.testing.assert_allclose(vectors(folder), before, atol=1e-5)


@pytest.mark.parametrize("side", ["into", "out"])
def test_one_side_of_zeros_is_enough(source_folder: Path, tmp_path: Path, side: str):
    """Neuron 3 reads nothing and has no bias, or is read by nothing; neuron 4 reads nothing and has a bias."""
    student = Student(source_folder)
    part = parts(student)[1]
    with torch.no_grad():
        if side == "into":
            part.into[0].weight[3:5] = 0
            part.into[0].bias[3:5] = torch.tensor([0.0, 1.0])
        else:
            part.out.weight[:, 3] = 0
    student.save(tmp_path / "model")
    folder = exported(tmp_path / "model", tmp_path / "onnx")
    before = vectors(folder)
    assert [(one.before, one.after) for one in narrow(folder)] == [(128, 127)]
    np.testing.assert_allclose(vectors(folder), before, atol=1e-5)


def test_an_activation_in_pieces_is_read_too(source_folder: Path, tmp_path: Path):
    folder = zeroed(source_folder, tmp_path / "model")
    config = folder / "config.json"
    config.write_text(config.read_text("utf-8").replace('"gelu"', '"gelu_new"'), "utf-8")
    folder = exported(folder, tmp_path / "onnx")
    before = vectors(folder)
    assert [one.after for one in narrow(folder)] == [48, 85, 16, 27]
    np.testing.assert_allclose(vectors(folder), before, atol=1e-5)


def test_under_a_mask_heads_stay_and_neurons_go(pruned: Path, tmp_path: Path):
    folder = exported(pruned, tmp_path, "mean-with-padding")
    before = vectors(folder, mask=True)
    assert [one.after for one in narrow(folder)] == [85, 27]
    np.testing.assert_allclose(vectors(folder, mask=True), before, atol=1e-5)


def test_weights_outside_of_the_model_are_narrowed_too(pruned: Path, tmp_path: Path):
    folder = exported(pruned, tmp_path)
    before = vectors(folder)
    model = onnx.load(folder / "model.onnx")
    onnx.save(model, folder / "model.onnx", save_as_external_data=True, location="model.onnx.data")
    assert len(narrow(folder)) == 4
    np.testing.assert_allclose(vectors(folder), before, atol=1e-5)


def test_a_damaged_model_is_named(tmp_path: Path):
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(EncoderError, match=r"model\.onnx"):
        narrow(tmp_path)


@pytest.fixture(scope="module")
def cards(pruned: Path, workshop: Path, texts: list[str]) -> list[Card]:
    return add.add(add.Origin(folder=pruned, source="tiny"), INT8, FRENCH, name="narrow", texts=texts)


def test_a_pruned_folder_is_registered_narrow_in_fp32_and_int8(cards, pruned, source_folder, texts):
    assert [card.name for card in cards] == ["narrow-fp32", "narrow"]
    [whole] = add.add(
        add.Origin(folder=source_folder, source="tiny"),
        Recipe(engine="onnxruntime", precision="fp32"), FRENCH, name="wide", texts=texts,
    )  # fmt: skip
    assert cards[0].bytes < whole.bytes
    theirs = Student(pruned).model.encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(catalogue.load("narrow-fp32").encode(texts), theirs, atol=1e-5)
    assert drift(catalogue.load("narrow").encode(texts), theirs).least_cosine > 0.98


@pytest.mark.parametrize("place", [0, 1])
def test_the_same_text_has_the_same_vector_in_a_narrowed_encoder(cards, texts, place):
    encoder = FolderEncoder(cards[place], threads=1)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    sevens = np.concatenate([encoder.encode(texts[start : start + 7]) for start in range(0, len(texts), 7)])
    np.testing.assert_array_equal(sevens, alone)
    np.testing.assert_array_equal(encoder.encode(texts[::-1])[::-1], alone)
