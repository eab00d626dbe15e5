"""The law: the same text has the same vector, to the bit, with every engine and precision that is offered."""

import dataclasses
import random
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import pytest

from pipeline.encode import encode
from pipeline.encoders import add, catalogue
from pipeline.encoders.build import build
from pipeline.encoders.card import Card
from pipeline.encoders.encoder import FolderEncoder
from pipeline.encoders.engines.cpu import flags, has_vnni
from pipeline.encoders.measure import drift
from pipeline.encoders.recipe import COMPARISON, PRECISIONS, Recipe, recipe
from pipeline.errors import EncoderError

pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("onnx", reason="the extra `models` is not installed")

OPENVINO = pytest.mark.skipif(not find_spec("nncf"), reason="the extra `openvino` is not installed")
BF16 = pytest.mark.skipif(not flags() & {"avx512_bf16", "amx_bf16"}, reason="this CPU has no bf16")
VNNI = pytest.mark.skipif(not has_vnni(), reason="this CPU has no VNNI")
OFFERED = [
    pytest.param(Recipe(engine="onnxruntime", precision="fp32"), id="ort-fp32"),
    pytest.param(Recipe(engine="onnxruntime", precision="fp16"), id="ort-fp16"),
    pytest.param(Recipe(engine="onnxruntime", precision="int8", bits=7), id="ort-int8"),
    pytest.param(Recipe(engine="onnxruntime", precision="int8", bits=7, alpha=0.5), id="ort-int8-smooth"),
    pytest.param(Recipe(engine="onnxruntime", precision="int8", bits=8), id="ort-int8-8", marks=VNNI),
    pytest.param(Recipe(engine="openvino", precision="fp32"), id="ov-fp32", marks=OPENVINO),
    pytest.param(Recipe(engine="openvino", precision="bf16"), id="ov-bf16", marks=[OPENVINO, BF16]),
    pytest.param(Recipe(engine="openvino", precision="int8-weights", group=32), id="ov-weights", marks=OPENVINO),
    pytest.param(Recipe(engine="openvino", precision="int8-static", alpha=0.5), id="ov-static", marks=OPENVINO),
]
Made = Callable[[Recipe], Card]


@pytest.fixture(scope="module")
def fp32(workshop, source_folder, texts) -> Card:
    plain = Recipe(engine="onnxruntime", precision="fp32")
    origin = add.Origin(folder=source_folder, source="tiny-bert")
    [card] = add.add(origin, plain, add.Choices(languages=("fr",)), name="law-fp32", texts=texts)
    return card


@pytest.fixture(scope="module")
def made(fp32, texts) -> Made:
    """The encoder of a recipe, built once."""
    cards: dict[Recipe, Card] = {}

    def make(wanted: Recipe) -> Card:
        if wanted not in cards:
            cards[wanted] = build(fp32, wanted, name=f"law-{len(cards)}", texts=texts)
        return cards[wanted]

    return make


def alone(card: Card, texts: list[str]) -> np.ndarray:
    encoder = FolderEncoder(card, threads=1)
    return np.concatenate([encoder.encode([text]) for text in texts])


@pytest.fixture(scope="module")
def varied(texts) -> list[str]:
    """From the empty text to one that is cut at the maximum length."""
    return ["", "a", *texts[:80], " ".join(texts[:4]), " ".join(texts)]


@pytest.mark.parametrize("wanted", OFFERED)
def test_batches_threads_and_order_change_no_bit(made, varied, wanted):
    card = made(wanted)
    expected = alone(card, varied)
    for batch_tokens, threads in ((1, 2), (64, 1), (2048, 1), (2048, 2), (1 << 20, 2)):
        encoder = FolderEncoder(card, threads=threads, batch_tokens=batch_tokens)
        for rows in (7, 256):
            order = random.Random(rows).sample(range(len(varied)), len(varied))
            parts = [order[start : start + rows] for start in range(0, len(order), rows)]
            found = np.concatenate([encoder.encode([varied[place] for place in part]) for part in parts])
            np.testing.assert_array_equal(found, expected[order])


