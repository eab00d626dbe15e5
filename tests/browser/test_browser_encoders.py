"""A person leads the project to another encoder in a real browser, and looks at what it changes."""

import pytest

from app.services.encoders import catalogue
from tests.app import fixture_workspace

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(chromium, address, project):
    root = catalogue.own()
    for name in fixture_workspace.ENCODERS:
        fixture_workspace.add_encoder(root, name)
    context = chromium.new_context(viewport={"width": 820, "height": 1000}, locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(address)
    page.get_by_label("Votre nom").fill("Amélie")
    page.get_by_role("button", name="Commencer").click()
    page.locator(".concept code").wait_for()
    page.get_by_role("link", name="Encodeurs", exact=True).click()
    page.get_by_text("On évalue ce que proposent ces encodeurs").wait_for()
    return page


@pytest.fixture(scope="module", autouse=True)
def own(tmp_path_factory):
    """Where the server, started after this, looks for encoders too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEXALIGN_ENCODERS", str(tmp_path_factory.mktemp("encoders")))
        yield


def test_a_card_says_what_was_measured_and_nothing_runs_over_the_edge(page):
    page.locator(".st-key-encoder_letters-a").get_by_text("cosinus 0,9981").wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def test_stopping_an_encoder_leads_to_a_new_run(page, project):
    page.locator(".st-key-stop_letters-b button:visible").first.click()
    page.get_by_role("button", name="Lancer l’alignement").wait_for()
    assert project.settings().encoders == ("letters-a",)
    page.locator(".st-key-use_letters-b button:visible").first.click()
    page.get_by_text("On évalue ce que proposent ces encodeurs").wait_for()


def test_two_encoders_of_a_run_are_compared(page):
    page.get_by_role("tab", name="En comparer deux").click()
    page.get_by_text("En commun @1").wait_for()
    page.get_by_text("Aucune évaluation pour l’instant.").wait_for()
