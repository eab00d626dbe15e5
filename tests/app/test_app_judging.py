"""What is said beside the number goes down with it, and never costs a step."""

import pytest

from app.services import judging, review
from app.services.appearance import standing
from curation_db import queries
from tests.app.test_app_review import AT, Desk


@pytest.fixture
def desk(store):
    return Desk(store)


def rated(desk):
    """(rating, relation, reason) of every rating event, the oldest first."""
    events = [event for event in queries.events(desk.store) if event.kind == "rate"]
    return [(event.rating, event.relation, event.reason) for event in reversed(events)]


def relate(desk, relation):
    return desk.press(judging.relate, standing(desk.card), relation)


def because(desk, reason):
    return desk.press(judging.because, standing(desk.card), reason)


def back(desk):
    desk.press(review.move, -1)
    desk.look()


def test_who_only_rates_says_nothing_more(desk):
    desk.rate(4)
    assert rated(desk) == [(4, None, None)]


def test_a_relation_said_before_the_number_goes_down_with_it(desk):
    relate(desk, "narrower")
    assert rated(desk) == []
    desk.rate(3)
    assert rated(desk) == [(3, "narrower", None)]


def test_a_relation_waits_for_its_own_card_only(desk):
    relate(desk, "exact")
    desk.press(review.move, 1)
    desk.look()
    desk.rate(2)
    assert rated(desk) == [(2, None, None)]


def test_a_relation_chosen_and_taken_away_is_none(desk):
    relate(desk, "exact")
    relate(desk, None)
    desk.rate(5)
    assert rated(desk) == [(5, None, None)]


def test_a_relation_said_after_the_number_repeats_it(desk):
    place = desk.showing.place
    desk.rate(4)
    desk.look()
    back(desk)
    assert desk.showing.place == place
    assert relate(desk, "broader")
    assert rated(desk) == [(4, None, None), (4, "broader", None)]
    desk.look()
    assert (standing(desk.card).rating, standing(desk.card).relation) == (4, "broader")


def test_another_number_keeps_the_relation(desk):
    relate(desk, "related")
    desk.rate(2)
    desk.look()
    back(desk)
    desk.rate(3)
    assert rated(desk) == [(2, "related", None), (3, "related", None)]


def test_a_low_rating_has_a_reason_and_a_high_one_none(desk):
    because(desk, "other-sense")
    desk.rate(1)
    desk.look()
    back(desk)
    desk.rate(4)
    assert rated(desk) == [(1, None, "other-sense"), (4, None, None)]


def test_a_reason_said_afterwards_repeats_the_low_rating_and_leaves_a_high_one(desk):
    desk.rate(0)
    desk.look()
    back(desk)
    because(desk, "bad-entry")
    desk.look()
    desk.rate(5)
    desk.look()
    back(desk)
    because(desk, "bad-entry")
    assert rated(desk) == [(0, None, None), (0, None, "bad-entry"), (5, None, None)]


def test_one_undo_takes_number_and_relation_back(desk):
    relate(desk, "exact")
    desk.rate(5)
    desk.look()
    assert desk.undo() == 1
    assert standing(desk.card).rating is None
    assert desk.here.relation is None


def test_a_press_for_the_card_before_says_nothing_of_this_one(desk):
    before, said = desk.showing, standing(desk.card)
    desk.rate(5)
    desk.look()
    assert not desk.press(judging.relate, said, "none", showing=before)
    assert desk.here.relation is None


def test_no_concept_exists_is_not_none_of_these(desk):
    entry = desk.showing.place.entry_id
    assert desk.press(review.no_concept)
    assert desk.look().place.entry_id != entry
    verdicts = queries.verdicts(desk.store).to_pylist()
    assert [(row["entry_id"], row["verdict"]) for row in verdicts] == [(entry, "absent")]
    assert desk.undo() == 1
    assert desk.showing.place.entry_id == entry
    assert desk.card.verdict is None


def test_a_candidate_that_fits_takes_no_concept_back(desk):
    place = desk.showing.place
    desk.press(review.no_concept)
    desk.here.go(place)
    desk.look()
    assert desk.card.verdict == "absent"
    desk.rate(4)
    desk.here.go(place)
    desk.look()
    assert desk.card.verdict is None


def test_the_same_words_are_the_same_command(desk):
    desk.rate(2)
    desk.look()
    back(desk)
    said = standing(desk.card)
    for _ in range(2):
        assert judging.relate(desk.store, desk.here, desk.showing, said, "none", at=AT, now=desk.clock + 9)
    assert rated(desk) == [(2, None, None), (2, "none", None)]
