#!/usr/bin/env python3
"""Exact top 10 of many queries in a large target: our search in fp32 and in int8 against faiss' IndexFlatIP.

  python benchmarks/search.py [--queries 30000] [--rows 400000] [--dim 768 1024] [--data terms gauss] [--quick]

Every search is a process of its own, all on the same cores (OMP_NUM_THREADS says how many); the three take turns,
ROUNDS times. Ours reads memory-mapped shards, faiss holds its index; seconds are of the search alone, without
faiss' copying in and with our reading; peak memory is of the whole process. Recall counts what is among the
10 best of everything that was found, summed again in double precision, ties by number. Writes
benchmarks/results/search.json.

  terms   real strings: all of the open MRCONSO's, encoded by the two bundled encoders (384 each), side by side,
          length one, turned at random into --dim dimensions (1,024 embeds them). One string in three makes queries,
          the others the target; where there are too few, copies with noise of length 0.3 in all dimensions. Copies
          are nearer to each other than other strings are.
  gauss   independent Gaussian coordinates: nothing to find, the hard case for any bound
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import faiss
import numpy as np

HOME = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HOME))

from pipeline.encode import StoredRows, stored  # noqa: E402
from pipeline.encoders.catalogue import load  # noqa: E402
from pipeline.retrieve import retrieve, target  # noqa: E402
from pipeline.retrieve.pairs import dots  # noqa: E402
from pipeline.retrieve.product import widest  # noqa: E402

ENCODERS = ("lexalign-e5", "lexalign-minilm")
ENGINES = ("fp32", "int8", "faiss")
SHARD, TOP, ROUNDS = 4_096, 10, 3
NOISE = 0.3


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def encoded(gold: Path, embeddings: Path, strings: int | None) -> np.ndarray:
    """Float32 [strings, 768], shuffled; `strings` None takes all."""
    with (gold / "umls_open" / "MRCONSO.RRF").open(encoding="utf8") as lines:
        texts = sorted({line.split("|")[14] for line in lines})
    texts = [texts[place] for place in np.random.default_rng(1).permutation(len(texts))[:strings]]
    parts = [stored(texts, load(name), cache=embeddings)[np.arange(len(texts))] for name in ENCODERS]
    return unit(np.hstack(parts))


def drawn(kind: str, base: np.ndarray | None, rows: int, dim: int, *, seed: int) -> Iterator[np.ndarray]:
    """Float32 [up to SHARD, dim], `rows` in all; rows of `base` first as they are, then copies with noise."""
    rng = np.random.default_rng(seed)
    for start in range(0, rows, SHARD):
        noise = rng.standard_normal((min(SHARD, rows - start), dim), dtype=np.float32)
        if kind == "gauss" or base is None:
            yield unit(noise)
            continue
        number = np.arange(start, start + len(noise))
        noise *= NOISE / np.sqrt(dim) * (number >= len(base))[:, None]
        yield unit(base[number % len(base)] + noise)


def turned(vectors: np.ndarray, dim: int) -> np.ndarray:
    rng = np.random.default_rng(2)
    axes = np.linalg.qr(rng.standard_normal((max(dim, vectors.shape[1]),) * 2))[0]
    return unit(vectors @ axes[: vectors.shape[1], :dim].astype(np.float32))


def make(folder: Path, kind: str, base: np.ndarray | None, queries: int, rows: int, dim: int) -> None:
    """queries.npy and shards of the target in `folder`."""
    if base is not None:
        base = turned(base, dim)
    own, others = (None, None) if base is None else (base[::3], np.delete(base, np.s_[::3], axis=0))
    np.save(folder / "queries.npy", np.concatenate(list(drawn(kind, own, queries, dim, seed=3))))
    for number, part in enumerate(drawn(kind, others, rows, dim, seed=4)):
        np.save(folder / f"shard-{number:05}.npy", part)


def shards(folder: Path) -> StoredRows:
    files = sorted(folder.glob("shard-*.npy"))
    sizes = [np.load(file, mmap_mode="r").shape for file in files]
    places = [np.column_stack([np.full(rows, n), np.arange(rows)]) for n, (rows, _) in enumerate(sizes)]
    return StoredRows(files, np.concatenate(places).astype(np.int32), sizes[0][1])


def one(engine: str, folder: Path) -> dict:
    """Search once, in this process; the numbers found go to <engine>.npy."""
    queries, vectors = np.load(folder / "queries.npy"), shards(folder)
    if engine == "faiss":
        index = faiss.IndexFlatIP(vectors.shape[1])
        for file in vectors.files:
            index.add(np.load(file))
        start = time.perf_counter()
        found = index.search(queries, TOP)[1]
    else:
        numbers = np.arange(len(vectors))
        goal = target(vectors, numbers, numbers)
        start = time.perf_counter()
        found = retrieve(queries, goal, top_k=TOP, precision=engine).strings
    seconds = time.perf_counter() - start
    np.save(folder / f"{engine}.npy", found)
    return {"seconds": seconds, "peak_mb": peak_mb()}


def peak_mb() -> float:
    """Peak resident memory of this process. Linux hands a parent's ru_maxrss down, VmHWM is a process' own."""
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024 / 1e6
    unit_of_peak = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit_of_peak / 1e6


def alone(*arguments: object) -> dict:
    """What a process of its own prints."""
    run = subprocess.run(
        [sys.executable, __file__, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(run.stdout)


def gemm_peak() -> dict:
    """GFLOP/s of numpy's fp32 product of 2,048 x 2,048 matrices, the best of ten."""
    left, right = np.random.default_rng(5).standard_normal((2, 2048, 2048)).astype(np.float32)
    best = np.inf
    for _ in range(10):
        start = time.perf_counter()
        left @ right
        best = min(best, time.perf_counter() - start)
    return {"gflops": 2 * 2048**3 / best / 1e9}


