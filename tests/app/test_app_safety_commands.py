"""`lexalign backup`, `restore` and `archive`, as somebody types them."""

import pytest
from click.testing import CliRunner

from app.commands_safety import archive, backup, restore
from curation_db import commands, queries
from curation_db.store import open_store
from pipeline.errors import StoreBusy


def lexalign(command, root, *arguments):
    return CliRunner().invoke(command, list(map(str, arguments)), obj=root, catch_exceptions=False)


def test_a_backup_is_taken_listed_and_restored(project, store):
    store.close()
    lexalign(backup, project.root)
    [line] = lexalign(restore, project.root).stdout.splitlines()
    with open_store(project.curation) as again:
        commands.add_person(again, "Zoé", at=queries.events(again, limit=1)[0].at)
    lexalign(restore, project.root, line.split()[0])
    with open_store(project.curation) as again:
        assert queries.people(again) == ["Amélie"]


def test_a_project_goes_and_comes_back(project, store, tmp_path):
    store.close()
    lexalign(archive, project.root, "export", tmp_path / "essai.zip", "--progress", "none")
    lexalign(archive, project.root, "import", tmp_path / "essai.zip", tmp_path / "retour", "--progress", "none")
    with open_store(tmp_path / "retour" / "curation.duckdb") as again:
        assert queries.people(again) == ["Amélie"]


def test_a_project_that_is_open_is_left_to_the_application(project, store):
    with pytest.raises(StoreBusy, match="close the other Lexalign window"):
        lexalign(backup, project.root)
