"""Annotators rate at once on the real server; the ledger is then compared with what each of them pressed.

    python -m benchmarks.load                                 25 raters, 10 minutes, a million candidates
    python -m benchmarks.load --raters 3 --seconds 10 --candidates 2000 --ratings 300
    python -m benchmarks.load --seconds 120 --kill-after 60   kill -9 in the middle, then go on
    python -m benchmarks.load --project /tmp/load             make the project once, rate on copies of it

Writes benchmarks/results/load.json; a run with --kill-after writes its figures under "kill" there. Times are taken
where the server's answer arrives, on the same machine: from sending the press to the arrival of the last message of
what it makes the server draw (p95_ms, whole_ms), and to the last rating key of the next card (next_card_ms). Exit
code 1 where a rating was lost, doubled or crossed.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.encoders.machine import machine
from benchmarks.load import figures, ledger, project
from benchmarks.load.rater import Rater
from benchmarks.load.server import HOME, Server
from benchmarks.load.session import Held, Plan, hold
from pipeline.files import read_json, write_json
from pipeline.progress import Progress, bar
from pipeline.workspace import Workspace

RESULT = HOME / "benchmarks" / "results" / "load.json"


def parsed(arguments: list[str]) -> argparse.Namespace:
    about = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="benchmarks.load", description=__doc__, formatter_class=about)
    parser.add_argument("--raters", type=int, default=25)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument(
        "--pace",
        type=float,
        nargs=2,
        default=(4.0, 8.0),
        metavar=("LEAST", "MOST"),
        help="seconds from a card to its rating; 4 to 8 is 600 ratings an hour each",
    )
    parser.add_argument("--join", type=float, default=20, help="seconds within which all open their pages, before")
    parser.add_argument("--candidates", type=int, default=1_000_000)
    parser.add_argument("--ratings", type=int, default=200_000, help="those given before")
    parser.add_argument("--cores", type=int, default=2, help="of the server")
    parser.add_argument("--port", type=int, default=8618)
    parser.add_argument("--kill-after", type=float, metavar="S", help="kill -9 the server after so many seconds")
    parser.add_argument("--project", type=Path, help="keep the project here; it must be of the same sizes")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--out", type=Path, default=RESULT)
    options = parser.parse_args(arguments)
    if options.kill_after is not None and options.kill_after >= options.seconds:
        parser.error(f"--kill-after {options.kill_after:g}, expected less than --seconds {options.seconds:g}")
    return options


def main(arguments: list[str]) -> int:
    options = parsed(arguments)
    with tempfile.TemporaryDirectory() as folder, bar() as progress:
        workspace = _project(options, Path(folder) / "project", progress)
        result, sound = measure(options, workspace, Path(folder) / "log", progress)
    before = read_json(options.out) if options.out.exists() else {}
    killed = options.kill_after is not None
    write_json(options.out, before | {"kill": result} if killed else result | _kept(before))
    for name, value in result.items():
        print(f"{name:20} {value}")
    return 0 if sound else 1


def measure(
    options: argparse.Namespace, workspace: Workspace, log: Path, progress: Progress
) -> tuple[dict[str, Any], bool]:
    """The figures of load.json, and whether no rating was lost, doubled or crossed."""
    before = ledger.last_event(workspace.curation)
    about = machine(list(range(options.cores)))
    pace = (options.pace[0], options.pace[1])
    raters = [Rater(name, options.port, pace, options.seed) for name in project.names(options.raters)]
    plan = Plan(options.seconds, pace, options.join, options.kill_after)
    server = Server(workspace, options.port, options.cores, log)
    try:
        server.start()
        own = time.process_time()
        held = asyncio.run(hold(server, raters, plan, progress))
        own = time.process_time() - own
    finally:
        server.stop()
    presses = [press for rater in raters for press in rater.presses]
    kept = ledger.compare(presses, ledger.recorded(workspace.curation, before))
    said = sorted({words for rater in raters for words in rater.said})
    result = {
        "raters": options.raters,
        "seconds": options.seconds,
        "pace_seconds": pace,
        **vars(kept),
        **figures.times(presses, held.began, held.ended - held.began),
        "open_page_ms": figures.milliseconds([took for rater in raters for took in rater.opened]),
        **figures.memory(server.memory, held.began, held.ended - held.began),
        "server_cpu_ms_per_rating": _each(held, kept.ratings),
        "raters_cpu_ms_per_rating": round(own / kept.ratings * 1000, 1) if kept.ratings else None,
        **_kill(plan, held),
        "server_said": said,
        "candidates": options.candidates,
        "ratings_before": options.ratings,
        "machine": about,
    }
    return result, kept.sound


def _each(held: Held, ratings: int) -> float | None:
    """Other work on the machine stretches times, and not this; a killed server's is unknown."""
    return round(held.cpu_seconds / ratings * 1000, 1) if ratings and held.away is None else None


def _kill(plan: Plan, held: Held) -> dict[str, float]:
    if plan.kill_after is None or held.away is None:
        return {}
    return {"killed_after_seconds": plan.kill_after, "away_seconds": round(held.away, 1)}


def _kept(before: dict[str, Any]) -> dict[str, Any]:
    return {"kill": before["kill"]} if "kill" in before else {}


def _project(options: argparse.Namespace, folder: Path, progress: Progress) -> Workspace:
    """A fresh project; where --project keeps one, a copy of it, so that every run starts from the same ratings."""
    sizes = options.raters, options.candidates, options.ratings
    if options.project is None:
        return project.make(folder, *sizes, progress=progress)
    if not options.project.exists():
        project.make(options.project, *sizes, progress=progress)
    shutil.copytree(options.project, folder)
    return Workspace(folder)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main(sys.argv[1:]))
