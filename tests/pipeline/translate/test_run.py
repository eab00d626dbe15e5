from datetime import UTC, datetime

import pytest

from pipeline.errors import ServiceError, TranslationError, WorkspaceError
from pipeline.translate import Memory, Patience, make, preview, translate_missing
from pipeline.translate.refusals import Unusable
from tests.pipeline.translate.speaking import status

MAY = datetime(2026, 5, 1, 10, tzinfo=UTC)
TERMS = ["fièvre", "toux", "mal de tête", "fièvre", "", "selles"]


class Loud:
    """Translates into capitals; fails as `trouble` says, one entry a call, None for none."""

    name, source, target, sends = "loud", "fr", "en", "mt.example"

    def __init__(self, trouble=(), refused=()) -> None:
        self.trouble, self.refused, self.calls = list(trouble), refused, []

    def translate(self, texts):
        self.calls.append(list(texts))
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble is not None:
            raise trouble
        for text in texts:
            if text in self.refused:
                raise TranslationError(f"refused {text}")
        return [text.upper() for text in texts]


class Naps(list):
    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def memory(tmp_path) -> Memory:
    return Memory(tmp_path)


@pytest.fixture
def naps() -> Naps:
    return Naps()


def run(translator, memory, naps=None, texts=TERMS, **options):
    return translate_missing(
        texts,
        translator,
        memory,
        sleep=Naps() if naps is None else naps,
        chance=lambda: 0.5,
        clock=lambda: MAY,
        **options,
    )


def busy(wait: float | None = None) -> ServiceError:
    return ServiceError("busy", passing=True, retry_after=wait)


def test_each_text_is_sent_once_and_never_again(memory):
    loud = Loud()
    report = run(loud, memory, batch=2)
    assert loud.calls == [["fièvre", "toux"], ["mal de tête", "selles"]]
    assert (report.known, report.translated, report.characters, report.failures) == (0, 4, 27, ())
    assert memory.standing("toux").translator == "loud"
    assert run(loud, memory).known == 4
    assert len(loud.calls) == 2


def test_waits_double_then_obey_the_service(memory, naps):
    report = run(Loud([busy(), busy(), busy(), busy(17)]), memory, naps)
    assert naps == [1.0, 2.0, 4.0, 17.5]
    assert (report.retries, report.seconds_waited, report.translated) == (4, 24.5, 4)


def test_waits_are_spread_by_chance(memory, naps):
    translate_missing(["toux"], Loud([busy()]), memory, sleep=naps, chance=lambda: 0.0, clock=lambda: MAY)
    assert naps == [0.75]


def test_a_wait_of_hours_ends_the_run_with_what_was_done(memory, naps):
    with pytest.raises(
        Unusable, match="over 600 s: run again then — stopped after 2 translations, which are kept"
    ):
        run(Loud([None, busy(7200)]), memory, naps, batch=2)
    assert naps == []
    assert len(memory) == 2


def test_a_refused_text_is_found_in_its_batch_and_reported(memory):
    loud = Loud(refused=("toux",))
    report = run(loud, memory, batch=32)
    assert [(failure.text, failure.reason) for failure in report.failures] == [("toux", "refused toux")]
    assert report.translated == 3
    assert memory.missing(TERMS) == ["toux"]


def test_a_row_of_failures_ends_the_run_and_keeps_what_was_done(memory):
    broken = [None] + [busy()] * 6
    with pytest.raises(
        ServiceError, match="stopped after 1 translations, which are kept, and 3 failures, 3 in a row"
    ):
        run(Loud(broken), memory, batch=1, patience=Patience(attempts=2, in_a_row=3))
    assert memory.lookup(TERMS) == {"fièvre": "FIÈVRE"}


def test_too_many_failures_in_all_end_the_run(memory):
    texts = [f"texte {number}" for number in range(20)]
    with pytest.raises(TranslationError, match="4 failures"):
        run(Loud(refused=texts[::2]), memory, texts=texts, batch=1, patience=Patience(failures=4))


def test_a_refused_key_ends_the_run_at_once(memory):
    loud = Loud([None, Unusable("the key was refused")])
    with pytest.raises(Unusable, match="key was refused"):
        run(loud, memory, batch=1)
    assert len(loud.calls) == 2


@pytest.mark.parametrize("answers", [[], ["one", ""], ["one", None], ["a", "b", "c"]])
def test_answers_that_do_not_match_their_texts_are_not_kept(answers, memory):
    loud = Loud()
    loud.translate = lambda texts: answers
    with pytest.raises(TranslationError):
        run(loud, memory, texts=["fièvre", "toux"], patience=Patience(in_a_row=1))
    assert "toux" not in memory.lookup(["toux"])


def test_an_interruption_keeps_what_was_done_and_the_next_run_goes_on(memory, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(Loud([None, KeyboardInterrupt()]), memory, batch=2)
    again = Loud()
    assert run(again, Memory(tmp_path), batch=2).translated == 2
    assert again.calls == [["mal de tête", "selles"]]


def test_a_second_process_is_told_politely_that_one_is_at_work(memory, tmp_path):
    with (
        memory.translating(),
        pytest.raises(WorkspaceError, match="another process translates fr-en here; wait until it is done"),
    ):
        run(Loud(), Memory(tmp_path))
    run(Loud(), memory)


def test_corrections_go_through_while_a_run_is_at_work(memory, tmp_path):
    with memory.translating():
        Memory(tmp_path).correct("toux", "cough", "Anna", MAY)
    assert run(Loud(), memory).translated == 3
    assert memory.lookup(["toux"]) == {"toux": "cough"}


def test_a_translator_of_another_direction_is_refused(tmp_path):
    with pytest.raises(TranslationError, match="fr-en, the memory holds en-fr"):
        run(Loud(), Memory(tmp_path, source="en", target="fr"))


def test_the_preview_shows_what_would_leave_and_sends_nothing(memory):
    memory.correct("toux", "cough", "Anna", MAY)
    loud = Loud()
    shown = preview(TERMS + [f"terme {n}" for n in range(20)], memory, loud)
    assert (shown.count, shown.characters, shown.host, shown.translator) == (23, 173, "mt.example", "loud")
    assert shown.first[:3] == ("fièvre", "mal de tête", "selles")
    assert len(shown.first) == 10
    assert loud.calls == []


def test_progress_counts_texts(memory):
    seen = []
    run(Loud(), memory, batch=3, progress=lambda *call: seen.append(call))
    assert seen == [(0, 4, "translated"), (3, 4, "translated"), (4, 4, "translated")]


def test_a_real_service_that_stumbles_is_outlasted_and_each_text_is_saved_as_it_comes(server, memory, naps):
    server.replies = [status(429, Retry_After="3"), status(503), status(200, "")]
    translator = make("libretranslate", url=server.url)
    report = run(translator, memory, naps)
    assert naps == [3.5, 2.0, 4.0]
    assert memory.lookup(TERMS)["mal de tête"] == "MAL DE TÊTE"
    assert (report.translated, report.retries) == (4, 3)
