"""Fixtures of every test: a new project, an encoder without weights, the open data beside the project."""

from pathlib import Path

import pytest

from pipeline.workspace import Workspace, create
from tests.samples import LetterEncoder

GOLD = Path(__file__).parents[2] / "shared" / "gold"


@pytest.fixture
def letters() -> LetterEncoder:
    return LetterEncoder()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create(tmp_path / "project")


@pytest.fixture
def gold() -> Path:
    if not GOLD.is_dir():
        pytest.skip("the open gold data does not stand beside this checkout (../shared/gold)")
    return GOLD
