"""What a person is offered, and an address that each opens with their own rights."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.services import queues, review
from app.services.appearance import Sitting, appear, arrive
from curation_db import access, commands, queries
from curation_db.judging import second_pass
from curation_db.queries import EVERYTHING, Filters, Place
from pipeline.errors import Refused
from tests.app.fixture_workspace import CONCEPTS

AT = datetime(2026, 1, 2, 9, tzinfo=UTC)


@pytest.fixture
def release(project):
    return project.release("umls")


@pytest.fixture
def bruno(store):
    """Somebody who rates blind; Amélie, the first there, may do everything."""
    name = commands.add_person(store, "Bruno", at=AT)
    assert access.role(store, name) == "annotator"
    return name


def test_disagreements_and_encoders_are_offered_to_those_who_may_see_them(store, bruno):
    assert "disagreements" in queues.offered(store, "Amélie")
    assert queues.encoders(store, "Amélie") == ("letters-a", "letters-b")
    assert "disagreements" not in queues.offered(store, bruno)
    assert queues.encoders(store, bruno) == ()


def test_an_address_says_all_of_a_sitting_and_leads_back_to_it(store, release):
    wanted = Filters(
        letter="d", text="b", type="Disease or Syndrome", encoder="letters-b", flagged=True, rated=(1, 4)
    )
    here = Sitting(
        queue="mine", only=queues.allowed(store, "Amélie", release, wanted), place=Place("E04", "C0011849")
    )
    address = {key: value for key, value in queues.to_address(here).items() if value is not None}
    assert set(address) == set(queues.KEYS)
    there = Sitting()
    queues.from_address(store, there, "Amélie", release, address)
    assert (there.queue, there.only, there.place) == (here.queue, here.only, here.place)


def test_a_colleague_opens_an_address_with_their_own_rights(store, release, bruno):
    here = Sitting()
    address = {"queue": "disagreements", "by": "letters-a", "begins": "d", "type": "Fish", "rated": "9-1"}
    queues.from_address(store, here, bruno, release, address)
    assert (here.queue, here.only) == ("unrated", Filters(letter="d"))
    assert arrive(store, here, bruno).entry.term == "diabète"


def test_a_hand_made_call_is_refused(store, release, bruno):
    with pytest.raises(Refused, match="adjudicate"):
        queues.choose_queue(store, Sitting(), bruno, "disagreements")
    with pytest.raises(Refused, match="figures"):
        Sitting(only=Filters(encoder="letters-a")).next(store, bruno)


def test_a_semantic_type_narrows_to_its_concepts(store, release):
    here = Sitting()
    queues.narrow(store, here, "Amélie", release, Filters(type="Sign or Symptom"))
    seen = set()
    while here.place not in seen:
        seen.add(here.place)
        here.go(here.next(store, "Amélie", here.place))
    kinds = {cui: kind for cui, *_, kind in CONCEPTS}
    assert {kinds[cui] for _, cui in seen} == {"Sign or Symptom"}


def test_every_rating_from_0_to_5_is_no_filter(store, release):
    assert queues.allowed(store, "Amélie", release, Filters(rated=(0, 5))) == EVERYTHING


def test_a_filter_by_own_rating_ends_with_the_queues_that_have_one(store):
    here = Sitting(queue="mine", only=Filters(letter="d", rated=(4, 5)))
    queues.choose_queue(store, here, "Amélie", "unrated")
    assert here.only == Filters(letter="d")


def test_the_second_pass_rates_and_changes_nothing(store, monkeypatch):
    monkeypatch.setattr(second_pass, "SHARE", 1)
    here = Sitting()
    first = appear(here, arrive(store, here, "Amélie"), "Amélie", 0)
    long_ago = datetime.now(UTC) - timedelta(days=3)
    review.rate(store, here, first, 5, at=long_ago, now=10)
    queues.choose_queue(store, here, "Amélie", "again")
    assert here.place == first.place
    showing = appear(here, arrive(store, here, "Amélie"), "Amélie", 20)
    with pytest.raises(Refused, match="only rates"):
        review.none_of_these(store, here, showing, at=AT, now=30)
    assert review.rate(store, here, replace(showing, since=20), 2, at=datetime.now(UTC), now=40)
    assert here.place is None
    [row] = queries.judgements(store).to_pylist()
    assert row["rating"] == 5
    [second, once] = queries.events(store, entry_id=first.place.entry_id)
    assert (once.kind, once.rating, second.kind, second.rating) == ("rate", 5, "again", 2)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("queue", queues.QUEUES)
def test_every_queue_draws_and_says_why_it_is_empty(joined, queue, language):
    page = joined("review", queue=queue, lang=language, begins="zzz")
    assert not page.exception
    assert not page.error
    assert page.success[0].value


def test_the_head_says_how_many_filters_there_are_and_clears_them(joined):
    page = joined("review", queue="all", begins="d", type="Disease or Syndrome")
    assert page.session_state["sitting"].only.active == 2
    page.button(key="clear_filters").click().run()
    assert page.session_state["sitting"].only == EVERYTHING
    assert "begins" not in page.query_params


def test_a_rating_says_which_queue_brought_the_card(store):
    here = Sitting()
    queues.choose_queue(store, here, "Amélie", "useful")
    showing = appear(here, arrive(store, here, "Amélie"), "Amélie", 0)
    review.rate(store, here, showing, 3, at=AT, now=10)
    assert queries.events(store, entry_id=showing.place.entry_id)[0].queue == "useful"
