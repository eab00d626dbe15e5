import multiprocessing
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError, WorkspaceError
from pipeline.translate import TRANSLATIONS, Memory

MAY = datetime(2026, 5, 1, 10, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, 10, tzinfo=UTC)


def test_a_translation_is_there_for_whoever_opens_the_memory_next(tmp_path):
    Memory(tmp_path).add([("mal de tête", "headache"), ("fièvre", "fever")], translator="deepl", at=MAY)
    memory = Memory(tmp_path)
    assert memory.lookup(["fièvre", "toux", "mal de tête"]) == {"fièvre": "fever", "mal de tête": "headache"}
    assert memory.missing(["toux", "fièvre", "toux", " ", ""]) == ["toux"]
    assert len(memory) == 2


def test_a_persons_correction_wins_over_machines_before_and_after_and_history_stays(tmp_path):
    memory = Memory(tmp_path)
    memory.add([("règles", "rules")], translator="google", at=MAY)
    memory.correct("règles", "periods", "Anna", JUNE)
    memory.correct("règles", "menstruation", "Anna", JUNE)
    memory.add([("règles", "rulers")], translator="local:opus", at=JUNE)
    for seen in (memory, Memory(tmp_path)):
        assert seen.lookup(["règles"]) == {"règles": "menstruation"}
        assert [(row.translation, row.translator, row.origin, row.at) for row in seen.history("règles")] == [
            ("rules", "google", "machine", MAY),
            ("periods", "Anna", "person", JUNE),
            ("menstruation", "Anna", "person", JUNE),
            ("rulers", "local:opus", "machine", JUNE),
        ]


def test_of_two_machines_the_first_stands_and_umls_stands_above_both(tmp_path):
    memory = Memory(tmp_path)
    memory.add([("toux", "cough")], translator="deepl", at=MAY)
    memory.add([("toux", "coughing")], translator="google", at=MAY)
    assert memory.standing("toux").translator == "deepl"
    memory.add([("toux", "Coughing")], translator="UMLS", at=MAY, origin="umls")
    assert memory.lookup(["toux"]) == {"toux": "Coughing"}


def test_directions_do_not_mix(tmp_path):
    Memory(tmp_path).add([("os", "bone")], translator="deepl", at=MAY)
    assert Memory(tmp_path, source="en", target="fr").missing(["os"]) == ["os"]


