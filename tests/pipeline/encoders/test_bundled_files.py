"""The encoders in the box: whole, small, and the same vector for the same text."""

from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from pipeline.encoders.card import read_card
from pipeline.encoders.encoder import FolderEncoder
from pipeline.files import sha256

FOLDER = Path(__file__).parents[3] / "assets" / "encoders"
NAMES = ("lexalign-e5", "lexalign-minilm")
UNKNOWN = {"lexalign-e5": "<unk>", "lexalign-minilm": "[UNK]"}
MOST_BYTES = 45_000_000
FILES = {"CARD.md", "LICENSE", "encoder.json", "model.onnx", "tokenizer.json"}

GOLDEN = {  # the first values of a vector, to three decimals
    ("lexalign-e5", "fièvre"): (0.0288, 0.0084, -0.1199, -0.1078, 0.0889),
    ("lexalign-e5", "douleur à la poitrine"): (0.1100, -0.0595, -0.0450, -0.1100, 0.0271),
    ("lexalign-e5", "high blood pressure"): (-0.0394, -0.1055, -0.1058, -0.1577, -0.0030),
    ("lexalign-minilm", "fièvre"): (-0.0199, -0.0198, 0.0413, 0.0219, 0.0385),
    ("lexalign-minilm", "douleur à la poitrine"): (0.0244, 0.0731, -0.0691, 0.0030, 0.0072),
    ("lexalign-minilm", "high blood pressure"): (-0.0609, 0.0091, -0.1024, 0.0081, -0.0214),
}
TERMS = (
    "",
    "toux",
    "fièvre",
    "œdème",
    "chest pain",
    "Crise cardiaque",
    "maladie de Parkinson",
    "douleur à la poitrine",
    "high blood pressure",
    "cœur qui bat trop vite",
    "hypertension artérielle pulmonaire",
    "insuffisance rénale chronique (stade 5)",
    "taux de β-hCG > 5 UI/l",
    "Neoplasm of the gastrointestinal tract",
    "infection des voies urinaires à Escherichia coli",
    "Inflammation de la muqueuse de l’estomac, souvent liée à une bactérie.",
)


@cache
def session(name: str, threads: int = 1) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    path = str(FOLDER / name / "model.onnx")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


@cache
def tokenizer(name: str) -> Tokenizer:
    return Tokenizer.from_file(str(FOLDER / name / "tokenizer.json"))


def vectors(name: str, texts: tuple[str, ...], *, rows: int = 256, threads: int = 1) -> np.ndarray:
    """As the runtime feeds them: one token length a call, at most `rows` texts, at least min_rows."""
    card = read_card(FOLDER / name)
    buckets: dict[int, list[tuple[int, list[int]]]] = defaultdict(list)
    for place, encoding in enumerate(tokenizer(name).encode_batch([card.prefix + text for text in texts])):
        buckets[len(encoding.ids)].append((place, encoding.ids))
    found = np.empty((len(texts), card.dimension), np.float32)
    for bucket in buckets.values():
        for start in range(0, len(bucket), rows):
            some = bucket[start : start + rows]
            ids = [ids for _, ids in some] + [some[-1][1]] * max(0, card.min_rows - len(some))
            [output] = session(name, threads).run(["sentence_embedding"], {"input_ids": np.array(ids, np.int64)})
            found[[place for place, _ in some]] = output[: len(some)]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_folder_is_whole_and_small(name):
    card = read_card(FOLDER / name)
    assert {file.name for file in card.folder.iterdir()} >= FILES
    assert all(file.stat().st_size < MOST_BYTES for file in card.folder.iterdir())
    assert card.model_sha256 == sha256(card.folder / "model.onnx")
    assert card.tags["tokenizer_sha256"] == sha256(card.folder / "tokenizer.json")
    assert card.tags["vocabulary"] == tokenizer(name).get_vocab_size()


@pytest.mark.parametrize("name", NAMES)
def test_graph_takes_ids_and_gives_unit_vectors(name):
    card = read_card(FOLDER / name)
    assert [(i.name, i.type) for i in session(name).get_inputs()] == [("input_ids", "tensor(int64)")]
    [output] = session(name).get_outputs()
    assert (output.name, output.type, output.shape[-1]) == ("sentence_embedding", "tensor(float)", card.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors(name, TERMS), axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_no_operator_looks_at_the_whole_batch(name):
    graph = (FOLDER / name / "model.onnx").read_bytes()  # names of operators stand in it as they are
    assert b"MatMulInteger" in graph
    assert b"DynamicQuantize" not in graph
    assert b"com.microsoft" not in graph
    assert b"ai.onnx.contrib" not in graph


@pytest.mark.parametrize(("name", "text"), GOLDEN)
def test_golden_prefixes(name, text):
    [vector] = vectors(name, (text,))
    np.testing.assert_allclose(vector[:5], GOLDEN[name, text], atol=1e-3)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("rows", "threads"), [(1, 1), (1, 2), (7, 1), (7, 2), (256, 2)])
def test_same_text_same_bits_whatever_batch_and_threads(name, rows, threads):
    many = TERMS * 12
    expected = np.tile(vectors(name, TERMS), (12, 1))
    np.testing.assert_array_equal(vectors(name, many, rows=rows, threads=threads), expected)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=10)
@given(order=st.permutations(range(len(TERMS))), rows=st.integers(1, 9))
def test_same_text_same_bits_in_any_order(name, order, rows):
    shuffled = vectors(name, tuple(TERMS[place] for place in order), rows=rows)
    np.testing.assert_array_equal(shuffled, vectors(name, TERMS)[list(order)])


@pytest.mark.parametrize("name", NAMES)
def test_french_and_english_are_covered(name):
    for text in TERMS:
        assert UNKNOWN[name] not in tokenizer(name).encode(text).tokens, text


@pytest.mark.parametrize("name", NAMES)
def test_other_scripts_become_unknown_and_long_texts_are_cut(name):
    card = read_card(FOLDER / name)
    unknown = tokenizer(name).token_to_id(UNKNOWN[name])
    assert unknown in tokenizer(name).encode("ཨོཾ").ids
    encoder = FolderEncoder(card)
    assert np.isfinite(encoder.encode(["maladie rare " * 999])).all()
    assert encoder.truncated == 1


@pytest.mark.parametrize("name", NAMES)
def test_meaning_crosses_words_and_languages(name):
    pain, chest, bone = vectors(name, ("douleur à la poitrine", "chest pain", "fracture du tibia"))
    assert pain @ chest > pain @ bone
