"""`lexalign export`, `demo` and `app`, as a user calls them."""

import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from curation_db.commands import Judgement, add_person, load_run, rate
from curation_db.queries import card, next_card
from curation_db.store import open_store
from pipeline.workspace import Workspace

AT = datetime(2026, 11, 21, tzinfo=UTC)


def lexalign(*arguments):
    command = [sys.executable, "-m", "pipeline.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def rated(sample, tmp_path):
    """The sample project with the first card of three entries rated 5, 4 and 2 by one person."""
    workspace = Workspace(shutil.copytree(sample, tmp_path / "projet"))
    with open_store(workspace.curation) as store:
        load_run(store, workspace.latest_run(), workspace.release("lexicon"), at=AT)
        person, place = add_person(store, "Aude", at=AT), None
        for number, rating in enumerate((5, 4, 2)):
            place = next_card(store, person, after=place)
            shown = card(store, place, person)
            first = shown.candidates[shown.index]
            rate(
                store,
                Judgement(
                    command_id=f"00000000-0000-0000-0000-00000000000{number}",
                    person=person,
                    entry_id=place.entry_id,
                    cui=place.cui,
                    rating=rating,
                    run=shown.run,
                    encoders=first.encoders,
                    rank=first.rank,
                    score=first.score,
                ),
                at=AT,
            )
    return workspace


def test_export_writes_what_was_rated(rated, tmp_path):
    result = lexalign("-w", rated.root, "export", "main-csv", "-o", tmp_path / "main.csv")
    assert result.returncode == 0, result.stderr
    assert pd.read_csv(tmp_path / "main.csv")["rating"].tolist() == [5, 4]
    everything = lexalign("-w", rated.root, "export", "main", "-o", tmp_path / "m.xlsx", "--minimum-rating", 0)
    assert everything.returncode == 0, everything.stderr
    assert len(pd.read_excel(tmp_path / "m.xlsx")) == 3


def test_export_without_ratings_is_a_header(sample, tmp_path):
    root = shutil.copytree(sample, tmp_path / "projet")
    result = lexalign("-w", root, "export", "main-tsv", "-o", tmp_path / "main.tsv")
    assert result.returncode == 0, result.stderr
    assert len((tmp_path / "main.tsv").read_text(encoding="utf8").splitlines()) == 1


def test_export_while_the_application_has_the_ratings_says_so(rated, tmp_path):
    with open_store(rated.curation):
        result = lexalign("-w", rated.root, "export", "main-csv", "-o", tmp_path / "main.csv")
    assert result.returncode == 1
    assert "one process may have it at a time" in result.stderr
    assert not (tmp_path / "main.csv").exists()


def test_an_unknown_format_lists_the_known_ones(sample, tmp_path):
    result = lexalign("-w", sample, "export", "docx", "-o", tmp_path / "x.docx")
    assert result.returncode == 1
    assert "main-csv" in result.stderr


def test_a_port_that_is_taken_is_named(sample):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = lexalign("-w", sample, "app", "--port", port, "--no-browser")
    assert result.returncode == 1
    assert f"127.0.0.1:{port}" in result.stderr


def test_demo_keeps_a_project_that_is_there(sample):
    runs = Workspace(sample).finished_runs()
    assert lexalign("demo", sample, "--prepare-only").returncode == 0
    assert Workspace(sample).finished_runs() == runs


HOME = Path(__file__).parents[2]
NUDGE = """
from streamlit import config
from streamlit.web import bootstrap, skills

config._main_script_path = "app/main.py"
bootstrap.load_config_options({"server_headless": False})
print(skills.nudge_suppression_reason("app"))
"""


def test_streamlit_shows_developers_words_to_nobody():
    told = subprocess.run([sys.executable, "-c", NUDGE], cwd=HOME, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "welcome_hidden"
