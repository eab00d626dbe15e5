import threading
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation_db import access, queries
from curation_db.safety import backups, restoring
from curation_db.store import open_store
from pipeline.errors import Refused, StoreBusy, WorkspaceError
from pipeline.files import sha256
from tests.curation_db.projects import AT, rate

HOUR = timedelta(hours=1)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "sauvegardes"


def taken(store, folder, rating=4):
    """A backup after that rating."""
    rate(store, "Ana", "e0", "C0013604", rating)
    return backups.take(store, folder, "hand", at=AT)


def rating(store):
    return [row["rating"] for row in queries.judgements(store).to_pylist()]


def noted(at, why="schedule"):
    return backups.Backup(
        path=Path(f"{at:%Y%m%dT%H%M}-{why}"),
        at=at,
        why=why,
        bytes=1,
        sha256="",
        last_event=0,
        ledger="",
        columns=(),
    )


def test_a_backup_is_noted_and_found(store, folder):
    backup = taken(store, folder)
    assert backups.found(folder) == (backup,)
    assert backup.path.name == "curation-20260302T093000Z-hand.duckdb"
    assert (backup.sha256, backup.bytes) == (sha256(backup.path), backup.path.stat().st_size)
    assert backup.last_event == queries.events(store, limit=1)[0].event_id


def test_two_in_one_second_are_two(store, folder):
    first, second = taken(store, folder), taken(store, folder)
    assert first.path != second.path
    assert len(backups.found(folder)) == 2


def test_a_full_disk_is_said_and_rating_goes_on(store, folder, monkeypatch):
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda _: SimpleNamespace(free=3 << 20))
    with pytest.raises(WorkspaceError, match=r"3 MB are free, expected \d+ MB; free some space. Rating goes on"):
        backups.take(store, folder, "schedule", at=AT)
    assert list(folder.iterdir()) == []
    rate(store, "Ana", "e0", "C0013604", 5)
    assert rating(store) == [5]


def test_a_backup_that_breaks_off_leaves_nothing(store, folder, monkeypatch):
    def break_off(*_):
        raise OSError("unplugged")

    monkeypatch.setattr(backups, "write_json", break_off)
    with pytest.raises(OSError, match="unplugged"):
        backups.take(store, folder, "schedule", at=AT)
    assert list(folder.iterdir()) == []


def test_people_rate_while_a_backup_is_taken(store, folder):
    stop, count = threading.Event(), 0

    def annotate():
        nonlocal count
        while not stop.is_set():
            rate(store, "Ana", "e0", "C0013604", count % 6)
            count += 1

    thread = threading.Thread(target=annotate)
    thread.start()
    made = [backups.take(store, folder, "hand", at=AT) for _ in range(3)]
    stop.set()
    thread.join()
    assert [one.last_event for one in made] == sorted(one.last_event for one in made)
    assert len([event for event in queries.events(store, limit=10**6) if event.kind == "rate"]) == count


def test_the_newest_of_seven_days_and_four_weeks_stay():
    hourly = [noted(AT + HOUR * number) for number in range(0, 24 * 60, 6)]
    stay = sorted(one.at for one in backups.kept(hourly))
    assert len(stay) == 7 + 2  # the newest of the last two weeks are among the days'
    newest = max(one.at for one in hourly)
    assert [at.date() for at in stay[-7:]] == [
        newest.date() - timedelta(days=number) for number in range(6, -1, -1)
    ]
    assert stay[-1] == newest


@given(st.lists(st.integers(0, 24 * 90), unique=True, max_size=60))
def test_the_newest_backup_always_stays_and_thinning_twice_is_once(hours):
    scheduled = [noted(AT + HOUR * number) for number in hours]
    stay = backups.kept(scheduled)
    assert len(stay) <= 11
    assert backups.kept(stay) == stay
    assert not scheduled or max(scheduled, key=lambda one: one.at) in stay


def test_backups_by_hand_do_not_push_scheduled_ones_out():
    mixed = [noted(AT), *(noted(AT + HOUR * number, "hand") for number in range(1, 20))]
    stay = backups.kept(mixed)
    assert noted(AT) in stay
    assert len(stay) == 1 + 10


