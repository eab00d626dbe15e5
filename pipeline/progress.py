"""Progress of whatever takes over two seconds: an argument that is called (done, total, label)."""

import json
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import TextIO

from tqdm import tqdm

Progress = Callable[[int, int | None, str], None]
"""Called with the units done, the total (None while unknown) and what is being counted."""


def silent(done: int, total: int | None, label: str) -> None:
    """Say nothing: the default of every stage."""


@contextmanager
def bar(stream: TextIO | None = None):
    """A tqdm bar a label, with the time left, on stderr; nothing for what takes under 2 s.

    What was done before the first call (a search that goes on) counts as done, not as done in no time; a bar that is
    full is closed, so that its time stands still while the next stage runs.
    """
    stream = stream or sys.stderr
    bars: dict[str, tqdm] = {}

    def show(done: int, total: int | None, label: str) -> None:
        if label not in bars:
            bars[label] = tqdm(
                total=total,
                initial=done,
                desc=label,
                file=stream,
                unit="",
                unit_scale=(total or 0) >= 10_000,
                delay=2,
                leave=True,
                mininterval=0.5 if stream.isatty() else 10,
            )
        shown = bars[label]
        shown.total = total
        shown.update(done - shown.n)
        if total and done >= total:
            bars.pop(label).close()

    try:
        yield show
    finally:
        for shown in bars.values():
            shown.close()


def json_lines(stream: TextIO) -> Progress:
    """One JSON object a call, for the process that reads our output: {"label", "done", "total", "at"}, `at` in seconds
    since 1970, from which a pace can be told."""

    def show(done: int, total: int | None, label: str) -> None:
        print(
            json.dumps({"label": label, "done": done, "total": total, "at": time.time()}), file=stream, flush=True
        )

    return show
