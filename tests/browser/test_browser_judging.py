"""All of the review from the keyboard: the focus stays, the map says the keys, axe finds nothing serious."""

import re

import pytest

from tests.app import fixture_workspace
from tests.browser.conftest import HOME as HOUSE
from tests.browser.test_browser_review import Person

pytestmark = pytest.mark.browser
# read, not imported: the module draws the application
PAGES = re.findall(r'Shown\(\w+\.screen, "(\w+)"', (HOUSE / "app" / "main.py").read_text("utf-8"))
TERMS = (*fixture_workspace.TERMS, ("fièvres", "Températures élevées."))
FEVER = ("E10", "C0015967")
ACTIVE = "() => document.activeElement.tagName + (document.activeElement.innerText || '')"
HOME = "() => document.activeElement.closest('[class*=st-key-]') && document.activeElement.innerText"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fixture_workspace, "TERMS", TERMS)
        return fixture_workspace.make(tmp_path_factory.mktemp("judging") / "essai")


@pytest.fixture(scope="module")
def amelie(chromium, address):
    with chromium.new_page() as first:  # a busy machine takes its time to import the application
        first.goto(address)
        first.get_by_role("heading").first.wait_for(timeout=60_000)
    return Person(chromium, address, "Amélie")


def look(person, address, entry, cui):
    person.page.goto(f"{address}/?lang=fr&person=Amélie&entry={entry}&cui={cui}")
    person.settle()


def body(person):
    return person.page.evaluate(ACTIVE).startswith("BODY")


def stay(person, key):
    """Press a key that leaves the card on show."""
    person.page.keyboard.press(key)
    person.page.wait_for_timeout(700)
    person.settle()


def on(person, container):
    """What is chosen in a row of keys."""
    return person.page.locator(f".st-key-{container} button[kind=primary]:visible p").all_inner_texts()


def test_keys_move_no_focus(amelie):
    for key in ("e", "5", "ArrowLeft", "ArrowRight", "g", "g", "f", "u", "s", "u"):
        before = amelie.page.url
        amelie.page.keyboard.press(key)
        amelie.page.wait_for_timeout(700)
        amelie.settle()
        assert body(amelie), key
        assert (amelie.page.url != before) == (key in ("5", "ArrowLeft", "ArrowRight", "s", "u")) or key == "u", (
            key
        )


def test_a_button_that_is_pressed_by_keyboard_keeps_the_focus_on_the_next_card(amelie):
    amelie.page.locator(".st-key-ratings button:visible").nth(4).focus()
    amelie.press("Enter")
    assert amelie.page.evaluate(HOME).startswith("4")
    amelie.page.locator(".st-key-other_keys button:visible", has_text="Suivant").focus()
    amelie.press("Enter")
    assert amelie.page.evaluate(HOME).startswith("Suivant")
    amelie.page.evaluate("document.activeElement.blur()")


def test_relation_and_reason_wait_for_the_number_and_are_said_in_the_list(amelie):
    stay(amelie, "p")
    stay(amelie, "y")
    stay(amelie, "3")
    assert on(amelie, "relations") == ["plus précis"]
    assert "Raison\u00a0: trop précis" in amelie.page.locator(".st-key-relations").inner_text()
    amelie.press("1")
    amelie.press("ArrowLeft")
    assert "plus précis" in amelie.page.locator(".st-key-candidates").inner_text()


def test_a_comment_is_written_from_the_keyboard_and_the_keys_rate_again(amelie):
    stay(amelie, "t")
    amelie.page.keyboard.type("à voir 5")
    stay(amelie, "Enter")
    assert body(amelie)
    assert amelie.page.get_by_label("Commentaire").input_value() == "à voir 5"


def test_a_misspelt_concept_is_found_and_chosen_without_a_mouse(amelie):
    stay(amelie, "k")
    amelie.page.keyboard.type("tuox")
    amelie.page.locator(".st-key-hits button").first.wait_for()
    stay(amelie, "ArrowDown")
    assert "C0010200" in amelie.page.evaluate(HOME)
    amelie.page.keyboard.press("Escape")
    assert body(amelie)
    stay(amelie, "k")
    stay(amelie, "Enter")
    amelie.page.keyboard.press("Enter")
    amelie.page.wait_for_function("() => new URL(location).searchParams.get('cui') === 'C0010200'")
    amelie.settle()
    amelie.press("0")


def test_the_map_of_the_keys_opens_by_its_key_and_closes_again(amelie):
    amelie.page.keyboard.press("?")
    table = amelie.page.get_by_role("table", name="Touches")
    table.wait_for()
    assert table.get_by_role("row").count() == 15
    amelie.page.keyboard.press("Escape")
    table.wait_for(state="detached")


def test_similar_entries_are_looked_through_rated_and_taken_back_together(amelie, address):
    look(amelie, address, *FEVER)
    amelie.page.get_by_text("Le même concept est proposé pour des entrées semblables : 1").wait_for()
    amelie.page.keyboard.press("b")
    amelie.page.get_by_text("Évaluer par lot").wait_for()
    amelie.page.keyboard.press("5")
    amelie.page.get_by_text("Évaluer 2 × 5").wait_for()
    amelie.press("v")
    amelie.page.get_by_text("Alignements évalués 5 : 2.").wait_for()
    amelie.press("u")
    amelie.page.get_by_text("Évaluations reprises : 2.").wait_for()
    assert amelie.place == FEVER
    assert amelie.mine()[0] == "–"


def test_digits_typed_too_fast_for_the_reasons_rate_nothing(amelie):
    before = amelie.page.url
    amelie.page.keyboard.press("y")
    amelie.page.keyboard.press("2")
    amelie.page.wait_for_timeout(1500)
    assert amelie.page.url == before
    if amelie.page.locator(".st-key-reasons").count():
        stay(amelie, "y")


def test_no_concept_exists_leaves_the_entry(amelie):
    entry = amelie.place[0]
    amelie.press("x")
    assert amelie.place[0] != entry


@pytest.mark.parametrize(("width", "height"), [(683, 384), (1366, 768), (820, 1180)])
def test_nothing_runs_over_the_edge_and_the_card_has_most_of_the_window(amelie, width, height):
    amelie.page.set_viewport_size({"width": width, "height": height})
    amelie.settle()
    assert amelie.page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    foot = amelie.page.locator(".st-key-actions").bounding_box()
    assert foot["height"] < height * 0.45


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(amelie, address, name, language):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python")
    amelie.page.set_viewport_size({"width": 1366, "height": 768})
    path = "" if name == "review" else name
    amelie.page.goto(f"{address}/{path}?lang={language}&person=Amélie")
    amelie.page.locator('[data-testid="stMain"] [data-testid="stElementContainer"]').first.wait_for(
        state="attached"
    )
    amelie.page.locator('[data-test-script-state="notRunning"]').wait_for(state="attached")
    amelie.page.wait_for_timeout(1500)
    results = axe.Axe().run(amelie.page)
    assert [said(one) for one in results.response["violations"] if one["impact"] in ("serious", "critical")] == []


def said(violation):
    """What axe found, where, and what it would have."""
    return violation["id"], [
        (node["target"], node["html"][:200], node["failureSummary"]) for node in violation["nodes"]
    ]
