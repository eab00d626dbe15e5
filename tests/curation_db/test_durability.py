import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from curation_db import commands, queries
from curation_db.store import open_store
from tests.curation_db.projects import AT, new, rate, write_lexicon, write_run

HOME = Path(__file__).parents[2]
RATER = """
import sys
from pathlib import Path
from curation_db.store import open_store
from tests.curation_db.projects import new, rate

with open_store(Path(sys.argv[1])) as store:
    for step in range(100_000):
        key = new()
        rate(store, "Ana", "e0", "C0013604", step % 6, command_id=key, position=step)
        print(key, flush=True)
"""
THREADS, STEPS = 8, 200


@pytest.mark.parametrize("acknowledged", [1, 40, 300])
def test_each_acknowledged_rating_outlives_kill_9(store, acknowledged):
    store.close()
    command = [sys.executable, "-c", RATER, str(store.path)]
    with subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, text=True) as process:
        keys = [process.stdout.readline().strip() for _ in range(acknowledged)]
        process.kill()
        keys += [line.strip() for line in process.stdout if line.endswith("\n")]
    assert all(keys)
    with open_store(store.path) as after:
        events = queries.events(after, person="Ana", limit=10**6)[::-1]
    kept = [event.command_id for event in events if event.kind == "rate"]
    # one more may have been on disk before its line was written
    assert kept[: len(keys)] == keys
    assert len(kept) - len(keys) <= 1


def test_eight_threads_lose_double_and_cross_nothing(empty, tmp_path):
    entries = [f"e{number}" for number in range(THREADS * 5)]
    lexicon = write_lexicon(tmp_path / "many", tuple(f"terme {name}" for name in entries))
    run = write_run(tmp_path / "runs" / "many", {name: [f"C{i:07d}" for i in range(10)] for name in entries})
    commands.load_run(empty, run, lexicon, at=AT)
    wrong: list[object] = []
    sent: list[tuple[str, str, str]] = []

    def annotate(person: str) -> None:
        place = None
        for step in range(STEPS):
            place = queries.next_card(empty, person, after=place)
            key = new()
            rate(empty, person, *place, step % 6, command_id=key, position=step)
            card = queries.card(empty, place, person)
            if (card.entry.entry_id, card.candidates[card.index].rating) != (place.entry_id, step % 6):
                wrong.append((person, place, card))
            sent.append((person, key, f"{place.entry_id} {place.cui}"))

    people = [commands.add_person(empty, f"Personne {number}", at=AT) for number in range(THREADS)]
    threads = [threading.Thread(target=annotate, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = [event for event in queries.events(empty, limit=10**6) if event.kind == "rate"]
    assert wrong == []
    assert {(e.person, e.command_id, f"{e.entry_id} {e.cui}") for e in events} == set(sent)
    assert len(events) == len(sent) == THREADS * STEPS
    assert Counter(e.event_id for e in events).most_common(1)[0][1] == 1
    assert queries.judgements(empty).num_rows == THREADS * STEPS


def test_one_command_from_many_threads_is_one_event(store):
    key = new()
    events = []
    threads = [
        threading.Thread(target=lambda: events.append(rate(store, "Ana", "e0", "C0013604", 3, command_id=key)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(events) == 8
    assert len({event.event_id for event in events}) == 1
    assert queries.judgements(store).num_rows == 1


def test_a_command_that_fails_leaves_nothing(store):
    def half() -> None:
        with store.writing() as cursor:
            cursor.execute("INSERT INTO person VALUES (99, 'Fantôme', 'fr')")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        half()
    assert "Fantôme" not in queries.people(store)
    rate(store, "Ana", "e0", "C0013604", 3)
