"""A teacher whose layers tell, and another that is wider and deeper."""

from pathlib import Path

import pytest

from tests.pipeline.encoders.distil.small import twin


@pytest.fixture(scope="session")
def teacher_folder(source_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """BERT of four layers, 64 wide."""
    return twin(source_folder, tmp_path_factory.mktemp("teacher") / "deep-bert", num_hidden_layers=4)


@pytest.fixture(scope="session")
def wide_folder(source_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """BERT of three layers, 96 wide, six heads."""
    return twin(
        source_folder,
        tmp_path_factory.mktemp("wide") / "wide-bert",
        num_hidden_layers=3,
        hidden_size=96,
        num_attention_heads=6,
    )
