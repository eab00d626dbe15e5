"""Fixtures of every test: a new project, an encoder without weights, the open data beside the project."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from pipeline.workspace import Workspace, create
from tests.samples import LetterEncoder

GOLD = Path(__file__).parents[2] / "shared" / "gold"

settings.register_profile("laws", deadline=None)  # laws hold on a slow machine, too
settings.load_profile("laws")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample project as `lexalign demo` makes it; do not change it."""
    root = tmp_path_factory.mktemp("sample") / "projet"
    command = [
        sys.executable,
        "-m",
        "pipeline.cli.main",
        "demo",
        str(root),
        "--prepare-only",
        "--progress",
        "none",
    ]
    made = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert made.returncode == 0, made.stderr
    return root


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
