"""A project goes into one file and comes back with the same figures, or not at all."""

import json
import zipfile

import pytest

from app import session
from app.services import archive, export
from curation_db import commands, queries
from curation_db.commands import Judgement
from curation_db.store import open_store
from pipeline.errors import FormatError, InputError, Refused, WorkspaceError
from tests.curation_db.projects import new


@pytest.fixture
def rated(store):
    """With ratings of Amélie on the first candidates."""
    for rating in (5, 3, 0, 4):
        place = queries.next_card(store, "Amélie")
        given = Judgement(command_id=new(), person="Amélie", entry_id=place.entry_id, cui=place.cui, rating=rating)
        commands.rate(store, given, at=session.now())
    return store


@pytest.fixture
def packed(project, rated, tmp_path):
    return archive.export(project, rated, "Amélie", tmp_path / "essai.zip", at=session.now())


def changed(packed, names):
    """The archive with other bytes under these names (None: without that file)."""
    to = packed.with_name("changed.zip")
    with zipfile.ZipFile(packed) as before, zipfile.ZipFile(to, "w") as after:
        contents = {name: before.read(name) for name in before.namelist()} | names
        for name, content in contents.items():
            if content is not None:
                after.writestr(name, content)
    return to


def manifest(packed):
    with zipfile.ZipFile(packed) as file:
        return json.loads(file.read("manifest.json"))


def test_the_figures_are_the_same_again(project, rated, packed, tmp_path):
    back = archive.unpack(packed, tmp_path / "retour")
    assert back.settings() == project.settings()
    with open_store(back.curation) as again:
        assert queries.judgements(again) == queries.judgements(rated)
        assert queries.events(again, limit=10**6) == queries.events(rated, limit=10**6)
        for format in ("final-csv", "main-parquet", "sssom"):
            at = session.now()
            files = [
                export.write(workspace, store, "Amélie", format, minimum=0, at=at).path.read_bytes()
                for workspace, store in ((project, rated), (back, again))
            ]
            assert files[0] == files[1]


def test_secrets_hidden_files_backups_and_vectors_stay_behind(project, rated, tmp_path):
    secrets = ("access.toml", ".streamlit/secrets.toml", "access/hashes.toml", "backups/curation-1.duckdb")
    for name in (*secrets, "runs/.align.log", "embeddings/use/shard.npy"):
        (project.root / name).parent.mkdir(parents=True, exist_ok=True)
        (project.root / name).write_text("argon2id")
    packed = archive.export(project, rated, "Amélie", tmp_path / "essai.zip", at=session.now())
    with zipfile.ZipFile(packed) as file:
        assert not any(b"argon2id" in file.read(name) for name in file.namelist())
        assert {name.split("/")[0] for name in file.namelist()} <= {
            "lexalign.toml",
            "curation.duckdb",
            "manifest.json",
            *archive.FOLDERS,
        }
    whole = archive.export(project, rated, "Amélie", tmp_path / "whole.zip", at=session.now(), embeddings=True)
    assert "embeddings/use/shard.npy" in zipfile.ZipFile(whole).namelist()


def test_only_an_administrator_takes_the_project_along(project, rated, tmp_path):
    commands.add_person(rated, "Bruno", role="curator", at=session.now())
    with pytest.raises(Refused, match="expected administrator"):
        archive.export(project, rated, "Bruno", tmp_path / "essai.zip", at=session.now())
    assert not (tmp_path / "essai.zip").exists()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_cut_archive_is_refused_and_nothing_is_written(packed, tmp_path, share):
    packed.write_bytes(packed.read_bytes()[: int(packed.stat().st_size * share)])
    with pytest.raises(FormatError):
        archive.unpack(packed, tmp_path / "retour")
    assert not (tmp_path / "retour").exists()
    assert not list(tmp_path.glob(".retour*"))


def test_a_file_that_was_changed_is_found(packed, tmp_path):
    with zipfile.ZipFile(packed) as file:
        content = file.read("lexalign.toml")
    with pytest.raises(FormatError, match=r"lexalign.toml was changed|not of the size"):
        archive.unpack(
            changed(packed, {"lexalign.toml": content.replace(b"Essai", b"Autre")}), tmp_path / "retour"
        )
    assert not (tmp_path / "retour").exists()


@pytest.mark.parametrize(
    "name",
    [
        "../evil.toml",
        "/etc/evil",
        "runs/../../evil",
        "runs\\..\\evil",
        "C:/evil",
        "access.toml",
        "runs/.hidden",
        "x/y",
    ],
)
def test_a_name_that_leads_out_of_the_project_is_refused(packed, tmp_path, name):
    noted = manifest(packed)
    noted["files"][name] = {"bytes": 4, "sha256": "0" * 64}
    with pytest.raises(FormatError, match="no place in a project"):
        archive.unpack(changed(packed, {name: b"evil", "manifest.json": json.dumps(noted)}), tmp_path / "retour")
    assert not (tmp_path / "retour").exists()
    assert not (tmp_path / "evil.toml").exists()


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ({"manifest.json": None}, "no manifest"),
        ({"manifest.json": b"[]"}, "no manifest"),
        ({"manifest.json": b'{"format": "zip", "version": 9, "files": {}}'}, "zip 9, expected"),
        ({"curation.duckdb": None}, "not those of its manifest"),
        ({"more.txt": b"?"}, "not those of its manifest"),
    ],
)
def test_what_is_no_archive_of_ours_is_refused(packed, tmp_path, names, why):
    with pytest.raises(FormatError, match=why):
        archive.unpack(changed(packed, names), tmp_path / "retour")
    assert not (tmp_path / "retour").exists()


def test_a_folder_with_something_in_it_is_left_alone(project, packed):
    before = project.toml.read_bytes()
    with pytest.raises(WorkspaceError, match="is there already"):
        archive.unpack(packed, project.root)
    assert project.toml.read_bytes() == before


def test_an_archive_replaces_nothing_and_one_that_is_not_there_is_said(project, rated, packed, tmp_path):
    with pytest.raises(InputError, match="exists already"):
        archive.export(project, rated, "Amélie", packed, at=session.now())
    with pytest.raises(InputError, match="not there"):
        archive.unpack(tmp_path / "nowhere.zip", tmp_path / "retour")
