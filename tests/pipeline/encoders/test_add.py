"""A folder that nobody prepared becomes an encoder in one go, and nothing half-made is left behind."""

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from pipeline.encoders import add, catalogue
from pipeline.encoders.build import build
from pipeline.encoders.encoder import FolderEncoder
from pipeline.encoders.measure import drift
from pipeline.encoders.recipe import Recipe, recipe
from pipeline.errors import EncoderError, WorkspaceError

pytest.importorskip("torch", reason="the extra `models` is not installed")
INT8 = Recipe(engine="onnxruntime", precision="int8", bits=7)
FRENCH = add.Choices(languages=("fr",))


@pytest.fixture
def own(tmp_path, monkeypatch):
    """An empty folder for the user's own encoders."""
    monkeypatch.setenv("LEXALIGN_ENCODERS", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture(scope="module")
def added(tmp_path_factory, source_folder):
    """What `lexalign encoders add FOLDER` did in an empty folder."""
    folder = tmp_path_factory.mktemp("added")
    arguments = ("encoders", "add", source_folder, "--engine", "onnxruntime", "--progress", "none")
    return folder, lexalign(*arguments, LEXALIGN_ENCODERS=str(folder))


@pytest.fixture
def mine(own, added):
    """tiny-bert and tiny-bert-fp32 in the user's own folder."""
    shutil.copytree(added[0], own)
    return own


@pytest.fixture
def origin(source_folder):
    return add.Origin(folder=source_folder, source="tiny-bert")


def lexalign(*arguments: object, **extra: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | extra)


def test_one_command_registers_int8_and_its_export(mine, added, tmp_path):
    done = added[1]
    assert (done.returncode, done.stdout.split()) == (0, ["tiny-bert-fp32", "tiny-bert"]), done.stderr
    assert "int8 on onnxruntime" in done.stderr
    listed = lexalign("encoders", "list", "--names").stdout.split()
    assert {"tiny-bert", "tiny-bert-fp32"} <= set(listed)
    card = json.loads(lexalign("encoders", "show", "tiny-bert").stdout)
    assert card["measured"]["drift"]["mean_cosine"] > 0.99
    assert card["measured"]["speed"]["texts_per_second"] > 0
    (tmp_path / "texts.txt").write_text("fièvre\ntoux\n", "utf-8")
    used = lexalign("encode", tmp_path / "texts.txt", "--encoder", "tiny-bert", "--output", tmp_path / "v.npy")
    assert (used.returncode, np.load(tmp_path / "v.npy").shape) == (0, (2, 64))


def test_the_vectors_are_those_of_sentence_transformers(mine, origin, texts):
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(origin.folder), device="cpu").encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(catalogue.load("tiny-bert-fp32").encode(texts), theirs, atol=1e-5)


def test_the_paper_s_unmasked_mean_is_a_named_mode_and_keeps_the_law(own, origin, texts):
    """Padded to one length, the reference's mean over all positions no longer depends on batch-mates."""
    choices = add.Choices(pooling="mean-with-padding", max_length=40, languages=("fr",))
    [exported, small] = add.add(origin, INT8, choices, name="paper", texts=texts)
    assert (exported.pad_to, small.pad_to) == (40, 40)
    alone = [FolderEncoder(small, threads=1).encode([text]) for text in texts[:20]]
    np.testing.assert_array_equal(FolderEncoder(small).encode(texts[:20]), np.concatenate(alone))
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = (kind.from_pretrained(origin.folder) for kind in (AutoTokenizer, AutoModel))
    model.eval()
    fed = tokenizer(texts[:8], padding="max_length", max_length=40, truncation=True, return_tensors="pt")
    with torch.no_grad():
        expected = torch.nn.functional.normalize(model(**fed).last_hidden_state.mean(dim=1)).numpy()
    np.testing.assert_allclose(FolderEncoder(exported).encode(texts[:8]), expected, atol=1e-5)


@pytest.mark.parametrize("pooling", ["cls", "max"])
def test_other_poolings_survive_int8(own, origin, texts, pooling):
    choices = add.Choices(pooling=pooling, languages=("fr",))
    [exported, small] = add.add(origin, INT8, choices, name="pooled", texts=texts)
    found = drift(FolderEncoder(small).encode(texts), FolderEncoder(exported).encode(texts))
    assert found.least_cosine > 0.99


def test_trimming_keeps_every_vector_of_covered_texts_and_counts_the_others(mine, origin, texts):
    plain = Recipe(engine="onnxruntime", precision="fp32")
    [trimmed] = add.add(origin, plain, FRENCH, name="trimmed", texts=texts, trim_to=texts)
    assert trimmed.tags["trimmed"]["lossless_texts"] == trimmed.tags["trimmed"]["texts"]
    assert trimmed.bytes < catalogue.card("tiny-bert-fp32").bytes
    encoder = FolderEncoder(trimmed)
    np.testing.assert_array_equal(encoder.encode(texts), catalogue.load("tiny-bert-fp32").encode(texts))
    assert encoder.unknown == 0
    assert np.isfinite(encoder.encode(["ཨོཾ", "fièvre"])).all()
    assert encoder.unknown == 1


