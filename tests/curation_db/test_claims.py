"""Claims and the open pool: never more people at an entry than its quota, whoever comes when."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as some

from curation_db import commands, queries
from curation_db.rating_plans import assignments, claims, designs
from curation_db.rating_plans.claims import LASTS, Claims
from curation_db.rating_plans.dealing import Design
from tests.curation_db.projects import AT, new, rate

PEOPLE = ("Ana", "Benoît", "Chloé")


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pool(store):
    """Each entry for the first who comes."""
    commands.add_person(store, "Chloé", at=AT)
    designs.agree(store, "Ana", Design(way="pool"), at=AT)
    return store


def come(store, person):
    """The person's next card as the application hands it: looked up, then claimed."""
    place = queries.next_card(store, person)
    return place if place is None or assignments.take(store, person, place.entry_id) else come(store, person)


def test_an_entry_is_held_by_one_and_free_again_when_they_leave(clock):
    held = Claims(clock)
    assert held.take("œdème", "Ana", raters=(), wanted=1)
    assert held.take("œdème", "Ana", raters=(), wanted=1)
    assert not held.take("œdème", "Benoît", raters=(), wanted=1)
    held.release("Ana")
    assert held.take("œdème", "Benoît", raters=(), wanted=1)


def test_a_claim_ends_a_quarter_of_an_hour_after_the_last_action(clock):
    held = Claims(clock)
    held.take("œdème", "Ana", raters=(), wanted=1)
    clock.now = LASTS - 1
    assert held.take("œdème", "Ana", raters=(), wanted=1)
    clock.now = 2 * LASTS - 2
    assert not held.take("œdème", "Benoît", raters=(), wanted=1)
    clock.now = 2 * LASTS
    assert held.take("œdème", "Benoît", raters=(), wanted=1)
    assert held.held() == {"œdème": {"Benoît"}}


def test_a_person_holds_the_entry_that_they_are_at_and_no_other(clock):
    held = Claims(clock)
    held.take("œdème", "Ana", raters=(), wanted=1)
    held.take("fièvre", "Ana", raters=(), wanted=1)
    assert held.held() == {"fièvre": {"Ana"}}


def test_those_who_rated_count_once_and_may_come_back(clock):
    held = Claims(clock)
    assert held.take("œdème", "Ana", raters={"Ana", "Benoît"}, wanted=2)
    assert not held.take("œdème", "Chloé", raters={"Ana", "Benoît"}, wanted=2)
    assert held.take("fièvre", "Chloé", raters={"Ana"}, wanted=2)


@given(
    moves=some.lists(
        some.tuples(some.integers(0, 4), some.sampled_from("abc") | some.none(), some.integers(0, 600))
    ),
    wanted=some.integers(1, 3),
)
def test_whoever_moves_where_an_entry_never_has_more_holders_than_wanted(moves, wanted):
    clock = Clock()
    held = Claims(clock)
    for number, entry, seconds in moves:
        clock.now += seconds
        if entry is None:
            held.release(f"personne {number}")
        else:
            held.take(entry, f"personne {number}", raters=(), wanted=wanted)
        assert all(len(holders) <= wanted for holders in held.held().values())


@pytest.mark.parametrize("wanted", [1, 2])
def test_twenty_five_people_at_once_are_never_too_many_at_an_entry(wanted):
    held, lock = Claims(), threading.Lock()
    here, too_many = {entry: set() for entry in "abcdefgh"}, []

    def rater(number):
        name = f"personne {number}"
        for turn in range(300):
            entry = "abcdefgh"[(turn * 7 + number) % 8]
            if held.take(entry, name, raters=(), wanted=wanted):
                with lock:
                    here[entry].add(name)
                    too_many.append(len(here[entry]) > wanted)
                    here[entry].discard(name)
                held.release(name)

    with ThreadPoolExecutor(25) as pool:
        list(pool.map(rater, range(25)))
    assert len(too_many) > 25
    assert not any(too_many)


def test_in_a_pool_two_people_are_handed_different_entries(pool):
    places = [come(pool, person) for person in PEOPLE]
    assert [place.entry_id for place in places] == ["e0", "e1", "e3"]
    assert come(pool, "Ana") == places[0]


def test_in_a_pool_what_one_begun_is_theirs_until_taken_back(pool):
    rate(pool, "Ana", "e0", "C0013604", 5)
    claims.of(pool).release("Ana")
    assert come(pool, "Benoît").entry_id == "e1"
    assert come(pool, "Ana") == ("e0", "C0000002")
    claims.of(pool).release("Ana")
    commands.undo(pool, "Ana", command_id=new(), at=AT)
    assert come(pool, "Chloé").entry_id == "e0"


def test_a_pool_of_two_ends_when_each_entry_has_two_raters(store):
    commands.add_person(store, "Chloé", at=AT)
    designs.agree(store, "Ana", Design(way="pool", raters=2), at=AT)
    for person in (*PEOPLE, *PEOPLE[::-1]) * 4:
        if place := come(store, person):
            rate(store, person, *place, 3)
    raters = {}
    for row in queries.judgements(store).to_pylist():
        raters.setdefault(row["entry_id"], set()).add(row["person"])
    assert {entry: len(people) for entry, people in raters.items()} == {"e0": 2, "e1": 2, "e3": 2}
    assert all(queries.next_card(store, person) is None for person in PEOPLE)


def test_people_who_come_at_the_same_moment_rate_no_entry_twice(pool):
    for number in range(9):
        commands.add_person(pool, f"personne {number}", at=AT)

    def rater(number):
        while place := come(pool, f"personne {number}"):
            rate(pool, f"personne {number}", *place, 4)

    with ThreadPoolExecutor(9) as threads:
        list(threads.map(rater, range(9)))
    rows = queries.judgements(pool).to_pylist()
    pairs = [(row["entry_id"], row["CUI"]) for row in rows]
    assert len(pairs) == len(set(pairs)) == 6
    by_entry = {
        row["entry_id"]: {one["person"] for one in rows if one["entry_id"] == row["entry_id"]} for row in rows
    }
    assert all(len(people) == 1 for people in by_entry.values())
