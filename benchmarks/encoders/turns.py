"""Rounds of turns: every contender once a round, in an order of its own, one at a time."""

import dataclasses
import json
import os
import random
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.encoders.environments import HOME
from pipeline.progress import Progress, silent

THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TBB_NUM_THREADS", "RAYON_NUM_THREADS")


OFFLINE = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}
"""No hub is asked, and the tokenizers' threads are those of RAYON_NUM_THREADS for every contender."""


def environment(cores: int) -> dict[str, str]:
    """This process's, with as many threads as cores for every library."""
    return os.environ | {name: str(cores) for name in THREADS} | OFFLINE


class Failed(Exception):
    """A contender's process ended; the message is the last lines of what it said."""


@dataclasses.dataclass(frozen=True)
class Turn:
    """`strings` encoded in `seconds`, and the most memory that the process held until then."""

    seconds: float
    strings: int
    peak_mb: int

    @property
    def rate(self) -> float:
        """Strings a second."""
        return self.strings / self.seconds


class Worker:
    """A contender's process. `count` strings a turn; `resident` says that it stays between turns, which is
    faster, and holds its memory."""

    def __init__(self, interpreter: Path, spec: Mapping[str, Any], *, count: int, resident: bool) -> None:
        self.count = count
        self._resident = resident
        self._command = [str(interpreter), "-m", "benchmarks.encoders.worker", json.dumps(spec)]
        self._environment = environment(len(spec["cores"]))
        self._live: _Process | None = None

    def turn(self) -> Turn:
        """Raises Failed."""
        return Turn(**self._ask({"do": "go", "count": self.count}))

    def probe(self, texts: list[str], out: Path) -> dict[str, float]:
        """The worker's answer; vectors are written to `out`. Raises Failed."""
        return self._ask({"do": "probe", "texts": texts, "out": str(out)})

    def stop(self) -> None:
        if self._live:
            self._live.close()
            self._live = None

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            if not self._live:
                self._live = _Process(self._command, self._environment)
                self._live.answer()  # it is ready
            answer = self._live.answer(request)
        except Failed:
            self.stop()
            raise
        if not self._resident:
            self.stop()
        return answer


class _Process:
    """A process that answers a line of JSON with a line of JSON; what it says otherwise is kept for its end."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._said = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115 - open while the process is
        self._process = subprocess.Popen(
            command,
            cwd=HOME,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
        )

    def answer(self, request: dict[str, Any] | None = None) -> dict[str, Any]:
        """The next line, to `request` where there is one. Raises Failed."""
        given, line = self._process.stdin, self._process.stdout
        assert given is not None  # both are pipes
        assert line is not None
        try:
            if request:
                print(json.dumps(request), file=given, flush=True)
            return json.loads(line.readline())
        except (BrokenPipeError, ValueError) as error:
            raise Failed(self._last_words()) from error

    def close(self) -> None:
        self._process.communicate()
        self._said.close()

    def _last_words(self) -> str:
        self._process.kill()
        code = self._process.wait()
        self._said.seek(0)
        said = self._said.read().strip().splitlines()[-3:]
        return "\n".join(said) or f"its process ended with {code} and said nothing"


def rounds(
    workers: Mapping[str, Worker], count: int, *, seed: int, label: str = "rounds", progress: Progress = silent
) -> tuple[dict[str, list[Turn]], dict[str, str]]:
    """The turns of each contender, a round each, and why each that failed did; a failed one has no turns."""
    chance, total = random.Random(seed), count * len(workers)
    turns: dict[str, list[Turn]] = {name: [] for name in workers}
    failed: dict[str, str] = {}
    for number in range(count):
        for place, name in enumerate(chance.sample(list(workers), len(workers))):
            progress(number * len(workers) + place, total, label)
            if name not in failed:
                try:
                    turns[name].append(workers[name].turn())
                except Failed as error:
                    failed[name] = str(error)
    progress(total, total, label)
    return {name: found for name, found in turns.items() if name not in failed}, failed
