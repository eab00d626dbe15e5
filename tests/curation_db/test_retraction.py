import pytest

from curation_db import access, commands, queries
from curation_db.retraction import retract
from pipeline.errors import Refused
from tests.curation_db.projects import AT, new, rate


def ratings(store):
    return {(r["person"], r["entry_id"]): r["rating"] for r in queries.judgements(store).to_pylist()}


def test_an_old_event_of_ones_own_is_taken_back_and_what_came_after_stays(store):
    first = rate(store, "Ana", "e0", "C0013604", 5)
    rate(store, "Ana", "e1", "C0020538", 2)
    undone = retract(store, "Ana", first.event_id, command_id=new(), at=AT)
    assert (undone.kind, undone.entry_id, undone.cui) == ("rate", "e0", "C0013604")
    assert ratings(store) == {("Ana", "e1"): 2}


def test_a_change_of_mind_taken_back_leaves_the_first_rating(store):
    rate(store, "Ana", "e0", "C0013604", 5)
    second = rate(store, "Ana", "e0", "C0013604", 1)
    retract(store, "Ana", second.event_id, command_id=new(), at=AT)
    assert ratings(store) == {("Ana", "e0"): 5}


def test_a_retraction_given_twice_is_one(store):
    rated, key = rate(store, "Ana", "e0", "C0013604", 5), new()
    first = retract(store, "Ana", rated.event_id, command_id=key, at=AT)
    assert retract(store, "Ana", rated.event_id, command_id=key, at=AT) == first
    assert retract(store, "Ana", rated.event_id, command_id=new(), at=AT) == first
    assert [event.kind for event in queries.events(store, entry_id="e0")] == ["undo", "rate"]


def test_the_last_undo_and_a_chosen_one_do_not_meet(store):
    rated = rate(store, "Ana", "e0", "C0013604", 5)
    commands.undo(store, "Ana", command_id=new(), at=AT)
    retract(store, "Ana", rated.event_id, command_id=new(), at=AT)
    assert len(queries.events(store, entry_id="e0")) == 2


def test_one_identifier_takes_back_one_event(store):
    first, second, key = rate(store, "Ana", "e0", "C0013604", 5), rate(store, "Ana", "e1", "C0020538", 2), new()
    retract(store, "Ana", first.event_id, command_id=key, at=AT)
    with pytest.raises(Refused, match="new identifier"):
        retract(store, "Ana", second.event_id, command_id=key, at=AT)
    assert ratings(store) == {("Ana", "e1"): 2}


def test_somebody_elses_event_stays(store):
    rated = rate(store, "Ana", "e0", "C0013604", 5)
    with pytest.raises(Refused, match=r"is Ana's; expected one of Benoît's own"):
        retract(store, "Benoît", rated.event_id, command_id=new(), at=AT)
    assert ratings(store) == {("Ana", "e0"): 5}


def test_joining_roles_runs_and_undos_are_not_taken_back(store):
    rate(store, "Ana", "e0", "C0013604", 5)
    commands.undo(store, "Ana", command_id=new(), at=AT)
    for event in queries.events(store):
        if event.kind != "rate":
            with pytest.raises(Refused, match="expected one of"):
                retract(store, "Ana", event.event_id, command_id=new(), at=AT)
    with pytest.raises(Refused, match="not in the ledger"):
        retract(store, "Ana", 999, command_id=new(), at=AT)


def test_whoever_left_takes_nothing_back(store):
    rated = rate(store, "Benoît", "e0", "C0013604", 5)
    access.set_role(store, "Ana", "Benoît", "former", at=AT)
    with pytest.raises(Refused, match="is former"):
        retract(store, "Benoît", rated.event_id, command_id=new(), at=AT)
