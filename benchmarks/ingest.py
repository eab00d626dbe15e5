"""Ingest of a MRCONSO beside plain DuckDB, turn by turn in one run: rows a second and the most memory held.

    python benchmarks/enlarge_mrconso.py ../shared/gold/umls_open/MRCONSO.RRF /tmp/MRCONSO.RRF
    python benchmarks/ingest.py /tmp/MRCONSO.RRF

The peer reads the same file with the same filters to the same columns in Parquet, and lets broken lines go
unnamed. Each turn is a process of its own, so that its peak is its own. "read" is everything up to the tables; the
integrity report that follows is timed apart.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from pipeline.contracts import ATOMS
from pipeline.ingest.rrf import ingest_umls
from pipeline.workspace import Workspace

RESULTS = Path(__file__).parent / "results" / "ingest.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mrconso", type=Path)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--side", choices=("lexalign", "duckdb"), help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, help="a folder with room for the tables")
    options = parser.parse_args()
    if options.side:
        print(json.dumps(_turn(options.side, options.mrconso, options.work)))
        return
    turns = []
    for _ in range(options.turns):
        for side in ("lexalign", "duckdb"):
            with tempfile.TemporaryDirectory(dir=options.work) as work:
                turns.append(_child(side, options.mrconso, Path(work)))
            print(json.dumps(turns[-1]), flush=True)
    summary = _summary(turns)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(summary | {"turns": turns}, indent=1) + "\n", encoding="utf8")
    print(json.dumps(summary, indent=1))


def _child(side: str, mrconso: Path, work: Path) -> dict:
    command = [sys.executable, __file__, str(mrconso), "--side", side, "--work", str(work)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return json.loads(done.stdout) | {"load": round(os.getloadavg()[0], 1)}


def _turn(side: str, mrconso: Path, work: Path) -> dict:
    started, before = time.perf_counter(), os.times()
    found = _lexalign(mrconso, work) if side == "lexalign" else _duckdb(mrconso, work)
    seconds, after = time.perf_counter() - started, os.times()
    found.setdefault("seconds", seconds)
    found.setdefault("processor_seconds", after.user + after.system - before.user - before.system)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    rounded = {key: round(value, 2) if isinstance(value, float) else value for key, value in found.items()}
    return {"side": side, **rounded, "peak_megabytes": peak}


def _lexalign(mrconso: Path, work: Path) -> dict:
    at_report: list[float] = []

    def watch(done: int, total: int | None, label: str) -> None:
        if label == "integrity report" and not at_report:
            at_report.append(os.times().user + os.times().system)

    begun = os.times().user + os.times().system
    folder = ingest_umls(mrconso, Workspace(work), allow_rejects=True, progress=watch)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf8"))
    counts = {key: value for key, value in manifest["tables"]["MRCONSO"].items() if isinstance(value, int)}
    return {
        "seconds": manifest["seconds"]["read"],
        "report_seconds": manifest["seconds"]["report"],
        "processor_seconds": at_report[0] - begun,
        **counts,
    }


def _duckdb(mrconso: Path, work: Path) -> dict:
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in [*ATOMS.names, "nothing"])
    with duckdb.connect() as connection:
        [(kept,)] = connection.execute(f"""
            COPY (
                SELECT {", ".join(ATOMS.names)}
                FROM read_csv('{mrconso}', delim='|', header=false, quote='', escape='', auto_detect=false,
                              ignore_errors=true, columns={{{columns}}})
                WHERE LAT IN ('FRE', 'ENG') AND SUPPRESS NOT IN ('O', 'E', 'Y')
            ) TO '{work / "atoms.parquet"}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)
            """).fetchall()
    return {"kept": kept}


def _summary(turns: list[dict]) -> dict:
    def middle(side: str, key: str) -> float:
        return statistics.median(turn[key] for turn in turns if turn["side"] == side)

    rows = next(turn["lines"] for turn in turns if turn["side"] == "lexalign")
    seconds = {side: middle(side, "seconds") for side in ("lexalign", "duckdb")}
    best = {side: min(t["seconds"] for t in turns if t["side"] == side) for side in seconds}
    return {
        "rows": rows,
        "cores": os.cpu_count(),
        "duckdb": duckdb.__version__,
        "seconds_median": seconds,
        "seconds_best": best,
        "rows_a_second_median": {side: round(rows / value) for side, value in seconds.items()},
        "rows_a_second_best": {side: round(rows / value) for side, value in best.items()},
        "processor_seconds_median": {side: middle(side, "processor_seconds") for side in seconds},
        "speed_over_duckdb": round(seconds["duckdb"] / seconds["lexalign"], 2),
        "peak_megabytes": {side: max(t["peak_megabytes"] for t in turns if t["side"] == side) for side in seconds},
        "report_seconds_median": middle("lexalign", "report_seconds"),
    }


if __name__ == "__main__":
    main()
