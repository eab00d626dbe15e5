"""What a training will take, told before it starts."""

import dataclasses
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.encoders.train.loop import Learner, train
from pipeline.encoders.train.room import check_room, peak_mb
from pipeline.encoders.train.run import ASKED, Training
from pipeline.files import read_json

TRIED = 4
"""Steps that are really made, on a copy that is thrown away; the first is not counted: it warms up."""
STATES = 3  # the weights and the optimiser's two moments


@dataclasses.dataclass(frozen=True, kw_only=True)
class Looks:
    """What is measured on the way: `look`, every `every` steps, or `times` at most where that is None, and after the
    last step."""

    look: Callable[[Any], dict[str, float]]
    every: int | None = None
    times: int = 20

    def every_of(self, steps: int) -> int:
        """Steps from one to the next."""
        return self.every or -(-steps // self.times)

    def number(self, steps: int) -> int:
        return -(-steps // self.every_of(steps))

    def fitting(self, seconds: float, *, step: float, one: float) -> int:
        """Steps of `step` seconds that, with their looks of `one`, fill `seconds` and no more; 1 at least."""
        if self.every:
            return max(1, int((seconds - one) / (step + one / self.every)))
        often, seldom = seconds / (step + one), (seconds - self.times * one) / step
        return max(1, int(max(often, seldom)))  # fewer steps than `times` are looked at one by one


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """`seconds_per_step` of the steps alone, without neighbours looked up; `looks` of `seconds_per_look` each come
    between them; `memory_mb` is this process's peak after the tried steps; `disk_mb` of the checkpoint and the
    trained folder."""

    about: str
    steps: int
    seconds_per_step: float
    looks: int
    seconds_per_look: float
    memory_mb: int
    disk_mb: int

    @property
    def seconds(self) -> float:
        return self.steps * self.seconds_per_step + self.looks * self.seconds_per_look

    @property
    def words(self) -> str:
        looks = f" and {self.looks:,} measurements of {self.seconds_per_look:.2f} s" if self.looks else ""
        return (
            f"{self.about}; {self.steps:,} steps of {self.seconds_per_step:.2f} s{looks}: about "
            f"{self.seconds / 60:.0f} minutes, {self.memory_mb:,} MB of memory, {self.disk_mb:,} MB on disk"
        )


def fitted(
    asked: Any, folder: Path, *, minutes: float | None = None, looks: Looks | None = None
) -> tuple[Any, Plan]:
    """What was asked, a `run.Training`, with as many steps as fit `minutes` here, `looks` counted in, where they are
    fewer; a run that was begun in `folder` keeps its number. Writes nothing there. Raises EncoderError where the disk
    has not the room."""
    tried = asked.learner()
    step = _seconds(tried, asked)
    one = _look_seconds(tried, looks) if looks else 0.0
    steps = asked.schedule.steps
    if (folder / ASKED).exists():
        steps = read_json(folder / ASKED)["schedule"]["steps"]
    elif minutes:
        budget = minutes * 60
        steps = min(steps, looks.fitting(budget, step=step, one=one) if looks else max(1, int(budget / step)))
    asked = dataclasses.replace(asked, schedule=dataclasses.replace(asked.schedule, steps=steps))
    return asked, Plan(
        about=asked.about,
        steps=steps,
        seconds_per_step=step,
        looks=looks.number(steps) if looks else 0,
        seconds_per_look=one,
        memory_mb=peak_mb(),
        disk_mb=_disk(tried, folder),
    )


def _disk(tried: Learner, folder: Path) -> int:
    """Megabytes."""
    learnt = sum(weight.numel() for weight in tried.parameters()) * 4
    whole = sum(weight.numel() for weight in tried.model.parameters()) * 4
    disk = round((STATES * learnt + 2 * whole) / 1e6)
    check_room(folder, disk)
    return disk


def _look_seconds(tried: Learner, looks: Looks) -> float:
    begun = time.perf_counter()
    looks.look(tried)
    return time.perf_counter() - begun


def _seconds(tried: Learner, asked: Training[Any]) -> float:
    """A step. The learner learns from it: it is thrown away."""
    times: list[float] = []
    short = dataclasses.replace(asked.schedule, steps=TRIED)
    with tempfile.TemporaryDirectory() as scratch:
        train(tried, asked.task(), short, Path(scratch), progress=lambda *_: times.append(time.perf_counter()))
    return (times[-1] - times[0]) / (len(times) - 1)
