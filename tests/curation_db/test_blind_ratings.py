"""What agreement is measured on: the last blind rating of each person, its stage, the decision, the second pass."""

import pytest

from curation_db.figures.blind_ratings import blind_ratings, version
from tests.curation_db.projects import AT, new, rate


def rows(store):
    return {(row["entry_id"], row["CUI"], row["person"]): row for row in blind_ratings(store).to_pylist()}


def append(store, kind, **values):
    """An event as the command of its kind writes it."""
    from curation_db import ledger

    with store.writing() as cursor:
        return ledger.append(cursor, new(), AT, kind, **values)


@pytest.fixture
def pair():
    return {"entry_id": "e0", "cui": "C0013604"}


def test_the_last_blind_rating_of_a_person_counts(store, pair):
    rate(store, "Ana", "e0", "C0013604", 5)
    rate(store, "Ana", "e0", "C0013604", 3)
    append(store, "rate", person="Ana", rating=1, blind=False, origin="candidate", **pair)
    rate(store, "Benoît", "e0", "C0013604", 4, seconds=2.5)
    found = rows(store)
    assert found["e0", "C0013604", "Ana"]["rating"] == 3
    assert found["e0", "C0013604", "Benoît"]["seconds"] == 2.5


def test_a_rating_that_was_never_blind_is_left_out(store, pair):
    append(store, "rate", person="Ana", rating=1, blind=False, origin="candidate", **pair)
    assert rows(store) == {}


def test_a_rating_that_does_not_say_counts_and_an_undone_one_does_not(store, pair):
    from curation_db import commands

    append(store, "rate", person="Ana", rating=2, blind=None, origin="candidate", **pair)
    assert rows(store)["e0", "C0013604", "Ana"]["rating"] == 2
    commands.undo(store, "Ana", command_id=new(), at=AT)
    assert rows(store) == {}


def test_the_second_pass_stands_beside_what_was_said_before_it(store, pair):
    rate(store, "Ana", "e0", "C0013604", 5)
    append(store, "again", person="Ana", rating=4, blind=False, **pair)
    rate(store, "Ana", "e0", "C0013604", 2)
    row = rows(store)["e0", "C0013604", "Ana"]
    assert (row["rating"], row["first"], row["again"]) == (2, 5, 4)


def test_a_decision_stands_beside_every_rating_of_its_pair_until_it_is_reopened(store, pair):
    for person in ("Ana", "Benoît"):
        rate(store, person, "e0", "C0013604", 5)
    append(store, "decide", person="Ana", rating=4, **pair)
    assert [row["decision"] for row in rows(store).values()] == [4, 4]
    append(store, "reopen", person="Ana", **pair)
    assert [row["decision"] for row in rows(store).values()] == [None, None]


def test_the_stage_is_that_of_the_persons_assignment(store):
    rate(store, "Ana", "e0", "C0013604", 5)
    rate(store, "Benoît", "e0", "C0013604", 5)
    with store.writing() as cursor:
        cursor.execute("INSERT INTO assignment VALUES (3, 'e0', 'Ana', 'calibration')")
    found = rows(store)
    assert [found["e0", "C0013604", who]["stage"] for who in ("Ana", "Benoît")] == ["calibration", "main"]


def test_encoders_are_those_of_the_current_run_and_none_for_a_concept_found_by_search(store):
    rate(store, "Ana", "e0", "C0013604", 5, encoders=("an earlier one",))
    rate(store, "Ana", "e0", "C9999999", 5, origin="search")
    found = rows(store)
    assert found["e0", "C0013604", "Ana"]["encoders"] == ["e5", "use"]
    assert found["e0", "C9999999", "Ana"]["encoders"] == []


def test_every_event_is_a_new_version(store):
    before = version(store)
    rate(store, "Ana", "e0", "C0013604", 5)
    assert version(store) > before
