"""An adjudicator settles two cases from the keyboard and publishes; what they did is what the folder says."""

import json
import time

import pytest

from app.services import runs
from curation_db import commands, queries
from curation_db.commands import Judgement
from curation_db.store import open_store
from tests.app import fixture_workspace
from tests.curation_db.projects import AT, new

pytestmark = pytest.mark.browser
SEEN = 0.8
"""Longer than a new case is deaf to keys."""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Dina administers; Bruno and Chloé differ on the first candidates of two entries."""
    made = fixture_workspace.make(tmp_path_factory.mktemp("browser") / "essai")
    with open_store(made.curation) as store:
        runs.use_first(made, store, at=AT)
        for name in ("Dina", "Bruno", "Chloé"):
            commands.add_person(store, name, at=AT)
        first = [line for line in queries.entries(store, person="Dina").rows if line.cui][:2]
        for line in first:
            for person, rating in (("Bruno", 5), ("Chloé", 1)):
                commands.rate(store, Judgement(
                    command_id=new(), person=person, entry_id=line.entry_id, cui=line.cui, rating=rating,
                ), at=AT)  # fmt: skip
    return made


@pytest.fixture(scope="module")
def page(chromium, address):
    opened = chromium.new_page(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    opened.set_default_timeout(40_000)
    opened.goto(f"{address}/adjudication?lang=fr&person=Dina")
    settled(opened)
    return opened


def settled(page):
    page.wait_for_selector('[data-test-script-state="notRunning"]')
    time.sleep(SEEN)


def press(page, key):
    """Press a key that leads to another case, or to none."""
    before = page.url
    page.keyboard.press(key)
    page.wait_for_function("before => location.href !== before", arg=before)
    settled(page)


def test_two_cases_are_settled_without_the_mouse(page):
    page.get_by_text("À trancher (2)").wait_for()
    page.keyboard.press("g")
    page.locator(".st-key-relations button[kind=primary]").first.wait_for()
    settled(page)
    press(page, "5")
    page.get_by_text("À trancher (1)").wait_for()
    press(page, "1")
    page.get_by_text("Rien à trancher ici.").wait_for()
    page.get_by_text("Tranchés (2)").wait_for()


def test_the_mapping_is_published_once_what_is_left_is_accepted(page, project):
    page.get_by_role("link", name="Export").click()
    page.get_by_text("Une publication", exact=True).click()
    page.get_by_text("Candidats que personne n’a évalués").wait_for()
    page.get_by_text("Publier quand même", exact=True).click()
    page.locator(".st-key-publish button:enabled").first.click()
    page.get_by_text("Publication 1", exact=True).wait_for()
    manifest = json.loads((project.exports / "published" / "1" / "manifest.json").read_text(encoding="utf8"))
    assert (manifest["counts"]["decided"], manifest["unsettled"]["open"]) == (1, 0)
    assert {"name": "Dina", "ratings": 0, "decisions": 2} in manifest["people"]
