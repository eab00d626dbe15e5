"""A queue and its filters stay in the address: through a reload, the back button, and a link to a colleague."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.test_browser_review import Person

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def amelie(chromium, address):
    return Person(chromium, address, "Amélie")


@pytest.fixture(scope="module")
def bruno(chromium, address, amelie):
    return Person(chromium, address, "Bruno", locale="en-US")


def asked(person):
    return {key: value for key, [value] in parse_qs(urlsplit(person.page.url).query).items()}


def choose(person, queue):
    before = person.page.url
    person.page.locator(".st-key-chosen").get_by_role("combobox").first.click()
    person.page.get_by_role("option", name=queue).click()
    person.page.wait_for_function("before => location.href !== before", arg=before)
    person.settle()


def test_a_queue_and_filters_are_chosen_and_keys_rate_at_once(amelie):
    choose(amelie, "Tout")
    amelie.page.get_by_role("button", name="Filtres").click()
    amelie.page.get_by_label("Le terme commence par").fill("d")
    amelie.page.get_by_role("button", name="Appliquer").click()
    amelie.page.get_by_role("button", name="Filtres : 1").wait_for()
    amelie.settle()
    assert amelie.page.locator(".entry h2").inner_text() == "diabète"
    assert (asked(amelie)["queue"], asked(amelie)["begins"]) == ("all", "d")
    amelie.press("4")
    assert amelie.mine()[0] == "4"


def test_a_reload_keeps_them(amelie):
    before = asked(amelie)
    amelie.page.reload()
    amelie.settle()
    assert asked(amelie) == before
    amelie.page.get_by_role("button", name="Filtres : 1").wait_for()


def test_the_back_button_leads_to_the_card_before_and_to_the_filters_before(amelie):
    second = amelie.place
    amelie.press("ArrowRight")
    amelie.page.go_back()
    amelie.settle()
    assert amelie.place == second
    amelie.press("ArrowRight")  # from there, not from where one was
    amelie.page.get_by_role("button", name="Effacer").click()
    amelie.page.wait_for_function("() => !location.search.includes('begins')")
    amelie.settle()
    amelie.page.go_back()
    amelie.settle()
    assert asked(amelie)["begins"] == "d"
    amelie.page.get_by_role("button", name="Filtres : 1").wait_for()


def test_a_link_is_opened_with_the_colleagues_own_rights(amelie, bruno):
    link = amelie.page.url.replace("queue=all", "queue=disagreements").replace("lang=fr", "lang=en")
    assert "disagreements" in link
    bruno.page.goto(link.replace("Am%C3%A9lie", "Bruno") + "&by=letters-a")
    bruno.settle()
    assert asked(bruno).get("queue") is None
    assert asked(bruno).get("by") is None
    assert bruno.page.locator(".entry h2").inner_text() == "diabète"
    bruno.page.locator(".st-key-chosen").get_by_role("combobox").first.click()
    assert "Disagreements" not in bruno.page.get_by_role("listbox").inner_text()


def test_the_page_where_one_begins_has_an_address_of_its_own_for_those_who_begin_elsewhere(amelie, address):
    link = amelie.page.url.replace("/?", "/review?")
    amelie.page.goto(link)
    amelie.settle()
    assert amelie.page.locator(".entry h2").inner_text() == "diabète"
    amelie.press("4")
    assert amelie.mine()[0] == "4"
