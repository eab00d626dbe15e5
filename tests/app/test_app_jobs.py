"""Jobs outlive the page: started, found again, stopped, told in words."""

import sys
import time
from datetime import UTC, datetime

import pytest

from app.services import jobs
from curation_db import commands
from curation_db.store import open_store
from pipeline.errors import Refused

TALKS = """
import sys, time
print('{"label": "encode e5", "done": 3, "total": 12}', file=sys.stderr, flush=True)
print("une phrase", file=sys.stderr, flush=True)
"""


PACED = """
import json, sys, time
for ago, done in ((20, 0), (10, 2)):
    told = {"label": "trials", "done": done, "total": 12, "at": time.time() - ago}
    print(json.dumps(told), file=sys.stderr, flush=True)
time.sleep(60)
"""


@pytest.fixture
def asked(workspace):
    """The project, its store and Amélie, its administrator."""
    with open_store(workspace.curation) as store:
        commands.add_person(store, "Amélie", at=datetime.now(UTC))
        yield workspace, store, "Amélie"


@pytest.fixture
def command(monkeypatch):
    """Jobs run this script instead of lexalign."""

    def use(script):
        real = jobs.subprocess.Popen

        def popen(wrapper, **options):
            return real([*wrapper[:5], sys.executable, "-c", script], **options)

        monkeypatch.setattr(jobs.subprocess, "Popen", popen)

    return use


def wait(workspace, what, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        job = jobs.find(workspace, what)
        if job.state != "running":
            return job
        time.sleep(0.05)
    raise AssertionError(f"{what} still runs")


def test_a_job_tells_its_progress_and_its_end(workspace, asked, command):
    command(TALKS)
    jobs.align(*asked)
    job = wait(workspace, "align")
    assert (job.state, job.label, job.fraction) == ("done", "encode e5", 0.25)
    assert job.words == ("une phrase",)
    jobs.dismiss(*asked, "align")
    assert jobs.find(workspace, "align") is None


def test_the_time_left_is_known_to_whoever_opens_the_page_late(workspace, asked, command):
    command(PACED)
    jobs.start(workspace, "search", [])
    while (job := jobs.find(workspace, "search")).done < 2:
        time.sleep(0.05)
    assert job.left == pytest.approx(40, abs=5), "ten trials at five seconds each, ten seconds ago"
    jobs.cancel(*asked, "search")


def test_a_job_that_fails_keeps_its_words(workspace, asked, command):
    command("import sys; sys.exit('lexalign: no encoder e9')")
    jobs.align(*asked)
    job = wait(workspace, "align")
    assert (job.state, job.words) == ("failed", ("lexalign: no encoder e9",))


def test_a_job_is_stopped_with_its_children_and_only_one_runs(workspace, asked, command):
    command("import time; time.sleep(60)")
    jobs.ingest(*asked, "lexicon", workspace.root, allow_rejects=False)
    with pytest.raises(Refused, match="running"):
        jobs.ingest(*asked, "lexicon", workspace.root, allow_rejects=False)
    assert jobs.find(workspace, "ingest").state == "running"
    jobs.cancel(*asked, "ingest")
    assert wait(workspace, "ingest").state == "cancelled"


def test_a_number_that_is_now_another_process_is_not_the_job(workspace, asked, command):
    command("pass")
    jobs.align(*asked)
    wait(workspace, "align")
    state = workspace.runs / ".align.json"
    jobs.write_json(state, {"what": "align", "started": 0.0})
    jobs.write_json(state.with_suffix(".pid"), {"pid": 1, "born": 0.0})
    assert jobs.find(workspace, "align").state == "failed"
    jobs.cancel(*asked, "align")


def test_no_job_was_ever_started(workspace):
    assert jobs.find(workspace, "align") is None