def recalls(folder: Path) -> dict[str, float]:
    """Share of the TOP best of everything that was found, by engine."""
    found = {engine: np.load(folder / f"{engine}.npy") for engine in ENGINES}
    queries, vectors = np.load(folder / "queries.npy"), shards(folder)
    hits = dict.fromkeys(ENGINES, 0)
    for start in range(0, len(queries), 256):
        part = slice(start, start + 256)
        together = np.sort(np.hstack([found[engine][part] for engine in ENGINES]), axis=1)
        numbers, place = np.unique(together, return_inverse=True)
        rows = np.repeat(np.arange(len(together)), together.shape[1])
        cosines = dots(queries[part], rows, vectors[numbers], place.ravel()).reshape(together.shape)
        cosines[:, 1:][together[:, 1:] == together[:, :-1]] = -np.inf
        order = np.argsort(-cosines, axis=1, kind="stable")[:, :TOP]
        best = np.take_along_axis(together, order, 1)
        for engine in ENGINES:
            hits[engine] += int((found[engine][part][:, :, None] == best[:, None, :]).sum())
    return {engine: hits[engine] / found["faiss"].size for engine in ENGINES}


def shape(folder: Path, queries: int, rows: int, dim: int, rounds: int) -> dict:
    runs: dict[str, list[dict]] = {engine: [] for engine in ENGINES}
    peaks = []
    for turn in range(rounds):
        peaks.append(alone("--peak")["gflops"])
        for engine in ENGINES[turn % 3 :] + ENGINES[: turn % 3]:
            runs[engine].append(alone("--one", engine, folder))
    seconds = {engine: median(run["seconds"] for run in of) for engine, of in runs.items()}
    peak = median(peaks)
    work = 2e-9 * queries * rows * dim
    recall = recalls(folder)
    return {
        "queries": queries,
        "rows": rows,
        "dim": dim,
        "gemm_peak_gflops": round(peak, 1),
        "engines": {
            engine: {
                "seconds": round(seconds[engine], 2),
                "every_run": [round(run["seconds"], 2) for run in of],
                "peak_mb": round(max(run["peak_mb"] for run in of)),
                "recall": recall[engine],
                "of_gemm_peak": round(work / seconds[engine] / peak, 3),
            }
            for engine, of in runs.items()
        },
        "ratios": {
            f"search-{engine}/faiss-flat": round(seconds["faiss"] / seconds[engine], 3)
            for engine in ("fp32", "int8")
        },
    }


def show(name: str, found: dict) -> None:
    print(f"{name}: {found['queries']:,} x {found['rows']:,}, GEMM peak {found['gemm_peak_gflops']} GFLOP/s")
    for engine, row in found["engines"].items():
        ratio = found["ratios"].get(f"search-{engine}/faiss-flat", 1.0)
        print(
            f"  {engine:6} {row['seconds']:8.2f} s  x{ratio:<6} {row['peak_mb']:6} MB  recall {row['recall']:.6f}"
            f"  {100 * row['of_gemm_peak']:5.1f} % of peak",
            flush=True,
        )


def main(options: argparse.Namespace) -> None:
    queries, rows = (2_000, 40_000) if options.quick else (options.queries, options.rows)
    shapes = {}
    with tempfile.TemporaryDirectory() as scratch:
        embeddings = options.embeddings or Path(scratch) / "embeddings"
        base = None
        if "terms" in options.data:
            base = encoded(options.gold, embeddings, 4_000 if options.quick else None)
        for kind in options.data:
            for dim in options.dim:
                with tempfile.TemporaryDirectory(dir=scratch) as folder:
                    make(Path(folder), kind, base if kind == "terms" else None, queries, rows, dim)
                    shapes[f"{kind}-{dim}"] = shape(Path(folder), queries, rows, dim, options.rounds)
                show(f"{kind}-{dim}", shapes[f"{kind}-{dim}"])
    machine = {
        "processor": platform.processor() or platform.machine(),
        "threads": faiss.omp_get_max_threads(),
        "cores": os.cpu_count(),
        "largest_int8_query": widest(),
    }
    results = HOME / "benchmarks" / "results" / "search.json"
    results.parent.mkdir(exist_ok=True)
    ratios = next(iter(shapes.values()))["ratios"]
    results.write_text(json.dumps({"ratios": ratios, "shapes": shapes, "machine": machine}, indent=1) + "\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--queries", type=int, default=30_000)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--dim", type=int, nargs="+", default=[768, 1024])
    parser.add_argument("--data", nargs="+", choices=["terms", "gauss"], default=["terms", "gauss"])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--quick", action="store_true", help="2,000 x 40,000 of 4,000 strings")
    parser.add_argument("--gold", type=Path, default=HOME.parent / "shared" / "gold")
    parser.add_argument(
        "--embeddings", type=Path, help="a folder that keeps the encoded strings for the next time"
    )
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--peak", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    asked = arguments()
    if asked.one:
        print(json.dumps(one(asked.one[0], Path(asked.one[1]))))
    elif asked.peak:
        print(json.dumps(gemm_peak()))
    else:
        main(asked)
