"""A trimmed encoder gives covered texts the same vectors, to the bit."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the extra `models` is not installed")

import onnx
import onnxruntime
from onnx import TensorProto, helper
from tokenizers import Tokenizer, models, pre_tokenizers

from pipeline.encoders.trim.coverage import of_folder
from pipeline.encoders.trim.folder import trim
from pipeline.encoders.trim.vocabulary import read
from pipeline.errors import EncoderError, InputError
from tests.pipeline.encoders.trim.small import Small

TERMS = (
    "toux",
    "Fièvre à 39,5 °C",
    "œdème aigu du poumon",
    "taux de β-hCG > 5 UI/l",
    "cœur qui bat trop vite",
    "maladie de Crohn (iléo-colique)",
    "hypertension artérielle pulmonaire",
    "insuffisance rénale chronique, stade 5",
    "Neoplasm of the gastrointestinal tract",
    "Type 2 diabetes mellitus, without complications",
    "infection urinaire à Escherichia coli",
    "ﬁèvre   typhoïde",  # a ligature and spaces, which the normaliser makes ordinary
    "咳嗽",  # another script, but of the corpus
    "ཨོཾ",  # no piece even before
    "",
)


def vectors(folder: Path, texts) -> np.ndarray:
    """Each text alone, with the folder's own tokenizer."""
    _, tokenizer = read(folder / "tokenizer.json")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
    rows = [session.run(None, {"input_ids": np.array([tokenizer.encode(t).ids])})[0] for t in texts]
    return np.concatenate(rows)


def test_covered_texts_keep_their_vectors_to_the_bit(folder, tmp_path):
    trim(folder, TERMS, tmp_path / "small")
    np.testing.assert_array_equal(vectors(tmp_path / "small", TERMS), vectors(folder, TERMS))


def test_the_table_shrinks_and_the_rest_stays(folder, tmp_path, spec):
    trimmed = trim(folder, TERMS, tmp_path / "small")
    model = onnx.load(tmp_path / "small" / "model.onnx")
    rows = {tensor.dims[0] for tensor in model.graph.initializer if len(tensor.dims) == 2}
    assert rows == {trimmed.kept, 514}
    assert trimmed.kept < trimmed.of / 10
    assert trimmed.of == len(spec["model"]["vocab"])
    names = {file.name for file in folder.iterdir()} | {"tokenizer.whole.json"}
    assert {file.name for file in (tmp_path / "small").iterdir()} == names


def test_the_proof_counts_every_spelling(folder, tmp_path):
    trimmed = trim(folder, [*TERMS, *TERMS], tmp_path / "small", prefix="query: ", lowercase=True)
    spellings = {f"query: {form}" for text in TERMS for form in (text, text.lower())}
    assert (trimmed.texts, trimmed.lossless_texts) == (len(spellings),) * 2
    assert of_folder(tmp_path / "small", spellings).lost == ()
    assert (trimmed.unknown_texts, trimmed.unknown_id) == (1, 3)


def test_the_proof_is_the_same_in_any_order(folder, tmp_path):
    one, other = trim(folder, TERMS, tmp_path / "one"), trim(folder, reversed(TERMS), tmp_path / "other")
    assert one == other
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "other" / file.name).read_bytes()


def test_an_uncovered_text_falls_into_letters_or_the_unknown_piece_and_is_named(folder, tmp_path):
    trim(folder, ["toux"], tmp_path / "small")
    _, tokenizer = read(tmp_path / "small" / "tokenizer.json")
    assert tokenizer.encode("zona").tokens == ["<s>", "▁z", "o", "n", "a", "</s>"]
    assert tokenizer.encode("嗽").ids[1:-1][-1] == 3
    found = of_folder(tmp_path / "small", ["zona", "toux", "嗽"])
    assert (found.texts, found.covered, found.lost, found.unknown) == (3, 1, ("zona", "嗽"), 1)


def test_padding_and_truncation_stay_as_they_were(folder, tmp_path, spec):
    trim(folder, TERMS, tmp_path / "small")
    found = json.loads((tmp_path / "small" / "tokenizer.json").read_text("utf-8"))
    assert (found["padding"], found["truncation"]) == (spec["padding"], spec["truncation"])
    assert found["added_tokens"][-1]["id"] == len(found["model"]["vocab"]) - 1


def test_no_text_is_no_corpus(folder, tmp_path):
    with pytest.raises(InputError, match="no texts"):
        trim(folder, [], tmp_path / "small")


