from collections.abc import Iterator
from pathlib import Path

import pytest

from curation_db import commands
from curation_db.store import Store, open_store
from tests.curation_db.projects import AT, FIRST, write_lexicon, write_run


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    """A store without a run, with two people."""
    with open_store(tmp_path / "curation.duckdb") as store:
        for name in ("Ana", "Benoît"):
            commands.add_person(store, name, at=AT)
        yield store


@pytest.fixture
def store(empty: Store, tmp_path: Path) -> Store:
    """The same with the run "first" loaded."""
    lexicon = write_lexicon(tmp_path / "lexicon")
    commands.load_run(empty, write_run(tmp_path / "runs" / "first", FIRST), lexicon, at=AT)
    return empty
