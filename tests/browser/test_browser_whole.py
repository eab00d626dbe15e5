"""Two people and an adjudicator, each in a browser, go from an empty project to a published mapping."""

import json
import time
from pathlib import Path

import pytest

from pipeline.settings import Settings
from pipeline.workspace import create

pytestmark = pytest.mark.browser
SAMPLE = Path(__file__).parents[2] / "assets" / "sample"
SEEN = 0.8
"""Longer than a new card is deaf to keys."""
WANTED = {"abcès dentaire": "C0518988", "acouphène": "C0040264"}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Nothing is in it: what an administrator finds on the first day."""
    settings = Settings(title="Essai", encoders=("lexalign-e5",), top_k=2)
    return create(tmp_path_factory.mktemp("browser") / "essai", settings)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two lines of the sample lexicon, and a few concepts of its UMLS."""
    folder = tmp_path_factory.mktemp("files")
    lines = (SAMPLE / "lexicon.txt").read_text(encoding="utf8").splitlines()
    (folder / "lexique.txt").write_text("\n".join(lines[:3]) + "\n", encoding="utf8")
    (folder / "umls").mkdir()
    kept = set(WANTED.values())
    for name in ("MRCONSO.RRF", "MRSTY.RRF", "MRDEF.RRF"):
        rows = (SAMPLE / "umls" / name).read_text(encoding="utf8").splitlines()
        kept |= {row.split("|", 1)[0] for row in rows[:30]} if name == "MRCONSO.RRF" else set()
        chosen = [row for row in rows if row.split("|", 1)[0] in kept]
        (folder / "umls" / name).write_text("\n".join(chosen) + "\n", encoding="utf8")
    return folder


@pytest.fixture(scope="module")
def join(chromium, address):
    def opened(name):
        page = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR").new_page()
        page.set_default_timeout(60_000)
        page.goto(address)
        page.get_by_label("Votre nom").fill(name)
        page.get_by_role("button", name="Commencer").click()
        page.get_by_role("link", name="Révision").wait_for()
        return page

    return opened


@pytest.fixture(scope="module")
def dina(join):
    return join("Dina")


def settled(page):
    page.wait_for_selector('[data-test-script-state="notRunning"]', state="attached")
    time.sleep(SEEN)


def test_the_sources_are_read_and_aligned_by_hand_of_the_first_to_come(dina, files):
    dina.get_by_role("link", name="Projet et sources").click()
    dina.locator("input[type=file]").set_input_files(files / "lexique.txt")
    dina.get_by_text("lexique.txt").first.wait_for()
    settled(dina)
    dina.locator(".st-key-read_lexicon button").click()
    dina.get_by_text("Version en cours").first.wait_for()
    dina.get_by_role("tab", name="UMLS").click()
    field = dina.locator(".st-key-path_umls input")
    field.fill(str(files / "umls"))
    field.press("Enter")
    settled(dina)
    dina.locator(".st-key-read_umls button").click()
    dina.locator(".st-key-counts_umls").wait_for()
    dina.get_by_role("link", name="Exécutions").click()
    dina.get_by_role("button", name="Lancer l’alignement").click()
    dina.get_by_text("en cours d’évaluation").wait_for()


def rated(page, scores):
    """Rate every card until nothing is left: what is wanted as `scores` say by term, the others 0."""
    for _ in range(4):
        settled(page)
        before = page.url
        term, cui = page.locator(".entry h2").inner_text(), page.locator(".concept code").inner_text()
        page.keyboard.press(str(scores[term] if WANTED[term] == cui else 0))
        page.wait_for_function("before => location.href !== before", arg=before)
    page.get_by_text("Tout est évalué.").wait_for()


def test_two_people_rate_what_they_find(join):
    rated(join("Bruno"), {"abcès dentaire": 5, "acouphène": 5})
    rated(join("Chloé"), {"abcès dentaire": 5, "acouphène": 2})


def test_the_adjudicator_settles_where_they_differ_and_publishes(dina, project):
    dina.get_by_role("link", name="Arbitrage").click()
    dina.get_by_text("À trancher (1)").wait_for()
    settled(dina)
    dina.keyboard.press("5")
    dina.get_by_text("Rien à trancher ici.").wait_for()
    dina.get_by_role("link", name="Export").click()
    dina.get_by_text("Une publication", exact=True).click()
    dina.locator(".st-key-publish button:enabled").first.click()
    dina.get_by_text("Publication 1", exact=True).wait_for()
    folder = project.exports / "published" / "1"
    assert json.loads((folder / "manifest.json").read_text(encoding="utf8"))["counts"]["decided"] == 1
    [mapping] = folder.glob("*.sssom.tsv")
    rows = [line.split("\t") for line in mapping.read_text(encoding="utf8").splitlines() if line[:1] != "#"]
    found = {
        (row["subject_label"], row["object_id"])
        for row in (dict(zip(rows[0], one, strict=True)) for one in rows[1:])
    }
    assert found == {(term, f"UMLS:{cui}") for term, cui in WANTED.items()}
