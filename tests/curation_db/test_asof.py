from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation_db import commands, queries
from curation_db.commands import Judgement
from curation_db.figures import reports
from curation_db.safety import asof
from curation_db.store import open_store
from pipeline.errors import WorkspaceError
from tests.curation_db.projects import AT, FIRST, SECOND, new, rate, write_lexicon, write_run

PAIRS = [(entry, cui) for entry, cuis in FIRST.items() for cui in cuis]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["rate", "flag", "none", "skip", "undo"]),
        st.sampled_from(["Ana", "Benoît"]),
        st.sampled_from(PAIRS),
        st.integers(0, 5),
    ),
    max_size=12,
)


def state(store):
    return reports.judgements(store), reports.verdicts(store), reports.curated(store)


def past(store, moment):
    return asof.judgements(store, moment), asof.verdicts(store, moment), asof.curated(store, moment)


def act(store, kind, person, pair, number, at):
    key = {"command_id": new(), "at": at}
    if kind == "rate":
        commands.rate(
            store, Judgement(command_id=new(), person=person, entry_id=pair[0], cui=pair[1], rating=number), at=at
        )
    elif kind == "flag":
        commands.flag(store, person, *pair, number > 2, **key)
    elif kind == "none":
        commands.none_of_these(store, person, pair[0], **key)
    elif kind == "skip":
        commands.skip(store, person, *pair, **key)
    else:
        commands.undo(store, person, **key)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_past_is_the_state_that_was_recorded_then_and_now_is_the_present(tmp_path, steps):
    folder = tmp_path / new()
    with open_store(folder / "curation.duckdb") as store:
        for name in ("Ana", "Benoît"):
            commands.add_person(store, name, at=AT)
        commands.load_run(store, write_run(folder / "first", FIRST), write_lexicon(folder / "lexicon"), at=AT)
        recorded = {AT: state(store)}
        for number, step in enumerate(steps, 1):
            moment = AT + timedelta(minutes=number)
            act(store, *step, moment)
            recorded[moment] = state(store)
        for moment, then in recorded.items():
            assert past(store, moment) == then
            assert past(store, moment + timedelta(seconds=59)) == then
        assert past(store, AT + timedelta(days=1)) == state(store)


def test_the_run_in_use_is_the_one_of_then(store, tmp_path):
    rate(store, "Ana", "e0", "C0013604", 5)
    write = write_run(tmp_path / "runs" / "second", SECOND)
    commands.load_run(store, write, tmp_path / "lexicon", at=AT + timedelta(days=1))
    assert queries.current_run(asof.at(store, AT)).name == "first"
    assert queries.current_run(asof.at(store, AT + timedelta(days=1))).name == "second"


def test_before_anything_happened_there_is_nothing(store):
    before = asof.at(store, AT - timedelta(days=1))
    assert queries.people(before) == []
    assert reports.judgements(before).num_rows == 0


def test_a_clock_that_was_put_back_makes_no_state_that_never_was(store):
    commands.skip(store, "Ana", "e0", "C0013604", command_id=new(), at=AT + timedelta(hours=2))
    rated = Judgement(command_id=new(), person="Ana", entry_id="e0", cui="C0013604", rating=4)
    commands.rate(store, rated, at=AT + timedelta(hours=1))
    [row] = asof.judgements(store, AT + timedelta(hours=1)).to_pylist()
    assert row["rating"] == 4
    assert asof.at(store, AT + timedelta(hours=1)).cut == asof.at(store, AT + timedelta(hours=2)).cut


def test_the_past_takes_no_command(store):
    with pytest.raises(WorkspaceError, match="only read"):
        rate(asof.at(store, AT), "Ana", "e0", "C0013604", 5)
    assert reports.judgements(store).num_rows == 0
