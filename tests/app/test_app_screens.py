"""Every screen draws without an error in both languages, and its buttons do what they say."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import session
from app.services import translations
from curation_db import commands, queries
from curation_db.store import open_store
from pipeline.workspace import create

MAIN = Path(__file__).parents[2] / "app" / "main.py"
SCREENS = (
    "review",
    "progress",
    "agreement",
    "distributions",
    "export",
    "sources",
    "encoders",
    "runs",
    "translations",
)


def ratings():
    return {
        (row["entry_id"], row["CUI"]): row["rating"] for row in queries.judgements(session.store()).to_pylist()
    }


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_draws(joined, name, language):
    page = joined(name, lang=language)
    assert not page.exception
    assert not page.error


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_draws_in_an_empty_project(screen, tmp_path, monkeypatch, name):
    monkeypatch.setenv("LEXALIGN_WORKSPACE", str(create(tmp_path / "vide").root))
    commands.add_person(session.store(), "Amélie", at=session.now())
    page = screen(name, lang="fr", person="Amélie")
    assert not page.exception


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_draws_once_there_are_ratings(joined, name):
    page = joined("review")
    for rating in (5, 4, 0, 3):
        place = page.session_state["sitting"].place
        page.button(key=f"rate_{place.entry_id}_{place.cui}_{rating}").click().run()
    page = joined(name)
    assert not page.exception
    assert not page.error


def test_the_frame_draws_the_review_first(screen, project):
    page = AppTest.from_file(MAIN, default_timeout=20).run()
    assert not page.exception
    assert page.text_input(key="new_name").label == "Votre nom"


def test_one_joins_by_a_name_and_is_asked_no_more(screen):
    page = screen("review", lang="en")
    page.text_input(key="new_name").set_value("Zoé")
    page.button[-1].click().run()
    assert queries.people(session.store()) == ["Zoé"]
    assert page.query_params["person"] == "Zoé"
    assert page.session_state["sitting"].place.entry_id == "E01"


def test_rating_moves_on_and_undo_comes_back(joined):
    page = joined("review")
    first = page.session_state["sitting"].place
    page.button(key=f"rate_{first.entry_id}_{first.cui}_5").click().run()
    second = page.session_state["sitting"].place
    assert ratings() == {first: 5}
    assert second != first
    page.button(key=f"undo_{second.entry_id}_{second.cui}").click().run()
    assert ratings() == {}
    assert page.session_state["sitting"].place == first


def test_the_address_keeps_the_place(joined):
    page = joined("review", entry="E04", cui="C0011849", queue="all")
    assert page.session_state["sitting"].place == ("E04", "C0011849")
    assert page.session_state["sitting"].queue == "all"


def test_a_comment_is_kept(joined):
    page = joined("review")
    place = page.session_state["sitting"].place
    page.text_input[0].set_value("à revoir").run()
    [event] = queries.events(session.store(), entry_id=place.entry_id)
    assert (event.kind, event.text) == ("comment", "à revoir")


def test_search_finds_and_shows_a_concept(joined):
    page = joined("review")
    page.text_input(key="search_E01").set_value("jaunisse").run()
    page.button(key="hit_E01_C0022346").click().run()
    page.button(key="rate_E01_C0022346_1").click().run()
    assert ratings() == {("E01", "C0022346"): 1}


def test_a_store_that_is_open_elsewhere_is_said_kindly(screen, project, monkeypatch):
    with open_store(project.curation):
        page = screen("review", lang="fr")
    assert page.title[0].value == "Le projet est ouvert ailleurs"
    assert not page.exception


def test_a_path_that_leads_nowhere_is_an_error_in_words(joined):
    page = joined("sources")
    page.button(key="read_lexicon").click().run()
    assert "not there" in page.error[0].value


def test_settings_are_saved(joined, project):
    page = joined("sources")
    page.number_input(key="set_top_k").set_value(7)
    next(b for b in page.button if b.label == "Enregistrer").click().run()
    assert project.settings().top_k == 7


def test_an_export_is_written_and_offered(joined, project):
    page = joined("export")
    page.button(key="write_export").click().run()
    assert [path.suffix for path in project.exports.iterdir()] == [".csv"]
    assert not page.exception


def test_a_translation_can_be_searched(joined, project):
    translations.memory(project).add([("fièvre", "fever")], translator="essai", at=session.now())
    page = joined("translations")
    assert page.dataframe[0].value.iloc[0].tolist()[:2] == ["fièvre", "fever"]


@pytest.mark.parametrize("file", sorted((MAIN.parent / "screens").glob("*.py")), ids=lambda file: file.stem)
def test_a_screen_only_draws(file):
    text = file.read_text(encoding="utf8")
    assert len(text.splitlines()) <= 80
    assert "SELECT" not in text
