"""What a killed process left behind is there, for lookups too."""

import subprocess
import sys
from pathlib import Path

import pytest

from curation_db import access, commands, queries, schema
from curation_db.queries import Place
from curation_db.store import open_store
from tests.curation_db.projects import AT, FIRST, write_lexicon, write_run

HOME = Path(__file__).parents[2]
KILLED = """
import os, sys
from pathlib import Path
from curation_db import commands
from curation_db.store import open_store
from tests.curation_db.projects import AT, rate

store = open_store(Path(sys.argv[1]))
if sys.argv[2:]:
    commands.add_person(store, "Ana", at=AT)
    commands.load_run(store, Path(sys.argv[2]), Path(sys.argv[3]), at=AT)
rate(store, "Ana", "e0", "C0013604", 4)
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("made", [True, False], ids=["all of it in the log", "one rating in the log"])
def test_a_store_that_was_killed_and_then_only_opened_and_closed_is_found_by_its_indexes(tmp_path, made):
    path = tmp_path / "curation.duckdb"
    run, lexicon = write_run(tmp_path / "first", FIRST), write_lexicon(tmp_path / "lexicon")
    if not made:
        with open_store(path) as store:
            commands.add_person(store, "Ana", at=AT)
            commands.load_run(store, run, lexicon, at=AT)
    folders = [str(run), str(lexicon)] if made else []
    subprocess.run([sys.executable, "-c", KILLED, str(path), *folders], cwd=HOME, check=False)
    open_store(path).close()
    with open_store(path) as store:
        card = queries.card(store, Place("e0", "C0013604"), "Ana")
        assert card.entry.term == "œdème"
        assert card.candidates[0].rating == 4


KILLED_MIGRATING = """
import os, sys
from pathlib import Path
from curation_db import opening
from curation_db.store import open_store

opening._write_ahead = lambda *_: None  # as if the process ended before the log was taken into the file
opening._check_whole = lambda *_: os.kill(os.getpid(), 9)
open_store(Path(sys.argv[1]))
"""


def test_a_store_that_was_killed_after_a_migration_opens_with_every_row(tmp_path):
    folder, path = tmp_path / "first", tmp_path / "curation.duckdb"
    folder.mkdir()
    for step in schema.migrations(schema.MIGRATIONS)[:2]:
        (folder / f"{step.version:04d}_{step.name}.sql").write_text(step.sql, encoding="utf8")
    with open_store(path, migrations=folder) as old, old.writing() as cursor:
        cursor.execute(
            "INSERT INTO event (event_id, command_id, at_utc, kind, person) "
            "SELECT i, uuid(), TIMESTAMP '2026-03-02 09:30:00', 'person', 'P' || i FROM range(3000) r(i)"
        )
        cursor.execute(
            "INSERT INTO entry SELECT 1, i, 'e' || i, 'terme ' || i, '', '', '', '', '', '', i, 0, NULL "
            "FROM range(3000) r(i)"
        )
        cursor.execute("INSERT INTO person SELECT event_id, person, 'fr' FROM event")
    killed = subprocess.run([sys.executable, "-c", KILLED_MIGRATING, str(path)], cwd=HOME, check=False)
    assert killed.returncode == -9
    assert path.with_name("curation.duckdb.wal").stat().st_size > 0
    with open_store(path) as store:
        assert len(queries.people(store)) == 3000
        assert access.role(store, "P7") == "administrator"
