"""Long commands in processes of their own: rating goes on meanwhile, and a reloaded page finds them again."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil

from curation_db import access
from curation_db.store import Store
from pipeline.errors import Refused
from pipeline.files import read_json, write_json
from pipeline.workspace import Workspace

State = Literal["running", "done", "failed", "cancelled"]
HOME = Path(__file__).parents[2]
TAIL = 64 * 1024


@dataclass(frozen=True)
class Job:
    """`label`, `done`, `total`: the last progress told; `words`: what the command said besides, its last lines;
    `seconds`: from the start to the end, or until now; `left`: seconds until this step is done at its pace so far,
    None until there is a pace."""

    state: State
    what: str
    seconds: float
    label: str
    done: int
    total: int | None
    words: tuple[str, ...]
    left: float | None

    @property
    def fraction(self) -> float | None:
        return min(1.0, self.done / self.total) if self.total else None


def align(workspace: Workspace, store: Store, by: str) -> None:
    access.require(store, by, "prepare")
    start(workspace, "align", ["align", "--progress", "json"])


def ingest(workspace: Workspace, store: Store, by: str, kind: str, path: Path, *, allow_rejects: bool) -> None:
    access.require(store, by, "prepare")
    options = ["--allow-rejects"] if allow_rejects else []
    start(workspace, "ingest", ["ingest", kind, str(path), "--progress", "json", *options])


def start(workspace: Workspace, what: str, arguments: Sequence[str]) -> None:
    """Start `lexalign -w … ARGUMENTS`; the caller has checked who asks.

    Raises Refused where a job of this kind is running already.
    """
    running = find(workspace, what)
    if running is not None and running.state == "running":
        raise Refused(f"{what}: is running already; wait until it is done or stop it")
    state, log = _files(workspace, what)
    state.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    command = [sys.executable, "-m", "pipeline.cli.main", "-w", str(workspace.root), *arguments]
    wrapper = [sys.executable, "-m", "app.services.detached", str(state), str(log), *command]
    write_json(state, {"what": what, "started": time.time(), "command": command})
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HOME), os.environ.get("PYTHONPATH", "")])}
    process = subprocess.Popen(
        wrapper,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    write_json(state.with_suffix(".pid"), {"pid": process.pid, "born": psutil.Process(process.pid).create_time()})
    # whoever starts a process must take its exit code, or it stays in the process table
    threading.Thread(target=process.wait, daemon=True).start()


def find(workspace: Workspace, what: str) -> Job | None:
    """The last job of this kind, None where there was none or it was dismissed."""
    state, log = _files(workspace, what)
    if not state.exists():
        return None
    known, process = read_json(state), _process(state)
    end = log.stat().st_mtime if log.exists() else known["started"]
    phase: State
    if "code" not in known and process is not None:
        phase, end = "running", time.time()
    else:
        code = known.get("code")
        phase = "done" if code == 0 else "cancelled" if known.get("cancelled") else "failed"
    told, words = _told(log)
    last: dict[str, Any] = told[-1] if told else {"label": "", "done": 0, "total": None}
    label, done, total = last["label"], last["done"], last["total"]
    return Job(phase, what, end - known["started"], label, done, total, words, _left(told, end))


def cancel(workspace: Workspace, store: Store, by: str, what: str) -> None:
    """Stop the job and its children. What it finished is kept, and the next start goes on from there."""
    access.require(store, by, "prepare")
    state, _ = _files(workspace, what)
    process = _process(state)
    if process is None:
        return
    write_json(state, read_json(state) | {"cancelled": True})
    family = [*process.children(recursive=True), process]
    for member in family:
        _quietly(member.terminate)
    for member in psutil.wait_procs(family, timeout=3)[1]:
        _quietly(member.kill)


def dismiss(workspace: Workspace, store: Store, by: str, what: str) -> None:
    """Forget a job that has ended."""
    access.require(store, by, "prepare")
    state, log = _files(workspace, what)
    for file in (state, state.with_suffix(".pid"), log):
        file.unlink(missing_ok=True)


def _files(workspace: Workspace, what: str) -> tuple[Path, Path]:
    folder = workspace.sources if what == "ingest" else workspace.runs
    return folder / f".{what}.json", folder / f".{what}.log"


def _process(state: Path) -> psutil.Process | None:
    """The job's process, where it lives: a number alone could be another process's by now."""
    file = state.with_suffix(".pid")
    if not file.exists():
        return None
    known = read_json(file)
    try:
        process = psutil.Process(known["pid"])
        alive = process.status() != psutil.STATUS_ZOMBIE and abs(process.create_time() - known["born"]) < 1
    except psutil.NoSuchProcess:
        return None
    return process if alive else None


def _told(log: Path) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Progress in its order, as `pipeline.progress.json_lines` writes it, and the last of the other lines."""
    told, words = [], []
    for line in _tail(log):
        if line.startswith('{"label"'):
            try:
                told.append(json.loads(line))
            except ValueError:
                continue  # the line is still being written
        elif line.strip():
            words.append(line.strip())
    return told, tuple(words[-12:])


def _left(told: Sequence[dict[str, Any]], now: float) -> float | None:
    """Seconds until the last step is done, if it goes on as it went since it was first told."""
    if not told or not told[-1]["total"]:
        return None
    last = first = told[-1]
    for before in reversed(told[:-1]):
        if before["label"] != last["label"] or before["done"] > first["done"]:
            break
        first = before
    if last["done"] == first["done"]:
        return None
    pace = (last["at"] - first["at"]) / (last["done"] - first["done"])
    return max(0.0, (last["total"] - last["done"]) * pace - (now - last["at"]))


def _tail(log: Path) -> list[str]:
    if not log.exists():
        return []
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - TAIL))
        return file.read().decode("utf8", "replace").splitlines()


def _quietly(act) -> None:
    try:
        act()
    except psutil.NoSuchProcess:
        return  # it ended by itself meanwhile
