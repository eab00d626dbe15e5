"""The exported graph: sentence-transformers' vectors, one text one vector, operators that INT8 can rewrite."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

pytest.importorskip("torch", reason="the extra `models` is not installed")

import onnx
import torch
from onnx import numpy_helper

from pipeline.encoders.export import to_onnx, tokenizer
from pipeline.encoders.export.source import Source, read
from pipeline.encoders.export.wrapper import pool
from pipeline.errors import EncoderError
from tests.pipeline.encoders.export import tiny
from tests.pipeline.encoders.export.vocabulary import TEXTS

POOLING = {  # architecture -> sentence-transformers' pooling that it is tried with
    "albert": "lasttoken",
    "bert": "mean",
    "deberta-v2": "cls",
    "distilbert": "max",
    "electra": "mean_sqrt_len_tokens",
    "modernbert": "mean",
    "mpnet": "mean",
    "xlm-roberta": "cls",
}
LAYERS = {"bert": 2, "modernbert": 2}  # an export takes seconds a layer, and the others' layers are all alike
PROMPTS = {"prompts": {"query": "douleur : ", "document": ""}, "default_prompt_name": "query"}


@dataclass(frozen=True)
class Exported:
    source: Source
    folder: Path

    @property
    def session(self) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        return onnxruntime.InferenceSession(self.folder / "model.onnx", options)

    def ids(self, text: str) -> list[int]:
        cut = tokenizer.write(self.source, self.folder)
        cut.enable_truncation(self.source.max_length)
        return cut.encode(self.source.prefix + text).ids


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Architecture -> its model as sentence-transformers saved it and as we exported it."""

    @cache
    def make(architecture: str) -> Exported:
        folder = tmp_path_factory.mktemp(architecture)
        said: dict[str, Any] = PROMPTS | {"dense": True} if architecture == "bert" else {}
        layers = LAYERS.get(architecture, 1)
        made = tiny.sentence_folder(folder / "st", architecture, POOLING[architecture], layers=layers, **said)
        source = read(made)
        to_onnx.export(source, folder, pooling=source.pooling)
        return Exported(source, folder)

    return make


@pytest.mark.parametrize("architecture", POOLING)
def test_vectors_are_those_of_sentence_transformers(exported, architecture):
    from sentence_transformers import SentenceTransformer

    ours = exported(architecture)
    theirs = SentenceTransformer(str(ours.source.folder), device="cpu")
    expected = theirs.encode(TEXTS, batch_size=1, normalize_embeddings=True, show_progress_bar=False)
    session = ours.session
    found = [session.run(None, {"input_ids": np.array([ours.ids(text)], np.int64)})[0][0] for text in TEXTS]
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert np.ptp(expected @ expected.T) > 0.1  # vectors that all agree would prove nothing


@pytest.mark.parametrize("architecture", POOLING)
@pytest.mark.parametrize("length", [2, 3, 12, 40])
def test_same_ids_same_bits_whatever_the_number_of_rows(exported, architecture, length):
    session = exported(architecture).session
    ids = np.random.default_rng(length).integers(5, 60, (256, length))
    [expected] = session.run(None, {"input_ids": ids})
    for rows in (1, 2, 7):
        for start in (0, 100, 256 - rows):
            [found] = session.run(None, {"input_ids": ids[start : start + rows]})
            np.testing.assert_array_equal(found, expected[start : start + rows])


def test_the_graph_has_the_operators_that_are_rewritten_for_int8(exported):
    model = onnx.load(exported("bert").folder / "model.onnx")
    onnx.checker.check_model(model, full_check=True)
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", 21)]
    kinds = Counter(node.op_type for node in model.graph.node)
    assert (kinds["Softmax"], kinds["Gelu"], kinds["LayerNormalization"]) == (2, 2, 5)
    assert not {"ReduceSum", "ReduceMean", "ReduceL2", "Where", "Gemm"} & set(kinds)
    weights = {entry.name: entry for entry in model.graph.initializer}
    products = [node for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in weights]
    shapes = Counter(tuple(weights[node.input[1]].dims) for node in products)
    assert shapes == {(32, 32): 8, (32, 64): 2, (64, 32): 2, (32, 16): 1}
    [words] = [node for node in model.graph.node if node.op_type == "Gather" and "input_ids" in node.input]
    table = numpy_helper.to_array(weights[words.input[0]])
    assert table.shape == (exported("bert").source.vocabulary, 32)


def test_no_path_of_this_machine_is_in_the_model(exported):
    content = (exported("bert").folder / "model.onnx").read_bytes()
    assert b".py" not in content
    assert str(Path(torch.__file__).parent).encode() not in content


def test_inputs_and_output_are_those_of_the_runtime(exported):
    session = exported("bert").session
    assert [(i.name, i.type, i.shape) for i in session.get_inputs()] == [
        ("input_ids", "tensor(int64)", ["rows", "length"])
    ]
    assert [(o.name, o.type, o.shape) for o in session.get_outputs()] == [
        ("sentence_embedding", "tensor(float)", ["rows", 16])
    ]


@pytest.fixture(scope="module")
def padded(tmp_path_factory) -> Exported:
    """The reference work's mean, exported as if its weights were large."""
    folder = tmp_path_factory.mktemp("padded")
    source = read(tiny.transformers_folder(folder / "bert", num_hidden_layers=1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(to_onnx, "INLINE", 1000)
        to_onnx.export(source, folder, pooling="mean-with-padding")
    return Exported(source, folder)


def test_the_mean_with_padding_is_over_all_positions(padded):
    ids = torch.tensor([[2, 9, 17, 3, 1, 1, 1], [2, 30, 31, 32, 33, 34, 3], [2, 3, 1, 1, 1, 1, 1]])
    mask = (ids != 1).long()
    with torch.no_grad():
        model = tiny.model("bert", num_hidden_layers=1).eval()
        states = model(input_ids=ids, attention_mask=mask).last_hidden_state
    expected = torch.nn.functional.normalize(states.mean(dim=1))
    feeds = {"input_ids": ids.numpy(), "attention_mask": mask.numpy()}
    session = padded.session
    [found] = session.run(["sentence_embedding"], feeds)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    for row in range(3):
        [alone] = session.run(None, {name: values[row : row + 1] for name, values in feeds.items()})
        np.testing.assert_array_equal(alone[0], found[row])


def test_large_weights_lie_beside_the_model(padded):
    files = sorted(file.name for file in padded.folder.iterdir() if file.is_file())
    assert files == ["model.onnx", "model.onnx.data"]
    onnx.checker.check_model(padded.folder / "model.onnx", full_check=True)
    assert not onnx.load(padded.folder / "model.onnx", load_external_data=False).graph.initializer[0].raw_data


@pytest.mark.parametrize(
    ("pooling", "expected"),
    [
        ("cls", [1.0, 8.0]),
        ("last", [4.0, 2.0]),
        ("max", [4.0, 8.0]),
        ("mean", [2.25, 4.5]),
        ("mean-sqrt", [4.5, 9.0]),
        ("mean-with-padding", [2.25, 4.5]),
    ],
)
def test_poolings(pooling, expected):
    states = torch.tensor([[[1.0, 8.0], [2.0, 4.0], [2.0, 4.0], [4.0, 2.0]]])
    assert pool(states, pooling).tolist() == [expected]


def test_an_unknown_pooling_is_refused(tmp_path):
    source = read(tiny.transformers_folder(tmp_path / "bert"))
    with pytest.raises(EncoderError, match=r"'average', expected one of cls, mean, max"):
        to_onnx.export(source, tmp_path, pooling="average")
