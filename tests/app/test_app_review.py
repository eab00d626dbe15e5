"""The rules of a sitting: a press counts once, for the card that was seen."""

from datetime import UTC, datetime

import pytest

from app.services import queues, review
from app.services.appearance import UNSEEN, Sitting, appear, arrive, standing
from curation_db import commands, queries

AT = datetime(2026, 1, 2, 9, tzinfo=UTC)
LATE = 10.0


class Desk:
    """A person at the screen, with a clock that is moved by hand."""

    def __init__(self, store, person="Amélie"):
        self.store, self.person, self.here, self.clock = store, person, Sitting(), 0.0
        self.look()

    def look(self):
        self.card = arrive(self.store, self.here, self.person)
        self.showing = appear(self.here, self.card, self.person, self.clock) if self.card else None
        return self.showing

    def press(self, act, *args, showing=None, wait=LATE):
        self.clock += wait
        return act(self.store, self.here, showing or self.showing, *args, at=AT, now=self.clock)

    def rate(self, rating, **options):
        return self.press(review.rate, rating, **options)

    def undo(self, wait=LATE):
        self.clock += wait
        done = review.undo(
            self.store,
            self.here,
            self.showing,
            self.person,
            command_id=self.showing.command("undo"),
            at=AT,
            now=self.clock,
        )
        self.look()
        return done

    def ratings(self):
        table = queries.judgements(self.store).to_pylist()
        return {(row["entry_id"], row["CUI"]): row["rating"] for row in table if row["person"] == self.person}


@pytest.fixture
def desk(store):
    return Desk(store)


def test_a_rating_carries_what_was_seen_and_leads_to_the_next_card(desk):
    first = desk.showing
    assert desk.rate(5)
    assert desk.look().place != first.place
    [row] = queries.judgements(desk.store).to_pylist()
    assert (row["rating"], row["run"], row["seconds"], row["rank"]) == (5, first.run, LATE, first.rank)
    assert (row["origin"], tuple(row["encoders"])) == ("candidate", first.encoders)


def test_a_key_pressed_twice_does_not_decide_the_next_card(desk):
    first = desk.showing
    desk.rate(5)
    desk.look()
    assert not desk.rate(5, wait=0.15)
    assert desk.ratings() == {first.place: 5}


def test_a_key_held_down_decides_nothing_more(desk):
    desk.rate(5)
    desk.look()
    assert not any(desk.rate(5, wait=0.03) for _ in range(40))
    assert desk.rate(4, wait=UNSEEN + 0.01)


def test_a_press_that_reaches_the_card_before_is_not_a_change_of_mind(desk):
    before = desk.showing
    desk.rate(5)
    desk.look()
    assert not desk.rate(0, showing=before)
    assert desk.ratings()[before.place] == 5


def test_undo_shows_the_card_again_and_takes_the_rating_back(desk):
    first = desk.showing
    desk.rate(2)
    desk.look()
    assert desk.undo()
    assert desk.showing.place == first.place
    assert desk.ratings() == {}
    assert desk.rate(2)
    assert desk.ratings() == {first.place: 2}


def test_undo_with_nothing_to_undo(desk):
    assert desk.undo() is None


def test_none_of_these_goes_to_the_next_entry_in_every_queue(desk):
    for queue in ("unrated", "all"):
        queues.choose_queue(desk.store, desk.here, desk.person, queue)
        entry = desk.look().place.entry_id
        assert desk.press(review.none_of_these)
        assert desk.look().place.entry_id != entry


def test_undoing_none_of_these_returns_to_its_entry(desk):
    entry = desk.showing.place.entry_id
    desk.press(review.none_of_these)
    desk.look()
    assert desk.undo()
    assert desk.showing.place.entry_id == entry
    assert desk.card.verdict is None


def test_a_skipped_card_waits_in_its_own_queue(desk):
    skipped = desk.showing.place
    assert desk.press(review.skip)
    queues.choose_queue(desk.store, desk.here, desk.person, "skipped")
    assert desk.look().place == skipped


def test_a_flag_is_raised_and_lowered_any_number_of_times(desk):
    for number, flagged in enumerate((True, False, True)):
        desk.clock += LATE
        at = AT.replace(minute=number)
        assert review.flag(desk.store, desk.here, desk.showing, flagged, at=at, now=desk.clock)
        desk.look()
        assert standing(desk.card).flagged is flagged


def test_a_comment_that_says_nothing_new_is_no_command(desk):
    assert review.comment(desk.store, desk.showing, "", "proche du terme", at=AT)
    assert not review.comment(desk.store, desk.showing, "proche du terme", " proche du terme ", at=AT)
    assert standing(desk.look() and desk.card).comment == "proche du terme"


def test_a_concept_found_by_search_is_rated_and_one_returns_to_the_candidate(desk):
    candidate = desk.showing.place
    review.look_at(desk.here, desk.card, "C0010200")
    assert desk.look().origin == "search"
    assert desk.rate(5)
    assert desk.look().place == candidate
    [row] = queries.judgements(desk.store).to_pylist()
    assert (row["CUI"], row["origin"], row["run"]) == ("C0010200", "search", None)


def test_back_from_what_is_left_shows_what_was_just_rated(desk):
    first = desk.showing.place
    desk.rate(1)
    desk.look()
    assert desk.press(review.move, -1)
    assert desk.look().place == first
    assert standing(desk.card).rating == 1


def test_an_address_of_another_run_leads_to_the_queue(desk):
    desk.here.go(queries.Place("gone", "C0000000"))
    assert desk.look().place.entry_id == "E01"


def test_nobody_meets_the_rating_of_another(desk):
    commands.add_person(desk.store, "Bruno", at=AT)
    rated = desk.showing.place
    desk.rate(5)
    other = Desk(desk.store, "Bruno")
    assert other.showing.place == rated
    assert all(one.rating is None for one in other.card.candidates)


def test_the_queue_ends(desk):
    while desk.look():
        assert desk.rate(3)
    assert desk.here.place is None
    assert len(desk.ratings()) == queries.current_run(desk.store).alignments
