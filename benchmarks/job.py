"""A French job of MRCONSO's size, end to end: encode 400,000 strings and 17,000 entries, search the ten nearest.

    python benchmarks/job.py [--scale 0.05] [--precision int8]

The encoder has KRISSBERT's exact architecture and random weights (speed and memory do not depend on them), in
Lexalign's INT8. Strings are words of the open terminology's French names, joined until they have 12 to 20 tokens,
every length as likely; as many are repeated as in the open MRCONSO's French rows. Entries are made the same way,
of 4 to 12 tokens. Prints the seconds of each step and the process's peak memory, and writes
benchmarks/results/job.json.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[1]
sys.path[0] = str(HOME)

from benchmarks.encoders import environments  # noqa: E402 - found through the line above

CACHE = Path.home() / ".cache" / "lexalign-benchmarks"
RESULT = HOME / "benchmarks" / "results" / "job.json"
ENTRIES, ENTRY_TOKENS = 17_000, (4, 12)
STRINGS, STRING_TOKENS = 400_000, (12, 20)
TOP = 10
SEED = 2025
IN_MAIN = "LEXALIGN_BENCHMARK_MAIN"
MINUTES, MEGABYTES = 18, 2500
"""What the whole job is to stay under."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0, help="of both numbers: 0.05 for a quick look")
    parser.add_argument("--engine", default="", help="default: Lexalign's own choice")
    parser.add_argument("--precision", default="int8")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--out", type=Path, default=RESULT)
    options = parser.parse_args()
    if not os.environ.get(IN_MAIN):
        interpreter = environments.python("main", options.cache)
        command = [str(interpreter), str(Path(__file__).resolve()), *sys.argv[1:]]
        sys.exit(subprocess.run(command, env=os.environ | {IN_MAIN: "1"}, check=False).returncode)
    _measure(options)


def _measure(options: argparse.Namespace) -> None:
    from benchmarks.encoders import strings
    from benchmarks.encoders.machine import machine, versions
    from pipeline.files import write_json

    release = strings.release()
    french = strings.names(release, ["FRE"])
    encoder = _encoder(options)
    texts = _texts(sorted(set(french)), strings.repeated(french), encoder, options.scale)
    cores = sorted(os.sched_getaffinity(0))[: options.cores] if hasattr(os, "sched_getaffinity") else []
    with tempfile.TemporaryDirectory() as work:
        (Path(work) / "texts.json").write_text(json.dumps(texts), encoding="utf8")
        found = _child(Path(work), encoder, cores or list(range(options.cores)))
    about = {
        "weights": "random: speed and memory only",
        "scale": options.scale,
        "repeated": strings.repeated(french),
        "targets": {"minutes": MINUTES, "peak_mb": MEGABYTES},
        "machine": machine(cores),
        "libraries": versions(Path(sys.executable)),
    }
    write_json(options.out, found | about)
    for step, seconds in found["seconds"].items():
        print(f"{step:24} {seconds:8.1f} s")
    print(f"{'peak memory':24} {found['peak_mb']:8} MB")


def _encoder(options: argparse.Namespace) -> Path:
    """The folder that holds the BERT-base encoder, the benchmark's own if it was made already."""
    from benchmarks.encoders import making, sources, strings
    from benchmarks.encoders.contenders import ours
    from benchmarks.encoders.shapes import BERT_BASE

    texts = strings.distinct(strings.names(strings.release()))
    source = sources.ready(BERT_BASE, options.cache, texts)
    file = source.parent / "texts-calibration.json"
    file.write_text(json.dumps(texts[:3000], ensure_ascii=False), encoding="utf8")
    return making.ready(ours(options.engine, options.precision), source, file, options.cache)


def _texts(french: list[str], repeated: float, encoder: Path, scale: float) -> dict[str, list[str]]:
    from benchmarks.encoders.peers import folder
    from benchmarks.encoders.peers.lexalign import QUANTISED
    from benchmarks.job_texts import TextMaker

    maker = TextMaker(french, folder.tokenizer(encoder / QUANTISED), seed=SEED)
    distinct = maker.distinct(round(STRINGS * scale * (1 - repeated)), *STRING_TOKENS)
    return {
        "entries": maker.distinct(round(ENTRIES * scale), *ENTRY_TOKENS),
        "strings": maker.repeat(distinct, repeated),
    }


def _child(work: Path, encoder: Path, cores: list[int]) -> dict[str, Any]:
    from benchmarks.encoders.turns import environment

    code = f"from benchmarks.job import job; job({str(work)!r}, {str(encoder)!r}, {cores})"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, cwd=HOME, env=environment(len(cores)), stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def job(work: str, encoder: str, cores: list[int]) -> None:
    """The measured process: prints one JSON object with seconds, peak_mb and what was encoded."""
    from benchmarks.encoders.worker import peak_mb

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)
    began = time.perf_counter()
    found = _aligned(Path(work), Path(encoder), len(cores))
    found["seconds"]["all"] = time.perf_counter() - began
    print(json.dumps(found | {"peak_mb": peak_mb()}))


def _aligned(work: Path, encoder: Path, threads: int) -> dict[str, Any]:
    """As `lexalign align` does it: distinct strings through the cache, the entries, the search."""
    import numpy as np

    from benchmarks.encoders.peers.lexalign import loaded
    from pipeline.encode import encode
    from pipeline.progress import bar
    from pipeline.retrieve import retrieve, target

    clock = _Clock()
    with bar() as progress:
        texts = json.loads((work / "texts.json").read_text(encoding="utf8"))
        model = loaded(encoder, threads=threads)
        clock.lap("load")
        distinct = {text: number for number, text in enumerate(dict.fromkeys(texts["strings"]))}
        row = np.array([distinct[text] for text in texts["strings"]])
        vectors = encode(list(distinct), model, cache=work / "vectors", label="strings", progress=progress)
        clock.lap("encode strings")
        queries = encode(texts["entries"], model, cache=work / "vectors", label="entries", progress=progress)
        clock.lap("encode entries")
        # every row is a concept of its own: nothing helps the search to stop early
        found = retrieve(queries, target(vectors, row, np.arange(len(row))), top_k=TOP, progress=progress)
        clock.lap("search")
    numbers = {"strings": len(row), "distinct": len(distinct), "entries": len(queries)}
    return {"seconds": clock.laps, "found": int((found.concepts >= 0).sum()), **numbers}


class _Clock:
    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name], self._last = now - self._last, now


if __name__ == "__main__":
    main()
