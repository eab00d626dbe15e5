"""Two people rate in real browsers; what they did is what the file says."""

import csv
import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest

pytestmark = pytest.mark.browser
SEEN = 0.8
"""Longer than a new card is deaf to keys."""


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, chromium, address, name, locale="fr-FR"):
        self.context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale=locale)
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.goto(address)
        self.page.get_by_label("Votre nom" if locale == "fr-FR" else "Your name").fill(name)
        self.page.get_by_role("button", name="Commencer" if locale == "fr-FR" else "Start").click()
        self.settle()

    def settle(self):
        """Wait until the card on screen is the one of the address, and nothing runs any more."""
        self.page.wait_for_function(
            """() => {
                const cui = new URL(location).searchParams.get('cui');
                const code = document.querySelector('.concept code');
                const still = document.querySelector('[data-test-script-state="notRunning"]');
                return cui && code && code.textContent === cui && still;
            }"""
        )
        time.sleep(SEEN)

    @property
    def place(self):
        query = parse_qs(urlsplit(self.page.url).query)
        return query["entry"][0], query["cui"][0]

    def press(self, key):
        """Press a key that leads to another card."""
        before = self.page.url
        self.page.keyboard.press(key)
        self.page.wait_for_function("before => location.href !== before", arg=before)
        self.settle()

    def mine(self):
        """Own ratings of the entry on show, as its list says them."""
        return self.page.locator(".st-key-candidates .stMarkdownBadge").all_inner_texts()


@pytest.fixture(scope="module")
def amelie(chromium, address):
    return Person(chromium, address, "Amélie")


@pytest.fixture(scope="module")
def bruno(chromium, address, amelie):
    return Person(chromium, address, "Bruno", locale="en-US")


def test_keys_rate_and_lead_on(amelie):
    rated = []
    for key in "543":
        before = amelie.place
        amelie.press(key)
        assert amelie.place != before
        rated.append(before)
    assert amelie.mine()[:3] == ["5", "4", "3"]
    assert len(set(rated)) == 3


def test_another_person_sees_no_rating(amelie, bruno):
    assert bruno.place[0] == "E01"
    assert set(bruno.mine()) == {"–"}
    assert "Who is rating?" in bruno.page.content()


def test_undo_takes_back_and_returns(amelie):
    before = amelie.place
    amelie.press("2")
    amelie.press("u")
    assert amelie.place == before
    assert amelie.mine()[:4] == ["5", "4", "3", "–"]


def test_a_reload_keeps_place_person_language_and_ratings(amelie):
    before = amelie.place
    amelie.page.reload()
    amelie.settle()
    assert amelie.place == before
    assert amelie.mine()[:4] == ["5", "4", "3", "–"]
    assert amelie.page.get_by_label("Qui évalue ?").input_value() == "Amélie"


def test_a_double_press_leaves_the_unseen_card_alone(amelie):
    before = amelie.place
    amelie.page.keyboard.press("1")
    amelie.page.keyboard.press("1")
    time.sleep(0.15)
    amelie.page.keyboard.press("1")
    amelie.page.wait_for_function("cui => new URL(location).searchParams.get('cui') !== cui", arg=before[1])
    amelie.settle()
    after = amelie.place
    amelie.press("ArrowLeft")
    assert amelie.place == before
    amelie.press("ArrowRight")
    assert amelie.place == after  # it is still to be rated


def test_digits_in_a_field_are_text(amelie):
    before = amelie.place
    field = amelie.page.get_by_label("Commentaire")
    field.fill("voir 5 et 3")
    field.press("5")
    field.press("Enter")
    amelie.settle()
    assert amelie.place == before
    amelie.press("s")
    assert amelie.place != before


def test_none_of_these_leaves_the_entry(bruno):
    entry = bruno.place[0]
    bruno.press("n")
    assert bruno.place[0] != entry


def test_a_better_concept_is_searched_and_rated(bruno):
    candidate = bruno.place
    bruno.page.get_by_label("Search for a better concept").fill("toux")
    bruno.page.locator('[class*="st-key-hit_"] button').first.click()
    bruno.page.wait_for_function("() => new URL(location).searchParams.get('cui') === 'C0010200'")
    bruno.settle()
    assert "Concept found by search" in bruno.page.content()
    bruno.press("0")
    assert bruno.place == candidate


def test_the_rating_keys_are_in_view_on_a_laptop(amelie):
    for rating in range(6):
        button = amelie.page.locator(".st-key-ratings button:visible").nth(rating)
        box = button.bounding_box()
        assert box["y"] + box["height"] <= 768
        assert box["width"] > 60


def test_text_of_the_lexicon_is_never_markup(amelie, address):
    amelie.page.goto(f"{address}/?lang=fr&person=Amélie&entry=E12&cui=C0010200&queue=all")
    amelie.settle()
    assert amelie.page.locator(".entry h2").inner_text() == "<b>toux</b> & glaires"
    assert amelie.page.locator(".entry h2 b").count() == 0


def test_the_exported_file_has_the_ratings(amelie, bruno, project):
    amelie.page.get_by_role("link", name="Export").click()
    amelie.page.get_by_text("Évaluation minimale").wait_for()
    amelie.page.get_by_label("Contenu").click()
    amelie.page.get_by_role("option", name="Évaluations").click()
    amelie.page.get_by_text(re.compile("Aperçu")).wait_for()
    time.sleep(SEEN)
    amelie.page.get_by_role("button", name="Écrire le fichier").click()
    amelie.page.get_by_role("button", name="Télécharger").wait_for()
    [path] = project.exports.glob("ratings-csv-*.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    given = sorted((row["person"], row["rating"], row["origin"]) for row in rows if row["rating"])
    assert given == [
        ("Amélie", "1", "candidate"),
        ("Amélie", "3", "candidate"),
        ("Amélie", "4", "candidate"),
        ("Amélie", "5", "candidate"),
        ("Bruno", "0", "search"),
    ]
    assert [row["comment"] for row in rows if row["comment"]] == ["voir 5 et 35"]