def changed(folder: Path, change) -> None:
    model = onnx.load(folder / "model.onnx")
    change(model.graph)
    onnx.save(model, folder / "model.onnx")


def words(graph) -> onnx.TensorProto:
    return max(graph.initializer, key=lambda tensor: max(tensor.dims, default=0))


def tie(graph):
    graph.node.append(helper.make_node("Transpose", [words(graph).name], ["tied"]))


def look(graph):
    graph.node.append(helper.make_node("Clip", ["input_ids"], ["clipped"]))


def fewer_rows(graph):
    table = words(graph)
    table.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(table)[:100], table.name))


def other_padding(graph):
    [equal] = [node for node in graph.node if node.op_type == "Equal"]
    graph.initializer.append(helper.make_tensor("far", TensorProto.INT64, [], [41_000]))
    equal.input[1] = "far"


def no_table(graph):
    [gather] = [node for node in graph.node if node.op_type == "Gather" and "Cast" in node.input[1]]
    gather.op_type = "GatherElements"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (tie, "Transpose.*tied weights"),
        (look, "Clip.*expected Gather, Shape or Equal"),
        (fewer_rows, "100 rows.*belong together"),
        (other_padding, "compares input_ids with 41000"),
        (no_table, "GatherElements.*expected Gather"),
    ],
)
def test_a_graph_that_trimming_would_change_is_refused(folder, tmp_path, change, message):
    changed(folder, change)
    with pytest.raises(EncoderError, match=message):
        trim(folder, TERMS, tmp_path / "small")
    assert not (tmp_path / "small").exists()


@pytest.mark.parametrize("content", [b"{", b""])
def test_a_damaged_file_is_named(folder, tmp_path, content):
    for file in folder.iterdir():
        damaged = shutil.copytree(folder, tmp_path / file.name)
        (damaged / file.name).write_bytes(content)
        with pytest.raises(EncoderError, match=f"{file.name}:"):
            trim(damaged, TERMS, tmp_path / "small")


def test_weights_elsewhere_on_the_disk_are_not_read(folder, tmp_path):
    model = onnx.load(folder / "model.onnx", load_external_data=False)
    table = words(model.graph)
    table.ClearField("external_data")
    table.data_location = TensorProto.EXTERNAL
    table.external_data.add(key="location", value="../secret")
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(EncoderError, match="expected a file beside"):
        trim(folder, TERMS, tmp_path / "small")


def test_a_table_in_int8_with_a_scale_a_row_is_trimmed_too(tmp_path, spec, weights):
    graph = Small()
    scale = np.abs(weights["words"]).max(axis=1, keepdims=True) / np.float32(127)
    values = graph.constant(np.rint(weights["words"] / scale).astype(np.int8))
    x = graph.op("Cast", graph.op("Gather", values, "input_ids"), to=1)
    x = graph.op("Mul", x, graph.op("Gather", graph.floats(scale), "input_ids"))
    folder = tmp_path / "whole"
    folder.mkdir()
    onnx.save(graph.model(graph.total(x), dimension=8), folder / "model.onnx")
    (folder / "tokenizer.json").write_text(json.dumps(spec), "utf-8")
    trim(folder, TERMS, tmp_path / "small")
    np.testing.assert_array_equal(vectors(tmp_path / "small", TERMS), vectors(folder, TERMS))
    assert (tmp_path / "small" / "model.onnx").stat().st_size < (folder / "model.onnx").stat().st_size / 10


def test_a_word_that_has_no_cut_gets_none(tmp_path):
    """Without the longer piece `thermo`, which nothing uses, the word would be cut as th ##ermostat."""
    rows = ["[UNK]", "toux", "th", "##ermostat", "thermo"]
    tokenizer = Tokenizer(models.WordPiece({piece: i for i, piece in enumerate(rows)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    graph = Small()
    words = graph.op("Gather", graph.floats(np.eye(5)), "input_ids")
    folder = tmp_path / "whole"
    folder.mkdir()
    onnx.save(graph.model(graph.total(words), dimension=5), folder / "model.onnx")
    tokenizer.save(str(folder / "tokenizer.json"))
    assert tokenizer.encode("thermostat").tokens == ["[UNK]"]
    trimmed = trim(folder, ["thermostat", "th", "touxermostat"], tmp_path / "small")
    assert (trimmed.texts, trimmed.lossless_texts, trimmed.kept) == (3, 3, 5)
