"""Encoders built without training, at a few kilobytes."""

import dataclasses
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the extra `models` is not installed")

from tokenizers import Tokenizer

from benchmarks.encoders.peers import torch_loop
from benchmarks.encoders.random_encoders import build
from benchmarks.encoders.shapes import BERT_BASE, XLMR_LARGE

TEXTS = ["fièvre jaune", "anomalie de la taille corporelle", "high blood pressure", "toux", "short stature"] * 8
TINY = {"layers": 2, "width": 16, "heads": 2, "inner": 32, "vocabulary": 600, "pieces": 80}


@pytest.fixture(scope="module", params=[BERT_BASE, XLMR_LARGE], ids=lambda shape: shape.name)
def source(request, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(request.param.name)
    build(folder, dataclasses.replace(request.param, **TINY), 7, TEXTS)
    return folder


def test_the_word_table_has_its_size_and_texts_use_the_trained_pieces(source):
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    assert tokenizer.get_vocab_size() == TINY["vocabulary"]
    assert max(max(one.ids) for one in tokenizer.encode_batch(TEXTS)) < TINY["pieces"]


def test_exact_buckets_give_a_vector_a_text(source):
    encode = torch_loop.load(source, threads=1, feed="exact")
    assert encode(TEXTS[:7]).shape == (7, TINY["width"])


def test_the_same_seed_builds_the_same_weights(tmp_path):
    for name, seed in (("one", 7), ("same", 7), ("other", 8)):
        build(tmp_path / name, dataclasses.replace(BERT_BASE, **TINY), seed, TEXTS)
    one, same, other = ((tmp_path / n / "model.safetensors").read_bytes() for n in ("one", "same", "other"))
    assert one == same != other
