import errno

import pytest

from pipeline import files
from pipeline.errors import InputError, WorkspaceError
from pipeline.files import read_json, sha256, whole, whole_folder, write_json


def _die_writing(writer, path):
    with writer(path) as part:
        (part / "merged.parquet" if part.is_dir() else part).write_text("new")
        raise ValueError("half-way")


def test_a_file_is_there_only_when_whole(tmp_path):
    path = tmp_path / "deep" / "manifest.json"
    with whole(path) as part:
        part.write_text("{}")
        assert not path.exists()
    assert path.read_text() == "{}"


def test_an_error_leaves_what_was_there(tmp_path):
    path = tmp_path / "manifest.json"
    path.write_text("old")
    with pytest.raises(ValueError, match="half-way"):
        _die_writing(whole, path)
    assert [file.name for file in tmp_path.iterdir()] == ["manifest.json"]
    assert path.read_text() == "old"


def test_a_folder_is_there_only_when_whole(tmp_path):
    path = tmp_path / "runs" / "r1"
    with pytest.raises(ValueError, match="half-way"):
        _die_writing(whole_folder, path)
    assert list(path.parent.iterdir()) == []
    with whole_folder(path) as part:
        (part / "merged.parquet").write_bytes(b"x")
    assert [file.name for file in path.iterdir()] == ["merged.parquet"]


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(WorkspaceError, match="is there already"), whole_folder(tmp_path / "mine"):
        pass
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_a_folder_where_a_file_is_to_be_is_left_as_it_is(tmp_path):
    (tmp_path / "mine").mkdir()
    with pytest.raises(WorkspaceError, match="mine: is there already"):
        write_json(tmp_path / "mine", {})
    assert [(file.name, file.is_dir()) for file in tmp_path.iterdir()] == [("mine", True)]


@pytest.mark.parametrize("writer", [whole, whole_folder])
@pytest.mark.parametrize("place", ["mine/new", "mine/deep/new"])
def test_a_file_where_a_folder_is_to_be_is_named(tmp_path, writer, place):
    (tmp_path / "mine").write_text("years of work")
    with pytest.raises(WorkspaceError, match="mine: is there already"), writer(tmp_path / place):
        pass
    assert (tmp_path / "mine").read_text() == "years of work"


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "disk is full"), (errno.EACCES, "cannot be written"), (errno.EROFS, "cannot")],
)
def test_a_full_or_locked_disk_is_told_in_words(tmp_path, monkeypatch, number, said):
    def fails(path):
        raise OSError(number, "no")

    monkeypatch.setattr(files, "_sync", fails)
    with pytest.raises(WorkspaceError, match=said):
        write_json(tmp_path / "a.json", {})
    assert list(tmp_path.iterdir()) == []


def test_json_reads_back(tmp_path):
    write_json(tmp_path / "a.json", {"terme": "œdème"})
    assert read_json(tmp_path / "a.json") == {"terme": "œdème"}
    assert "œdème" in (tmp_path / "a.json").read_text(encoding="utf8")


@pytest.mark.parametrize("content", [None, "{", ""])
def test_json_that_cannot_be_read_is_named(tmp_path, content):
    if content is not None:
        (tmp_path / "a.json").write_text(content)
    with pytest.raises(WorkspaceError, match=r"a\.json"):
        read_json(tmp_path / "a.json")


def test_sha256_is_the_published_one(tmp_path):
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256(tmp_path / "abc").startswith("ba7816bf8f01cfea414140de5dae2223")  # FIPS 180-2, appendix B.1
    with pytest.raises(InputError, match="cannot be read"):
        sha256(tmp_path / "absent")
