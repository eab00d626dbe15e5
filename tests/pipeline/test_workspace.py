import pytest

from pipeline.errors import WorkspaceError
from pipeline.files import write_json
from pipeline.settings import Settings
from pipeline.workspace import create, find


def test_a_new_project_has_the_default_settings(workspace):
    assert find(workspace.root).settings() == Settings()


def test_a_project_is_not_made_over_another(workspace):
    with pytest.raises(WorkspaceError, match="already"):
        create(workspace.root)


def test_a_folder_that_is_no_project_says_so(tmp_path):
    with pytest.raises(WorkspaceError, match="lexalign init"):
        find(tmp_path)


def test_the_current_release_is_the_last_one_made_current(workspace):
    for name in ("lexicon-1", "lexicon-2"):
        write_json(workspace.sources / name / "manifest.json", {})
        workspace.make_current("lexicon", name)
    assert workspace.release("lexicon").name == "lexicon-2"
    assert not workspace.has_release("umls")


@pytest.mark.parametrize(("kind", "said"), [("lexicon", "ingest lexicon FILE"), ("umls", "ingest umls PATH")])
def test_a_missing_release_names_the_command(workspace, kind, said):
    with pytest.raises(WorkspaceError, match=said):
        workspace.release(kind)


def test_a_release_whose_folder_is_gone_is_an_error(workspace):
    workspace.make_current("umls", "umls-1")
    with pytest.raises(WorkspaceError, match="ingest it again"):
        workspace.release("umls")


def test_only_finished_runs_count(workspace):
    (workspace.runs / ".r3.part").mkdir()
    (workspace.runs / "r2").mkdir()
    with pytest.raises(WorkspaceError, match="align"):
        workspace.latest_run()
    for name in ("r1", "r0"):
        write_json(workspace.runs / name / "manifest.json", {})
    assert [run.name for run in workspace.finished_runs()] == ["r0", "r1"]
    assert workspace.latest_run().name == "r1"
