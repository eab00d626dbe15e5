import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from curation_db import access, commands, queries, schema
from curation_db.store import open_store
from pipeline.errors import StoreBusy, WorkspaceError
from tests.curation_db.projects import AT, FIRST, new, rate, write_lexicon, write_run

HOME = Path(__file__).parents[2]


def tables(path: Path) -> set[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}


def folder_with(tmp_path: Path, **more: str) -> Path:
    """The real migrations and some more."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    for step in schema.migrations(schema.MIGRATIONS):
        (folder / f"{step.version:04d}_{step.name}.sql").write_text(step.sql, encoding="utf8")
    for name, sql in more.items():
        (folder / f"{name[1:]}.sql").write_text(sql, encoding="utf8")
    return folder


def test_a_new_file_has_every_migration_and_no_backup(tmp_path):
    open_store(tmp_path / "deep" / "curation.duckdb").close()
    assert {"event", "run", "entry", "alignment", "schema_migration"} <= tables(
        tmp_path / "deep" / "curation.duckdb"
    )
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["curation.duckdb"]


def test_migrations_are_numbered_without_a_gap():
    assert [step.version for step in schema.migrations(schema.MIGRATIONS)] == [1, 2, 3, 4, 5, 6]


def test_an_older_file_is_copied_before_it_is_migrated(store, tmp_path):
    rate(store, "Ana", "e0", "C0013604", 5)
    store.close()
    folder = folder_with(tmp_path, _0007_colour="CREATE TABLE colour (name VARCHAR)")
    with open_store(store.path, migrations=folder) as migrated, migrated.cursor() as cursor:
        assert cursor.execute("SELECT rating FROM judgement").fetchall() == [(5,)]
        assert cursor.execute("SELECT max(version) FROM schema_migration").fetchall() == [(7,)]
    [backup] = tmp_path.glob("curation-????????T??????-before-0007.duckdb")
    assert "colour" not in tables(backup)
    with open_store(backup) as old, old.cursor() as cursor:
        assert cursor.execute("SELECT rating FROM judgement").fetchall() == [(5,)]
        assert cursor.execute("SELECT count(*) FROM duckdb_indexes()").fetchall()[0][0] >= 2


OLD_EVENT = "INSERT INTO event (event_id, command_id, at_utc, kind, person, entry_id, cui, rating, text, undoes)"


def test_the_ledger_of_a_store_without_roles_keeps_every_row_and_everybody_their_rights(tmp_path):
    folder, path = tmp_path / "first", tmp_path / "curation.duckdb"
    folder.mkdir()
    for step in schema.migrations(schema.MIGRATIONS)[:2]:
        (folder / f"{step.version:04d}_{step.name}.sql").write_text(step.sql, encoding="utf8")
    with open_store(path, migrations=folder) as old, old.writing() as cursor:
        for number, (kind, person, rating, text, undoes) in enumerate(
            [
                ("person", "Ana", None, "fr", None),
                ("person", "Benoît", None, "en", None),
                ("rate", "Ana", 4, None, None),
                ("none", "Benoît", None, "rien", None),
                ("rate", "Benoît", 1, "trop large", None),
                ("undo", "Benoît", None, None, 5),
            ],
            1,
        ):
            pair = ["e0", "C0013604"] if kind != "person" else [None, None]
            row = [number, new(), AT.replace(tzinfo=None), kind, person, *pair, rating, text, undoes]
            cursor.execute(f"{OLD_EVENT} VALUES ({', '.join('?' * len(row))})", row)
            if kind == "person":
                cursor.execute("INSERT INTO person VALUES (?, ?, ?)", [number, person, text])
    with duckdb.connect(str(path), read_only=True) as connection:
        before = connection.execute("SELECT * FROM event ORDER BY event_id").fetchall()
    with open_store(path) as migrated, migrated.cursor() as cursor:
        after = cursor.execute("SELECT * FROM event ORDER BY event_id").fetchall()
        assert [row[: len(before[0])] for row in after] == before
        assert cursor.execute("SELECT person, rating FROM judgement").fetchall() == [("Ana", 4)]
        assert access.roles(migrated) == {"Ana": "administrator", "Benoît": "administrator"}


def test_a_migration_that_fails_half_way_leaves_the_file_as_it_was(store, tmp_path):
    store.close()
    folder = folder_with(tmp_path, _0007_bad="CREATE TABLE colour (name VARCHAR); SELECT nothing FROM nowhere")
    before = tables(store.path)
    with pytest.raises(WorkspaceError, match=r"0007_bad failed.*keeps every rating"):
        open_store(store.path, migrations=folder)
    assert tables(store.path) == before
    open_store(store.path).close()


def test_a_file_of_a_newer_version_is_refused_untouched(store, tmp_path):
    store.close()
    open_store(store.path, migrations=folder_with(tmp_path, _0009_later="SELECT 1")).close()
    before = store.path.read_bytes()
    with pytest.raises(WorkspaceError, match="schema version 9, expected 6 or less"):
        open_store(store.path)
    assert store.path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"entry;rating\n" * 999, os.urandom(20_000)])
def test_what_is_not_a_duckdb_file_is_refused_untouched(tmp_path, content):
    path = tmp_path / "curation.duckdb"
    path.write_bytes(content)
    with pytest.raises(WorkspaceError, match=r"cannot be read.*Nothing was deleted"):
        open_store(path)
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_refused_untouched(tmp_path):
    path = tmp_path / "curation.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE invoice (total INTEGER)")
    before = path.read_bytes()
    with pytest.raises(WorkspaceError, match="tables invoice, expected a Lexalign"):
        open_store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.95, 0.999])
def test_a_cut_file_is_refused_and_kept(store, share):
    rate(store, "Ana", "e0", "C0013604", 5)
    store.close()
    whole = store.path.read_bytes()
    cut = whole[: int(len(whole) * share)]
    store.path.write_bytes(cut)
    with pytest.raises(WorkspaceError, match="cannot be read"):
        open_store(store.path)
    assert store.path.read_bytes() == cut


def test_the_same_process_has_it_once(store):
    with pytest.raises(StoreBusy, match="in this process"):
        open_store(store.path)
    with pytest.raises(StoreBusy):
        open_store(store.path.parent / "." / store.path.name)
    store.close()
    open_store(store.path).close()


def test_another_process_is_told_who_has_it(store):
    code = f"from pathlib import Path; from curation_db import store; store.open_store(Path({str(store.path)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=HOME, capture_output=True, text=True, check=False)
    assert f"StoreBusy: {store.path}: open in process {os.getpid()}" in done.stderr
    assert "close the other Lexalign window" in done.stderr


def test_the_lock_outlives_a_backup(store, tmp_path):
    store.backup(tmp_path / "copy.duckdb")
    test_another_process_is_told_who_has_it(store)


def test_a_backup_is_whole_and_replaces_nothing(store, tmp_path):
    rate(store, "Ana", "e0", "C0013604", 4)
    store.backup(tmp_path / "d'Ana" / "copy.duckdb")
    rate(store, "Ana", "e0", "C0013604", 1)
    with open_store(tmp_path / "d'Ana" / "copy.duckdb") as copy, copy.cursor() as cursor:
        assert cursor.execute("SELECT rating FROM judgement").fetchall() == [(4,)]
    with pytest.raises(WorkspaceError, match="exists already"):
        store.backup(tmp_path / "d'Ana" / "copy.duckdb")


def test_a_reader_whose_store_is_closed_meanwhile_is_told(store):
    def read():
        with store.cursor() as cursor:
            store.close()
            cursor.execute("SELECT 1")

    with pytest.raises(WorkspaceError, match="closed before this was read"):
        read()


def test_a_closed_store_says_so(store):
    store.close()
    store.close()
    with pytest.raises(WorkspaceError, match="was closed"), store.cursor():
        pass


def test_a_store_whose_last_blocks_came_free_opens_again(tmp_path):
    """DuckDB cuts free blocks off its file; that is no damage (found by the model test)."""
    store = open_store(tmp_path / "curation.duckdb")
    commands.add_person(store, "Ana", at=AT)
    commands.load_run(store, write_run(tmp_path / "run", FIRST), write_lexicon(tmp_path / "lexicon"), at=AT)
    for number in range(8):
        for _ in range(number % 3):
            commands.none_of_these(store, "Ana", "e0", "rien", command_id=new(), at=AT)
        store.close()
        store = open_store(tmp_path / "curation.duckdb")
    assert queries.verdicts(store).num_rows == 1
    store.close()
