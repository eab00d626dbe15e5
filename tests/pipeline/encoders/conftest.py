"""A tiny encoder with random weights that nobody prepared, added as a user would: what the workshop's tests share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.encoders import texts as known_texts

LAY = "cuis\tregister\tphrase\n" + "".join(
    f"C000000{number}\t{register}\t{phrase}\n"
    for number, phrases in enumerate(
        (("je fais pipi du sang", "sang dans les urines"), ("mal à la tête", "la tête me lance"),
         ("essoufflé au repos", "je manque d'air"), ("jambes gonflées", "œdème des jambes"))
    )
    for register, phrase in zip(("patient", "leaflet"), phrases, strict=True)
)  # fmt: skip


@pytest.fixture(scope="session")
def texts() -> list[str]:
    return known_texts.sample(most=120)


@pytest.fixture(scope="session")
def source_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers folder: BERT of two layers, mean pooling."""
    pytest.importorskip("torch", reason="the extra `models` is not installed")
    from benchmarks.encoders.random_encoders import build
    from benchmarks.encoders.shapes import Shape

    folder = tmp_path_factory.mktemp("source") / "tiny-bert"
    shape = Shape(
        name="tiny", model_type="bert", layers=2, width=64, heads=4, inner=128, vocabulary=2000, pieces=1500,
        positions=128, pooling="mean", strings=0,
    )  # fmt: skip
    build(folder, shape, 0, known_texts.sample(most=0))
    return folder


@pytest.fixture
def plain(source_folder: Path, tmp_path: Path) -> Path:
    """As transformers saves it: without the word of a pooling."""
    folder = tmp_path / "plain"
    shutil.copytree(
        source_folder, folder, ignore=shutil.ignore_patterns("modules.json", "*_Pooling", "*_Normalize")
    )
    return folder


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the user's own encoders, for the whole session."""
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("workshop")
    patch.setenv("LEXALIGN_ENCODERS", str(folder))
    yield folder
    patch.undo()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of the user's own encoders, for one test."""
    monkeypatch.setenv("LEXALIGN_ENCODERS", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def lay(tmp_path: Path) -> Path:
    """Lay phrases of four concepts, two each."""
    path = tmp_path / "lay.tsv"
    path.write_text(LAY, "utf-8")
    return path
