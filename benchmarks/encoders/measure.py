"""One shape: its encoder made for every contender, the probe, the rounds, the figures."""

import dataclasses
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.encoders import environments, figures, making, sources, turns
from benchmarks.encoders.contenders import TRUTH, Contender
from benchmarks.encoders.peers.feeding import tokens_of
from benchmarks.encoders.peers.folder import tokenizer
from benchmarks.encoders.shapes import Shape
from pipeline.files import write_json
from pipeline.progress import Progress, silent

PROBE = 200
SEED = 2025
HEADLINES = ("reference", "padded-512", "sentence-transformers")
RESIDENT_SHARE = 0.6  # of the free memory, for all processes together
LOADED = 1.6  # bytes held for one on disk, libraries and activations left out
LIBRARIES = 500 << 20


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """`strings` 0 takes each shape's own number; `scale` multiplies either."""

    cache: Path
    cores: list[int]
    rounds: int
    strings: int
    scale: float
    contenders: Sequence[Contender]

    def count(self, shape: Shape) -> int:
        return max(40, round((self.strings or shape.strings) * self.scale))


def measure(shape: Shape, texts: list[str], settings: Settings, *, progress: Progress = silent) -> dict[str, Any]:
    """All that latest.json says of a shape. Contenders that could not be made or failed are in `errors`."""
    source = sources.ready(shape, settings.cache, texts)
    count = settings.count(shape)
    file = source.parent / f"texts-{count}.json"
    write_json(file, texts[:count])
    models, errors = _models(source, file, settings)
    workers = _workers(models, file, count, settings)
    probe = _probe(workers, texts[-PROBE:], source.parent, settings, errors, progress)
    live = {name: worker for name, worker in workers.items() if name not in errors}
    found, failed = turns.rounds(live, settings.rounds, seed=SEED, label=shape.name, progress=progress)
    for worker in live.values():
        worker.stop()
    lengths = [len(ids) for ids in tokens_of(tokenizer(source), texts[:count])]
    return _report(shape, source, lengths, models, found, errors | failed, probe, _gemm(shape, settings), settings)


def _models(source: Path, texts: Path, settings: Settings) -> tuple[dict[str, Path], dict[str, str]]:
    models, errors = {}, {}
    for contender in settings.contenders:
        try:
            environments.python(contender.environment, settings.cache)
            models[contender.name] = making.ready(contender, source, texts, settings.cache)
        except (environments.NotInstalled, making.NotMade) as error:
            errors[contender.name] = str(error)
            print(f"{contender.name}: {error}", file=sys.stderr, flush=True)
    return models, errors


def _workers(models: dict[str, Path], texts: Path, count: int, settings: Settings) -> dict[str, turns.Worker]:
    held = sum(LIBRARIES + LOADED * making.size(model) for model in models.values())
    resident = held < RESIDENT_SHARE * psutil.virtual_memory().available
    workers = {}
    for contender in settings.contenders:
        if contender.name in models:
            share = max(10, round(count * contender.share))
            spec = {
                "peer": contender.module,
                "model": str(models[contender.name]),
                "texts": str(texts),
                "cores": settings.cores,
                "warm": max(10, share // 8),
                "settings": contender.settings,
            }
            interpreter = environments.python(contender.environment, settings.cache)
            workers[contender.name] = turns.Worker(interpreter, spec, count=share, resident=resident)
    return workers


def _probe(
    workers: dict[str, turns.Worker],
    texts: list[str],
    folder: Path,
    settings: Settings,
    errors: dict[str, str],
    progress: Progress,
) -> dict[str, dict[str, Any]]:
    """Of each contender: the shares of unchanged vectors, and its cosines to TRUTH's; errors are added."""
    found: dict[str, dict[str, Any]] = {}
    vectors: dict[str, np.ndarray] = {}
    for number, contender in enumerate(settings.contenders):
        progress(number, len(settings.contenders), "probe")
        if contender.name in workers:
            out = folder / f"probe-{contender.name}.npy"
            try:
                found[contender.name] = {"unchanged": workers[contender.name].probe(texts[: contender.probe], out)}
                vectors[contender.name] = np.load(out)
            except turns.Failed as error:
                errors[contender.name] = str(error)
                print(f"{contender.name}: {error}", file=sys.stderr, flush=True)
    for name, rows in vectors.items():
        if TRUTH in vectors:
            found[name]["cosine_to_fp32"] = figures.cosines(rows, vectors[TRUTH])
        found[name]["probe_strings"] = len(rows)
    return found


def _gemm(shape: Shape, settings: Settings) -> dict[str, Any]:
    spec = {"cores": settings.cores, "width": shape.width, "inner": shape.inner}
    command = [sys.executable, "-m", "benchmarks.encoders.gemm", json.dumps(spec)]
    environment = turns.environment(len(settings.cores))
    done = subprocess.run(command, check=True, cwd=environments.HOME, env=environment, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def _report(
    shape: Shape,
    source: Path,
    lengths: list[int],
    models: dict[str, Path],
    found: figures.Turns,
    errors: dict[str, str],
    probe: dict[str, dict[str, Any]],
    gemm: dict[str, Any],
    settings: Settings,
) -> dict[str, Any]:
    contenders = {}
    for contender in settings.contenders:
        if contender.name in found:
            done = figures.described(found[contender.name])
            flop = float(np.mean([shape.flop(tokens) for tokens in lengths[: done["strings"]]]))
            peak = gemm["peak"].get(contender.precision)  # nobody's bf16 peak is measured
            contenders[contender.name] = {
                "label": contender.label,
                **done,
                **probe[contender.name],
                "bytes": making.size(models[contender.name]),
                "share_of_gemm_peak": done["strings_per_second"]["median"] * flop / peak if peak else None,
            }
    return {
        "shape": dataclasses.asdict(shape),
        "strings": {
            "count": len(lengths),
            "mean_tokens": float(np.mean(lengths)),
            "mean_gflop": float(np.mean([shape.flop(tokens) for tokens in lengths])) / 1e9,
            "padding_waste_of_batches_of_10": waste(lengths, 10),
        },
        "contenders": contenders,
        "ratios": figures.ratios(found),
        "products": {name: figures.product(found, name, 1.0) for name in HEADLINES},
        "gemm": gemm,
        "errors": errors,
        "rounds": settings.rounds,
    }


def waste(lengths: Sequence[int], rows: int) -> float:
    """Tokens computed for one that is there, where `rows` texts at a time are padded to their longest."""
    batches = [lengths[start : start + rows] for start in range(0, len(lengths), rows)]
    return sum(len(batch) * max(batch) for batch in batches) / sum(lengths)
