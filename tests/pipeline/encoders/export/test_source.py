"""What a folder says of itself, and every folder that is refused."""

import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the extra `models` is not installed")

import torch

from pipeline.encoders.export import weights
from pipeline.encoders.export.source import read
from pipeline.errors import EncoderError
from tests.pipeline.encoders.export import tiny
from tests.pipeline.encoders.export.tiny import change

README = """---
language:
- fr
- no
license: cc-by-4.0
---
# Encodeur
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    """A folder as sentence-transformers laid it out before version 6, with one dense layer."""
    folder = tiny.transformers_folder(tmp_path_factory.mktemp("kept") / "bert")
    kinds = {"": "Transformer", "1_Pooling": "Pooling", "2_Dense": "Dense", "3_Normalize": "Normalize"}
    listed = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate(kinds.items())
    ]
    (folder / "modules.json").write_text(json.dumps(listed), encoding="utf8")
    for path in list(kinds)[1:3]:
        (folder / path).mkdir()
    change(folder / "1_Pooling" / "config.json", word_embedding_dimension=32, pooling_mode_cls_token=True)
    change(
        folder / "2_Dense" / "config.json",
        in_features=32,
        out_features=8,
        bias=True,
        activation_function="torch.nn.modules.activation.Tanh",
    )
    state = {"linear.weight": torch.ones(8, 32), "linear.bias": torch.zeros(8)}
    torch.save(state, folder / "2_Dense" / "pytorch_model.bin")
    change(folder / "sentence_bert_config.json", max_seq_length=50, do_lower_case=True)
    change(
        folder / "config_sentence_transformers.json",
        prompts={"query": "question : ", "document": ""},
        default_prompt_name="query",
    )
    (folder / "README.md").write_text(README, encoding="utf8")
    return folder


@pytest.fixture
def folder(kept, tmp_path) -> Path:
    """A copy to spoil."""
    return shutil.copytree(kept, tmp_path / "bert")


def test_a_sentence_transformers_folder_says_everything(kept):
    source = read(kept)
    assert (source.architecture, source.hidden, source.layers, source.dimension) == ("bert", 32, 2, 8)
    assert (source.pooling, source.normalise, source.max_length, source.lowercase) == ("cls", True, 50, True)
    assert (source.prefix, source.prompts["document"]) == ("question : ", "")
    assert (source.languages, source.licence) == (("fr", "no"), "cc-by-4.0")
    assert [(d.inputs, d.outputs, d.activation) for d in source.denses] == [(32, 8, "Tanh")]


def test_a_transformers_folder_says_nothing_of_pooling(tmp_path):
    source = read(tiny.transformers_folder(tmp_path / "plain"))
    assert (source.pooling, source.denses, source.prefix, source.licence) == (None, (), "", None)
    assert source.max_length == 60


@pytest.mark.parametrize(
    ("architecture", "changes", "expected"),
    [
        ("bert", {"max_position_embeddings": 40}, 40),
        ("xlm-roberta", {"max_position_embeddings": 42}, 40),
        ("mpnet", {"max_position_embeddings": 42}, 40),
        ("distilbert", {"max_position_embeddings": 512}, 60),
    ],
)
def test_the_greatest_length_is_the_smallest_stated(tmp_path, architecture, changes, expected):
    assert read(tiny.transformers_folder(tmp_path / "m", architecture, **changes)).max_length == expected


def test_a_length_without_end_is_none(tmp_path):
    folder = tiny.transformers_folder(tmp_path / "m")
    change(folder / "tokenizer_config.json", model_max_length=int(1e30))
    assert read(folder).max_length == 64


@pytest.mark.parametrize(
    ("file", "values", "message"),
    [
        ("config.json", {"model_type": "gpt2"}, r"model_type 'gpt2', expected a text encoder: albert, bert"),
        ("config.json", {"model_type": "vit"}, r"model_type 'vit', expected a text encoder"),
        ("config.json", {"model_type": None}, r"model_type None, expected a text encoder"),
        ("config.json", {"is_decoder": True}, r"a decoder, expected an encoder"),
        ("config.json", {"auto_map": {"AutoModel": "x.Y"}}, r"code of its own \(auto_map\).*never run"),
        ("config.json", {"quantization_config": {"bits": 4}}, r"quantised already, expected float32"),
        ("config.json", {"hidden_size": "large"}, r"config.json: .*Fetch the folder again"),
        ("config.json", {"vocab_size": 0}, r"vocab_size 0, expected a whole number"),
        ("1_Pooling/config.json", {"pooling_mode": "weightedmean"}, r"pooling weightedmean, expected one of cls"),
        ("1_Pooling/config.json", {"pooling_mode_max_tokens": True}, r"pooling cls \+ max, expected one of"),
        ("1_Pooling/config.json", {"include_prompt": False}, r"leaves the prompt's tokens out"),
        ("2_Dense/config.json", {"activation_function": "evil.Act"}, r"'evil.Act', expected torch.nn's Identity"),
        ("2_Dense/config.json", {"in_features": 31}, r"in_features 31, but the module before it gives 32"),
        ("2_Dense/config.json", {"out_features": None}, r"\[32, None\], expected two whole numbers"),
        ("2_Dense/config.json", {"use_residual": True}, r"a side path"),
        ("sentence_bert_config.json", {"max_seq_length": 1}, r"expected 3 tokens or more"),
    ],
)
def test_a_folder_of_another_kind_is_refused(folder, file, values, message):
    change(folder / file, **values)
    with pytest.raises(EncoderError, match=message):
        read(folder)


@pytest.mark.parametrize(
    ("kinds", "message"),
    [
        (["sentence_transformers.models.CLIPModel"], r"the modules CLIPModel; expected Transformer, Pooling"),
        (["their.own.Transformer"], r"the module their.own.Transformer, expected sentence-transformers' own"),
        (["sentence_transformers.models.Transformer"], r"the modules Transformer; expected Transformer, Pooling"),
        ([], r"the modules \(none\); expected"),
    ],
)
def test_modules_of_another_kind_are_refused(folder, kinds, message):
    (folder / "modules.json").write_text(json.dumps([{"type": kind, "path": ""} for kind in kinds]))
    with pytest.raises(EncoderError, match=message):
        read(folder)


def test_a_module_outside_the_folder_is_refused(folder):
    listed = [{"type": "sentence_transformers.models.Transformer", "path": "../bert"}]
    (folder / "modules.json").write_text(json.dumps(listed))
    with pytest.raises(EncoderError, match=r"'../bert' leads out of the folder"):
        read(folder)


@pytest.mark.parametrize(
    ("absent", "message"),
    [
        ("config.json", r"no config.json; expected a transformers or sentence-transformers folder"),
        ("model.safetensors", r"no weights, expected model.safetensors or pytorch_model.bin"),
        ("vocab.txt", r"no tokenizer, expected one of tokenizer.json, vocab.txt"),
        ("2_Dense/pytorch_model.bin", r"2_Dense: no model.safetensors or pytorch_model.bin"),
    ],
)
def test_a_part_that_is_absent_is_named(folder, absent, message):
    (folder / absent).unlink()
    with pytest.raises(EncoderError, match=message):
        read(folder)


@pytest.mark.parametrize("file", ["config.json", "modules.json", "1_Pooling/config.json"])
@pytest.mark.parametrize("content", [b"", b'{"hidden', b"[" * 100_000, b"\xff\xfe", b"3"])
def test_a_damaged_file_is_named(folder, file, content):
    (folder / file).write_bytes(content)
    with pytest.raises(EncoderError, match=file.replace(".", r"\.")):
        read(folder)


def test_no_folder_is_named(tmp_path):
    with pytest.raises(EncoderError, match=r"absent: no such folder"):
        read(tmp_path / "absent")


@pytest.mark.parametrize("left", [0, 7, 100, 5000, -1])
def test_weights_cut_short_are_refused(folder, left):
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:left])
    with pytest.raises(EncoderError, match=r"model.safetensors: .*whole safetensors file; was the download cut"):
        read(folder)


def load(folder: Path):
    return weights.transformer(read(folder), masked=False)


@pytest.mark.parametrize(
    "values",
    [{"vocab_size": 99}, {"hidden_size": 64}, {"intermediate_size": 96}, {"num_hidden_layers": 3}],
)
def test_weights_of_another_configuration_are_refused(tmp_path, values):
    folder = tiny.transformers_folder(tmp_path / "m")
    change(folder / "config.json", **values)
    with pytest.raises(
        EncoderError, match=r"model.safetensors: .*expected the weights that config.json describes"
    ):
        load(folder)


def test_layers_that_the_configuration_leaves_out_are_refused(tmp_path):
    folder = tiny.transformers_folder(tmp_path / "m")
    change(folder / "config.json", num_hidden_layers=1)
    with pytest.raises(EncoderError, match=r"16 too many \(encoder.layer.1.attention"):
        load(folder)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_weights_that_are_no_numbers_are_refused(tmp_path, value):
    folder = tiny.transformers_folder(tmp_path / "m")
    model = tiny.model("bert")
    model.encoder.layer[1].output.dense.weight.data[3, 4] = value
    model.save_pretrained(folder)
    with pytest.raises(EncoderError, match=r"NaN or infinite values in encoder.layer.1.output.dense.weight"):
        load(folder)


def test_weights_with_heads_and_half_precision_are_taken(tmp_path):
    from transformers import BertForMaskedLM

    folder = tiny.transformers_folder(tmp_path / "m")
    expected = tiny.model("bert")
    whole = BertForMaskedLM(expected.config)
    whole.bert.load_state_dict(expected.state_dict(), strict=False)
    whole.half().save_pretrained(folder)
    found = load(folder).state_dict()
    assert found["embeddings.word_embeddings.weight"].dtype == torch.float32
    for name, values in found.items():
        torch.testing.assert_close(values, expected.state_dict()[name], atol=1e-2, rtol=1e-2)


def test_pickled_weights_are_taken_but_run_nothing(tmp_path):
    folder = tiny.transformers_folder(tmp_path / "m")
    (folder / "model.safetensors").unlink()
    expected = tiny.model("bert").state_dict()
    torch.save({f"bert.{name}": values for name, values in expected.items()}, folder / "pytorch_model.bin")
    found = load(folder).state_dict()
    assert all(torch.equal(values, expected[name]) for name, values in found.items())
    torch.save(Path("/"), folder / "pytorch_model.bin")
    with pytest.raises(EncoderError, match=r"a pickle that holds more than tensors.*fetch the folder again"):
        load(folder)
