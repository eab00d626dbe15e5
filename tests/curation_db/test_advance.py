"""The quick count at the foot of a card says what the page of progress says, after whatever anybody does."""

from datetime import UTC, datetime, timedelta

import pytest

from curation_db import commands, queries
from curation_db.safety import backups, restoring
from tests.curation_db.projects import AT, SECOND, new, rate, write_lexicon, write_run

STEPS = {
    "a rating": lambda store: rate(store, "Ana", "e0", "C0013604", 4),
    "another one of the same": lambda store: rate(store, "Ana", "e0", "C0013604", 2),
    "the entry's last": lambda store: rate(store, "Ana", "e0", "C0000002", 0),
    "somebody else's": lambda store: rate(store, "Benoît", "e1", "C0020538", 5),
    "a rating of a concept that was searched": lambda store: rate(
        store, "Ana", "e3", "C0011849", 5, origin="search"
    ),
    "none of an entry": lambda store: commands.none_of_these(store, "Ana", "e1", command_id=new(), at=AT),
    "none of one without candidates": lambda store: commands.none_of_these(
        store, "Ana", "e2", command_id=new(), at=AT
    ),
    "a skip": lambda store: commands.skip(store, "Ana", "e3", "C0015967", command_id=new(), at=AT),
    "no concept at all": lambda store: commands.no_concept(store, "Ana", "e1", command_id=new(), at=AT),
    "a candidate that fits after all": lambda store: rate(store, "Ana", "e1", "C0020538", 5),
    "an undo": lambda store: commands.undo(store, "Ana", command_id=new(), at=AT),
    "one more": lambda store: commands.undo(store, "Ana", command_id=new(), at=AT),
    "a flag": lambda store: commands.flag(store, "Ana", "e0", "C0013604", True, command_id=new(), at=AT),
}


def agree(store, since) -> queries.Advance:
    full = queries.progress(store, "Ana", since=since)
    quick = queries.advance(store, "Ana", since=since)
    assert quick == queries.Advance(full.entries, full.entries_done, full.rated, full.today)
    return quick


def test_without_a_run_all_is_nought(empty):
    assert queries.advance(empty, "Ana", since=AT) == queries.Advance(0, 0, 0, 0)


@pytest.mark.parametrize("since", [AT - timedelta(hours=1), AT + timedelta(hours=1)])
def test_it_counts_what_the_progress_counts_after_every_step(store, since):
    agree(store, since)
    for act in STEPS.values():
        act(store)
        agree(store, since)


def test_a_new_run_is_counted_anew(store, tmp_path):
    rate(store, "Ana", "e0", "C0013604", 4, run="first")
    assert agree(store, AT).rated == 1
    lexicon = write_lexicon(tmp_path / "lexicon")
    commands.load_run(store, write_run(tmp_path / "runs" / "second", SECOND), lexicon, at=datetime.now(UTC))
    assert agree(store, AT).entries_done == 0
    rate(store, "Ana", "e0", "C0000009", 1, run="second")
    assert agree(store, AT).entries_done == 1


def test_it_goes_back_with_a_backup(store, tmp_path):
    commands.add_person(store, "Ana", role="administrator", at=AT)
    rate(store, "Ana", "e0", "C0013604", 4)
    backup = backups.take(store, tmp_path / "backups", "hand", at=AT)
    rate(store, "Ana", "e0", "C0000002", 0)
    assert agree(store, AT).rated == 2
    restoring.restore(store, "Ana", backup.path, at=AT)
    assert agree(store, AT).rated == 1


def test_it_stays_right_where_it_was_first_asked_late(store):
    for act in STEPS.values():
        act(store)
    assert agree(store, AT).entries == 4