@pytest.mark.parametrize(
    ("pair", "name", "at"),
    [
        (("toux", " "), "google", MAY),
        (("", "cough"), "google", MAY),
        (("toux", "cough"), "", MAY),
        (("toux", "cough"), "google", MAY.replace(tzinfo=None)),
        (("toux \ud800", "cough"), "google", MAY),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(pair, name, at, tmp_path):
    memory = Memory(tmp_path)
    with pytest.raises(InputError):
        memory.add([("fièvre", "fever"), pair], translator=name, at=at)
    assert len(Memory(tmp_path)) == 0


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_torn_last_line_is_reported_set_aside_and_repaired(cut, tmp_path):
    Memory(tmp_path).add([("fièvre", "fever"), ("toux", "cough")], translator="deepl", at=MAY)
    log = tmp_path / "fr-en.jsonl"
    log.write_bytes(log.read_bytes()[:-cut])
    memory = Memory(tmp_path)
    assert memory.lookup(["fièvre", "toux"]) == {"fièvre": "fever"}
    assert "cut short" in memory.repairs[0]
    assert len(list(tmp_path.glob("*.torn-*"))) == 1
    memory.add([("toux", "cough")], translator="deepl", at=MAY)
    again = Memory(tmp_path)
    assert (again.lookup(["toux"]), again.repairs) == ({"toux": "cough"}, ())


def test_a_tail_of_zeros_after_a_power_cut_is_repaired(tmp_path):
    Memory(tmp_path).add([("fièvre", "fever")], translator="deepl", at=MAY)
    with (tmp_path / "fr-en.jsonl").open("ab") as file:
        file.write(b"\0" * 50 + b"\n" + b"\0" * 9)
    memory = Memory(tmp_path)
    assert (len(memory), len(memory.repairs)) == (1, 1)


def test_a_damaged_line_in_the_middle_is_named_and_nothing_is_thrown_away(tmp_path):
    Memory(tmp_path).add([("fièvre", "fever"), ("toux", "cough")], translator="deepl", at=MAY)
    log = tmp_path / "fr-en.jsonl"
    damaged = log.read_bytes().replace(b'{"text":"fi', b'"text":"fi')
    log.write_bytes(damaged)
    with pytest.raises(WorkspaceError, match=r"fr-en\.jsonl line 1"):
        Memory(tmp_path)
    assert log.read_bytes() == damaged


def test_a_line_that_lacks_a_field_is_named(tmp_path):
    (tmp_path / "fr-en.jsonl").write_text('{"text": "toux"}\n', encoding="utf8")
    with pytest.raises(WorkspaceError, match="no readable 'origin'"):
        Memory(tmp_path)


def test_a_full_disk_leaves_the_log_as_it_was(tmp_path, monkeypatch):
    memory = Memory(tmp_path)
    memory.add([("fièvre", "fever")], translator="deepl", at=MAY)
    before = (tmp_path / "fr-en.jsonl").read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(WorkspaceError, match="the disk is full"):
            memory.add([("toux", "cough")], translator="deepl", at=MAY)
    assert (tmp_path / "fr-en.jsonl").read_bytes() == before
    memory.add([("toux", "cough")], translator="deepl", at=MAY)
    assert len(Memory(tmp_path)) == 2


def _write_many(folder: Path, name: str) -> None:
    memory = Memory(folder)
    for number in range(40):
        memory.add([(f"{name} {number} {i}", "x" * 200) for i in range(5)], translator=name, at=MAY)


def test_two_writers_at_once_lose_and_mix_nothing(tmp_path):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(tmp_path, name)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    memory = Memory(tmp_path)
    assert (len(memory), memory.repairs) == (400, ())


def test_what_another_process_adds_is_seen_by_whoever_adds_next(tmp_path):
    one, other = Memory(tmp_path), Memory(tmp_path)
    one.add([("fièvre", "fever")], translator="deepl", at=MAY)
    other.correct("toux", "cough", "Anna", MAY)
    assert other.lookup(["fièvre"]) == {"fièvre": "fever"}
    assert one.missing(["toux"]) == ["toux"]
    one.refresh()
    assert one.missing(["toux"]) == []


def test_a_writer_killed_at_any_moment_loses_no_finished_batch(tmp_path):
    code = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from pipeline.translate import Memory\n"
        "memory = Memory(Path(sys.argv[1]))\n"
        "for n in range(100000):\n"
        "    memory.add([(f'{n} {i}', 'y' * 5000) for i in range(20)], translator='t', at=datetime.now(UTC))\n"
        "    print(n, flush=True)\n"
    )
    for round_ in range(3):
        folder = tmp_path / str(round_)
        process = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True)
        said = [int(process.stdout.readline()) for _ in range(5 + round_)]
        time.sleep(0.003 * round_)
        process.send_signal(signal.SIGKILL)
        said += [int(line) for line in process.stdout.read().splitlines()]
        process.wait()
        process.stdout.close()
        memory = Memory(folder)
        assert memory.missing([f"{n} {i}" for n in said for i in range(20)]) == []


def test_the_table_has_every_row_ever(tmp_path):
    memory = Memory(tmp_path)
    memory.add([("règles", "rules"), ("toux", "cough")], translator="google", at=MAY)
    memory.correct("règles", "periods", "Anna", JUNE)
    table = memory.table()
    assert table.schema == TRANSLATIONS
    assert table.select(["text", "translation", "origin", "at"]).to_pylist()[1] == {
        "text": "règles",
        "translation": "periods",
        "origin": "person",
        "at": JUNE,
    }
    assert table.num_rows == 3


def test_a_folder_that_forbids_writing_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="cannot be opened for writing"):
        Memory(tmp_path / "file").correct("toux", "cough", "Anna", MAY)


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@given(st.dictionaries(words, words, max_size=8))
def test_any_text_comes_back_as_it_went_in(tmp_path_factory, pairs):
    folder = tmp_path_factory.mktemp("memory")
    Memory(folder).add(pairs.items(), translator="t", at=MAY)
    memory = Memory(folder)
    assert memory.lookup(pairs) == pairs
    assert memory.missing(pairs) == []
