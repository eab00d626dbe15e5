"""The server is killed while somebody rates: they are told at once what is not saved, and nothing is doubled."""

import os
import signal
import subprocess
import sys
import time

import pytest

from curation_db import queries
from curation_db.store import open_store
from tests.browser.conftest import HOME, free_port, wait

pytestmark = pytest.mark.browser
BANNER = "#lexalign-connection"
SEEN = 0.8
"""Longer than a new card is deaf to keys."""


class Server:
    """The application on one port, killed and started as often as one likes."""

    def __init__(self, project, port, folder):
        self.project, self.port, self.log = project, port, folder / "log"
        self.url = f"http://127.0.0.1:{port}"
        self.start()

    def start(self):
        main = str(HOME / "app" / "server.py")
        command = [sys.executable, "-m", "streamlit", "run", main, "--server.port", str(self.port)]
        environment = os.environ | {"LEXALIGN_WORKSPACE": str(self.project.root)}
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(command, cwd=HOME, env=environment, stdout=out, stderr=out)
        wait(f"{self.url}/_stcore/health", self.process, self.log)

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=15)


@pytest.fixture(scope="module")
def server(project, tmp_path_factory):
    running = Server(project, free_port(), tmp_path_factory.mktemp("server"))
    yield running
    running.kill()


@pytest.fixture(scope="module")
def page(chromium, server):
    page = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR").new_page()
    page.set_default_timeout(60_000)
    page.goto(server.url)
    page.get_by_label("Votre nom").fill("Amélie")
    page.get_by_role("button", name="Commencer").click()
    settle(page)
    return page


def settle(page):
    page.wait_for_function(
        """() => {
            const cui = new URL(location).searchParams.get('cui');
            const code = document.querySelector('.concept code');
            const still = document.querySelector('[data-test-script-state="notRunning"]');
            const there = document.querySelector('html:not(.lexalign-away) [data-test-connection-state="CONNECTED"]');
            return cui && code && code.textContent === cui && still && there;
        }"""
    )
    time.sleep(SEEN)


def press(page, key):
    before = page.url
    page.keyboard.press(key)
    page.wait_for_function("before => location.href !== before", arg=before)
    settle(page)


def told(page, words, within=60_000):
    page.locator(BANNER).get_by_text(words).wait_for(timeout=within)


def ratings(project):
    with open_store(project.curation) as store:
        events = queries.events(store, person="Amélie", limit=1000)[::-1]
    return [
        (event.entry_id, event.cui, event.rating) for event in events if event.kind == "rate" and not event.undone
    ]


def place(page):
    return page.evaluate("() => ['entry', 'cui'].map(name => new URL(location).searchParams.get(name))")


def test_the_first_press_counts_after_the_server_was_started_again(page, server, project):
    """Streamlit draws nothing anew after a page that was drawn whole: the server would not know its buttons."""
    here = place(page)
    server.kill()
    told(page, "Les touches sont suspendues", within=2000)
    server.start()
    told(page, "Tout ce que vous aviez noté est enregistré")
    settle(page)
    press(page, "3")
    press(page, "u")
    assert place(page) == here


def test_a_press_on_a_dead_server_is_told_at_once_and_given_again(page, server, project):
    first = place(page)
    press(page, "5")
    second = place(page)
    server.kill()
    page.keyboard.press("4")
    told(page, "n’est pas enregistrée", within=2000)
    assert ratings(project) == [(*first, 5)]
    page.keyboard.press("3")  # held back, like every other key
    server.start()
    told(page, "n’a pas été enregistrée : donnez-la encore une fois")
    settle(page)
    assert place(page) == second
    press(page, "4")
    assert not page.locator(BANNER).is_visible()
    server.kill()
    assert ratings(project) == [(*first, 5), (*second, 4)]
    server.start()
    told(page, "Tout ce que vous aviez noté est enregistré")
    settle(page)


def test_a_press_under_way_is_asked_about(page, server, project):
    """The server stands still, so that the press is sent and not answered; then it is killed before it is read."""
    before, here = ratings_of(page, server, project), place(page)
    server.process.send_signal(signal.SIGSTOP)
    page.keyboard.press("2")
    told(page, "n’est pas encore confirmée", within=6000)
    server.kill()
    told(page, "n’est peut-être pas enregistrée", within=2000)
    server.start()
    told(page, "n’a pas été enregistrée : donnez-la encore une fois")
    settle(page)
    assert place(page) == here
    assert ratings_of(page, server, project) == before


def test_a_press_that_was_kept_before_the_answer_was_lost_is_told_kept(page, server, project):
    """As if the server had died between its disk and the browser: the press is in the ledger already."""
    here = place(page)
    settle(page)
    page.keyboard.press("1")
    kept = page.evaluate("() => sessionStorage.getItem('lexalign-press')")
    assert kept is not None
    page.wait_for_function("cui => new URL(location).searchParams.get('cui') !== cui", arg=here[1])
    settle(page)
    page.evaluate("kept => sessionStorage.setItem('lexalign-press', kept)", kept)
    page.reload()
    told(page, "La dernière note (« 1 ») est enregistrée")
    settle(page)
    assert place(page) != here


def ratings_of(page, server, project):
    server.kill()
    found = ratings(project)
    server.start()
    settle(page)
    return found