def test_thinning_removes_file_and_note(store, folder):
    for number in range(3):
        backups.take(store, folder, "schedule", at=AT + HOUR * number)
    assert len(backups.thin(folder)) == 2
    assert sorted(path.name for path in folder.iterdir()) == [
        "curation-20260302T113000Z-schedule.duckdb",
        "curation-20260302T113000Z-schedule.json",
    ]


def test_a_backup_is_due_once_the_last_scheduled_one_is_old_enough():
    assert backups.due([], HOUR, at=AT)
    assert not backups.due([noted(AT)], HOUR, at=AT + HOUR / 2)
    assert backups.due([noted(AT), noted(AT + HOUR, "hand")], HOUR, at=AT + HOUR)


def test_restoring_puts_the_present_aside_and_the_open_store_finds_the_backup(store, folder):
    backup = taken(store, folder, 4)
    rate(store, "Ana", "e0", "C0013604", 1)
    aside = restoring.restore(store, "Ana", backup.path, at=AT)
    assert rating(store) == [4]
    assert queries.events(store, limit=1)[0].kind == "restore"
    rate(store, "Ana", "e0", "C0013604", 2)
    assert rating(store) == [2]
    with open_store(aside) as before:
        assert rating(before) == [1]


def test_a_restored_store_is_kept_by_its_file(store, folder):
    restoring.restore(store, "Ana", taken(store, folder, 4).path, at=AT)
    with pytest.raises(StoreBusy):
        open_store(store.path)
    store.close()
    with open_store(store.path) as again:
        assert rating(again) == [4]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_a_cut_backup_is_refused_and_the_present_untouched(store, folder, share):
    backup = taken(store, folder, 4)
    rate(store, "Ana", "e0", "C0013604", 1)
    backup.path.write_bytes(backup.path.read_bytes()[: int(backup.bytes * share)])
    with pytest.raises(WorkspaceError, match="damaged"):
        restoring.restore(store, "Ana", backup.path, at=AT)
    assert rating(store) == [1]
    assert not list(store.path.parent.glob("*before-restore*"))
    assert not list(store.path.parent.glob(".*"))


def test_a_changed_byte_is_found(store, folder):
    backup = taken(store, folder)
    content = bytearray(backup.path.read_bytes())
    content[len(content) // 2] ^= 1
    backup.path.write_bytes(content)
    with pytest.raises(WorkspaceError, match=r"damaged \(SHA-256"):
        restoring.restore(store, "Ana", backup.path, at=AT)


def test_what_is_no_store_is_refused_without_a_note_too(store, folder):
    folder.mkdir()
    (folder / "notes.duckdb").write_text("œdème;5\n" * 900)
    with pytest.raises(WorkspaceError, match="cannot be read"):
        restoring.restore(store, "Ana", folder / "notes.duckdb", at=AT)
    rate(store, "Ana", "e0", "C0013604", 3)


def test_only_an_administrator_restores(store, folder):
    backup = taken(store, folder)
    assert access.role(store, "Benoît") == "annotator"
    with pytest.raises(Refused, match="expected administrator"):
        restoring.restore(store, "Benoît", backup.path, at=AT)


def test_readers_wait_while_the_file_is_exchanged(store, folder):
    backup = taken(store, folder, 4)
    stop, wrong = threading.Event(), []

    def read():
        while not stop.is_set():
            try:
                if rating(store) != [4]:
                    wrong.append(rating(store))
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(3):
        restoring.restore(store, "Ana", backup.path, at=AT + HOUR * number)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_damaged_present_is_put_aside_on_the_command_line(store, folder):
    backup = taken(store, folder, 4)
    store.close()
    cut = store.path.read_bytes()[:20_000]
    store.path.write_bytes(cut)
    aside = restoring.restore_file(store.path, backup.path, at=AT)
    assert aside.read_bytes() == cut
    with open_store(store.path) as again:
        assert rating(again) == [4]


def test_a_store_that_is_open_elsewhere_is_not_restored_by_its_file(store, folder):
    backup = taken(store, folder)
    with pytest.raises(StoreBusy):
        restoring.restore_file(store.path, backup.path, at=AT)


def test_a_note_that_is_none_is_said(store, folder):
    backup = taken(store, folder)
    backup.path.with_suffix(".json").write_text('{"at": "hier"}')
    with pytest.raises(WorkspaceError, match="not the note of a backup"):
        backups.found(folder)
