import math
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from curation_db import commands, queries
from curation_db.queries import Place
from pipeline.errors import InputError, Refused
from tests.curation_db.projects import AT, new, rate

SOURCES = Path(commands.__file__).parent


def test_no_statement_changes_or_removes_a_row():
    forbidden = r"\b(UPDATE|DELETE|TRUNCATE|DROP|REPLACE\s+INTO|INSERT\s+OR|ON\s+CONFLICT|MERGE\s+INTO)\b"
    files = [path for kind in ("*.py", "*.sql") for path in SOURCES.rglob(kind)]
    assert len(files) > 20
    # capitals only: house SQL is in capitals, and words such as "delete" occur in sentences
    found = {(path.name, word) for path in files for word in re.findall(forbidden, path.read_text("utf8"))}
    # 0003 moves the ledger to a table without a CHECK; test_store shows that every row is there afterwards
    assert found == {("0003_team.sql", "DROP"), ("0006_index.sql", "DROP")}


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("Zoé", "Zoé"),
        ("  Zoé ", "Zoé"),
        ("Zoe\u0301", "Zoé"),
        ("ANA", "Ana"),
        ("BENOI\u0302T", "Benoît"),
        ("李", "李"),
    ],
)
def test_a_person_is_added_once_whatever_the_case_and_form(empty, given, stored):
    assert commands.add_person(empty, given, at=AT) == stored
    assert commands.add_person(empty, given.upper(), at=AT) == stored
    assert queries.people(empty).count(stored) == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\nb", "a\x00b", "\ud800", None, 7])
def test_a_name_that_is_none_is_refused(empty, name):
    with pytest.raises(InputError, match="name"):
        commands.add_person(empty, name, at=AT)


def test_the_same_command_twice_is_one_event(store):
    key = new()
    first = rate(store, "Ana", "e0", "C0013604", 4, command_id=key, seconds=1.25, encoders=("e5", "use"))
    again = rate(store, "Ana", "e0", "C0013604", 4, command_id=key.upper(), seconds=9.0)
    assert again == first
    assert [event.kind for event in queries.events(store, entry_id="e0")] == ["rate"]


def test_one_identifier_for_two_commands_is_refused(store):
    key = new()
    rate(store, "Ana", "e0", "C0013604", 4, command_id=key)
    with pytest.raises(Refused, match=r"recorded as .*rating=4.*found .*rating=5"):
        rate(store, "Ana", "e0", "C0013604", 5, command_id=key)
    with pytest.raises(Refused, match="was a rate of Ana"):
        commands.undo(store, "Ana", command_id=key, at=AT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rating": 6},
        {"rating": -1},
        {"rating": True},
        {"rating": 4.0},
        {"command_id": "x"},
        {"command_id": None},
        {"origin": "guess"},
        {"cui": ""},
        {"cui": "C00 1"},
        {"seconds": -1.0},
        {"seconds": math.inf},
        {"rank": 40_000},
        {"comment": "x" * 10_001},
    ],
    ids=str,
)
def test_a_value_that_cannot_be_is_an_input_error(store, wrong):
    with pytest.raises(InputError, match="expected"):
        rate(store, **{"person": "Ana", "entry_id": "e0", "cui": "C0013604", "rating": 3} | wrong)
    assert queries.judgements(store).num_rows == 0


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"person": "Nobody"}, "not known"),
        ({"entry_id": "e99"}, "in no loaded run"),
        ({"cui": "C9999999"}, "not proposed by any loaded run"),
        ({"run": "last"}, "is not loaded"),
    ],
)
def test_what_the_store_does_not_know_is_refused(store, wrong, why):
    with pytest.raises(Refused, match=why):
        rate(store, **{"person": "Ana", "entry_id": "e0", "cui": "C0013604", "rating": 3} | wrong)


def test_a_time_without_a_zone_is_refused_and_others_are_kept_in_utc(store):
    with pytest.raises(InputError, match="zone"):
        commands.skip(store, "Ana", "e0", "C0013604", command_id=new(), at=datetime(2026, 1, 1))
    paris = timezone(timedelta(hours=2))
    commands.skip(store, "Ana", "e0", "C0013604", command_id=new(), at=datetime(2026, 1, 1, 1, tzinfo=paris))
    [event] = queries.events(store, entry_id="e0")
    assert event.at.isoformat() == "2025-12-31T23:00:00+00:00"


def test_what_the_rater_saw_is_kept_to_the_bit(store):
    kept = {"run": "first", "encoders": ("e5", "use"), "rank": 1, "score": math.nan, "position": 7, "seconds": 2.5}
    event = rate(store, "Ana", "e0", "C0013604", 3, comment=" sens propre ; l'œil ", **kept)
    [read] = queries.events(store, entry_id="e0")
    assert math.isnan(event.score)
    assert math.isnan(read.score)
    assert (read.run, read.encoders, read.rank, read.position, read.seconds) == ("first", ("e5", "use"), 1, 7, 2.5)
    assert read.text == "sens propre ; l'œil"
    assert rate(store, "Ana", "e0", "C0013604", 3, score=0.1).score == queries.events(store)[0].score


def test_a_concept_found_by_search_needs_no_run(store):
    rate(store, "Ana", "e1", "C7777777", 5, origin="search")
    [added] = queries.card(store, Place("e1", "C7777777"), "Ana").added
    assert (added.cui, added.origin, added.rating, added.name) == ("C7777777", "search", 5, None)


def test_undo_goes_back_one_command_at_a_time_and_only_ones_own(store):
    rate(store, "Ana", "e0", "C0013604", 5)
    rate(store, "Benoît", "e0", "C0013604", 0)
    rate(store, "Ana", "e0", "C0013604", 2)
    commands.flag(store, "Ana", "e1", "C0020538", True, command_id=new(), at=AT)
    commands.none_of_these(store, "Ana", "e3", "rien", command_id=new(), at=AT)
    went = []
    while undone := commands.undo(store, "Ana", command_id=new(), at=AT):
        went.append((undone.kind, undone.entry_id, undone.cui, rating_of(store, "Ana")))
    assert went == [
        ("none", "e3", None, 2),
        ("flag", "e1", "C0020538", 2),
        ("rate", "e0", "C0013604", 5),
        ("rate", "e0", "C0013604", None),
    ]
    assert rating_of(store, "Benoît") == 0
    assert len(queries.events(store, person="Ana")) == 2 + 4 + 4  # joining and a role come first


def test_an_undo_given_twice_takes_back_one(store):
    rate(store, "Ana", "e0", "C0013604", 5)
    rate(store, "Ana", "e0", "C0013604", 2)
    key = new()
    first = commands.undo(store, "Ana", command_id=key, at=AT)
    assert commands.undo(store, "Ana", command_id=key, at=AT) == first
    assert rating_of(store, "Ana") == 5


def rating_of(store, person: str) -> int | None:
    return queries.card(store, Place("e0", "C0013604"), person).candidates[0].rating