def test_a_taken_name_is_refused_before_any_work(mine, origin, texts):
    with pytest.raises(EncoderError, match="there already"):
        add.add(origin, INT8, FRENCH, name="tiny-bert", texts=texts)


@pytest.mark.parametrize("name", ["../out", "", ".hidden", "a b"])
def test_a_name_that_is_no_folder_s_is_refused(own, origin, texts, name):
    with pytest.raises(EncoderError, match="letters, digits"):
        add.add(origin, INT8, FRENCH, name=name, texts=texts)


def test_a_folder_that_does_not_say_its_pooling_asks_for_it(own, source_folder, texts, tmp_path):
    plain = tmp_path / "plain"
    shutil.copytree(source_folder, plain, ignore=shutil.ignore_patterns("modules.json", "1_Pooling"))
    with pytest.raises(EncoderError, match="--pooling"):
        add.add(add.Origin(folder=plain, source="plain"), INT8, FRENCH, name="plain", texts=texts)
    assert not list(own.glob("*"))


def test_only_an_fp32_export_can_be_quantised(mine, texts):
    with pytest.raises(EncoderError, match="tiny-bert-fp32"):
        build(catalogue.card("tiny-bert"), INT8, name="again", texts=texts)


def test_a_failure_half_way_leaves_nothing(mine, texts, monkeypatch):
    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.encoders.quantise.rows.save", full_disk)
    with pytest.raises(WorkspaceError, match="disk is full"):
        build(catalogue.card("tiny-bert-fp32"), INT8, name="broken", texts=texts)
    assert sorted(path.name for path in mine.iterdir()) == ["tiny-bert", "tiny-bert-fp32"]


def test_an_export_of_a_run_that_was_stopped_is_used_again(mine, origin, texts):
    shutil.rmtree(mine / "tiny-bert")
    before = (mine / "tiny-bert-fp32" / "model.onnx").stat().st_mtime_ns
    choices = add.choices_of("tiny-bert", add.Choices())
    assert [card.name for card in add.add(origin, INT8, choices, name="tiny-bert", texts=texts)] == [
        "tiny-bert-fp32",
        "tiny-bert",
    ]
    assert (mine / "tiny-bert-fp32" / "model.onnx").stat().st_mtime_ns == before


def test_an_export_of_what_the_folder_held_before_is_not_used_again(mine, origin, texts, tmp_path):
    shutil.rmtree(mine / "tiny-bert")
    other = dataclasses.replace(origin, folder=tmp_path / "trained-further")
    shutil.copytree(origin.folder, other.folder)
    choices = add.choices_of("tiny-bert", add.Choices())
    add.add(other, INT8, choices, name="mine", texts=texts)
    shutil.rmtree(mine / "mine")
    tokenizer = other.folder / "tokenizer_config.json"
    tokenizer.write_text(tokenizer.read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(EncoderError, match="'mine-fp32' is there already"):
        add.add(other, INT8, choices, name="mine", texts=texts)


def test_a_killed_command_leaves_no_encoder_and_runs_again(own, source_folder):
    command = [sys.executable, "-m", "pipeline.cli.main", "encoders", "add", str(source_folder)]
    command += ["--engine", "onnxruntime", "--progress", "none"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not list(own.glob(".tiny-bert*")):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert "tiny-bert" not in catalogue.folders()
    done = lexalign(*command[3:])
    assert done.returncode == 0, done.stderr


def test_an_unknown_source_lists_the_known_names(own):
    done = lexalign("encoders", "add", "no-such-thing")
    assert done.returncode == 1
    assert "sapbert-large" in done.stderr


def test_a_hub_that_does_not_answer_is_a_clear_error(own):
    done = lexalign(
        "encoders", "add", "sapbert-base", "--yes", "--mirror", "http://127.0.0.1:9", "--progress", "none"
    )
    assert done.returncode == 1
    assert "127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr


def test_named_encoders_know_their_pooling():
    assert add.choices_of("krissbert-mention", add.Choices()).pooling == "cls"
    assert add.choices_of("krissbert", add.Choices(pooling="cls")).pooling == "cls"


def test_the_default_recipe_of_this_machine_can_be_built(mine, texts):
    made = build(catalogue.card("tiny-bert-fp32"), recipe(), name="default", texts=texts)
    assert made.precision.startswith("int8")


@pytest.mark.parametrize("damage", ["cut", "other"])
def test_damaged_weights_are_refused_when_the_encoder_is_opened(mine, damage):
    file = mine / "tiny-bert" / "model.onnx"
    content = bytearray(file.read_bytes())
    if damage == "other":
        content[len(content) // 2] ^= 255
    file.write_bytes(content if damage == "other" else content[: len(content) // 2])
    with pytest.raises(EncoderError, match="sha256"):
        catalogue.load("tiny-bert")
