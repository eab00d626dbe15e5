"""What a training will take, told before it starts."""

import dataclasses
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from pipeline.encoders.train.loop import Learner, train
from pipeline.encoders.train.room import check_room, peak_mb
from pipeline.encoders.train.run import ASKED, Training
from pipeline.files import read_json

TRIED = 4
"""Steps that are really made, on a copy that is thrown away; the first is not counted: it warms up."""
STATES = 3  # the weights and the optimiser's two moments


class Between(Protocol):
    """What is done between steps; `what` in words, such as "measuring"."""

    @property
    def what(self) -> str: ...

    def number(self, steps: int) -> int:
        """How often in so many steps."""

    def seconds(self, learner: Any) -> float:
        """Of once, tried on a learner that is thrown away."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Looks:
    """What is measured on the way: `look`, every `every` steps, or `times` at most where that is None, and after the
    last step. A `Between`."""

    look: Callable[[Any], dict[str, float]]
    every: int | None = None
    times: int = 20
    what: str = "measuring"

    def every_of(self, steps: int) -> int:
        """Steps from one to the next."""
        return self.every or -(-steps // self.times)

    def number(self, steps: int) -> int:
        return -(-steps // self.every_of(steps))

    def seconds(self, learner: Any) -> float:
        begun = time.perf_counter()
        self.look(learner)
        return time.perf_counter() - begun


@dataclasses.dataclass(frozen=True)
class Pauses:
    """`number` times `what`, of `each` seconds, between the steps."""

    what: str
    number: int
    each: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """`seconds_per_step` of the steps alone; `pauses` come between them; `memory_mb` is this process's peak after the
    tried steps; `disk_mb` of the checkpoint and the trained folder."""

    about: str
    steps: int
    seconds_per_step: float
    pauses: tuple[Pauses, ...]
    memory_mb: int
    disk_mb: int

    @property
    def seconds(self) -> float:
        return self.steps * self.seconds_per_step + sum(one.number * one.each for one in self.pauses)

    @property
    def words(self) -> str:
        pauses = "".join(
            f" and {one.number:,} × {one.each:.2f} s of {one.what}" for one in self.pauses if one.number
        )
        return (
            f"{self.about}; {self.steps:,} steps of {self.seconds_per_step:.2f} s{pauses}: about "
            f"{self.seconds / 60:.0f} minutes, {self.memory_mb:,} MB of memory, {self.disk_mb:,} MB on disk"
        )


def fitted(
    asked: Any, folder: Path, *, minutes: float | None = None, between: Sequence[Between] = ()
) -> tuple[Any, Plan]:
    """What was asked, a `run.Training`, with as many steps as fit `minutes` here, `between` counted in, where they are
    fewer; a run that was begun in `folder` keeps its number. Writes nothing there. Raises EncoderError where the disk
    has not the room."""
    tried = asked.learner()
    step = _seconds(tried, asked)
    each = [one.seconds(tried) for one in between]
    steps = asked.schedule.steps
    if (folder / ASKED).exists():
        steps = read_json(folder / ASKED)["schedule"]["steps"]
    elif minutes:
        steps = min(steps, fitting(minutes * 60, step, list(zip(between, each, strict=True))))
    asked = dataclasses.replace(asked, schedule=dataclasses.replace(asked.schedule, steps=steps))
    return asked, Plan(
        about=asked.about,
        steps=steps,
        seconds_per_step=step,
        pauses=tuple(
            Pauses(one.what, one.number(steps), seconds) for one, seconds in zip(between, each, strict=True)
        ),
        memory_mb=peak_mb(),
        disk_mb=_disk(tried, folder),
    )


def fitting(seconds: float, step: float, between: Sequence[tuple[Between, float]]) -> int:
    """Steps of `step` seconds that, with what is done `between`, each of so many, fill `seconds` and no more; 1 at
    least."""

    def takes(steps: int) -> float:
        return steps * step + sum(one.number(steps) * each for one, each in between)

    fits, too_many = 1, int(seconds / step) + 1
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        fits, too_many = (middle, too_many) if takes(middle) <= seconds else (fits, middle)
    return fits


def _disk(tried: Learner, folder: Path) -> int:
    """Megabytes."""
    learnt = sum(weight.numel() for weight in tried.parameters()) * 4
    whole = sum(weight.numel() for weight in tried.model.parameters()) * 4
    disk = round((STATES * learnt + 2 * whole) / 1e6)
    check_room(folder, disk)
    return disk


def _seconds(tried: Learner, asked: Training[Any]) -> float:
    """A step. The learner learns from it: it is thrown away."""
    times: list[float] = []
    short = dataclasses.replace(asked.schedule, steps=TRIED)
    with tempfile.TemporaryDirectory() as scratch:
        train(tried, asked.task(), short, Path(scratch), progress=lambda *_: times.append(time.perf_counter()))
    return (times[-1] - times[0]) / (len(times) - 1)
