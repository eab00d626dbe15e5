"""The options, and the run from strings to latest.json; in the environment `main`."""

import argparse
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.encoders import environments, results, strings
from benchmarks.encoders.contenders import CONTENDERS
from benchmarks.encoders.machine import machine, versions
from benchmarks.encoders.measure import Settings, measure
from benchmarks.encoders.shapes import SHAPES
from benchmarks.encoders.table import table
from pipeline.files import read_json
from pipeline.progress import bar

QUICK_SCALE = 0.05
SEARCH = environments.HOME / "benchmarks" / "results" / "search.json"
NOTE = (
    "strings_per_second: a turn's strings over its seconds; slow contenders take a prefix of the same shuffled "
    "list, `strings` long; a ratio compares strings a second"
)


def main(options: argparse.Namespace) -> None:
    settings = _settings(options)
    release = strings.release()
    every = strings.names(release)
    texts = strings.distinct(every)
    about = _about(settings, release, every)
    found = results.shapes_of(options.out) if options.resume else {}
    for name in options.shapes:
        if name not in found:
            with bar() as progress:
                measured = measure(SHAPES[name], texts, settings, progress=progress)
            found[name] = {"machine": about["machine"], **measured}  # --resume keeps shapes of another one
            results.write(options.out, about, found, _searched())
        print(table(name, found[name]), end="\n\n", flush=True)
    results.write(options.out, about, found, _searched() if options.skip_search else _search())
    for key, value in read_json(options.out)["ratios"].items():
        print(f"{key:28} {f'{value:.2f}' if value is not None else 'not measured'}")


def _settings(options: argparse.Namespace) -> Settings:
    allowed = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    wanted = options.contenders or [contender.name for contender in CONTENDERS]
    return Settings(
        cache=options.cache,
        cores=list(allowed)[: options.cores],
        rounds=1 if options.quick else options.rounds,
        strings=options.strings,
        scale=QUICK_SCALE if options.quick else 1,
        contenders=[contender for contender in CONTENDERS if contender.name in wanted],
    )


def _about(settings: Settings, release: Path, every: list[str]) -> dict[str, Any]:
    used = sorted({contender.environment for contender in settings.contenders})
    french = strings.names(release, ["FRE"])
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(settings.cores),
        "libraries": {name: _versions(name, settings.cache) for name in used},
        "strings": {
            "of": release.name,
            "rows": len(every),
            "repeated": strings.repeated(every),
            "repeated_french": strings.repeated(french),
        },
        "note": NOTE,
    }


def _versions(name: str, cache: Path) -> dict[str, str]:
    try:
        return versions(environments.python(name, cache))
    except environments.NotInstalled as error:
        return {"error": str(error)}


def _search() -> dict[str, float]:
    """The ratios of the search benchmark, run last; none where it fails, so that the encoders' figures stay."""
    script = SEARCH.parents[1] / "search.py"
    if subprocess.run([sys.executable, str(script)], cwd=environments.HOME, check=False).returncode:
        print(f"{script} failed: its two ratios are null", file=sys.stderr)
        return {}
    return _searched()


def _searched() -> dict[str, float]:
    """The ratios of the search benchmark's last run; none where there was none."""
    return read_json(SEARCH)["ratios"] if SEARCH.exists() else {}
