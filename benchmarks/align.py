#!/usr/bin/env python3
"""The open lexicon against the open target, end to end: seconds and peak memory of each command.

  python benchmarks/align.py [GOLD_FOLDER]        default ../shared/gold beside the project

Every command is a process of its own, as a user runs it; embeddings start empty. Writes
benchmarks/results/align.json.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

HOME = Path(__file__).resolve().parents[1]


def measured(*arguments: object) -> dict:
    """Seconds and peak resident megabytes of one command; its children count."""
    start, peak = time.perf_counter(), 0
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli.main", *map(str, arguments)],
        cwd=HOME,
        stdout=subprocess.PIPE,
        text=True,
    )
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            peak = max(peak, sum(p.memory_info().rss for p in [watched, *watched.children(recursive=True)]))
        except psutil.NoSuchProcess:
            break
        time.sleep(0.05)
    out = process.communicate()[0]
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, arguments))}: ended with {process.returncode}")
    return {"seconds": round(time.perf_counter() - start, 1), "peak_mb": round(peak / 1e6), "out": out}


def main(gold: Path) -> None:
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        measured("init", root)
        steps = {
            "ingest lexicon": ["ingest", "lexicon", gold / "lexicon_open.txt"],
            "ingest umls": ["ingest", "umls", gold / "umls_open"],
            "align": ["align"],
            "align again": ["align"],
            "evaluate": ["evaluate", "linking", gold / "linking_dev.tsv", "--json"],
        }
        for name, arguments in steps.items():
            found[name] = measured("-w", root, *arguments, *(["--progress", "none"]))
            print(f"{name:16} {found[name]['seconds']:7.1f} s {found[name]['peak_mb']:6} MB", flush=True)
    systems = json.loads(found["evaluate"].pop("out"))["systems"]
    for name, kinds in systems.items():
        print(
            f"{name:28} "
            + "  ".join(
                f"{kind} {100 * row['accuracy@1']:.1f} / {100 * row['accuracy@5']:.1f}"
                for kind, row in kinds.items()
            )
        )
    results = HOME / "benchmarks" / "results" / "align.json"
    results.parent.mkdir(exist_ok=True)
    steps = {name: {key: row[key] for key in ("seconds", "peak_mb")} for name, row in found.items()}
    results.write_text(json.dumps({"steps": steps, "systems": systems}, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HOME.parent / "shared" / "gold")
