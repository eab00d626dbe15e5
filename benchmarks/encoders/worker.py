"""One contender in a process of its own: load, warm up, say ready, then answer a line with a line.

    python -m benchmarks.encoders.worker '{"peer": …, "model": …, "texts": …, "cores": […], "warm": 8, …}'

A request is {"do": "go", "count": n}, answered {"seconds", "strings", "peak_mb"}, or {"do": "probe", "texts": […],
"out": FILE}, answered {"alone", "shuffled"}: the shares of vectors that stay the same to the bit.
"""

import importlib
import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from benchmarks.encoders.peers import Encode


def main(spec: dict[str, Any]) -> None:
    answers = _own_stdout()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, spec["cores"])
    peer = importlib.import_module(spec["peer"])
    texts = json.loads(Path(spec["texts"]).read_text(encoding="utf8"))
    encode = peer.load(Path(spec["model"]), threads=len(spec["cores"]), **spec["settings"])
    encode(texts[: spec["warm"]])
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        done = _go(encode, texts[: request["count"]]) if request["do"] == "go" else _probe(encode, request)
        print(json.dumps(done), file=answers, flush=True)


def _own_stdout() -> TextIO:
    """The real stdout, for answers only: libraries that print go to stderr."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return answers


def _go(encode: Encode, texts: list[str]) -> dict[str, Any]:
    began = time.perf_counter()
    encode(texts)
    return {"seconds": time.perf_counter() - began, "strings": len(texts), "peak_mb": peak_mb()}


def _probe(encode: Encode, request: dict[str, Any]) -> dict[str, Any]:
    texts = request["texts"]
    together = np.asarray(encode(texts))
    alone = np.concatenate([np.asarray(encode([text])) for text in texts])
    order = random.Random(1).sample(range(len(texts)), len(texts))
    shuffled = np.empty_like(together)
    shuffled[order] = encode([texts[place] for place in order])
    np.save(request["out"], together)
    return {"alone": _same(together, alone), "shuffled": _same(together, shuffled)}


def _same(one: np.ndarray, other: np.ndarray) -> float:
    return float((one == other).all(axis=1).mean())


def peak_mb() -> int:
    """The most resident memory so far, weights mapped from disk included.

    Linux's VmHWM rather than ru_maxrss, which a process inherits from the one that started it.
    """
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) >> 10
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (20 if sys.platform == "darwin" else 10)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
