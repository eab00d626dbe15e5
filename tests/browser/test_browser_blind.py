"""Nothing of an encoder, a score or another's rating reaches the browser of somebody who has not rated yet."""

import re

import pytest

from app import session
from app.i18n import number
from app.services import runs
from curation_db import commands, queries
from curation_db.store import open_store
from tests.app import fixture_workspace
from tests.browser.test_browser_review import Person

pytestmark = pytest.mark.browser


class Watched(Person):
    """Somebody whose browser's traffic is read along."""

    def __init__(self, chromium, address, name):
        super().__init__(chromium, address, name)
        self.frames = []
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._received))
        self.page.reload()
        self.settle()

    def _received(self, payload):
        self.frames.append(payload if isinstance(payload, bytes) else payload.encode())

    @property
    def told(self):
        """All that came, as text: what the page holds, and what the server sent."""
        return self.page.content() + b"".join(self.frames).decode("utf8", errors="replace")


@pytest.fixture(scope="module")
def bruno(chromium, address):
    Person(chromium, address, "Amélie").press("5")
    return Watched(chromium, address, "Bruno")


@pytest.fixture(scope="module")
def hidden(tmp_path_factory):
    """The encoders' names, and how a card would write the scores of the first entry: of a second project like the
    first one, whose store the server has."""
    copy = fixture_workspace.make(tmp_path_factory.mktemp("copy") / "essai")
    with open_store(copy.curation) as store:
        runs.use_first(copy, store, at=session.now())
        commands.add_person(store, "Amélie", at=session.now())
        card = queries.card(store, queries.Place("E01", ""), "Amélie")
    scores = [one.score for candidate in card.candidates for one in candidate.evidence if one.score is not None]
    return [*fixture_workspace.ENCODERS, *(number("fr", float(score), 3) for score in scores)]


def test_before_rating_neither_page_nor_socket_tells_encoders_or_scores(bruno, hidden):
    assert len(bruno.frames) > 2
    assert [secret for secret in hidden if secret in bruno.told] == []
    assert bruno.mine() == ["–"] * len(bruno.mine())


def test_the_other_queues_and_the_list_of_candidates_tell_nothing_either(bruno, hidden):
    bruno.page.locator(".st-key-candidates button").nth(2).click()
    bruno.settle()
    bruno.press("ArrowRight")
    bruno.press("s")
    assert [secret for secret in hidden if secret in bruno.told] == []


def test_after_rating_its_own_evidence_is_shown_and_a_change_is_known_not_to_be_blind(bruno):
    bruno.press("2")
    bruno.press("ArrowLeft")
    table = bruno.page.locator("table.evidence")
    assert re.search(r"letters-[ab]", table.inner_text())
    bruno.press("ArrowRight")
    assert bruno.page.locator("table.evidence").count() == 0