@pytest.mark.parametrize("wanted", OFFERED)
def test_the_cache_and_a_second_start_change_no_bit(made, varied, wanted, tmp_path):
    card = made(wanted)
    encode(varied[::3], FolderEncoder(card), cache=tmp_path, shard=16)
    again = FolderEncoder(card)
    np.testing.assert_array_equal(encode(varied, again, cache=tmp_path, shard=16), alone(card, varied))
    assert len(list(tmp_path.iterdir())) == 1, "the second start has the first one's fingerprint"


@pytest.mark.parametrize("wanted", OFFERED)
def test_what_is_offered_stays_near_fp32(made, fp32, texts, wanted):
    found = drift(FolderEncoder(made(wanted)).encode(texts), FolderEncoder(fp32).encode(texts))
    assert found.least_cosine > 0.98


def test_every_precision_that_is_offered_is_tested():
    offered = {(engine, name) for engine, names in PRECISIONS.items() for name in names} - {
        ("onnxruntime", COMPARISON)
    }
    tested = {(param.values[0].engine, param.values[0].precision) for param in OFFERED}
    assert tested == offered


def test_one_scale_a_batch_breaks_the_law_which_is_why_it_is_for_comparison_only(made, varied):
    card = made(Recipe(engine="onnxruntime", precision=COMPARISON))
    together = FolderEncoder(card, threads=1, batch_tokens=1 << 20).encode(varied)
    assert not np.array_equal(together, alone(card, varied))


def test_int8_takes_little_over_a_quarter_of_the_linear_weights(made, fp32):
    made_card = made(Recipe(engine="onnxruntime", precision="int8", bits=7))
    assert made_card.bytes < 0.5 * fp32.bytes  # so small a model is mostly graph and vocabulary


def test_excluded_layers_stay_in_fp32(made, fp32, texts):
    everything = made(Recipe(engine="onnxruntime", precision="int8", bits=7))
    some = made(Recipe(engine="onnxruntime", precision="int8", bits=7, excluded=tuple(layer_names(fp32))))
    original = FolderEncoder(fp32).encode(texts)
    nearer, further = (drift(FolderEncoder(card).encode(texts), original) for card in (some, everything))
    assert nearer.mean_cosine > further.mean_cosine


def layer_names(card: Card) -> list[str]:
    from pipeline.encoders.quantise.layers import linears
    from pipeline.encoders.quantise.onnx_file import OnnxFile

    return [layer.name for layer in linears(OnnxFile(card.folder / "model.onnx"))]


def test_layers_have_their_makers_names(fp32):
    names = layer_names(fp32)
    assert len(names) == len(set(names)) == 12
    assert names[0].endswith("layer.0.attention.self.query")


def test_unknown_recipes_list_the_known_ones():
    with pytest.raises(EncoderError, match="int8-static"):
        Recipe(engine="openvino", precision="int4")


def test_eight_bits_are_refused_where_they_would_saturate(made, monkeypatch):
    monkeypatch.setattr("pipeline.encoders.engines.ort.has_vnni", lambda: False)
    card = made(Recipe(engine="onnxruntime", precision="int8", bits=7))
    eight = dataclasses.replace(card, tags=card.tags | {"recipe": {"bits": 8}})
    with pytest.raises(EncoderError, match="--bits 7"):
        FolderEncoder(eight)


@pytest.mark.parametrize(
    ("vnni", "openvino", "engine", "precision"),
    [
        (False, True, "onnxruntime", "int8"),
        (True, False, "onnxruntime", "int8"),
        (True, True, "openvino", "int8-static"),
    ],
)
def test_the_instruction_set_chooses_the_engine(monkeypatch, vnni, openvino, engine, precision):
    monkeypatch.setattr("pipeline.encoders.recipe.has_vnni", lambda: vnni)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object() if openvino else None)
    found = recipe("auto", "int8")
    assert (found.engine, found.precision) == (engine, precision)


def test_a_recipe_survives_its_json():
    from pipeline.encoders.recipe import from_json

    wanted = Recipe(engine="openvino", precision="int8-static", alpha=0.85, excluded=("encoder.layer.3.output",))
    assert from_json(wanted.to_json()) == wanted


def test_the_catalogue_lists_what_was_made(made, fp32):
    assert {fp32.name, *NAMES} <= set(catalogue.folders())


NAMES = ("lexalign-e5", "lexalign-minilm")
